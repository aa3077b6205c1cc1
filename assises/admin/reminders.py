"""Reminders in the back office: written, looked at as a reader would have them, let go, held back."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationAdmin

from assises import clock, journal
from assises.back_office import HouseAdmin, Task, action_name, name_actions, staff, working_edition
from assises.exceptions import Refusal
from assises.forms.bilingual import in_both_languages
from assises.models import Milestone, RegisterItem, Reminder
from assises.models import Task as TaskRow
from assises.reminding import deciding
from assises.reminding.audiences import Recipient, audience_of, audiences, recipients
from assises.reminding.hours import due_at
from assises.templatetags.components import state as state_badge
from assises.templatetags.typography import write_moment
from assises.text import whole_number

name_actions(
    {
        "reminder_written": gettext_lazy("written"),
        "reminder_approved": gettext_lazy("may leave"),
        "reminder_paused": gettext_lazy("held back"),
        "reminder_resumed": gettext_lazy("goes on"),
        "reminder_sent": gettext_lazy("sent"),
        "reminder_skipped": gettext_lazy("passed over: it came too late to be of use"),
        "reminder_settled": gettext_lazy("passed over: what it is about was settled before"),
        "reminder_nobody": gettext_lazy("passed over: there was nobody to remind"),
        "reminder_too_late": gettext_lazy("not written to some readers: it would have come too late"),
        "reminder_taken_back": gettext_lazy("not sent yet: what it is about has moved"),
        "reminder_missed": gettext_lazy("earlier times passed over: the software did not run"),
    }
)
#: What a reminder can be about: one of these fields.
ABOUT = ("milestone", "item", "task")
#: How many readers the page names.
SHOWN = 200


class ReminderForm(forms.ModelForm):
    audience = forms.ChoiceField(label=gettext_lazy("Audience"))
    #: The version that was opened.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = self.instance.edition if self.instance.edition_id else working_edition()
        self.initial["seen"] = self.instance.version
        audience = self.fields.get("audience")
        if isinstance(audience, forms.ChoiceField):
            audience.choices = [(a.name, a.label) for a in audiences()]
        if "repeat_times" in self.fields:
            self.fields["repeat_times"].required = False
        offered: dict[str, QuerySet[Any]] = {
            "milestone": Milestone.objects.filter(edition=edition).standing(),
            "item": RegisterItem.objects.filter(edition=edition).owed(),
            "task": TaskRow.objects.filter(milestone__edition=edition).exclude(state__in=["done", "dropped"]),
        }
        for name, rows in offered.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                kept = getattr(self.instance, f"{name}_id", None)
                field.queryset = rows.model._default_manager.filter(Q(pk__in=rows.values("pk")) | Q(pk=kept))
                field.label_from_instance = _named  # type: ignore[method-assign, assignment]
                # One of the three: which, says the form as a whole.
                field.required = False
        in_both_languages(self, Reminder)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # By the hour of the service it may be another one again: that refuses too.
        if self.instance.pk and data.get("seen") != self.instance.version:
            again: Any = self.data.copy()  # type: ignore[attr-defined]
            again["seen"] = str(self.instance.version)
            self.data = again
            raise forms.ValidationError(
                _(
                    "Somebody else has changed this reminder since you opened it. What you typed is kept: look at the preview, then save again."
                )
            )
        chosen = [name for name in ABOUT if data.get(name)]
        if len(chosen) != 1 and not any(name in self.errors for name in ABOUT):
            sentence = _("Choose one: a milestone, an item of the register or a task.")
            self.add_error(chosen[1] if chosen else "milestone", sentence)
        if data.get("repeat_times") is None and "repeat_times" not in self.errors:
            data["repeat_times"] = 1
        days, times = data.get("repeat_days"), data.get("repeat_times")
        if days is None and times not in (None, 1):
            self.add_error("repeat_days", _("Say after how many days it is repeated."))
        elif days is not None and not (1 <= days <= 60):
            self.add_error("repeat_days", _("From 1 to 60 days."))
        elif days is not None and times is not None and not (2 <= times <= 20):
            self.add_error("repeat_times", _("From 2 to 20 times."))
        if (offset := data.get("offset_days")) is not None and not (-400 <= offset <= 400):
            self.add_error("offset_days", _("At most 400 days before or after it."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # Said at their fields above; the same sentence is not said again above the form.
        return {*super()._get_validation_exclusions(), *ABOUT, "offset_days", "repeat_days", "repeat_times"}  # type: ignore[misc]


def _named(row: Any) -> str:
    """An item or a task by its day too."""
    if isinstance(row, RegisterItem):
        return f"{row.number} – {row}"
    return f"{row} ({row.milestone})" if isinstance(row, TaskRow) else str(row)


@admin.register(Reminder)
class ReminderAdmin(HouseAdmin, TranslationAdmin):
    """Written here, and sent by the software: nothing of it is sent twice, whatever is changed."""

    task = Task.FOLLOWING
    order = 10
    form = ReminderForm
    change_form_template = "admin/assises/reminder/change_form.html"
    when_empty = gettext_lazy(
        "A reminder is a letter to an audience some days before or after a milestone, or until an open point or a task is settled. Write the first one."
    )
    list_display = ["what", "stand", "leaves", "whom", "readers_so_far"]
    list_filter = ["is_paused"]
    fieldsets = [
        (
            gettext_lazy("When and to whom"),
            {
                "fields": [
                    "milestone",
                    "item",
                    "task",
                    "offset_days",
                    "repeat_days",
                    "repeat_times",
                    "audience",
                    "both_languages",
                    "seen",
                ]
            },
        ),
        (
            gettext_lazy("What it says"),
            {"fields": ["subject_fr", "subject_zh_hans", "text_fr", "text_zh_hans"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        rows = Reminder.objects.with_what_it_is_about().filter(edition__is_current=True)
        return rows.annotate(
            readers_found=Count("readers"),
            readers_written=Count("readers", filter=Q(readers__letter__isnull=False)),
        )

    def has_change_permission(self, request: HttpRequest, obj: Reminder | None = None) -> bool:
        """What has left stays as it was."""
        open_still = obj is None or (obj.fired_at is None and obj.skipped_at is None)
        return open_still and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Reminder | None = None) -> bool:
        return (obj is None or obj.fired_at is None) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Reminder, form: forms.ModelForm, change: bool) -> None:
        about = obj.about
        obj.edition = about.milestone.edition if isinstance(about, TaskRow) else about.edition
        deciding.change(obj, version=form.cleaned_data["seen"] or 1, at=clock.now(), by=staff(request))

    # -- the list --------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("reminder"))
    def what(self, row: Reminder) -> str:
        return row.subject or row.subject_fr

    @admin.display(description=gettext_lazy("state"))
    def stand(self, row: Reminder) -> SafeString:
        return state_badge(*state_of(row))

    @admin.display(description=gettext_lazy("leaves"))
    def leaves(self, row: Reminder) -> SafeString:
        return format_html('{}<span class="second">{}</span>', _when(row), row.about)

    @admin.display(description=gettext_lazy("audience"))
    def whom(self, row: Reminder) -> Any:
        found = audience_of(row.audience)
        return found.label if found else _("no longer known")

    @admin.display(description=gettext_lazy("readers"))
    def readers_so_far(self, row: Any) -> str:
        return f"{row.readers_written} / {row.readers_found}" if row.fired_at else "–"

    # -- the page of one -------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"assises_reminder_{name}")

        return [at("<int:pk>/decision/<slug:step>/", self.decide, "decide"), *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Let it leave, hold it back, let it go on, send a test to oneself."""
        row = self.get_queryset(request).filter(pk=pk).first() if pk < 2**31 else None
        if row is None or step not in _STEPS:
            raise Http404
        if not super().has_change_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            try:
                messages.success(request, _STEPS[step](request, row))
            except Refusal as refused:
                messages.error(request, str(refused))
        return redirect("admin:assises_reminder_change", pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if isinstance(row, Reminder):
            context |= _about(row, deciding.oneself(staff(request), "fr"))
        return super().render_change_form(request, context, *args, **kwargs)


def state_of(row: Reminder) -> tuple[str, Any]:
    """The state for its badge, and in words."""
    if row.fired_at and row.is_over:
        return "confirmed", pgettext_lazy("a reminder", "sent")
    if row.skipped_at:
        return "lapsed", pgettext_lazy("a reminder", "passed over")
    if row.is_paused:
        return "held", pgettext_lazy("a reminder", "held back")
    if row.approved_at:
        return "offered", pgettext_lazy("a reminder", "leaves when it is due")
    return "proposed", pgettext_lazy("a reminder", "to be approved")


def _when(row: Reminder) -> str:
    """When it leaves, or has left; what has no date waits for one."""
    at = row.fired_at if row.fired_at and row.is_over else due_at(row)
    return in_words(at) if at else _("waits for a date")


def in_words(at: dt.datetime) -> str:
    return write_moment(timezone.localtime(at), get_language())


def _about(row: Reminder, reader: Recipient) -> dict[str, Any]:
    """What the page tells beside the form: how it looks (to ``reader`` where the audience is empty), whom it reaches."""
    at = clock.now()
    people = recipients(row.audience, row.edition, at, row.about)
    looks = []
    for code, name in (("fr", "Français"), ("zh-hans", "简体中文")):
        who = next((p for p in people if p.language == code), people[0] if people else reader)
        subject, text = deciding.preview(row, who, language=code, at=at)
        looks.append({"lang": code, "name": name, "who": who, "subject": subject, "text": text})
    return {
        "stand": state_of(row),
        "due": _when(row),
        "times": row.repeat_times,
        "people": len(people),
        "looks": looks,
        "reached": row.readers.select_related("letter").order_by("id")[:SHOWN],
        "reached_count": row.readers.count(),
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(row)],
    }


def _approve(request: HttpRequest, row: Reminder) -> str:
    version = whole_number(request.POST.get("version"))
    deciding.approve(row, version=version, at=clock.now(), by=staff(request))
    count = len(recipients(row.audience, row.edition, clock.now(), row.about))
    return ngettext(
        "It leaves when it is due; today it would reach %(count)d person.",
        "It leaves when it is due; today it would reach %(count)d people.",
        count,
    ) % {"count": count}


def _pause(request: HttpRequest, row: Reminder) -> str:
    deciding.pause(row, paused=True, at=clock.now(), by=staff(request))
    return _("It is held back.")


def _resume(request: HttpRequest, row: Reminder) -> str:
    deciding.pause(row, paused=False, at=clock.now(), by=staff(request))
    return _("It goes on: it leaves when it is due, at once if that was before.")


def _test(request: HttpRequest, row: Reminder) -> str:
    language = "zh-hans" if request.POST.get("language") == "zh-hans" else "fr"
    deciding.send_test(row, language=language, at=clock.now(), by=staff(request))
    return _("A test is on its way to %(address)s.") % {"address": staff(request).email}


_STEPS = {"approve": _approve, "pause": _pause, "resume": _resume, "test": _test}
