"""What is kept of those who applied, and for how long (RGPD, art. 5.1.e)."""

import datetime as dt

from django.db import transaction

from assises.models import OutgoingEmail
from awards.enums import ApplicationState
from awards.models import Application, Call, Editor
from awards.services.applications.keeping import erase

#: Days after the edition for which people of pairs are known by name. A period proposed to the data protection officer.
KEPT_DAYS = 365


@transaction.atomic
def forget_pairs(call: Call, *, at: dt.datetime) -> int:
    """A year after the edition, erase the people of all pairs, our letters to them, and drafts; how many people.

    What was submitted stays without them, as the minutes of the jury speak of it. Running twice is harmless.
    """
    if (at.date() - call.edition.ends_on).days <= KEPT_DAYS:
        return 0
    editors = Editor.objects.filter(application__call=call)
    forgotten = editors.count()
    rows = list(Application.objects.filter(pk__in=editors.values("application")))
    for row in rows:
        if row.state == ApplicationState.DRAFT:
            erase(row)
            continue
        OutgoingEmail.objects.filter(key__startswith=f"application:{row.key}:").delete()
        row.editors.all().delete()
        row.fill_search_key()
        row.save(update_fields=["search_key"])
    return forgotten
