"""What is still to be defined about a session, who owes the answer, and what was answered (D-16)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from assises.models import User
from assises.rules import differences, write
from program.models import OpenPoint, Session
from program.services.sessions import held, turn


@transaction.atomic
def add_point(
    session: Session, *, version: int, at: dt.datetime, by: User | None, **values: Any
) -> OpenPoint:
    """Note what is open. Raises ``Conflict`` as ``change_session`` does."""
    current = held(session, version)
    point = OpenPoint(session=current, **values)
    write(point)
    turn(current, "point_added", at=at, by=by, point=point.pk)
    return point


@transaction.atomic
def change_point(
    point: OpenPoint, changes: Mapping[str, Any], *, version: int, at: dt.datetime, by: User | None
) -> OpenPoint:
    """Word it anew, give it another owner or date. A change that changes nothing is none."""
    return _change(point, changes, "point_changed", version=version, at=at, by=by)


@transaction.atomic
def close_point(
    point: OpenPoint,
    *,
    answer_fr: str,
    answer_zh: str = "",
    on: dt.date,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> OpenPoint:
    """Write what was decided: that closes the point. Refuses an empty answer."""
    changes = {"answer_fr": answer_fr, "answer_zh_hans": answer_zh, "closed_on": on}
    return _change(point, changes, "point_closed", version=version, at=at, by=by)


@transaction.atomic
def reopen_point(point: OpenPoint, *, version: int, at: dt.datetime, by: User | None) -> OpenPoint:
    """Open it again; the answer stays, for whoever words the next one."""
    return _change(point, {"closed_on": None}, "point_reopened", version=version, at=at, by=by)


def _change(
    point: OpenPoint,
    changes: Mapping[str, Any],
    action: str,
    *,
    version: int,
    at: dt.datetime,
    by: User | None,
) -> OpenPoint:
    current = held(point.session, version)
    point = OpenPoint.objects.get(pk=point.pk, session=current)
    changed = differences(point, changes)
    if not changed:
        return point
    for name in changed:
        setattr(point, name, changes[name])
    write(point)
    turn(current, action, at=at, by=by, point=point.pk)
    return point
