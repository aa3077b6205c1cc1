"""The questions of the programme's pages."""
