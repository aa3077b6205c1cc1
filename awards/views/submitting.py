"""A pair reads its application over, submits it, takes it back, gives it up; and says who writes in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assises.exceptions import Refusal
from assises.text import whole_number
from awards import services
from awards.completeness import gaps_of
from awards.enums import Step
from awards.forms.people import EditorForm
from awards.presenting import present
from awards.services.editors import MOST_EDITORS
from awards.views.files import addresses_for
from awards.views.own import OwnPage, for_the_pair, show, while_open


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def submit(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """The application as the jury will read it, what it still lacks, and the button that hands it in."""
    refusal = ""
    if request.method == "POST":
        try:
            if not request.POST.get("accept"):
                raise Refusal(_("Say that your pair accepts the rules: tick the box."))
            version = whole_number(request.POST.get("version"))
            row = services.submit(page.row, version=version, at=page.at, by=page.editor)
        except Refusal as refused:
            refusal = str(refused)
        else:
            messages.success(
                request,
                _(
                    "Your application has arrived: it has number %(number)d. The receipt goes to everybody of your pair."
                )
                % {"number": row.number},
            )
            return redirect(page.address)
    return show(
        request,
        page,
        "submit.html",
        step=Step.SUBMIT,
        shown=present(page.row, page.row.original, addresses_for(page.token)),
        gaps=[(gap, page.to(gap.step)) for gap in gaps_of(page.row)],
        rules=page.row.call.rules.in_force().first(),
        refusal=refusal,
    )


@require_http_methods(["GET", "HEAD"])
@for_the_pair
def read(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """The whole application, as it was written."""
    shown = present(page.row, page.row.original, addresses_for(page.token))
    return show(request, page, "read.html", shown=shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
def take_back(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Make it a draft again, after one question."""
    if request.method != "POST":
        return show(request, page, "take_back.html")
    try:
        services.take_back(page.row, at=page.at, by=page.editor)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("It is a draft again: change it, then submit it again before the deadline.")
        )
    return redirect(page.address)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
def delete(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Erase a draft with all that is in it, after one question."""
    if request.method != "POST":
        return show(request, page, "delete.html")
    try:
        services.delete_draft(page.row, at=page.at, by=page.editor)
    except Refusal as refused:
        messages.error(request, str(refused))
        return redirect(page.address)
    messages.success(request, _("The draft is deleted, with its people, its files and our letters."))
    return redirect("awards:award")


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
def withdraw(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Give it up for good, after one question."""
    if request.method != "POST":
        return show(request, page, "withdraw.html")
    try:
        services.withdraw(page.row, at=page.at, by=page.editor)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your application is withdrawn; a letter confirms it."))
    return redirect(page.address)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def people(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Who of the pair writes in it: add somebody, or take somebody out."""
    form = EditorForm(request.POST if "add" in request.POST else None)
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                editor = page.row.editors.filter(pk=whole_number(request.POST["remove"])).first()
                if editor is not None:
                    services.remove_editor(page.row, editor, at=page.at, by=page.editor)
                    messages.success(request, _("%(name)s no longer writes in it.") % {"name": editor})
                return redirect("awards:award" if editor == page.editor else request.path)
            if form.is_valid():
                before = {editor.pk for editor in page.row.editors.all()}
                editor = services.add_editor(page.row, form.person(), at=page.at, by=page.editor)
                said = (
                    _("%(name)s writes in it already, with a link of their own.")
                    if editor.pk in before
                    else _("A link of their own goes to %(name)s by letter.")
                )
                messages.success(request, said % {"name": editor})
                return redirect(request.path)
        except Refusal as refused:
            form.add_error(None, str(refused)) if form.is_bound else messages.error(request, str(refused))
    return show(
        request, page, "people.html", form=form, people=list(page.row.editors.all()), most=MOST_EDITORS
    )
