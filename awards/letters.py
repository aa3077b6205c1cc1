"""The letters about the award. Each goes to its reader once, in the reader's language."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse

from assises.enums import Side
from assises.mail import outbox
from assises.mail.outbox import Letter
from assises.models import OutgoingEmail, User
from awards import links
from awards.deadlines import closing_of
from awards.enums import Phase
from awards.models import Application, Call, Criterion, Editor, JuryMember, JuryMinutes, Result


def to_other_president(call: Call, member: JuryMember, *, phase: str, at: dt.datetime) -> None:
    """Tell the other side's co-president what this one has agreed to; nobody where that one has agreed too."""
    other = call.jury.presidents().exclude(side=member.side).select_related("user").first()
    agreed = call.agreements.filter(member=other, phase=phase) if other else call.agreements.none()
    if not phase:
        agreed = agreed.filter(rules__frozen_at=None)
    if other is None or agreed.exists():
        return
    letter = Letter(
        event="awards/agreement_awaited",
        key=f"award:{call.pk}:agreement:{phase or 'rules'}:{member.side}:{at:%Y%m%dT%H%M%S}",
        to_email=other.user.email,
        to_name=str(other.user),
        language=other.user.language,
        context={
            "edition": call.edition,
            "call": call,
            "phase": Phase(phase) if phase else None,
            "side": Side(member.side),
            "path": reverse("admin:award"),
        },
    )
    outbox.write([letter], at=at)


def to_editors(event: str, row: Application, *, at: dt.datetime, **context: Any) -> None:
    """Write ``event`` to everybody of the pair, each with the own link."""
    outbox.write([_to_editor(event, row, editor, at, context) for editor in row.editors.all()], at=at)


def to_editor(event: str, row: Application, editor: Editor, *, at: dt.datetime, **context: Any) -> None:
    """Write ``event`` to one person of the pair, with the own link."""
    outbox.write([_to_editor(event, row, editor, at, context)], at=at)


#: What a pair is told after the release.
LAUREATE, NOT_SELECTED = "application_laureate", "application_not_selected"


def results_wait(since: dt.datetime) -> bool:
    """Whether letters about results, written since then, wait for somebody to approve them: many at once do."""
    events = [f"awards/{event}" for event in (LAUREATE, NOT_SELECTED)]
    return OutgoingEmail.objects.held().filter(event__in=events, created_at__gte=since).exists()


def of_results(
    row: Application,
    results: Sequence[Result],
    comments: Sequence[tuple[Criterion, list[str]]],
    *,
    at: dt.datetime,
) -> list[Letter]:
    """What the jury has given an application, or that it has not, to everybody of its pair; one letter each, for good."""
    event = LAUREATE if results else NOT_SELECTED
    found = []
    for editor in row.editors.all():
        letter = _to_editor(event, row, editor, at, {"results": results, "comments": comments})
        found.append(replace(letter, key=f"application:{row.key}:results:{editor.pk}"))
    return found


def post_results(letters: Sequence[Letter], *, at: dt.datetime, by: User) -> None:
    """As one mailing: if they are many, somebody looks at them before they leave."""
    outbox.write(letters, at=at, by=by, is_mailing=True)


def substitute_awaited(row: Application, side: Side, *, at: dt.datetime) -> None:
    """Tell both secretaries, once, that too few of a side are left to judge an application."""
    path = reverse("admin:jury_progress")
    outbox.write(
        [
            _to_member("substitute_awaited", row, member, f"{side}:{member.pk}", side=side, path=path)
            for member in row.call.jury.secretaries().select_related("user")
        ],
        at=at,
    )


def substitute_called(row: Application, member: JuryMember, *, at: dt.datetime) -> None:
    """Tell a substitute which application they were called for."""
    outbox.write(
        [_to_member("substitute_called", row, member, str(member.pk), path=reverse("admin:jury"))], at=at
    )


def minutes_to_sign(minutes: JuryMinutes, *, at: dt.datetime) -> None:
    """Tell both co-presidents and both secretaries that minutes are ready to be read and signed; nothing of what they say."""
    outbox.write(
        [
            Letter(
                event="awards/minutes_to_sign",
                key=f"minutes:{minutes.pk}:{minutes.digest[:16]}:{member.pk}",
                to_email=member.user.email,
                to_name=str(member.user),
                language=member.user.language,
                context={
                    "edition": minutes.call.edition,
                    "minutes": minutes,
                    "path": reverse("admin:jury_minutes"),
                },
            )
            for member in minutes.call.jury.signing().select_related("user")
        ],
        at=at,
    )


def _to_member(event: str, row: Application, member: JuryMember, key: str, **context: Any) -> Letter:
    return Letter(
        event=f"awards/{event}",
        key=f"application:{row.key}:{event}:{key}",
        to_email=member.user.email,
        to_name=str(member.user),
        language=member.user.language,
        context={"edition": row.call.edition, "application": row, "member": member, **context},
    )


def _to_editor(
    event: str, row: Application, editor: Editor, at: dt.datetime, context: dict[str, Any]
) -> Letter:
    return Letter(
        event=f"awards/{event}",
        # The moment tells apart what may happen again: taken back, and submitted anew.
        key=f"application:{row.key}:{event}:{editor.pk}:{at:%Y%m%dT%H%M%S}",
        to_email=editor.email,
        to_name=str(editor),
        language=editor.language,
        context={
            "edition": row.call.edition,
            "application": row,
            "editor": editor,
            "token": links.token_of(editor),
            "closes_at": closing_of(row.call),
            **context,
        },
    )
