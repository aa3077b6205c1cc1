"""A session is made, changed, moved."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import Edition, User
from program.models import Session

#: What a change may touch: nothing that counts, and nothing that a file or an address is named after.
FIXED = {"id", "edition", "edition_id", "code", "guid", "short_code", "version", "first_day", "last_day"}


class Conflict(Refusal):
    """Somebody else has changed the session meanwhile; ``current`` is how it stands now."""

    def __init__(self, current: Session) -> None:
        super().__init__(
            _(
                "Somebody else has changed this session since you opened it. Nothing of yours is saved yet: compare the two versions, then save again."
            )
        )
        self.current = current


@transaction.atomic
def create_session(edition: Edition, *, at: dt.datetime, by: User | None, **values: Any) -> Session:
    """Add a session to the programme. Refuses what the rules of the model refuse, in their words."""
    session = Session(edition=edition, **values)
    _write(session)
    journal.write([journal.entry(session, "session_created", at=at, by=by)])
    return session


@transaction.atomic
def change_session(
    session: Session,
    changes: Mapping[str, Any],
    *,
    version: int,
    at: dt.datetime,
    by: User | None,
    reason: str = "",
) -> Session:
    """Change the fields in ``changes`` if the session is still at ``version``, and count the version on.

    Raises ``Conflict`` if it is not, ``Refusal`` where a rule says no (a room that is taken, a day outside the
    edition); then nothing is changed. A change that changes nothing is none.
    """
    current = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if current.version != version:
        raise Conflict(current)
    if wrong := FIXED & changes.keys():
        raise ValueError(f"A change does not touch {', '.join(sorted(wrong))}.")
    changed = sorted(name for name, value in changes.items() if getattr(current, name) != value)
    if not changed:
        return current
    for name in changed:
        setattr(current, name, changes[name])
    current.version += 1
    _write(current)
    journal.write([journal.entry(current, "session_changed", at=at, by=by, reason=reason, fields=changed)])
    return current


def _write(session: Session) -> None:
    """Save, or refuse in the words of the rule that says no; two organisers at once meet in the database."""
    try:
        session.full_clean()
        with transaction.atomic():
            session.save()
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Refusal(_rule(error)) from error


def _rule(error: IntegrityError) -> str:
    """The sentence of the constraint that refused."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in Session._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    raise error
