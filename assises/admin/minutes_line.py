"""One line of minutes, worded anew; and the minutes as a document: their PDF, and the page to print."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, minutes
from assises.admin.meetings import READ, WRITE, minutes_of
from assises.admin.minutes_forms import LineForm, typed_with
from assises.admin.minutes_rows import lines_of, rows_of
from assises.back_office import page, show, staff
from assises.enums import MinutesState
from assises.exceptions import Refusal
from assises.minutes.document import contents, minutes_pdf
from assises.models import MinutesLine


@page(
    "reunions/<slug:code>/releve/<int:number>/lignes/<int:order>/",
    name="minutes_line",
    title=gettext_lazy("Line of the minutes"),
    permission=WRITE,
)
def line(request: HttpRequest, code: str, number: int, order: int) -> HttpResponse:
    """A line is worded anew; what each side said of it stands beside the form."""
    found = minutes_of(code, number)
    row = next((row for row in rows_of(found, lines_of(found)) if row.line.order == order), None)
    if row is None:
        raise Http404
    typed = MinutesLine.objects.get(pk=row.line.pk)
    form = LineForm(request.POST if request.method == "POST" else None, line=typed)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            minutes.reword(
                row.line,
                form.words(),
                revision=data["revision"],
                also_in_register=data["also_in_register"],
                at=clock.now(),
                by=staff(request),
            )
        except Refusal as refused:
            form.data = typed_with(form.data, revision=row.line.revision)
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Line %(number)d is saved.") % {"number": order})
            return redirect("admin:minutes", code, number)
    context = {
        "title": _("Line %(number)d") % {"number": order},
        "minutes": found,
        "row": row,
        "form": form,
        "may_write": found.state != MinutesState.VALIDATED,
    }
    return show(request, "assises/back_office/minutes_line.html", context)


@page(
    "reunions/<slug:code>/releve/<int:number>/releve.pdf",
    name="minutes_pdf",
    title=gettext_lazy("Minutes of conclusions"),
    permission=READ,
)
def pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The bilingual document: a draft until both sides have validated."""
    found = minutes_of(code, number)
    name = f"{found.meeting.edition.code}-releve-{found.meeting.code}-{found.number}.pdf"
    return HttpResponse(
        minutes_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@page(
    "reunions/<slug:code>/releve/<int:number>/imprimer/",
    name="minutes_print",
    title=gettext_lazy("Minutes of conclusions"),
    permission=READ,
)
def to_print(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The same document as a page of the browser."""
    return render(request, "assises/back_office/minutes_print.html", contents(minutes_of(code, number)))
