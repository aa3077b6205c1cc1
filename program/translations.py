"""Where each translated text stands. The state is computed by comparing, and stored nowhere.

French is the reference. A contribution that was written in Chinese goes the other way: its Chinese is the original,
and French, which the law wants (loi Toubon), is what must be translated.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assises.models import Edition
from program.enums import TranslationState
from program.models import TranslatedText
from program.programme import Words
from program.texts import ORGANISERS_ONLY, SOURCES, Key, Source

#: The states in which a text waits for somebody, the most pressing first.
WAITING = [TranslationState.MISSING, TranslationState.STALE, TranslationState.DRAFT]
#: Longer texts are compared whole: word by word would take too long. Words and marks.
MOST_TOKENS = 4000


@dataclass(frozen=True)
class Text:
    """A text in both languages, and where its translation stands."""

    key: Key
    #: The same in each export; see ``Source.reference``.
    reference: str
    #: What it is a text of, in words: "session", "title".
    kind: Any
    field_label: Any
    name: Words
    french: str
    chinese: str
    #: The Chinese is the original, the French its translation.
    from_chinese: bool
    state: TranslationState
    #: The original as it was when it was translated; empty if nobody knows.
    translated_from: str
    #: Characters that the translation may have; None without a limit.
    most: int | None
    is_long: bool
    session_id: int | None
    #: See ``Source.page``.
    page: str = ""

    def in_words(self) -> str:
        """Which text it is, in the language of the reader: Session “Closing”, title."""
        words = {"kind": capfirst(self.kind), "name": self.name, "field": self.field_label}
        return _("%(kind)s “%(name)s”, %(field)s") % words

    @property
    def original(self) -> str:
        return self.chinese if self.from_chinese else self.french

    @property
    def translation(self) -> str:
        return self.french if self.from_chinese else self.chinese

    @property
    def original_language(self) -> str:
        return "zh-Hans" if self.from_chinese else "fr"

    @property
    def translation_language(self) -> str:
        return "fr" if self.from_chinese else "zh-Hans"

    @property
    def column(self) -> str:
        """The column that holds the translation."""
        return f"{self.key.field}_{'fr' if self.from_chinese else 'zh_hans'}"

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def is_published(self) -> bool:
        """Whether a release prints it; others are for organisers of both sides."""
        return (self.key.model, self.key.field) not in ORGANISERS_ONLY

    @property
    def url(self) -> str:
        """The object in the back office; empty where it has no page there."""
        if self.page:
            return self.page
        model, pk = self.key.model, self.key.object_id
        if self.session_id is not None:
            model, pk = "session", self.session_id
        try:
            return reverse(f"admin:program_{model}_change", args=[pk])
        except NoReverseMatch:
            return ""


def same(one: str, other: str) -> bool:
    """Whether two texts say the same; browsers and files end their lines differently."""
    return one == other or one.splitlines() == other.splitlines()


def state_of(original: str, translation: str, known: TranslatedText | None) -> TranslationState:
    """Where a translation stands, given what is known of it; an original that is empty has no state."""
    if not translation.strip():
        return TranslationState.MISSING
    if known is None:
        return TranslationState.DRAFT
    if not same(known.source, original):
        return TranslationState.STALE
    if known.is_reviewed and same(known.text, translation):
        return TranslationState.REVIEWED
    return TranslationState.DRAFT


# --- Reading -----------------------------------------------------------------------------------------------


def texts_of(edition: Edition) -> list[Text]:
    """All texts of what is used, in the order of ``SOURCES``; one query per model, and one for what is known."""
    instances = {name: list(source.used(edition)) for name, source in SOURCES.items()}
    known = known_of({name: [i.pk for i in found] for name, found in instances.items()})
    return [
        text
        for name, found in instances.items()
        for instance in found
        for field in SOURCES[name].fields
        if (text := text_of(SOURCES[name], instance, field, known)) is not None
    ]


def known_of(ids: Mapping[str, Sequence[int]]) -> dict[Key, TranslatedText]:
    """What is known of the texts of these objects; ``ids`` by model. One query."""
    wanted = Q(pk__in=[])
    for model, pks in ids.items():
        if pks:
            wanted |= Q(model=model, object_id__in=pks)
    return {Key(t.model, t.object_id, t.field): t for t in TranslatedText.objects.filter(wanted)}


def text_of(source: Source, instance: Any, field: str, known: Mapping[Key, TranslatedText]) -> Text | None:
    """One text as it stands; None if its original is empty, so that there is nothing to translate."""
    french = getattr(instance, f"{field}_fr") or ""
    chinese = getattr(instance, f"{field}_zh_hans") or ""
    from_chinese = str(getattr(instance, "original", "fr")).startswith("zh")
    original, translation = (chinese, french) if from_chinese else (french, chinese)
    if not original.strip():
        return None
    key = Key(source.model_name, instance.pk, field)
    about = known.get(key)
    column = source.model._meta.get_field(field)
    return Text(
        key=key,
        reference=source.reference(instance, field),
        kind=source.model._meta.verbose_name,
        field_label=source.label(field),
        name=source.name(instance),
        french=french,
        chinese=chinese,
        from_chinese=from_chinese,
        state=state_of(original, translation, about),
        translated_from=about.source if about else "",
        most=getattr(column, "max_length", None),
        is_long=column.get_internal_type() == "TextField",
        session_id=source.session_id(instance),
        page=source.page(instance),
    )


def without_french(instance: Any) -> list[str]:
    """The fields of which there is Chinese and no French, though French is the reference and compulsory."""
    if str(getattr(instance, "original", "fr")).startswith("zh"):
        return []  # waits for its translation as all others do
    source = SOURCES[str(instance._meta.model_name)]
    return [
        field
        for field in source.fields
        if (source.model_name, field) not in ORGANISERS_ONLY
        and not (getattr(instance, f"{field}_fr") or "").strip()
        and (getattr(instance, f"{field}_zh_hans") or "").strip()
    ]


def counted(texts: Iterable[Text]) -> dict[TranslationState, int]:
    """How many texts are in each state, the states in the order in which they wait."""
    numbers = Counter(text.state for text in texts)
    return {state: numbers[state] for state in [*WAITING, TranslationState.REVIEWED]}


def by_urgency(texts: Iterable[Text]) -> list[Text]:
    """What is missing first, then what is to be reviewed, then drafts; within a state in the order of the programme."""
    order = [*WAITING, TranslationState.REVIEWED]
    return sorted(texts, key=lambda text: order.index(text.state))


def progress(edition: Edition) -> dict[TranslationState, int]:
    return counted(texts_of(edition))


def by_session(
    texts: Iterable[Text], state: TranslationState, stands_in: Mapping[tuple[str, int], int]
) -> dict[int, int]:
    """How many texts of each session, of those that a release prints, are in ``state``.

    ``stands_in`` gives the session that prints a room, a speaker, a contribution: each counts once.
    """
    found: Counter[int] = Counter()
    for text in texts:
        session = text.session_id or stands_in.get((text.key.model, text.key.object_id))
        if text.state == state and text.is_published and session is not None:
            found[session] += 1
    return dict(found)


# --- What differs ------------------------------------------------------------------------------------------

Op = Literal["same", "added", "removed"]
#: A hanzi or mark by itself, a Latin word, a run of white space.
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+|\s+|.", re.DOTALL)


def difference(before: str, after: str) -> list[tuple[Op, str]]:
    """What was removed and added between two texts, by Latin words and by Chinese characters."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        return _joined([("removed", before), ("added", after)])
    found: list[tuple[Op, str]] = []
    for op, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        one, other = "".join(old[i:j]), "".join(new[k:m])
        # A space alone between two changes does not part them: they read as one.
        if op == "equal" and one.isspace() and i > 0 and j < len(old):
            found += [("removed", one), ("added", one)]
        elif op == "equal":
            found.append(("same", one))
        else:
            found += [("removed", one), ("added", other)]
    return _joined(found)


def _joined(pieces: Iterable[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Between two parts that stayed, first all that was removed, then all that was added."""
    joined: list[tuple[Op, str]] = []
    removed = added = ""
    for op, text in [*pieces, ("same", "")]:
        if op == "removed":
            removed += text
        elif op == "added":
            added += text
        else:
            joined += [("removed", removed), ("added", added), ("same", text)]
            removed = added = ""
    return [(op, text) for op, text in joined if text]
