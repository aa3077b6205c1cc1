"""Letters about minutes: each to a person by name, in their language."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from assises.enums import Side
from assises.mail.outbox import Letter
from assises.minutes.links import minutes_path
from assises.models import Minutes, MinutesLine, User
from assises.sides import speakers


def about_sending(minutes: Minutes, lines: int) -> list[Letter]:
    """To both sides: read, answer line by line, until that day."""
    return [
        _letter("minutes_sent", minutes, user, side=side, lines=lines)
        for side in Side
        for user in speakers(side)
    ]


def about_rewording(line: MinutesLine, sides: Iterable[Side]) -> list[Letter]:
    """To the sides whose verdict on this line is due anew."""
    return [
        _letter(
            "minutes_reworded", line.minutes, user, key=f"{line.pk}:{line.revision}", side=side, line=line
        )
        for side in sides
        for user in speakers(side)
    ]


def about_silence(
    minutes: Minutes, side: Side, own: Sequence[User], *, has_said: bool, at: dt.datetime
) -> list[Letter]:
    """To those who speak for the side that keeps silent, or owes some answers, and to whoever sent the minutes."""
    assert minutes.deadline_at is not None
    sender = minutes.sent_by
    others = [sender] if sender is not None and sender.is_active and sender not in own else []
    # Told that nobody can answer, the sender hears once more when somebody was asked.
    key = side.value if own else f"{side.value}:nobody"
    return [
        _letter(
            "minutes_silent",
            minutes,
            user,
            key=key,
            side=side,
            is_own=user in own,
            is_reachable=bool(own),
            has_said=has_said,
            is_over=minutes.deadline_at <= at,
        )
        for user in [*own, *others]
    ]


def about_validation(minutes: Minutes) -> list[Letter]:
    """To both sides, and to whoever sent the minutes: they stand, with this hash."""
    readers = [user for side in Side for user in speakers(side)]
    sender = minutes.sent_by
    if sender is not None and sender.is_active and sender not in readers:
        readers.append(sender)
    return [_letter("minutes_validated", minutes, user) for user in readers]


def _letter(event: str, minutes: Minutes, to: User, *, key: str = "", **context: Any) -> Letter:
    return Letter(
        event=f"assises/{event}",
        key=":".join(filter(None, [f"user:{to.pk}", event, str(minutes.pk), key])),
        to_email=to.email,
        to_name=to.get_full_name() or to.email,
        language=to.language,
        context={
            "edition": minutes.meeting.edition,
            "minutes": minutes,
            "meeting": minutes.meeting,
            "path": minutes_path(minutes),
            **context,
        },
    )
