"""The course of a day: holes, overlaps, the way from one place to the next."""

import datetime as dt
from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext as _

from assises.templatetags.typography import write_time
from program.checks.finding import Draft, Finding
from program.checks.hours import by_day, end, is_before, minutes, overlap
from program.enums import (
    Audience,
    SessionKind,
    Severity,
)
from program.models import Session

#: A break of less is no break, one of more is a hole that somebody should explain (D-08); minutes.
LONGEST_GAP = 120
#: People fetch their coats and find their coach; minutes.
BOARDING = 20
#: Kinds of which several take place at the same time.
PARALLEL_KINDS = [SessionKind.PARALLEL, SessionKind.VISIT, SessionKind.INFORMAL]
#: Kinds from which nobody goes on to something else of the programme.
ASIDE = [SessionKind.VISIT, SessionKind.INFORMAL]


def holes_and_overlaps(draft: Draft) -> Iterator[Finding]:
    """What the general public does all at once must follow on; between its items there are no holes (D-08)."""
    for sessions in by_day(draft.sessions).values():
        general = [s for s in sessions if s.kind != SessionKind.INFORMAL and s.audience == Audience.PUBLIC]
        timed = [s for s in general if s.ends_at]
        for first, second in combinations(timed, 2):
            aside = [s for s in (first, second) if s.kind in PARALLEL_KINDS]
            if len(aside) == 2 or not overlap(first, second):
                continue
            if aside:
                yield Finding(
                    "overlap_of_a_choice",
                    Severity.WARNING,
                    _("“%(first)s” and “%(second)s” overlap: who chooses one misses a part of the other.")
                    % {"first": first, "second": second},
                    (first, second),
                )
            else:
                yield Finding(
                    "overlap",
                    Severity.BLOCKS,
                    _("“%(first)s” and “%(second)s” are for all and overlap.")
                    % {"first": first, "second": second},
                    (first, second),
                )
        yield from _holes(general, draft.language)


def parallel_without_a_common_group(draft: Draft) -> Iterator[Finding]:
    """Of what takes place at the same time a person chooses one only: that is what the group is for (S-097)."""
    for sessions in by_day(draft.sessions).values():
        offered = [s for s in sessions if s.on_form and s.kind in (SessionKind.PARALLEL, SessionKind.VISIT)]
        for first, second in combinations(offered, 2):
            if overlap(first, second) and first.choice_group != second.choice_group:
                yield Finding(
                    "no_common_group",
                    Severity.WARNING,
                    _(
                        "“%(first)s” and “%(second)s” are offered at the same time without a common choice group: one person can choose both."
                    )
                    % {"first": first, "second": second},
                    (first, second),
                )


def _holes(sessions: list[Session], language: str) -> Iterator[Finding]:
    last: Session | None = None
    for session in sessions:
        if (
            last
            and last.ends_at
            and session.starts_at
            and minutes(last.ends_at, session.starts_at) > LONGEST_GAP
        ):
            yield Finding(
                "gap",
                Severity.WARNING,
                _("Nothing is planned from %(from)s to %(to)s, between “%(first)s” and “%(second)s”.")
                % {
                    "from": write_time(last.ends_at, language),
                    "to": write_time(session.starts_at, language),
                    "first": last,
                    "second": session,
                },
                (last, session),
            )
        if last is None or end(session) > end(last):
            last = session


def too_little_time_to_travel(draft: Draft) -> Iterator[Finding]:
    """Between two places, as many minutes as the road takes; and time to board the coaches of the visits (D-08)."""
    for sessions in by_day(draft.sessions).values():
        told: set[tuple[dt.time | None, int]] = set()
        for second in sessions:
            ended = [s for s in sessions if s.kind not in ASIDE and is_before(s, second)]
            if second.kind == SessionKind.INFORMAL or not ended:
                continue
            first = max(ended, key=end)
            gap, needed = minutes(first.ends_at, second.starts_at), _travel(first, second)
            # Six coaches that leave at once are one thing to think of.
            key = (second.starts_at, needed if second.kind == SessionKind.VISIT else -second.pk)
            if gap < needed and key not in told:
                told.add(key)
                yield Finding(
                    "travel",
                    Severity.WARNING,
                    _(
                        "From “%(first)s” to “%(second)s” the way takes about %(needed)d minutes, there are %(gap)d."
                    )
                    % {"first": first, "second": second, "needed": needed, "gap": gap},
                    (first, second),
                )


def _travel(first: Session, second: Session) -> int:
    """Minutes from one session to the next; 0 inside one venue."""
    if second.kind == SessionKind.VISIT:
        # The coaches wait at the main venue; their own way is part of the visit.
        return (first.room.venue.travel_minutes if first.room else 0) + BOARDING
    if first.room is None or second.room is None or first.room.venue_id == second.room.venue_id:
        return 0
    return first.room.venue.travel_minutes + second.room.venue.travel_minutes


def visits_that_do_not_fit(draft: Draft) -> Iterator[Finding]:
    """There, the visit, and back: until when (D-11)?"""
    for session in draft.sessions:
        visit = getattr(session, "visit", None)
        if visit is None or session.starts_at is None:
            continue
        if visit.travel_minutes is None or visit.duration_minutes is None:
            yield Finding(
                "visit_incomplete",
                Severity.INFORMATION,
                _("“%(session)s”: the sheet does not say how long the way and the visit take.")
                % {"session": session},
                (session,),
            )
            continue
        whole = 2 * visit.travel_minutes + visit.duration_minutes
        back = dt.datetime.combine(session.day, session.starts_at) + dt.timedelta(minutes=whole)
        planned = session.minutes
        if planned is not None and planned < whole:
            yield Finding(
                "visit_too_long",
                Severity.WARNING,
                _(
                    "“%(session)s” needs %(whole)d minutes with the way there and back; %(planned)d are planned."
                )
                % {"session": session, "whole": whole, "planned": planned},
                (session,),
            )
        if back.date() > session.day or back.time() > dt.time(18):
            yield Finding(
                "visit_back_late",
                Severity.INFORMATION,
                _("“%(session)s” is back at about %(hour)s: who has a flight?")
                % {"session": session, "hour": write_time(back, draft.language)},
                (session,),
            )
