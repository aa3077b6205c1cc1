"""An app for tests only: it receives files, as the award and the exhibition do, and has a page that sends them."""
