"""What stands on the days of an edition: each app says what would fall outside if they changed.

The database refuses such a change in any case; here it is said in words before.
"""

import datetime as dt
from collections.abc import Callable

from assises.models import Edition

#: Gives the names of what would fall outside of the days from the first date to the second.
Outside = Callable[[Edition, dt.date, dt.date], list[str]]
_ASKED: list[Outside] = []


def stands_on_days(ask: Outside) -> Outside:
    """Declare who knows of things that stand on the days of an edition."""
    _ASKED.append(ask)
    return ask


def outside(edition: Edition, first: dt.date, last: dt.date) -> list[str]:
    """The names of all that would fall outside of these days."""
    return [name for ask in _ASKED for name in ask(edition, first, last)]
