"""The texts of an application in the other language, so that both sides of the jury read the same."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.canonical import hash_of
from assises.exceptions import Conflict, Refusal
from assises.models import User
from awards.enums import Phase
from awards.models import Application
from awards.models.application import TEXTS
from awards.rights import may_translate
from awards.services.applications.keeping import keep


@transaction.atomic
def translate(
    row: Application, texts: dict[str, str], *, seen: str, at: dt.datetime, by: User
) -> Application:
    """Keep the translation of an application that has arrived. ``seen`` is what was read (``seen_of_translation``).

    Some texts may be empty: then it is kept, and not ready. Raises ``Conflict`` where original or translation
    have changed since. Once the jury marks it is corrected, and never unmade; once it deliberates it stays.
    """
    row = Application.objects.held(row.pk)
    if not may_translate(by, row.call):
        raise Refusal(_("Organisers and secretaries of the jury translate applications."))
    if not row.has_arrived:
        raise Refusal(_("Only an application that has arrived is translated."))
    if row.call.has_reached(Phase.DELIBERATION):
        raise Refusal(_("The jury has read this translation: it stays as it is."))
    ready = all(texts[field] for field in TEXTS)
    if row.call.has_reached(Phase.SCORING) and not ready:
        raise Refusal(_("The jury reads this translation: correct it, but leave no text without one."))
    if texts == row.texts_in(row.translation) and ready == row.is_translated:
        return row
    if seen != seen_of_translation(row):
        raise Conflict(row)
    row.write(row.translation, texts)
    row.translated_from = row.original_digest if ready else ""
    keep(row)
    journal.write([journal.entry(row, "application_translated", at=at, by=by, ready=ready)])
    return row


def seen_of_translation(row: Application) -> str:
    """A hash of both languages: it comes back with the form, and tells whether one of them changed meanwhile."""
    return hash_of([row.original_digest, row.texts_in(row.translation)])
