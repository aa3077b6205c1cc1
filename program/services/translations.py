"""Texts are translated: one by one on a page, or many at once from a file. Both end here."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assises import journal
from assises.characters import fault_of
from assises.exceptions import Refusal
from assises.models import RegisterItem, User
from program.models import Contribution, Session, Speaker, TranslatedText
from program.texts import SOURCES, Key
from program.translations import Text, known_of, same, text_of

Instances = dict[tuple[str, int], Any]
Known = dict[Key, TranslatedText]
#: Names in a text that the software fills in; a translation has the same ones.
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class TextChanged(Refusal):
    """Somebody changed the original or the translation meanwhile; ``current`` is how the text stands now."""

    def __init__(self, sentence: str, current: Text) -> None:
        super().__init__(sentence)
        self.current = current


@dataclass(frozen=True)
class Translation:
    """What a translator wants written, and what that person saw."""

    key: Key
    translation: str
    reviewed: bool
    seen_original: str
    #: None where nobody compares: what stands there is replaced.
    seen_translation: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one translation: written, already so, or refused."""

    key: Key
    #: As it stands now; None if there is no such text.
    text: Text | None
    changed: bool = False
    refusal: Refusal | None = None


def translate(
    key: Key,
    *,
    translation: str,
    reviewed: bool,
    seen_original: str,
    seen_translation: str | None = None,
    at: dt.datetime,
    by: User | None,
) -> Text:
    """Write one translation. Raises ``TextChanged`` if the original, or the translation, is no longer as seen.

    Other refusals: a text that does not exist (any more), a translation that is empty, too long, or lacks a name in
    braces. The same translation again changes nothing.
    """
    wish = Translation(key, translation, reviewed, seen_original, seen_translation)
    (outcome,) = translate_all([wish], at=at, by=by)
    if outcome.refusal is not None:
        raise outcome.refusal
    assert outcome.text is not None
    return outcome.text


@transaction.atomic
def translate_all(wishes: Sequence[Translation], *, at: dt.datetime, by: User | None) -> list[Outcome]:
    """Write many translations, in a number of queries that does not depend on how many; one refused stops no other."""
    instances = _held({wish.key for wish in wishes})
    wishes = [_tidy(wish) for wish in wishes]
    known = known_of(_ids(wish.key for wish in wishes))
    outcomes = [_weighed(wish, instances, known) for wish in wishes]
    written = [
        (wish, outcome.text) for wish, outcome in zip(wishes, outcomes, strict=True) if outcome.changed
    ]
    _write(written, instances, at, by)
    known = known_of(_ids(wish.key for wish, _text in written))
    return [
        Outcome(o.key, _as_it_is_now(o.key, instances, known), o.changed, o.refusal) if o.changed else o
        for o in outcomes
    ]


def note_written(instance: Any, *, at: dt.datetime) -> None:
    """Keep from which original the translations of a row that was just saved were made: a change of it is then seen.

    A translation that is known already stands as it was noted, so an original that changes alone makes it stale.
    """
    source = SOURCES[str(instance._meta.model_name)]
    known = known_of({source.model_name: [instance.pk]})
    texts = [text for field in source.fields if (text := text_of(source, instance, field, known)) is not None]
    written = [text for text in texts if text.translation.strip()]
    _note(
        [
            (Translation(text.key, text.translation, False, text.original), text)
            for text in written
            if text.key not in known or not same(known[text.key].text, text.translation)
        ],
        at,
        None,
    )


# --- Parts -------------------------------------------------------------------------------------------------


def _ids(keys: Iterable[Key]) -> dict[str, list[int]]:
    ids: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        ids[key.model].add(key.object_id)
    return {model: sorted(found) for model, found in ids.items()}


def _held(keys: set[Key]) -> Instances:
    """The objects of these keys, locked: first the sessions that count their changes, then in one order for all."""
    ids = {name: pks for name, pks in _ids(keys).items() if name in SOURCES}
    sessions = set()
    for name, pks in ids.items():
        if column := SOURCES[name].session_column:
            rows = SOURCES[name].model._default_manager.filter(pk__in=pks)
            sessions |= set(rows.values_list(column, flat=True))
    if sessions:
        list(Session.objects.select_for_update(of=("self",)).filter(pk__in=sessions).order_by("pk"))
    held: Instances = {}
    for name, source in SOURCES.items():
        if name in ids:
            rows = source.model._default_manager.filter(pk__in=ids[name]).order_by("pk")
            rows = source.with_names(rows)
            found = rows.select_for_update(of=("self",))
            held |= {(name, row.pk): row for row in found if source.concerns(row)}
    return held


def _weighed(wish: Translation, instances: Instances, known: Known) -> Outcome:
    """What should become of a wish; nothing is written yet."""
    text = _as_it_is_now(wish.key, instances, known)
    if text is None:
        return Outcome(wish.key, None, refusal=Refusal(_("There is no such text in the programme any more.")))
    refusal = _refusal(wish, text)
    if refusal is not None:
        return Outcome(wish.key, text, refusal=refusal)
    about = known.get(wish.key)
    as_wished = (
        same(text.translation, wish.translation)
        and about is not None
        and same(about.source, text.original)
        and same(about.text, wish.translation)
        and about.is_reviewed == wish.reviewed
    )
    return Outcome(wish.key, text, changed=not as_wished)


def _tidy(wish: Translation) -> Translation:
    """Without space around; a text of one line keeps to one line, whatever was pasted."""
    words = wish.translation.strip()
    source = SOURCES.get(wish.key.model)
    if source is None or wish.key.field not in source.fields:
        return wish
    is_long = source.model._meta.get_field(wish.key.field).get_internal_type() == "TextField"
    lines = [line if is_long else line.strip() for line in words.splitlines()]
    return replace(wish, translation=("\n" if is_long else " ").join(lines))


def _as_it_is_now(key: Key, instances: Instances, known: Known) -> Text | None:
    instance = instances.get((key.model, key.object_id))
    if instance is None or key.field not in SOURCES[key.model].fields:
        return None
    return text_of(SOURCES[key.model], instance, key.field, known)


def _refusal(wish: Translation, text: Text) -> Refusal | None:
    if not same(text.original, wish.seen_original):
        return TextChanged(_("The original has changed meanwhile: compare both, then save again."), text)
    theirs = wish.seen_translation is not None and not same(text.translation, wish.seen_translation)
    if theirs and not same(text.translation, wish.translation):
        return TextChanged(
            _("Somebody else has translated this text meanwhile: compare both, then save again."), text
        )
    if not wish.translation.strip():
        return Refusal(_("Write the translation, or leave this text for later."))
    if text.most is not None and len(wish.translation) > text.most:
        return Refusal(
            _("This text has %(length)d characters; %(most)d fit.")
            % {"length": len(wish.translation), "most": text.most}
        )
    fault = fault_of(wish.translation)
    if fault:
        return Refusal(fault)
    wanted, found = (sorted(_PLACEHOLDER.findall(t)) for t in (text.original, wish.translation))
    if wanted != found:
        return Refusal(
            _("What stands in braces must stay as it is: %(names)s.") % {"names": ", ".join(wanted or found)}
        )
    return None


def _write(
    written: Sequence[tuple[Translation, Text | None]], instances: Instances, at: dt.datetime, by: User | None
) -> None:
    """Columns, what is known of them, versions, journal: each in one statement per model."""
    columns: dict[str, set[str]] = defaultdict(set)
    touched: dict[str, dict[int, Any]] = defaultdict(dict)
    sessions: set[int] = set()
    entries = []
    for wish, text in written:
        assert text is not None
        instance = instances[text.key.model, text.key.object_id]
        action = "translation_reviewed" if wish.reviewed else "translated"
        entries.append(
            journal.entry(instance, action, at=at, by=by, field=text.key.field, column=text.column)
        )
        if not same(text.translation, wish.translation):
            setattr(instance, text.column, wish.translation)
            columns[text.key.model].add(text.column)
            touched[text.key.model][instance.pk] = instance
            if text.session_id is not None:
                sessions.add(text.session_id)
    for model, rows in touched.items():
        for row in rows.values():
            if isinstance(row, Contribution | Speaker):
                row.fill_search_key()
                columns[model].add("search_key")
        manager = SOURCES[model].model._default_manager
        manager.bulk_update(list(rows.values()), sorted(columns[model]), batch_size=500)
    # Whoever composes these has a form open that is older now.
    Session.objects.filter(pk__in=sessions).update(version=F("version") + 1)
    Contribution.objects.filter(pk__in=list(touched["contribution"])).update(version=F("version") + 1)
    RegisterItem.objects.filter(pk__in=list(touched["registeritem"])).update(version=F("version") + 1)
    _note(written, at, by)
    journal.write(entries)


def _note(written: Sequence[tuple[Translation, Text | None]], at: dt.datetime, by: User | None) -> None:
    """From which original each translation was made, and whether it was reviewed."""
    if not written:
        return
    TranslatedText.objects.bulk_create(
        [
            TranslatedText(
                **text.key._asdict(),
                source=text.original,
                text=wish.translation,
                is_reviewed=wish.reviewed,
                by=by,
                at=at,
            )
            for wish, text in written
            if text is not None
        ],
        update_conflicts=True,
        unique_fields=["model", "object_id", "field"],
        update_fields=["source", "text", "is_reviewed", "by", "at"],
    )
