"""The texts of the programme that wait for a translator, and the page where one is translated after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from assises import clock
from assises.back_office import Task, name_actions, page, show, staff, working_edition
from assises.exceptions import Refusal
from program import services, typography_checks
from program.enums import TranslationState
from program.glossary import terms_in
from program.services import TextChanged
from program.texts import SOURCES, Key
from program.translations import Text, by_urgency, counted, difference, same, texts_of

PERMISSION = "program.translate_programme"
ON_A_PAGE = 50

name_actions(
    {
        "translated": gettext_lazy("text translated, as a draft"),
        "translation_reviewed": gettext_lazy("translation reviewed"),
    }
)


@dataclass(frozen=True)
class Selection:
    """Which texts are looked at: by state, by kind; empty is what waits, of every kind."""

    state: str = ""
    kind: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Selection":
        """As the address says; what it does not say in our words counts as nothing said."""
        state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
        states = {*TranslationState.values, "all"}
        return cls(state if state in states else "", kind if kind in SOURCES else "")

    def holds(self, text: Text) -> bool:
        by_state = text.waits if not self.state else self.state in ("all", text.state)
        return by_state and self.kind in ("", text.key.model)

    @property
    def query(self) -> str:
        """For an address, with its question mark; empty if nothing is chosen."""
        chosen = {name: value for name, value in (("state", self.state), ("kind", self.kind)) if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def address(text: Text, selection: Selection) -> str:
    """The page where ``text`` is translated."""
    return reverse("admin:translation", args=text.key) + selection.query


def numbers(texts: Iterable[Text]) -> list[dict[str, Any]]:
    """How many texts are in each state, for a line of figures."""
    return [
        {"state": state, "code": f"text_{state.value}", "label": state.label, "count": count}
        for state, count in counted(texts).items()
    ]


# --- The list ----------------------------------------------------------------------------------------------


class SelectionForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all that waits")),
            *TranslationState.choices,
            ("all", pgettext_lazy("translated texts", "all")),
        ],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, selection: Selection) -> None:
        super().__init__(initial={"state": selection.state, "kind": selection.kind})
        kinds = [(name, capfirst(source.model._meta.verbose_name_plural)) for name, source in SOURCES.items()]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("every kind")), *kinds]


@page(
    "traductions/",
    name="translations",
    title=gettext_lazy("Translations"),
    permission=PERMISSION,
    task=Task.PROGRAMME,
    order=60,
)
def translations(request: HttpRequest) -> HttpResponse:
    """All that is missing, to be reviewed, or a draft; by state and kind."""
    edition = working_edition()
    title = _("Translations")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    selection = Selection.of(request)
    texts = by_urgency(texts_of(edition))
    chosen = [text for text in texts if selection.holds(text)]
    found = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "program/back_office/translations.html",
        {
            "title": title,
            "numbers": numbers(texts),
            "total": len(texts),
            "form": SelectionForm(selection),
            "selection": selection,
            "page": found,
            "rows": [{"text": text, "url": address(text, selection)} for text in found],
            "first": address(chosen[0], selection) if chosen else "",
            "to_french": any(text.from_chinese for text in texts),
        },
    )


# --- One text after another --------------------------------------------------------------------------------


class TranslationForm(forms.Form):
    """The translation, and what its translator saw, so that nobody overwrites what somebody else changed."""

    translation = forms.CharField(widget=forms.Textarea, required=False)
    seen_original = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    seen_translation = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, text: Text, data: Any = None) -> None:
        seen = {"seen_original": text.original, "seen_translation": text.translation}
        super().__init__(
            data, initial={"translation": text.translation, **seen}, use_required_attribute=False
        )
        field = self.fields["translation"]
        field.label = _("French, the translation") if text.from_chinese else _("Chinese, the translation")
        field.widget.attrs |= {"lang": text.translation_language, "rows": 10 if text.is_long else 3}
        if text.most:
            field.help_text = _("At most %(most)d characters.") % {"most": text.most}


@page(
    "traductions/<slug:model>/<int:object_id>/<slug:field>/",
    name="translation",
    title=gettext_lazy("Translate a text"),
    permission=PERMISSION,
)
def translation(request: HttpRequest, model: str, object_id: int, field: str) -> HttpResponse:
    """One text in both languages, what changed in its original, and the words agreed on for it."""
    edition = working_edition()
    texts = by_urgency(texts_of(edition)) if edition else []
    text = next((t for t in texts if t.key == Key(model, object_id, field)), None)
    if text is None:
        raise Http404
    selection = Selection.of(request)
    around = neighbours(texts, text, selection)
    form = TranslationForm(text, request.POST if request.method == "POST" else None)
    conflict: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            return _save(request, text, form, around, selection)
        except TextChanged as changed:
            conflict = _both_versions(form, changed)
            text, form = changed.current, _again(form, changed)
        except Refusal as refused:
            form.add_error("translation", str(refused))
    return show(
        request,
        "program/back_office/translation.html",
        _told(request, text, form, around, selection) | conflict,
    )


@dataclass(frozen=True)
class Around:
    """Where a text stands among those that are looked at."""

    previous: Text | None
    following: Text | None
    left: int


def neighbours(texts: list[Text], text: Text, selection: Selection) -> Around:
    """The texts before and after this one in the selection; after the last comes the first again."""
    chosen = [(n, t) for n, t in enumerate(texts) if selection.holds(t) and t.key != text.key]
    here = next(n for n, t in enumerate(texts) if t.key == text.key)
    after = [t for n, t in chosen if n > here]
    before = [t for n, t in chosen if n < here]
    return Around(
        previous=before[-1] if before else None,
        following=(after + before)[0] if after or before else None,
        left=len(chosen) + selection.holds(text),
    )


def _save(
    request: HttpRequest, text: Text, form: TranslationForm, around: Around, selection: Selection
) -> HttpResponse:
    pressed = request.POST.get("save", "draft")
    saved = services.translate(
        text.key,
        translation=form.cleaned_data["translation"],
        reviewed=pressed in ("reviewed", "next"),
        seen_original=form.cleaned_data["seen_original"],
        seen_translation=form.cleaned_data["seen_translation"],
        at=clock.now(),
        by=staff(request),
    )
    here = address(saved, selection)
    if pressed != "next":
        words = _("Saved as reviewed.") if pressed == "reviewed" else _("Saved as a draft.")
        messages.success(request, words)
        return HttpResponseRedirect(here)
    messages.success(request, _("“%(text)s” is saved as reviewed.") % {"text": _short(saved)})
    if count := len(_typography(saved)):
        said = ngettext(
            "Its typography: %(count)d thing to look at.",
            "Its typography: %(count)d things to look at.",
            count,
        ) % {"count": count}
        messages.warning(request, format_html('{} <a href="{}">{}</a>', said, here, _("Back to it")))
    if around.following is None:
        messages.success(request, _("Nothing else waits in this selection."))
        return HttpResponseRedirect(reverse("admin:translations") + selection.query)
    return HttpResponseRedirect(address(around.following, selection))


def _short(text: Text) -> str:
    return text.translation if len(text.translation) <= 40 else f"{text.translation[:40]}…"


def _typography(text: Text, translation: str | None = None) -> list[typography_checks.Finding]:
    words = text.translation if translation is None else translation
    return [] if text.from_chinese else typography_checks.findings(words)


def _both_versions(form: TranslationForm, changed: TextChanged) -> dict[str, Any]:
    """What the translator saw or typed, beside what stands there now."""
    seen, now = form.cleaned_data, changed.current
    original_changed = not same(seen["seen_original"], now.original)
    return {
        "conflict": str(changed),
        "original_difference": difference(seen["seen_original"], now.original) if original_changed else None,
        "theirs": "" if original_changed else now.translation,
        "yours": seen["translation"],
    }


def _again(form: TranslationForm, changed: TextChanged) -> TranslationForm:
    """The same form with what was typed, on top of how the text stands now."""
    now = changed.current
    again = TranslationForm(
        now,
        {
            "translation": form.cleaned_data["translation"],
            "seen_original": now.original,
            "seen_translation": now.translation,
        },
    )
    again.is_valid()
    return again


def _told(
    request: HttpRequest, text: Text, form: TranslationForm, around: Around, selection: Selection
) -> dict[str, Any]:
    stale = text.state == TranslationState.STALE
    typed = str(form["translation"].value() or "")
    app = SOURCES[text.key.model].model._meta.app_label
    model = "session" if text.session_id is not None else text.key.model
    return {
        "title": _("Translate: %(kind)s, %(field)s") % {"kind": text.kind, "field": text.field_label},
        "text": text,
        "form": form,
        "list_url": reverse("admin:translations") + selection.query,
        "previous": address(around.previous, selection) if around.previous else "",
        "following": address(around.following, selection) if around.following else "",
        "left": around.left,
        "object_url": text.url if request.user.has_perm(f"{app}.view_{model}") else "",
        "difference": difference(text.translated_from, text.original) if stale else None,
        "terms": terms_in(text.original, chinese=text.from_chinese),
        "findings": _typography(text, typed),
    }
