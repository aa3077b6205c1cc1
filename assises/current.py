"""The edition of the public site, read once in a few seconds instead of at each page."""

from assises.memory import remember
from assises.models import Edition

SECONDS = 5


def current_edition() -> Edition | None:
    """The current edition with its milestones, themes and credits; None before the first is loaded.

    A change in the back office is seen by every process within ``SECONDS``. Every caller gets the same object:
    read it, never change it.
    """
    # Not ``….first`` itself: to write down the query costs more than to remember its answer.
    return remember("edition:current", SECONDS, lambda: Edition.objects.current().first())
