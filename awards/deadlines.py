"""Until when one applies, writes and completes: the clock of the server decides, to the second."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises import journal
from awards.content import on_both_clocks, opening_of
from awards.enums import ApplicationState, Phase
from awards.models import Application, Call, Rules


def closing_of(call: Call, in_force: Rules | None = None) -> dt.datetime | None:
    """When the call closes: its date in the planning, or the one that the rules in force told, whichever is later.

    Whoever has read the rules ``in_force`` already hands them over.
    """
    return opening_of(call, Phase.ADMISSIBILITY, in_force or call.rules.in_force().first())


def is_open(call: Call, at: dt.datetime, in_force: Rules | None = None) -> bool:
    """Whether one applies now: the call is open, and has not closed. At the very second of the closing it has."""
    closes = closing_of(call, in_force)
    return (
        closes is not None and at < closes and (call.phase == Phase.CALL or _came_before_the_next(call, at))
    )


def _came_before_the_next(call: Call, at: dt.datetime) -> bool:
    """Whether something of ``at`` only waited while the phase went on: it was in time, by the clock of the server."""
    if call.phase != Phase.ADMISSIBILITY:
        return False
    opened = journal.of(call).filter(action="phase_opened", details__phase=Phase.ADMISSIBILITY).first()
    return opened is not None and at < opened.at


def end_of(row: Application) -> dt.datetime | None:
    """Until when its pair writes in this application; None where it does not at all."""
    match row.state:
        case ApplicationState.DRAFT:
            return closing_of(row.call)
        case ApplicationState.TO_COMPLETE:
            return row.complete_until
    return None


def is_in_time(row: Application, at: dt.datetime) -> bool:
    """Whether its pair may write in it now."""
    if row.state == ApplicationState.DRAFT:
        return is_open(row.call, at)
    end = end_of(row)
    return end is not None and at < end


def why_not(call: Call, end: dt.datetime | None, at: dt.datetime) -> str:
    """Why one no longer writes, in a sentence that says the deadline on both clocks."""
    if call.phase == Phase.RULES:
        return _("The call for applications is not open yet.")
    if end is None or at < end:
        return _("The call for applications has closed.")
    return _("It was due before %(deadline)s; the clock of the server decides, and it is past.") % {
        "deadline": on_both_clocks(end, call, get_language() or "fr")
    }
