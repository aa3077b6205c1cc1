"""What the software has to say about a programme in progress: each finding with its weight and a sentence.

Pure: ``find`` looks at what ``drafting.load`` has read, and makes no query.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.enums import Side
from assises.models import Edition, Organisation
from assises.templatetags.typography import write_time
from program.enums import (
    Audience,
    ContributionState,
    Languages,
    PartKind,
    SessionKind,
    Severity,
    SpeakerState,
    Verdict,
)
from program.models import Session, SessionPart, Speaker
from program.visibility import balance

#: A break of less is no break, one of more is a hole that somebody should explain (D-08); minutes.
LONGEST_GAP = 120
#: People fetch their coats and find their coach; minutes.
BOARDING = 20


@dataclass(frozen=True)
class Finding:
    """Something about the programme that a person should look at. ``code`` names the check, for tests and pages."""

    code: str
    severity: Severity
    text: str
    sessions: tuple[Session, ...] = ()

    @property
    def severity_label(self) -> str:
        return str(self.severity.label)


@dataclass
class Draft:
    """A programme in progress with all that the checks look at."""

    edition: Edition
    #: With room, venue, theme, visit, leads, parts, speakers and open points; without what was abandoned.
    sessions: list[Session]
    language: str = "fr"
    guest_of_honour: Organisation | None = None
    #: Texts by state, per session: how many Chinese texts are missing, how many are to be reviewed.
    missing_texts: dict[int, int] = field(default_factory=dict)
    stale_texts: dict[int, int] = field(default_factory=dict)


def find(draft: Draft) -> list[Finding]:
    """All findings, the heaviest first, in the language of the reader."""
    found = [finding for check in CHECKS for finding in check(draft)]
    weight = {Severity.BLOCKS: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}
    return sorted(found, key=lambda f: weight[f.severity])


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity == Severity.BLOCKS]


# --- Who, where ------------------------------------------------------------------------------------------


def people_in_two_places(draft: Draft) -> Iterator[Finding]:
    """A speaker, or a leading authority, in two sessions at once."""
    by_speaker: dict[int, tuple[Speaker, dict[int, Session]]] = {}
    by_lead: dict[int, tuple[str, dict[int, Session]]] = {}
    for session in draft.sessions:
        for speaker in _speakers(session):
            by_speaker.setdefault(speaker.pk, (speaker, {}))[1][session.pk] = session
        for lead in session.leads.all():
            by_lead.setdefault(lead.organisation_id, (str(lead.organisation), {}))[1][session.pk] = session
    for speaker, sessions in by_speaker.values():
        for first, second in _overlaps(sessions.values()):
            yield Finding(
                "speaker_twice",
                Severity.BLOCKS,
                _("%(who)s speaks in “%(first)s” and in “%(second)s” at the same time.")
                % {"who": speaker, "first": first, "second": second},
                (first, second),
            )
    for authority, sessions in by_lead.values():
        for first, second in _overlaps(sessions.values()):
            yield Finding(
                "lead_twice",
                Severity.WARNING,
                _("%(who)s leads “%(first)s” and “%(second)s” at the same time: two people are needed.")
                % {"who": authority, "first": first, "second": second},
                (first, second),
            )


def rooms_too_small(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        room = session.room
        if room and room.capacity and session.expected and session.expected > room.capacity:
            yield Finding(
                "room_too_small",
                Severity.BLOCKS,
                ngettext(
                    "“%(session)s”: %(expected)d person is expected, %(room)s holds %(capacity)d.",
                    "“%(session)s”: %(expected)d people are expected, %(room)s holds %(capacity)d.",
                    session.expected,
                )
                % {
                    "session": session,
                    "expected": session.expected,
                    "room": room,
                    "capacity": room.capacity,
                },
                (session,),
            )
        if room and room.capacity and session.seats and session.seats > room.capacity:
            yield Finding(
                "more_seats_than_room",
                Severity.BLOCKS,
                _("“%(session)s” offers %(seats)d seats, %(room)s holds %(capacity)d.")
                % {"session": session, "seats": session.seats, "room": room, "capacity": room.capacity},
                (session,),
            )


def places_open(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        if session.room is None and session.kind != SessionKind.VISIT:
            yield Finding(
                "no_room",
                Severity.WARNING,
                _("“%(session)s” has no place yet.") % {"session": session},
                (session,),
            )
        if session.starts_at is None:
            yield Finding(
                "no_hour",
                Severity.WARNING,
                _("“%(session)s” has no hour yet.") % {"session": session},
                (session,),
            )


def interpretation_missing(draft: Draft) -> Iterator[Finding]:
    """Where two languages meet, a public body provides interpretation (loi Toubon, art. 6).

    At table, at a show and in an informal meeting nobody addresses the room.
    """
    conversation = [SessionKind.MEAL, SessionKind.SHOW, SessionKind.INFORMAL]
    for session in draft.sessions:
        if (
            session.languages == Languages.BOTH
            and not session.interpretation
            and session.kind not in conversation
        ):
            yield Finding(
                "no_interpreter",
                Severity.BLOCKS,
                _(
                    "“%(session)s” is in French and Chinese and no interpretation is arranged (loi Toubon, art. 6)."
                )
                % {"session": session},
                (session,),
            )


# --- The day ---------------------------------------------------------------------------------------------


def holes_and_overlaps(draft: Draft) -> Iterator[Finding]:
    """What the general public does all at once must follow on; between its items there are no holes (D-08)."""
    for sessions in _by_day(draft.sessions).values():
        general = [s for s in sessions if s.kind != SessionKind.INFORMAL and s.audience == Audience.PUBLIC]
        together = [s for s in general if s.kind not in PARALLEL_KINDS and s.ends_at]
        for first, second in combinations(together, 2):
            if _overlap(first, second):
                yield Finding(
                    "overlap",
                    Severity.BLOCKS,
                    _("“%(first)s” and “%(second)s” are for all and overlap.")
                    % {"first": first, "second": second},
                    (first, second),
                )
        yield from _holes(general, draft.language)


def _holes(sessions: list[Session], language: str) -> Iterator[Finding]:
    last: Session | None = None
    for session in sessions:
        if (
            last
            and last.ends_at
            and session.starts_at
            and _minutes(last.ends_at, session.starts_at) > LONGEST_GAP
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
        if last is None or _end(session) > _end(last):
            last = session


def too_little_time_to_travel(draft: Draft) -> Iterator[Finding]:
    """Between two places, as many minutes as the road takes; and time to board the coaches of the visits (D-08)."""
    for sessions in _by_day(draft.sessions).values():
        told: set[tuple[dt.time | None, int]] = set()
        for second in sessions:
            ended = [s for s in sessions if s.kind not in ASIDE and _is_before(s, second)]
            if second.kind == SessionKind.INFORMAL or not ended:
                continue
            first = max(ended, key=_end)
            gap, needed = _minutes(first.ends_at, second.starts_at), _travel(first, second)
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


# --- What is said ----------------------------------------------------------------------------------------


def reports_too_long(draft: Draft) -> Iterator[Finding]:
    """All reports back together keep within their limit (S-106)."""
    for session in draft.sessions:
        reports = [part for part in session.parts.all() if part.kind == PartKind.REPORT]
        total = sum(part.minutes for part in reports)
        if session.restitution_limit and total > session.restitution_limit:
            yield Finding(
                "reports_too_long",
                Severity.BLOCKS,
                _(
                    "“%(session)s”: the reports back take %(total)d minutes together, %(limit)d are allowed: %(over)d too many."
                )
                % {
                    "session": session,
                    "total": total,
                    "limit": session.restitution_limit,
                    "over": total - session.restitution_limit,
                },
                (session,),
            )


def running_order_too_long(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        planned = sum(part.minutes for part in _spoken_parts(session))
        if session.minutes is not None and planned > session.minutes:
            yield Finding(
                "parts_too_long",
                Severity.BLOCKS,
                _("“%(session)s” lasts %(minutes)d minutes, its running order takes %(planned)d.")
                % {"session": session, "minutes": session.minutes, "planned": planned},
                (session,),
            )


def pairs_incomplete(draft: Draft) -> Iterator[Finding]:
    """One French and one Chinese authority lead each workshop (S-100)."""
    for session in draft.sessions:
        if not session.is_workshop:
            continue
        sides = {lead.side: lead for lead in session.leads.all()}
        for side in Side:
            if side not in sides:
                yield Finding(
                    "pair_incomplete",
                    Severity.BLOCKS,
                    _("“%(session)s” has no leading authority of the %(side)s.")
                    % {"session": session, "side": side.label},
                    (session,),
                )
            elif sides[side].confirmed_on is None:
                yield Finding(
                    "lead_unconfirmed",
                    Severity.WARNING,
                    _("“%(session)s”: %(who)s has not confirmed that it leads.")
                    % {"session": session, "who": sides[side].organisation},
                    (session,),
                )
        if session.theme_id is None:
            yield Finding(
                "no_theme",
                Severity.BLOCKS,
                _("“%(session)s” is a workshop without a theme.") % {"session": session},
                (session,),
            )


def speakers_to_confirm(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        asked = {s.pk for s in _speakers(session) if s.state == SpeakerState.ASKED}
        if asked:
            yield Finding(
                "speakers_asked",
                Severity.INFORMATION,
                ngettext(
                    "“%(session)s”: %(count)d speaker has not confirmed.",
                    "“%(session)s”: %(count)d speakers have not confirmed.",
                    len(asked),
                )
                % {"session": session, "count": len(asked)},
                (session,),
            )
        declined = [s for s in _speakers(session, declined=True) if s.state == SpeakerState.DECLINED]
        for speaker in declined:
            yield Finding(
                "speaker_declined",
                Severity.WARNING,
                _("“%(session)s”: %(who)s has declined and still stands in the running order.")
                % {"session": session, "who": speaker},
                (session,),
            )


def texts_to_translate(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        if count := draft.missing_texts.get(session.pk):
            yield Finding(
                "text_missing",
                Severity.BLOCKS,
                ngettext(
                    "“%(session)s”: %(count)d text is missing in Chinese.",
                    "“%(session)s”: %(count)d texts are missing in Chinese.",
                    count,
                )
                % {"session": session, "count": count},
                (session,),
            )
        if count := draft.stale_texts.get(session.pk):
            yield Finding(
                "text_stale",
                Severity.WARNING,
                ngettext(
                    "“%(session)s”: %(count)d Chinese text is older than its French.",
                    "“%(session)s”: %(count)d Chinese texts are older than their French.",
                    count,
                )
                % {"session": session, "count": count},
                (session,),
            )


# --- Between the two sides -------------------------------------------------------------------------------


def open_points(draft: Draft) -> Iterator[Finding]:
    """What nobody owes for a date is forgotten: it stands in red (D-16)."""
    for session in draft.sessions:
        for point in session.open_points.all():
            if point.closed_on is None:
                undated = point.due_on is None
                yield Finding(
                    "open_point_undated" if undated else "open_point",
                    Severity.WARNING if undated else Severity.INFORMATION,
                    _("“%(session)s”, still open and without a date: %(point)s")
                    % {"session": session, "point": point}
                    if undated
                    else _("“%(session)s”, still open: %(point)s") % {"session": session, "point": point},
                    (session,),
                )


def visits_undecided(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        visit = getattr(session, "visit", None)
        if visit is None or visit.is_kept is not None:
            continue
        silent = [
            str(side.label)
            for side, verdict in ((Side.FRENCH, visit.verdict_french), (Side.CHINESE, visit.verdict_chinese))
            if verdict in (Verdict.NONE, Verdict.TO_SPECIFY)
        ]
        yield Finding(
            "visit_undecided",
            Severity.WARNING,
            _("“%(session)s” is not decided; awaited: %(who)s.")
            % {"session": session, "who": ", ".join(silent) or _("the decision")},
            (session,),
        )


def visibility_unequal(draft: Draft) -> Iterator[Finding]:
    """To honour one territory must not shut the others out (S-059): see ``program.visibility`` for the shares."""
    guest = draft.guest_of_honour
    whole = balance(draft.sessions, guest)
    if territory := whole.heaviest(guest):
        is_guest = guest is not None and territory.organisation.pk == guest.pk
        yield Finding(
            "visibility_of_one",
            Severity.WARNING if is_guest else Severity.INFORMATION,
            _("%(who)s has %(percent)d %% of all minutes of speech and of leading.")
            % {"who": territory.name, "percent": round(100 * whole.share(territory.minutes))},
        )
    if side := whole.lighter_side():
        yield Finding(
            "visibility_of_a_side",
            Severity.INFORMATION,
            _("The %(side)s has %(percent)d %% of all minutes of speech and of leading.")
            % {"side": side.label, "percent": round(100 * whole.share(whole.of(side)))},
        )


CHECKS = [
    people_in_two_places,
    rooms_too_small,
    interpretation_missing,
    holes_and_overlaps,
    reports_too_long,
    running_order_too_long,
    pairs_incomplete,
    texts_to_translate,
    too_little_time_to_travel,
    places_open,
    visits_that_do_not_fit,
    visits_undecided,
    speakers_to_confirm,
    open_points,
    visibility_unequal,
]
#: Kinds of which several take place at the same time.
PARALLEL_KINDS = [SessionKind.PARALLEL, SessionKind.VISIT, SessionKind.INFORMAL]
#: Kinds from which nobody goes on to something else of the programme.
ASIDE = [SessionKind.VISIT, SessionKind.INFORMAL]


# --- Small words -----------------------------------------------------------------------------------------


def _speakers(session: Session, *, declined: bool = False) -> list[Speaker]:
    found = []
    for part in session.parts.all():
        speaker = part.speaker
        if speaker is None and part.contribution is not None and part.contribution.state in RETAINED:
            speaker = part.contribution.speaker
        if speaker is not None and (declined or speaker.state != SpeakerState.DECLINED):
            found.append(speaker)
    return found


RETAINED = [ContributionState.ACCEPTED, ContributionState.CONFIRMED]


def _spoken_parts(session: Session) -> list[SessionPart]:
    return [p for p in session.parts.all() if p.contribution is None or p.contribution.state in RETAINED]


def _is_before(first: Session, second: Session) -> bool:
    return bool(first.ends_at and second.starts_at and first.ends_at <= second.starts_at)


def _by_day(sessions: list[Session]) -> dict[dt.date, list[Session]]:
    """Sessions with an hour, by day, in their order."""
    days: dict[dt.date, list[Session]] = defaultdict(list)
    timed = [s for s in sessions if s.starts_at is not None]
    for session in sorted(timed, key=lambda s: (s.day, s.starts_at or dt.time(), _end(s))):
        days[session.day].append(session)
    return days


def _end(session: Session) -> dt.time:
    return session.ends_at or dt.time.max


def _overlap(first: Session, second: Session) -> bool:
    if first.starts_at is None or second.starts_at is None or first.day != second.day:
        return False
    return first.starts_at < _end(second) and second.starts_at < _end(first)


def _overlaps(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    return [(a, b) for a, b in combinations(sessions, 2) if _overlap(a, b)]


def _minutes(start: dt.time | None, end: dt.time | None) -> int:
    if start is None or end is None:
        return 0
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _travel(first: Session, second: Session) -> int:
    """Minutes from one session to the next; 0 inside one venue."""
    if second.kind == SessionKind.VISIT:
        # The coaches wait at the main venue; their own way is part of the visit.
        return (first.room.venue.travel_minutes if first.room else 0) + BOARDING
    if first.room is None or second.room is None or first.room.venue_id == second.room.venue_id:
        return 0
    return first.room.venue.travel_minutes + second.room.venue.travel_minutes
