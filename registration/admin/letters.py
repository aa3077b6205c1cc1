"""Organisers write to some people at once: typed in French, in Chinese or in both, looked at, then sent."""

import uuid
from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import show, staff
from assises.characters import writable
from assises.mail import outbox
from registration.admin.actions import MOST_AT_ONCE, Result, chosen, show_results
from registration.models import Registration
from registration.services.writing import Message, write_letter


def _subject(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=150,
        required=False,
        validators=[writable],
        widget=forms.TextInput(attrs=attrs),
    )


def _text(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=8000,
        required=False,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": "8", **attrs}),
    )


class LetterForm(forms.Form):
    """A letter of the organisers' own."""

    subject_fr = _subject(gettext_lazy("Subject in French"), lang="fr")
    text_fr = _text(gettext_lazy("Text in French"), lang="fr")
    subject_zh = _subject(gettext_lazy("Subject in Chinese"), lang="zh-Hans")
    text_zh = _text(gettext_lazy("Text in Chinese"), lang="zh-Hans")
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, use_required_attribute=False)
        self.fields["text_fr"].help_text = _("Salutation, signature and the link to the own page are added.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for language in ("fr", "zh"):
            subject, text = data.get(f"subject_{language}"), data.get(f"text_{language}")
            if subject and not text:
                self.add_error(f"text_{language}", _("This subject has no text."))
            if text and not subject:
                self.add_error(f"subject_{language}", _("This text has no subject."))
        if not any(data.get(name) for name in ("subject_fr", "text_fr", "subject_zh", "text_zh")):
            self.add_error("subject_fr", _("Write the letter in French, in Chinese, or in both."))
        return data

    @property
    def message(self) -> Message:
        return Message(**self.cleaned_data)


def _readers(people: list[Registration], message: Message) -> list[dict[str, Any]]:
    """For each language that somebody reads: how many do, and what they get."""
    counts = Counter(r.language for r in people)
    found = []
    for language, count in counts.most_common():
        subject, text, written_in = message.for_reader(language)
        found.append(
            {
                "language": language,
                "count": count,
                "subject": subject,
                "text": text,
                "written_in": written_in,
                "is_other": written_in != language,
            }
        )
    return found


@admin.action(description=gettext_lazy("Write a letter"), permissions=["change"])
def write(model_admin: Any, request: HttpRequest, queryset: QuerySet[Registration]) -> HttpResponse:
    """Type, look, send; each person gets one letter, in the language that person reads."""
    people = chosen(queryset)
    stage = next((name for name in ("send", "preview", "edit") if name in request.POST), "")
    form = LetterForm(request.POST if stage else None)
    valid = bool(stage) and form.is_valid()
    context = {
        "title": _("Write a letter"),
        "people": people,
        "form": form,
        "action_name": "write",
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "too_many": len(people) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "readers": _readers(people, form.message) if valid else [],
        "edition": people[0].edition,
        "is_preview": valid and stage == "preview",
    }
    if not valid or stage != "send" or context["too_many"]:
        return show(request, "registration/back_office/write.html", context)
    write_letter(form.message, people, edition=people[0].edition, at=clock.now(), by=staff(request))
    if outbox.waits_for_approval(len(people)):
        words = _("the letter waits for approval, under “Mailings”; then it leaves, once")
    else:
        words = _("the letter leaves, once")
    return show_results(request, _("Write a letter"), [Result(r, True, words) for r in people])
