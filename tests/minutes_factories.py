"""Meetings, items of the register and minutes, in one line each. Nothing here is random."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group

from assises import accounts, minutes
from assises.enums import LineVerdict, Side
from assises.minutes import Answer
from assises.models import Edition, Meeting, Minutes, RegisterItem, User
from tests.factories import NOW, NUMBERS, a_member_of_staff

DAY = dt.timedelta(days=1)
DEADLINE = NOW + 7 * DAY


def a_meeting(edition: Edition, **fields: Any) -> Meeting:
    n = next(NUMBERS)
    defaults = {
        "code": f"reunion-{n}",
        "title_fr": f"Comité de pilotage {n}",
        "title_zh_hans": f"第{n}次指导委员会会议",
        "held_on": dt.date(2018, 3, 26),
        "place_fr": "Toulouse",
        "place_zh_hans": "图卢兹",
        "attendance_fr": "Région, APCAE",
        "attendance_zh_hans": "大区、全国友协",
    }
    return Meeting.objects.create(edition=edition, **{**defaults, **fields})


def an_item(meeting: Meeting, **fields: Any) -> RegisterItem:
    n = next(NUMBERS)
    defaults = {
        "number": n,
        "kind": "open_point",
        "status": "to_be_defined",
        "workstream": "assises",
        "text_fr": f"Le lieu du dîner {n} reste à définir.",
        "text_zh_hans": f"晚宴{n}的地点待定。",
        "owner_side": "FR",
        "due_on": dt.date(2018, 11, 1),
        "meeting": meeting,
        "order": n,
        "source": "Relevé du 26 mars",
    }
    return RegisterItem.objects.create(edition=meeting.edition, **{**defaults, **fields})


def a_speaker_for(side: Side, /, **fields: Any) -> User:
    """An account with the right of its side, in the language of its side."""
    accounts.ensure_groups()
    language = "fr" if side == Side.FRENCH else "zh-hans"
    user = a_member_of_staff(is_superuser=False, **{"side": side, "language": language, **fields})
    name = accounts.FRENCH_APPROVAL if side == Side.FRENCH else accounts.CHINESE_APPROVAL
    user.groups.add(Group.objects.get(name=name))
    return user


def written_minutes(edition: Edition, lines: int = 2, **fields: Any) -> Minutes:
    """A draft with so many lines."""
    meeting = a_meeting(edition, **fields)
    for _unused in range(lines):
        an_item(meeting)
    return minutes.write(meeting, at=NOW, by=a_member_of_staff())


def sent_minutes(edition: Edition, lines: int = 2, by: User | None = None) -> Minutes:
    """Sent to both sides at ``NOW``; each has somebody who speaks for it."""
    draft = written_minutes(edition, lines)
    for side in Side:
        a_speaker_for(side)
    return send(draft, by=by)


def send(draft: Minutes, *, by: User | None = None, at: dt.datetime = NOW, **how: Any) -> Minutes:
    how = {"deadline_at": DEADLINE, "silent_days": 5, "version": draft.version, **how}
    return minutes.send(draft, at=at, by=by or a_member_of_staff(), **how)


def accepted(lines: Iterable[Any]) -> dict[int, Answer]:
    return {line.pk: Answer(LineVerdict.ACCEPTED, line.revision) for line in lines}


def commented(line: Any, text: str = "À préciser.") -> dict[int, Answer]:
    return {line.pk: Answer(LineVerdict.COMMENTED, line.revision, text)}


def accept_all(found: Minutes, side: Side, *, at: dt.datetime = NOW, by: User | None = None) -> Minutes:
    by = by or a_speaker_for(side)
    return minutes.give_verdicts(found, side, accepted(found.lines.all()), at=at, by=by)


def validated_minutes(edition: Edition, lines: int = 2) -> Minutes:
    found = sent_minutes(edition, lines)
    accept_all(found, Side.FRENCH)
    return accept_all(found, Side.CHINESE, at=NOW + DAY)
