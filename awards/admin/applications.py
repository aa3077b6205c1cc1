"""Applications in the back office: their list, one of them, what the secretaries find of it, its translation."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assises import clock, journal
from assises.back_office import (
    Task,
    action_name,
    hidden_actions,
    link,
    name_actions,
    page_of_edition,
    show,
    staff,
)
from assises.characters import writable
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Edition, JournalEntry, User
from assises.templatetags.typography import write_duration
from awards import rights, services
from awards.deadlines import closing_of
from awards.enums import ApplicationState, JuryRole, Opinion, Phase
from awards.forms.opinion import OpinionForm
from awards.models import Application, Call
from awards.models.application import ApplicationQuerySet
from awards.presenting import present
from awards.reading import call_of
from awards.serving import address_of, file_of

SEEN_BY = "awards.view_call"
PER_PAGE = 50

name_actions(
    {
        "application_begun": gettext_lazy("application begun"),
        "application_written": gettext_lazy("the pair has written in it"),
        "application_submitted": gettext_lazy("submitted"),
        "application_late": gettext_lazy("refused: it came too late"),
        "application_taken_back": gettext_lazy("taken back by the pair"),
        "application_withdrawn": gettext_lazy("withdrawn by the pair"),
        "application_to_complete": gettext_lazy("to be completed, both secretaries find"),
        "application_admissible": gettext_lazy("admissible, both secretaries find"),
        "application_inadmissible": gettext_lazy("not admissible, both secretaries find"),
        "application_not_completed": gettext_lazy("not completed in time"),
        "application_deleted": gettext_lazy("draft of an application deleted by its pair"),
        "application_translated": gettext_lazy("translation saved"),
        "editor_added": gettext_lazy("somebody of the pair added"),
        "editor_removed": gettext_lazy("somebody of the pair taken out"),
        "opinion_given": gettext_lazy("opinion of a secretary"),
    }
)


def _handles(user: User) -> bool:
    """Whether the menu shows an account the applications: organisers by right, secretaries by their seat."""
    return user.has_perm(rights.READ) or rights.role_now(user) == JuryRole.SECRETARY


link(
    "admin:award_applications",
    title=gettext_lazy("Applications"),
    permission=_handles,
    task=Task.AWARD,
    order=20,
)


class ListForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False, validators=[writable])
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    category = forms.ChoiceField(label=pgettext_lazy("of the award", "Category"), required=False)
    translation = forms.ChoiceField(
        label=gettext_lazy("Translation"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("ready", gettext_lazy("ready")),
            ("missing", gettext_lazy("to be made")),
        ],
    )

    def __init__(self, data: Any, *, call: Call) -> None:
        super().__init__(data, use_required_attribute=False)
        states = [(s.value, s.label) for s in ApplicationState if s != ApplicationState.DRAFT]
        categories = [(c.code, str(c)) for c in call.categories.exclude(theme=None)]
        for name, choices in (("state", states), ("category", categories)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", gettext_lazy("all")), *choices]


@page_of_edition(
    "prix/candidatures/", name="award_applications", title=gettext_lazy("Applications"), permission=SEEN_BY
)
def applications(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What has arrived, how far the secretaries are with it, whether it is translated; drafts are their pair's own."""
    try:
        call = call_for(request, edition)
    except Http404:
        return show(request, "awards/back_office/none.html", {"title": _("Applications")})
    form = ListForm(request.GET, call=call)
    found = Paginator(_asked(call, form), PER_PAGE).get_page(request.GET.get("page"))
    counts = call.applications.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in ApplicationState}
    )
    return show(
        request,
        "awards/back_office/applications.html",
        {
            "title": _("Applications"),
            "call": call,
            "form": form,
            "page_obj": found,
            "figures": [(state, counts[state.value]) for state in ApplicationState],
            "late": _late(call),
            "closes_at": closing_of(call),
        },
    )


@page_of_edition(
    "prix/candidatures/<int:number>/",
    name="award_application",
    title=gettext_lazy("Application"),
    permission=SEEN_BY,
)
def application(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    """One application, in the language of its reader; a secretary says here what they find of it."""
    call = call_for(request, edition)
    row = row_of(call, number)
    seat = rights.seat_of(call, staff(request))
    secretary = seat if seat is not None and seat.is_secretary else None
    decides = (
        secretary is not None
        and call.phase == Phase.ADMISSIBILITY
        and row.state == ApplicationState.SUBMITTED
    )
    given = {o.side: o for o in row.opinions.filter(round=row.round).select_related("member__user")}
    mine = given.get(secretary.side) if secretary else None
    form = OpinionForm(
        request.POST if request.method == "POST" else None,
        row=row,
        side=secretary.side if secretary else "",
        initial={"opinion": mine.opinion, "reason": mine.reason} if mine else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.give_opinion(
                row,
                Opinion(form.cleaned_data["opinion"]),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
                by=staff(request),
            )
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said_of(Application.objects.get(pk=row.pk)))
            return redirect("admin:award_application", number)
    language = request.GET.get("langue", get_language() or "fr")
    return show(
        request,
        "awards/back_office/application.html",
        {
            "title": row.label,
            "call": call,
            "application": row,
            "shown": present(row, language if language in ("fr", "zh-hans") else "fr", address_of(row)),
            "form": form if decides else None,
            "given": [(side, given.get(side)) for side in Side],
            "earlier": list(row.opinions.filter(round__lt=row.round).select_related("member__user")),
            "editors": list(row.editors.all()),
            "may_translate": rights.may_translate(staff(request), call),
            "history": [{"entry": e, "words": _in_words(e)} for e in _history(row, secretary is not None)],
        },
    )


@page_of_edition(
    "prix/candidatures/<int:number>/fichiers/<uuid:key>",
    name="award_application_file",
    title=gettext_lazy("Application"),
    permission=SEEN_BY,
)
def application_file(request: HttpRequest, edition: Edition, number: int, key: uuid.UUID) -> HttpResponseBase:
    """A file of an application, for whoever may read it: organisers, secretaries, and the jurors who judge it."""
    call = call_of(edition)
    row = _submitted(call).filter(number=number).first() if call is not None else None
    if call is None or row is None or not rights.may_read(staff(request), row):
        # Whoever may not read it does not learn either whether it is there.
        raise PermissionDenied
    row.call = call
    return file_of(request, row, key)


def call_for(request: HttpRequest, edition: Edition) -> Call:
    """The award, for whoever handles its applications; 403 for anybody else."""
    call = call_of(edition)
    if call is None:
        raise Http404
    if not rights.may_read_all(staff(request), call):
        raise PermissionDenied
    return call


def _submitted(call: Call) -> ApplicationQuerySet:
    return call.applications.select_related("category", "film", "rules").exclude(state=ApplicationState.DRAFT)


def row_of(call: Call, number: int) -> Application:
    row = _submitted(call).filter(number=number).first()
    if row is None:
        raise Http404(_("No application that has arrived has this number."))
    row.call = call
    return row


def _asked(call: Call, form: ListForm) -> ApplicationQuerySet:
    rows: ApplicationQuerySet = (
        _submitted(call).prefetch_related("partners__organisation", "opinions").order_by("number")
    )
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    if asked.get("category"):
        rows = rows.filter(category__code=asked["category"])
    if asked.get("q"):
        rows = rows.matching(asked["q"])
    if asked.get("translation"):
        ready = call.applications.translated()
        rows = rows.filter(pk__in=ready) if asked["translation"] == "ready" else rows.exclude(pk__in=ready)
    return rows


def _late(call: Call) -> list[tuple[Application, JournalEntry]]:
    """Drafts that came too late, each with the last time that was tried."""
    rows = {row.pk: row for row in call.applications.filter(state=ApplicationState.DRAFT)}
    tried = JournalEntry.objects.filter(
        subject_type=Application._meta.label_lower, subject_id__in=rows, action="application_late"
    ).order_by("at")
    return [(rows[entry.subject_id], entry) for entry in {e.subject_id: e for e in tried}.values()]


def _history(row: Application, by_a_secretary: bool) -> QuerySet[JournalEntry]:
    """What was done to it; what the jury did, secretaries alone read here."""
    entries = journal.of(row)
    return entries if by_a_secretary else entries.exclude(action__in=hidden_actions())


def _said_of(row: Application) -> str:
    if row.state == ApplicationState.SUBMITTED:
        return _("Your opinion is noted. It is decided once the secretary of the other side finds the same.")
    return _("Both secretaries find the same: it is “%(state)s”, and the pair is told.") % {
        "state": row.get_state_display()
    }


#: What was written in, by the word that the journal has.
_PARTS = {
    "pair": pgettext_lazy("step of an application", "the pair"),
    "project": pgettext_lazy("step of an application", "the project"),
    "rights": pgettext_lazy("step of an application", "rights"),
    "film": pgettext_lazy("step of an application", "the film"),
    "letter": pgettext_lazy("of an application", "letter of a partner"),
    "picture": pgettext_lazy("of an application", "picture"),
    "subtitles": pgettext_lazy("of a film", "subtitles"),
}


def _in_words(entry: JournalEntry) -> str:
    """What was done, and to what."""
    done, details = action_name(entry.action), entry.details
    what = ""
    if details.get("what") in _PARTS:
        what = str(_PARTS[details["what"]])
    elif entry.action == "opinion_given":
        what = f"{Side(details['side']).label}, {Opinion(details['opinion']).label}"
    elif entry.action == "application_late":
        what = _late_by(details.get("seconds", 0))
    return _("%(label)s: %(text)s") % {"label": done, "text": what} if what else done


def _late_by(seconds: int) -> str:
    return _("late by %(duration)s") % {"duration": write_duration(seconds)}
