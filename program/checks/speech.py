"""What is said, by whom, and for how long."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from program.checks.finding import Draft, Finding
from program.enums import RETAINED, PartKind, Severity, SpeakerState
from program.models import Session, SessionPart, Speaker


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
        planned = sum(part.minutes for part in spoken_parts(session))
        if session.minutes is not None and planned > session.minutes:
            yield Finding(
                "parts_too_long",
                Severity.BLOCKS,
                _("“%(session)s” lasts %(minutes)d minutes, its running order takes %(planned)d.")
                % {"session": session, "minutes": session.minutes, "planned": planned},
                (session,),
            )


def speakers_to_confirm(draft: Draft) -> Iterator[Finding]:
    for session in draft.sessions:
        voices = voices_of(session)
        asked = {speaker.pk for speaker, answer in voices if answer == SpeakerState.ASKED}
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
        for speaker in (speaker for speaker, answer in voices if answer == SpeakerState.DECLINED):
            yield Finding(
                "speaker_declined",
                Severity.WARNING,
                _("“%(session)s”: %(who)s has declined and still stands in the running order.")
                % {"session": session, "who": speaker},
                (session,),
            )


def contributions_nowhere(draft: Draft) -> Iterator[Finding]:
    """What was accepted has its place: its speaker counts on it."""
    for contribution in draft.nowhere:
        yield Finding(
            "contribution_nowhere",
            Severity.BLOCKS,
            _("“%(contribution)s” is accepted, and stands in no running order.")
            % {"contribution": contribution.original_title},
        )


def voices_of(session: Session) -> list[tuple[Speaker, SpeakerState]]:
    """Who speaks in it, and what each has answered."""
    return [voice for part in session.parts.all() if (voice := part.voice) is not None]


def speakers(session: Session) -> list[Speaker]:
    """Who speaks in it, or may."""
    return [speaker for speaker, answer in voices_of(session) if answer != SpeakerState.DECLINED]


def spoken_parts(session: Session) -> list[SessionPart]:
    return [p for p in session.parts.all() if p.contribution is None or p.contribution.state in RETAINED]
