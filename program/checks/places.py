"""Rooms, interpretation, and people who cannot be in two places."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from program.checks.finding import Draft, Finding
from program.checks.hours import overlaps
from program.checks.speech import speakers
from program.enums import (
    Languages,
    SessionKind,
    Severity,
)
from program.models import Session, Speaker


def people_in_two_places(draft: Draft) -> Iterator[Finding]:
    """A speaker, or a leading authority, in two sessions at once."""
    by_speaker: dict[int, tuple[Speaker, dict[int, Session]]] = {}
    by_lead: dict[int, tuple[str, dict[int, Session]]] = {}
    for session in draft.sessions:
        for speaker in speakers(session):
            by_speaker.setdefault(speaker.pk, (speaker, {}))[1][session.pk] = session
        for lead in session.leads.all():
            by_lead.setdefault(lead.organisation_id, (str(lead.organisation), {}))[1][session.pk] = session
    for speaker, sessions in by_speaker.values():
        for first, second in overlaps(sessions.values()):
            yield Finding(
                "speaker_twice",
                Severity.BLOCKS,
                _("%(who)s speaks in “%(first)s” and in “%(second)s” at the same time.")
                % {"who": speaker, "first": first, "second": second},
                (first, second),
            )
    for authority, sessions in by_lead.values():
        for first, second in overlaps(sessions.values()):
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
