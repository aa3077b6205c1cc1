"""What is said, by whom, and for how long."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: A break of less is no break, one of more is a hole that somebody should explain (D-08); minutes.
from program.checks.finding import Draft, Finding
from program.enums import (
    ContributionState,
    PartKind,
    Severity,
    SpeakerState,
)
from program.models import Session, SessionPart, Speaker

RETAINED = [ContributionState.ACCEPTED, ContributionState.CONFIRMED]


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
        asked = {s.pk for s in speakers(session) if s.state == SpeakerState.ASKED}
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
        declined = [s for s in speakers(session, declined=True) if s.state == SpeakerState.DECLINED]
        for speaker in declined:
            yield Finding(
                "speaker_declined",
                Severity.WARNING,
                _("“%(session)s”: %(who)s has declined and still stands in the running order.")
                % {"session": session, "who": speaker},
                (session,),
            )


def speakers(session: Session, *, declined: bool = False) -> list[Speaker]:
    found = []
    for part in session.parts.all():
        speaker = part.speaker
        if speaker is None and part.contribution is not None and part.contribution.state in RETAINED:
            speaker = part.contribution.speaker
        if speaker is not None and (declined or speaker.state != SpeakerState.DECLINED):
            found.append(speaker)
    return found


def spoken_parts(session: Session) -> list[SessionPart]:
    return [p for p in session.parts.all() if p.contribution is None or p.contribution.state in RETAINED]
