"""What organisers do to one person or to several at once: first asked, then done, then told person by person."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from assises import clock
from assises.back_office import show, staff
from assises.characters import writable
from assises.exceptions import Refusal
from assises.models import Edition, User
from registration import services
from registration.enums import Status
from registration.models import Category, Registration

MOST_AT_ONCE = 500


class StepForm(forms.Form):
    """What is asked before it is done; of most things nothing."""

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, use_required_attribute=False)


class ReasonForm(StepForm):
    """Why: kept in the journal."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        validators=[writable],
        help_text=gettext_lazy("It stands in the journal."),
        widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": gettext_lazy("Give the reason. For example: left the authority.")},
    )


class RefusalForm(ReasonForm):
    """Why: the person reads it."""

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, edition=edition)
        self.fields["reason"].help_text = _(
            "The person reads it in the letter: write it in the language of that person."
        )
        self.fields["reason"].error_messages["required"] = _(
            "Give the reason: the person reads it in the letter."
        )


class CategoryForm(StepForm):
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("New category"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a category.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False, validators=[writable]
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, edition=edition)
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = edition.categories.all()


Run = Callable[[Registration, dict[str, Any], dt.datetime, User], str]


@dataclass(frozen=True)
class Step:
    """One thing to do: what is asked before, and what is done to each person."""

    name: str
    #: As in the list of actions and on the button of one person.
    title: Any
    button: str | Promise
    #: The question, with ``%(count)d``.
    question: Any
    explanation: str | Promise
    form: type[StepForm]
    run: Run
    #: The states in which it makes sense; the button is there in these only.
    states: frozenset[Status]
    is_grave: bool = False


def _confirm(r: Registration, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    if services.confirm([r], at=at, by=by):
        return _("confirmed; the letter with the badge leaves")
    raise Refusal(
        _("%(name)s waits: there is no place to confirm.") % {"name": r.full_name}
        if r.status == Status.WAITING
        else _("%(name)s was confirmed before.") % {"name": r.full_name}
    )


def _refuse(r: Registration, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.refuse(r, reason=data["reason"], at=at, by=by)
    return _("refused; the letter gives the reason")


def _cancel(r: Registration, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    if r.status == Status.CANCELLED:
        raise Refusal(_("%(name)s was cancelled before.") % {"name": r.full_name})
    services.cancel(r, reason=data["reason"], at=at, by=by)
    return _("cancelled; a letter says so")


def _move(r: Registration, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    if r.category_id == data["category"].pk:
        raise Refusal(_("%(name)s is in this category already.") % {"name": r.full_name})
    services.move_category(r, data["category"], at=at, by=by, reason=data["reason"])
    return _("moved to “%(category)s”") % {"category": data["category"]}


def _send_link(r: Registration, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.send_link(r.edition, r.email, at=at)
    return _("the link leaves, once an hour at most")


STEPS = [
    Step(
        "confirm",
        gettext_lazy("Confirm"),
        gettext_lazy("Confirm"),
        ngettext_lazy("Confirm %(count)d registration?", "Confirm %(count)d registrations?", "count"),
        gettext_lazy("Held and offered places are confirmed, as if the person had followed the link: you vouch for the address."),
        StepForm,
        _confirm,
        frozenset({Status.HELD, Status.OFFERED}),
    ),
    Step(
        "move",
        gettext_lazy("Move to another category"),
        gettext_lazy("Move to a category"),
        ngettext_lazy("Move %(count)d registration?", "Move %(count)d registrations?", "count"),
        gettext_lazy("Who has a place needs a free one in the new category, which nobody waits for. Who waits keeps the rank."),
        CategoryForm,
        _move,
        frozenset({Status.HELD, Status.OFFERED, Status.CONFIRMED, Status.WAITING}),
    ),
    Step(
        "send_link",
        gettext_lazy("Send the link to their page again"),
        gettext_lazy("Send the link again"),
        ngettext_lazy("Send the link to %(count)d person?", "Send the link to %(count)d people?", "count"),
        gettext_lazy("A letter with the link to the own page leaves for the address of the registration."),
        StepForm,
        _send_link,
        frozenset({Status.HELD, Status.OFFERED, Status.CONFIRMED, Status.WAITING}),
    ),
    Step(
        "cancel",
        pgettext_lazy("a registration", "Cancel"),
        gettext_lazy("Cancel this registration"),
        ngettext_lazy("Cancel %(count)d registration?", "Cancel %(count)d registrations?", "count"),
        gettext_lazy("At the wish of the person. The place passes to whoever has waited longest; a letter confirms it. This cannot be undone."),
        ReasonForm,
        _cancel,
        frozenset({Status.HELD, Status.OFFERED, Status.CONFIRMED, Status.WAITING}),
        is_grave=True,
    ),
    Step(
        "refuse",
        gettext_lazy("Refuse with a reason"),
        gettext_lazy("Refuse"),
        ngettext_lazy("Refuse %(count)d registration?", "Refuse %(count)d registrations?", "count"),
        gettext_lazy("The place passes to whoever has waited longest. This cannot be undone."),
        RefusalForm,
        _refuse,
        frozenset({Status.HELD, Status.OFFERED, Status.CONFIRMED, Status.WAITING}),
        is_grave=True,
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What became of one person."""

    registration: Registration
    is_done: bool
    sentence: str


def chosen(queryset: QuerySet[Registration]) -> list[Registration]:
    """The people chosen, by the order in which they came."""
    rows = queryset.select_related("edition", "booking__organisation", "category", "place")
    return list(rows.order_by("booking_id", "pk")[: MOST_AT_ONCE + 1])


def act(step: Step, request: HttpRequest, queryset: QuerySet[Registration]) -> HttpResponse:
    """Ask; then do it to each person by itself, and tell what became of each. A refusal of one stops no other."""
    people = chosen(queryset)
    edition = people[0].edition
    is_sent = "apply" in request.POST
    form = step.form(request.POST if is_sent else None, edition=edition)
    context = {
        "title": step.question % {"count": len(people)},
        "step": step,
        "people": people,
        "form": form,
        "action_name": step.name,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "too_many": len(people) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
    }
    if not is_sent or not form.is_valid() or context["too_many"]:
        return show(request, "registration/back_office/act.html", context)
    results = do(step, people, form.cleaned_data, at=clock.now(), by=staff(request))
    return show_results(request, str(step.title), results)


def show_results(request: HttpRequest, title: str, results: Sequence[Result]) -> HttpResponse:
    """What became of each."""
    return show(
        request,
        "registration/back_office/results.html",
        {
            "title": title,
            "results": results,
            "done": sum(r.is_done for r in results),
            "refused": sum(not r.is_done for r in results),
        },
    )


def do(
    step: Step, people: Sequence[Registration], data: dict[str, Any], *, at: dt.datetime, by: User
) -> list[Result]:
    """Do it to each, in the order in which they came; what one is refused, the next may have."""
    told: list[tuple[int, bool, str]] = []
    for registration in people:
        try:
            told.append((registration.pk, True, step.run(registration, data, at, by)))
        except Refusal as refusal:
            told.append((registration.pk, False, str(refusal)))
    # What was done to one may have moved another: the page shows how all of them stand now.
    now = Registration.objects.select_related("booking", "category").in_bulk([r.pk for r in people])
    return [Result(now[pk], is_done, sentence) for pk, is_done, sentence in told]


def admin_action(step: Step) -> Callable[..., HttpResponse]:
    """The step as the list of registrations offers it."""

    @admin.action(description=step.title, permissions=["change"])
    def run(model_admin: Any, request: HttpRequest, queryset: QuerySet[Registration]) -> HttpResponse:
        return act(step, request, queryset)

    run.__name__ = step.name
    return run
