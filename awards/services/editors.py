"""Who of the pair writes in an application: each has a link of their own, and receives our letters."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from awards import letters
from awards.models import Application, Call, Editor
from awards.services.applications.keeping import writable
from awards.services.applications.pairs import Person

#: People of one pair at a time, and letters to new ones in all: a link that went astray does not write to the world.
MOST_EDITORS, MOST_ADDED = 8, 20


@transaction.atomic
def add_editor(row: Application, person: Person, *, at: dt.datetime, by: Editor) -> Editor:
    """Let somebody else of the pair write in the application, and send them their link.

    Somebody who is there already is left as they are. Refuses more than ``MOST_EDITORS``.
    """
    row = writable(row, at, by)
    known = row.editors.filter(email__iexact=person.email).first()
    if known is not None:
        return known
    if row.editors.count() >= MOST_EDITORS:
        raise Refusal(
            _("At most %(most)d people write in an application: take somebody out first.")
            % {"most": MOST_EDITORS}
        )
    if journal.of(row).filter(action="editor_added").count() >= MOST_ADDED:
        raise Refusal(_("Too many people were added to this application: write to the organisers."))
    editor = Editor.objects.create(application=row, added_at=at, **vars(person))
    _keep(row, "editor_added", at=at, by=by, editor=editor)
    letters.to_editor("editor_added", row, editor, at=at, by=by)
    return editor


@transaction.atomic
def remove_editor(row: Application, editor: Editor, *, at: dt.datetime, by: Editor) -> None:
    """Take somebody out: their link leads nowhere from now on. Refuses whoever began it, so that nobody is shut out."""
    row = writable(row, at, by)
    if editor.began:
        raise Refusal(_("Whoever began the application stays: write to the organisers to hand it over."))
    _keep(row, "editor_removed", at=at, by=by, editor=editor)
    row.editors.filter(pk=editor.pk).delete()
    row.fill_search_key()
    row.save(update_fields=["search_key"])


@transaction.atomic
def send_links(call: Call, email: str, *, at: dt.datetime) -> int:
    """Send the link of every application that this address writes in, again; to how many. Nobody else is told."""
    editors: Iterable[Editor] = Editor.objects.filter(
        application__call=call, email__iexact=email
    ).select_related("application__call__edition__host")
    sent = 0
    for editor in editors:
        letters.to_editor("application_link", editor.application, editor, at=at)
        sent += 1
    return sent


def _keep(row: Application, action: str, *, at: dt.datetime, by: Editor, editor: Editor) -> None:
    row.fill_search_key()
    row.save(update_fields=["search_key"])
    journal.write([journal.entry(row, action, at=at, editor=by.pk, person=editor.pk, side=editor.side)])
