"""A pair writes in its application, step by step, several people at once."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from assises.canonical import hash_of
from assises.exceptions import Conflict, Refusal
from awards.enums import ApplicationState
from awards.models import Application, Editor
from awards.services.applications.keeping import said_in_words, writable, written
from awards.services.applications.pairs import Pair, check_category, given, said, write_partners


def seen_of_pair(row: Application) -> str:
    """A hash of what the step of the pair says: it comes back with the form, and tells whether it changed meanwhile."""
    return hash_of(
        [row.category_id, *([p.side, p.leads, p.organisation_id, p.name] for p in row.partners.all())]
    )


def seen_of_project(row: Application) -> str:
    return row.original_digest


def seen_of_rights(row: Application) -> str:
    return hash_of([row.people_agree, row.music, row.rights_note])


@said_in_words
@transaction.atomic
def write_pair(row: Application, pair: Pair, *, seen: str, at: dt.datetime, by: Editor) -> Application:
    """Keep who applies. Raises ``Conflict`` where somebody else has saved something else since ``seen``."""
    row = writable(row, at, by)
    check_category(row.call, pair.category)
    if given(pair) == said(row):
        return row
    if row.state != ApplicationState.DRAFT:
        raise Refusal(_("Who applies, and in which category, stays as it was submitted."))
    _check_seen(row, seen, seen_of_pair(row))
    row.category = pair.category
    row.partners.all().delete()
    write_partners(row, pair)
    return written(row, "pair", at=at, by=by)


@transaction.atomic
def write_project(
    row: Application, texts: dict[str, str], *, seen: str, at: dt.datetime, by: Editor
) -> Application:
    """Keep the texts of the project, in the language of the application; as ``write_pair``."""
    row = writable(row, at, by)
    if row.original_texts() == texts:
        return row
    _check_seen(row, seen, seen_of_project(row))
    row.write(row.original, texts)
    return written(row, "project", at=at, by=by)


@transaction.atomic
def write_rights(
    row: Application,
    *,
    people_agree: bool,
    music: str,
    rights_note: str,
    seen: str,
    at: dt.datetime,
    by: Editor,
) -> Application:
    """Keep what the pair says of the rights of people and of music; as ``write_pair``."""
    row = writable(row, at, by)
    if (row.people_agree, row.music, row.rights_note) == (people_agree, music, rights_note):
        return row
    _check_seen(row, seen, seen_of_rights(row))
    row.people_agree, row.music, row.rights_note = people_agree, music, rights_note
    return written(row, "rights", at=at, by=by)


def _check_seen(row: Application, seen: str, now: str) -> None:
    if seen != now:
        raise Conflict(row)
