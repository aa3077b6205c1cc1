"""What all services of applications need: who may write in one now, how it is kept, and how it is erased."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, files, journal
from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from awards.completeness import film_of
from awards.deadlines import end_of, is_in_time, why_not
from awards.models import Application, Editor

P = ParamSpec("P")
T = TypeVar("T")

constraints.declare(
    {
        "awards_application_moves": gettext_lazy(
            "This application has gone on meanwhile. Open its page again."
        ),
        "awards_application_stays": gettext_lazy("What was submitted stays as it is."),
        "awards_application_complete": gettext_lazy("Something that the rules ask for is missing."),
        "awards_application_decided_by_both": gettext_lazy("Both secretaries decide it, and find the same."),
        "awards_partner_of_its_side": gettext_lazy("This authority is of the other side."),
        "awards_secretaryopinion_by_a_secretary": gettext_lazy(
            "The secretary of that side says it, while applications are looked at."
        ),
    }
)


class Late(Refusal):
    """It came after the deadline, by the clock of the server."""


def said_in_words(service: Callable[P, T]) -> Callable[P, T]:
    """What the database refuses is a ``Refusal``: an authority that was deleted meanwhile, another partnership first."""

    @wraps(service)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return service(*args, **kwargs)
        except IntegrityError as error:
            raise Refusal(constraints.sentence_of(error)) from error

    return told


def writable(row: Application, at: dt.datetime, by: Editor) -> Application:
    """The application as it is now, held until the transaction ends.

    Refuses what its pair may not write in any more, and somebody who was taken out meanwhile.
    """
    row = of_the_pair(row, by)
    refuse_unwritable(row, at)
    return row


def of_the_pair(row: Application, by: Editor) -> Application:
    """The application as it is now, held until the transaction ends. Refuses somebody who was taken out meanwhile."""
    row = Application.objects.held(row.pk)
    if not row.editors.filter(pk=by.pk).exists():
        raise Refusal(_("You no longer write in this application."))
    return row


def refuse_unwritable(row: Application, at: dt.datetime) -> None:
    if not row.is_writable:
        raise Refusal(
            _("This application is “%(state)s”: it cannot be changed any more.")
            % {"state": row.get_state_display()}
        )
    if not is_in_time(row, at):
        raise Late(why_not(row.call, end_of(row), at))


def written(row: Application, what: str, *, at: dt.datetime, by: Editor) -> Application:
    """Keep a change of a held application; the journal says what, and who of the pair."""
    keep(row)
    journal.write([journal.entry(row, "application_written", at=at, what=what, editor=by.pk)])
    return row


def keep(row: Application) -> None:
    row.fill_search_key()
    row.save()


def erase(row: Application) -> None:
    """Delete an application with its files, its letters and what the journal says of it; the caller holds it."""
    keys = [attachment.key for attachment in row.attachments.all()]
    film = film_of(row)
    files.delete_after_commit(*keys, *([film.key] if film else []))
    OutgoingEmail.objects.filter(key__startswith=f"application:{row.key}:").delete()
    row.delete()
