"""A jury that deliberates, in one line each. Nothing here is random."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from assises.models import Edition, User
from awards import services
from awards.completeness import film_of
from awards.enums import AgendaKind, Choice, Effect, Phase
from awards.models import AgendaItem, Application, Call, JuryMember, Motion, Sitting
from tests.award_factories import opened
from tests.jury_factories import CN, FR, IN_DELIBERATION, a_sheet, in_scoring, juror, members, rows_of

SAID = {"y": Choice.YES, "n": Choice.NO, "a": Choice.ABSTAIN}


def in_deliberation(
    edition: Edition,
    *,
    applications: int = 2,
    given: Mapping[int, int] | None = None,
    **fields: Any,
) -> Call:
    """The award in deliberation; all have marked: ``given`` for innovation by number, else 4, then 3 for the others."""
    call = in_scoring(edition, applications=applications, **fields)
    for row in rows_of(call):
        mark = (given or {}).get(row.number or 0, 4 if row.number == 1 else 3)
        film = 3 if film_of(row) else None
        for member in members(call):
            a_sheet(member, row, marks={"innovation": mark, "film": film})
    return opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)


def recuse(member: JuryMember, row: Application, *, at: dt.datetime = IN_DELIBERATION) -> None:
    services.declare_conflict(member, row, words="Un parent.", at=at)


def a_sitting(call: Call, *present: JuryMember, at: dt.datetime = IN_DELIBERATION) -> Sitting:
    """Opened by the French co-president; these are in the room with them, or all who vote."""
    services.open_sitting(call, at=at, by=juror(call, FR, 0).user)
    for member in present or members(call):
        services.enter(member, at=at)
    return Sitting.objects.get(call=call, closed_at=None)


def item(call: Call, kind: AgendaKind = AgendaKind.WINNERS) -> AgendaItem:
    found = call.agenda.filter(kind=kind).select_related("call__edition", "category").first()
    assert found is not None
    return found


def a_motion(
    call: Call,
    *numbers: int,
    effect: Effect = Effect.PRIZE,
    under: AgendaItem | None = None,
    by: User | None = None,
    at: dt.datetime = IN_DELIBERATION,
    **fields: Any,
) -> Motion:
    """Moved by the French juror, about the applications with these numbers."""
    rows = [row for number in numbers for row in rows_of(call) if row.number == number]
    under = under or call.agenda.order_by("number")[0]
    return services.move(under, effect, rows, at=at, by=by or juror(call, FR, 1).user, **fields)


def an_open_vote(call: Call, *numbers: int, at: dt.datetime = IN_DELIBERATION, **fields: Any) -> Motion:
    motion = a_motion(call, *numbers, at=at, **fields)
    return services.open_vote(motion, at=at, by=juror(call, FR, 0).user)


def cast(motion: Motion, french: str, chinese: str, *, at: dt.datetime = IN_DELIBERATION) -> None:
    """``cast(motion, "yyn", "ya")``: of each side, co-president first, in the order of the jury."""
    call = motion.item.call
    for side, said in ((FR, french), (CN, chinese)):
        for member, letter in zip(members(call, side), said, strict=False):
            services.vote(motion, SAID[letter], at=at, by=member.user)


def decided(
    call: Call,
    *numbers: int,
    french: str = "yyy",
    chinese: str = "yyy",
    at: dt.datetime = IN_DELIBERATION,
    **fields: Any,
) -> Motion:
    """Moved, opened, voted and closed."""
    motion = an_open_vote(call, *numbers, at=at, **fields)
    cast(motion, french, chinese, at=at)
    return services.close_vote(motion, at=at, by=juror(call, CN, 0).user)


def seal(call: Call) -> Call:
    """The sitting is closed, and both agree that the results are sealed."""
    services.close_sitting(call, at=IN_DELIBERATION, by=juror(call, CN, 0).user)
    return opened(call, Phase.SEALED, at=IN_DELIBERATION)
