"""Sessions and their people: who has a seat, who waits, who wishes; and how many seats there are."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal, memory
from assises.back_office import Task, action_name, page, show, staff, working_edition
from assises.characters import writable
from assises.enums import AgreementStatus
from assises.exceptions import Refusal
from assises.models import Edition
from assises.text import whole_number
from program.models import FieldVisit, Session
from registration import services
from registration.enums import SEATED
from registration.models import SessionChoice, VisitWish
from registration.seat_counts import count_seats
from registration.services.session_seats import Kept, kept_back


@dataclass(frozen=True)
class Attendance:
    """One session in numbers; each leads to its people."""

    session: Session
    #: Seats to choose from; None where they are not counted.
    total: int | None
    held: int
    waiting: int
    wishes: int

    @property
    def left(self) -> int | None:
        return None if self.total is None else max(self.total - self.held, 0)

    @property
    def is_dropped(self) -> bool:
        """It has left the programme; whom it leaves without one stands behind the numbers."""
        return self.session.status == AgreementStatus.ABANDONED

    @property
    def kept(self) -> int:
        """Seats of a visit for the Chinese side and for the organisers."""
        return (self.session.seats or 0) - self.total if self.total is not None else 0


def attendance(edition: Edition) -> list[Attendance]:
    """Sessions that people may choose, or have chosen; in four queries, however many."""
    chosen = {
        row["session"]: row
        for row in SessionChoice.objects.filter(session__edition=edition)
        .values("session")
        .annotate(
            held=Count("pk", filter=Q(is_waiting=False, registration__status__in=SEATED)),
            waiting=Count("pk", filter=Q(is_waiting=True)),
        )
        .order_by()
    }
    wished = dict(
        VisitWish.objects.filter(session__edition=edition)
        .values_list("session")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts = count_seats(edition)
    found = []
    for session in edition.sessions.all():
        row = chosen.get(session.pk)
        if not (session.on_form or row or session.pk in wished):
            continue
        count = counts.get(session.code)
        found.append(
            Attendance(
                session,
                total=count.total if count else None,
                held=row["held"] if row else 0,
                waiting=row["waiting"] if row else 0,
                wishes=wished.get(session.pk, 0),
            )
        )
    return found


@page(
    "seances/",
    name="attendance",
    title=gettext_lazy("Sessions and seats"),
    permission="registration.view_registration",
    task=Task.PLACES,
    order=25,
)
def sessions_and_seats(request: HttpRequest) -> HttpResponse:
    """Who goes where, in numbers that lead to people."""
    edition = working_edition()
    title = _("Sessions and seats")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    return show(
        request,
        "registration/back_office/sessions.html",
        {
            "title": title,
            "rows": attendance(edition),
            "may_change": request.user.has_perm("registration.change_place"),
        },
    )


def _share(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=10_000,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Write a number, for example: 100.")},
    )


class SeatsForm(forms.Form):
    """How many seats one session has, and how those of a visit's coach are shared."""

    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=0,
        max_value=10_000,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=gettext_lazy(
            "Leave it empty where seats are not counted: then everybody who chooses the session attends it."
        ),
        error_messages={"invalid": gettext_lazy("Write a number, for example: 100.")},
    )
    chinese = _share(gettext_lazy("Of these, for the Chinese side"))
    reserved = _share(gettext_lazy("Of these, reserved by the organisers"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        validators=[writable],
        widget=forms.TextInput(attrs={"size": "60"}),
        help_text=gettext_lazy("It stands in the journal. For example: a larger room."),
        error_messages={"required": gettext_lazy("Say why the seats change: it stands in the journal.")},
    )

    def __init__(self, data: Any = None, *, session: Session) -> None:
        kept = kept_back(session)
        initial = {"seats": session.seats, "chinese": kept.chinese, "reserved": kept.reserved}
        super().__init__(data, initial=initial, use_required_attribute=False)
        if not FieldVisit.objects.filter(session=session).exists():
            del self.fields["chinese"], self.fields["reserved"]

    @property
    def kept(self) -> Kept | None:
        """How the seats are shared; None where they are not."""
        if "chinese" not in self.fields:
            return None
        return Kept(self.cleaned_data["chinese"] or 0, self.cleaned_data["reserved"] or 0)


@page(
    "seances/nombre/",
    name="session_seats",
    title=gettext_lazy("Seats of a session"),
    permission="registration.change_place",
)
def session_seats(request: HttpRequest) -> HttpResponse:
    """Change the number; new seats go along the waiting list at once, with a letter to each."""
    edition = working_edition()
    wanted = whole_number(request.GET.get("session"))
    session = Session.objects.filter(edition=edition, pk=wanted).first() if edition else None
    if edition is None or session is None:
        messages.warning(request, _("Choose the session in this list."))
        return redirect("admin:attendance")
    form = SeatsForm(request.POST if request.method == "POST" else None, session=session)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_seats(
                session,
                data["seats"],
                kept=form.kept,
                at=clock.now(),
                by=staff(request),
                reason=data["reason"],
            )
        except Refusal as refused:
            form.add_error("seats", str(refused))
        else:
            memory.forget()
            messages.success(request, _("The seats are changed. New ones went along the waiting list."))
            return redirect("admin:attendance")
    now = next((row for row in attendance(edition) if row.session.pk == session.pk), None)
    return show(
        request,
        "registration/back_office/session_seats.html",
        {
            "title": _("Seats: %(session)s") % {"session": session},
            "session": session,
            "form": form,
            "now": now,
            "history": [
                {"entry": entry, "words": action_name(entry.action)}
                for entry in journal.of(session).filter(action="seats")[:10]
            ],
        },
    )
