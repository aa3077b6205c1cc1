class Refusal(Exception):
    """A rule of the house says no; ``str()`` is translated and fit to show to the user."""
