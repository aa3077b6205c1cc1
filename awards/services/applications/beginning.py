"""A pair begins its application."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from awards import letters
from awards.deadlines import closing_of, is_open, why_not
from awards.models import Application, Call, Editor
from awards.services.applications.keeping import keep, said_in_words
from awards.services.applications.pairs import Pair, Person, check_category, given, said, write_partners


class SentAlready(Refusal):
    """The same form was sent before with other answers: somebody went back, and mended an address or a name."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This form was sent already, and an application is begun with other answers: its link went to the address given then. To begin another one with these answers, send the form again."
            )
        )


@said_in_words
@transaction.atomic
def begin(
    call: Call, pair: Pair, person: Person, *, original: str, key: uuid.UUID, at: dt.datetime
) -> tuple[Application, Editor]:
    """Begin a draft, and send its link. The same form sent twice (``key``) is one application; with other answers it is
    another one, which is asked (``SentAlready``).

    Refuses while the call is not open, and a category that nobody applies for.
    """
    known = _begun_with(key, pair, person)
    if known is not None:
        return known.application, known
    if not is_open(call, at):
        raise Refusal(why_not(call, closing_of(call), at))
    check_category(call, pair.category)
    row = Application(
        call=call, category=pair.category, original=original, key=key, begun_at=at, state_since=at
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # The same form, sent on another connection at the same instant.
        known = _begun_with(key, pair, person)
        if known is None:
            raise
        return known.application, known
    write_partners(row, pair)
    editor = Editor.objects.create(application=row, began=True, added_at=at, **vars(person))
    keep(row)
    journal.write([journal.entry(row, "application_begun", at=at, original=original, side=person.side)])
    letters.to_editor("application_begun", row, editor, at=at)
    return row, editor


def _begun_with(key: uuid.UUID, pair: Pair, person: Person) -> Editor | None:
    """Who began an application with this form; raises ``SentAlready`` where it said something else."""
    editors = Editor.objects.filter(application__key=key, began=True)
    known = editors.select_related("application__category").first()
    if known is None:
        return None
    same = all(getattr(known, name) == value for name, value in vars(person).items())
    if not same or said(known.application) != given(pair):
        raise SentAlready
    return known
