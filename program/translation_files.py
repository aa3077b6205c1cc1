"""Texts that leave as a PO file for a translator who works elsewhere, and come back.

The file knows each text by its reference (``session/tourism/title``), and how it stood when it left: a text that was
changed here meanwhile is not overwritten. Coming back it is first tried out; between preview and confirmation the
texts travel with the page, signed: no file stays on the server.
"""

import datetime as dt
import hashlib
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field

import polib
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import Edition, User
from program import services
from program.enums import TranslationState
from program.services import Outcome, Translation
from program.texts import Key
from program.translations import Text, same, texts_of

MOST_BYTES = 2_000_000
MEDIA_TYPE = "text/x-gettext-translation; charset=utf-8"
_EDITION = "X-Assises-Edition"
_SALT = "program.translation_files"
#: How the translation stood when it left, in the comment of each text.
_STAMP = re.compile(r"\[#([0-9a-f]{10})\]")


def _stamp(translation: str) -> str:
    return hashlib.sha256("\n".join(translation.splitlines()).encode()).hexdigest()[:10]


# --- Leaving -----------------------------------------------------------------------------------------------


def export(edition: Edition, *, into_chinese: bool, waiting_only: bool, at: dt.datetime) -> bytes:
    """The texts of one direction as PO; with ``waiting_only`` those that are missing or to be reviewed."""
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": f"{edition.code}",
        "POT-Creation-Date": f"{at:%Y-%m-%d %H:%M}+0000",
        "Language": "zh_CN" if into_chinese else "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _EDITION: edition.code,
    }
    wanted = {TranslationState.MISSING, TranslationState.STALE}
    for text in texts_of(edition):
        if text.from_chinese != into_chinese and (not waiting_only or text.state in wanted):
            file.append(_entry(text))
    return str(file).encode()


def file_name(edition: Edition, *, into_chinese: bool, at: dt.datetime) -> str:
    return f"{edition.code}-{'zh-hans' if into_chinese else 'fr'}-{at:%Y-%m-%d}.po"


def _entry(text: Text) -> polib.POEntry:
    lines = [text.in_words(), f"{text.state.label} [#{_stamp(text.translation)}]"]
    if text.most:
        lines.insert(1, _("At most %(most)d characters.") % {"most": text.most})
    stale = text.state == TranslationState.STALE
    return polib.POEntry(
        msgctxt=text.reference,
        msgid=text.original,
        msgstr=text.translation,
        comment="\n".join(lines),
        flags=["fuzzy"] if stale else [],
        previous_msgid=text.translated_from if stale else None,
    )


# --- Coming back -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refused:
    """A text of the file that is not taken, and why; ``text`` is how it stands here."""

    reference: str
    reason: str
    translation: str
    text: Text | None = None


@dataclass
class Plan:
    """What a file asks for: what can be written, what cannot, and what it leaves as it is."""

    wishes: list[Translation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    untouched: int = 0
    empty: int = 0
    #: Still marked as to be reviewed ("fuzzy") in the file.
    unsure: int = 0


@dataclass(frozen=True)
class Change:
    """One text before and after."""

    before: Text
    translation: str


def read(content: bytes, edition: Edition) -> polib.POFile:
    """The file, if it is a PO file of this edition; otherwise a refusal that says what it is instead."""
    if len(content) > MOST_BYTES:
        raise Refusal(_("This file is larger than 2 MB. Export fewer texts at a time."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(_("This file is not in UTF-8. Save it as UTF-8, then choose it again.")) from error
    not_po = Refusal(
        _("This is not a PO file. Export one here, have it translated, and bring that one back.")
    )
    if "\x00" in text or not re.search(r"^\s*msgid\s", text, re.MULTILINE):
        raise not_po
    # From a file of its own: given a text, the library would open the file that the text happens to name.
    with tempfile.NamedTemporaryFile(suffix=".po") as place:
        place.write(text.encode())
        place.flush()
        try:
            file = polib.pofile(place.name, encoding="utf-8")
        except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
            raise not_po from error
    if (of := file.metadata.get(_EDITION)) and of != edition.code:
        raise Refusal(_("This file belongs to another edition, %(code)s.") % {"code": of[:100]})
    return file


def plan(file: polib.POFile, edition: Edition, *, reviewed: bool) -> Plan:
    """What the file asks for, compared with how the texts stand now."""
    texts = {text.reference: text for text in texts_of(edition)}
    planned = Plan()
    seen: set[str] = set()
    for entry in file:
        if entry.obsolete:
            continue
        reference = entry.msgctxt or ""
        text = texts.get(reference)
        if text is None:
            planned.unknown.append(reference or entry.msgid)
        elif reference in seen:
            planned.refused.append(
                Refused(reference, _("This text stands in the file twice."), entry.msgstr, text)
            )
        else:
            seen.add(reference)
            _plan_one(planned, entry, text, reviewed)
    if not seen:
        raise Refusal(_("No text of this file belongs to the programme of this edition."))
    return planned


def _plan_one(planned: Plan, entry: polib.POEntry, text: Text, reviewed: bool) -> None:
    found = _STAMP.search(entry.comment or "")
    left_as = found[1] if found else _stamp(text.translation)
    untouched = _stamp(entry.msgstr) == left_as
    changed_here = _stamp(text.translation) != left_as
    if not entry.msgstr.strip():
        planned.empty += 1
    elif entry.fuzzy:
        planned.unsure += 1
    elif untouched and (changed_here or not (reviewed or _confirmed(entry, text))):
        planned.untouched += 1
    elif changed_here and not same(entry.msgstr, text.translation):
        reason = _("The translation was changed here since the export: compare, and mend it here.")
        planned.refused.append(Refused(text.reference, reason, entry.msgstr, text))
    else:
        planned.wishes.append(Translation(text.key, entry.msgstr, reviewed, entry.msgid, text.translation))


def _confirmed(entry: polib.POEntry, text: Text) -> bool:
    """The translator took the mark away and left the words: they are right for the new original too."""
    return text.state == TranslationState.STALE and same(entry.msgid, text.original)


def try_out(planned: Plan, edition: Edition, *, at: dt.datetime, by: User) -> list[Change]:
    """What would be written: all is done by the service, and taken back. Its refusals join the others."""
    texts = {text.key: text for text in texts_of(edition)}
    with transaction.atomic():
        outcomes = services.translate_all(planned.wishes, at=at, by=by)
        transaction.set_rollback(True)
    changes, kept = [], []
    for wish, outcome in zip(planned.wishes, outcomes, strict=True):
        before = texts.get(wish.key)
        if outcome.refusal is not None or before is None:
            reference = before.reference if before else "/".join(map(str, wish.key))
            planned.refused.append(Refused(reference, str(outcome.refusal), wish.translation, before))
        elif outcome.changed:
            kept.append(wish)
            changes.append(Change(before, wish.translation))
        else:
            planned.untouched += 1
    planned.wishes = kept
    return changes


def carry_out(wishes: list[Translation], *, at: dt.datetime, by: User) -> list[Outcome]:
    """Write what was previewed; what was changed in between is refused, text by text."""
    return services.translate_all(wishes, at=at, by=by)


# --- Between preview and confirmation ----------------------------------------------------------------------


def seal(wishes: Iterable[Translation], edition: Edition) -> str:
    """The texts as a signed text, to be sent with the preview and back."""
    rows = [[*w.key, w.translation, w.reviewed, w.seen_original, w.seen_translation] for w in wishes]
    sealed = signing.dumps({"edition": edition.pk, "rows": rows}, salt=_SALT, compress=True)
    if len(sealed) > MOST_BYTES:
        raise Refusal(_("This file is larger than 2 MB. Export fewer texts at a time."))
    return sealed


def unseal(text: str, edition: Edition) -> list[Translation]:
    """The texts of a preview; refuses one that was not signed here today, for this edition."""
    too_old = Refusal(_("This preview is too old. Choose the file again."))
    try:
        found = signing.loads(text, salt=_SALT, max_age=12 * 3600)
    except signing.BadSignature as error:
        raise too_old from error
    if found["edition"] != edition.pk:
        raise too_old
    return [
        Translation(Key(model, pk, name), translation, reviewed, original, before)
        for model, pk, name, translation, reviewed, original, before in found["rows"]
    ]
