"""Items of the decision register in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.models import Candidate, Edition, Meeting, RegisterItem
from assises.register import add
from tests.factories import NOW, NUMBERS

TODAY = NOW.date()


def a_meeting(edition: Edition, **fields: Any) -> Meeting:
    n = next(NUMBERS)
    defaults = {
        "code": f"meeting-{n}",
        "title_fr": f"Réunion {n}",
        "title_zh_hans": f"第{n}次会议",
        "held_on": dt.date(2018, 10, 9),
    }
    return Meeting.objects.create(edition=edition, **{**defaults, **fields})


def an_item(edition: Edition, **fields: Any) -> RegisterItem:
    """An open point that the French side owes by the end of October."""
    defaults = {
        "kind": "open_point",
        "text_fr": "Le lieu du dîner",
        "text_zh_hans": "晚宴地点",
        "owner_side": "FR",
        "due_on": dt.date(2018, 10, 31),
    }
    return add(edition, at=NOW, by=None, **{**defaults, **fields})


def a_candidate(item: RegisterItem, **fields: Any) -> Candidate:
    n = next(NUMBERS)
    defaults = {"text_fr": f"Réponse {n}", "text_zh_hans": f"方案{n}", "order": n}
    return Candidate.objects.create(item=item, **{**defaults, **fields})
