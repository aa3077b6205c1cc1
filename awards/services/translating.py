"""The texts of an application in the other language, so that both sides of the jury read the same."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import User
from awards.enums import Phase
from awards.models import Application
from awards.models.application import TEXTS
from awards.rights import may_translate
from awards.services.applications import keep


@transaction.atomic
def translate(
    row: Application, texts: dict[str, str], *, seen: str, at: dt.datetime, by: User
) -> Application:
    """Keep the translation of an application that has arrived. ``seen`` is the hash of the original that was read.

    Some texts may be empty: then it is kept, and not ready. Refuses an original that has changed since, and any
    change once the jury has begun to mark: what it reads stays.
    """
    row = Application.objects.held(row.pk)
    if not may_translate(by, row.call):
        raise Refusal(_("Organisers and secretaries of the jury translate applications."))
    if not row.has_arrived:
        raise Refusal(_("Only an application that has arrived is translated."))
    if row.call.has_reached(Phase.DELIBERATION):
        raise Refusal(_("The jury has read this translation: it stays as it is."))
    if seen != row.original_digest:
        raise Refusal(_("The original has changed since you opened this page. Read it again, then save."))
    for field in TEXTS:
        setattr(row, f"{field}_{row.translation.replace('-', '_')}", texts[field])
    ready = all(texts[field] for field in TEXTS)
    row.translated_from = row.original_digest if ready else ""
    keep(row)
    journal.write([journal.entry(row, "application_translated", at=at, by=by, ready=ready)])
    return row
