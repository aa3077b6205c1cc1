"""Lists that leave and come as files."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, show, staff, working_edition
from assises.characters import writable
from assises.exceptions import Refusal
from assises.models import Edition, User
from assises.spreadsheets import XLSX
from registration import imports
from registration.exports import Column, columns_for, export
from registration.models import Registration
from registration.models.registration import RegistrationQuerySet


class ExportForm(forms.Form):
    """Which columns, as what, and why."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one column at least.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[
            ("xlsx", gettext_lazy("XLSX, for Excel and LibreOffice")),
            ("csv", gettext_lazy("CSV, with semicolons")),
        ],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=500,
        validators=[writable],
        help_text=gettext_lazy(
            "It stands in the journal, with your name and the columns. For example: badges for the printer."
        ),
        error_messages={"required": gettext_lazy("Say what the list is for: it stands in the journal.")},
    )

    def __init__(self, data: Any = None, *, columns: list[Column]) -> None:
        super().__init__(data, use_required_attribute=False)
        self.on_offer = columns
        field = self.fields["columns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(c.name, capfirst(str(c.heading))) for c in columns]
        # Menus and needs leave only when somebody asks for them.
        field.initial = [c.name for c in columns if not c.sensitive]

    @property
    def chosen(self) -> list[Column]:
        return [c for c in self.on_offer if c.name in self.cleaned_data["columns"]]


@page(
    "exporter/",
    name="export_registrations",
    title=gettext_lazy("Export"),
    permission="registration.view_registration",
)
def export_registrations(request: HttpRequest) -> HttpResponse:
    """The list, with the search and the filters it was looked at with, as a file."""
    edition = working_edition()
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": _("Export the list")})
    user = staff(request)
    people = _filtered(request)
    form = ExportForm(request.POST if request.method == "POST" else None, columns=columns_for(user))
    if form.is_bound and form.is_valid():
        return _file(people, edition, form, user)
    return show(
        request,
        "registration/back_office/export.html",
        {
            "title": _("Export the list"),
            "form": form,
            "count": people.count(),
            "query": request.GET.urlencode(),
            "sees_needs": user.has_perm("registration.view_access_needs"),
        },
    )


def _filtered(request: HttpRequest) -> RegistrationQuerySet:
    """The rows of the list as the address narrows it; all of the edition if it is not understood."""
    model_admin = admin.site.get_model_admin(Registration)
    try:
        rows = model_admin.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        rows = Registration.objects.listed().filter(edition__is_current=True)
    return rows  # type: ignore[return-value]


def _file(people: RegistrationQuerySet, edition: Edition, form: ExportForm, by: User) -> HttpResponse:
    data = form.cleaned_data
    made = export(
        people,
        edition=edition,
        columns=form.chosen,
        form=data["form"],
        by=by,
        reason=data["reason"],
        at=clock.now(),
    )
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX or CSV, at most 500 people and 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file. For example: inscriptions.xlsx."),
            "empty": gettext_lazy("This file is empty."),
        },
    )
    vouched = forms.BooleanField(
        label=gettext_lazy("We vouch for the addresses: places are confirmed at once"), required=False
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, use_required_attribute=False)


@page(
    "importer/",
    name="import_registrations",
    title=gettext_lazy("Import a list"),
    permission="registration.add_registration",
    task=Task.REGISTRATIONS,
    order=40,
)
def import_registrations(request: HttpRequest) -> HttpResponse:
    """Choose a file, see line by line what would happen, then register. Nothing is written before."""
    edition = working_edition()
    title = _("Import a list")
    if edition is None or not edition.categories.exists():
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    if "sealed" in request.POST:
        return _carry_out(request, edition)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    context: dict[str, Any] = {"title": title, "form": form}
    if form.is_bound and form.is_valid():
        try:
            context |= _preview(
                form.cleaned_data["file"], edition, staff(request), form.cleaned_data["vouched"]
            )
        except Refusal as refused:
            form.add_error("file", str(refused))
    return show(request, "registration/back_office/import.html", context)


def _preview(file: UploadedFile, edition: Edition, by: User, vouched: bool) -> dict[str, Any]:
    if (file.size or 0) > imports.MOST_BYTES:
        raise Refusal(_("This file is larger than 2 MB. Divide it."))
    table = imports.read(file.name or "", file.read())
    planned = imports.plan(table, edition=edition, by=by, vouched=vouched)
    outcomes = imports.try_out(planned, at=clock.now())
    refused = [o for o in outcomes if o.refusal]
    return {
        "file_name": file.name,
        "outcomes": outcomes,
        "problems": planned.problems,
        "unknown": table.unknown,
        "refused": refused,
        "faults": len(planned.problems) + len(refused),
        "vouched": vouched,
        "sealed": "" if planned.problems or refused else table.seal(),
    }


def _carry_out(request: HttpRequest, edition: Edition) -> HttpResponse:
    at = clock.now()
    title = _("Import a list")
    try:
        table = imports.unseal(request.POST["sealed"])
    except Refusal as refused:
        form = ImportForm(request.POST, {})
        form.is_valid()
        form.add_error("file", str(refused))
        return show(request, "registration/back_office/import.html", {"title": title, "form": form})
    by = staff(request)
    planned = imports.plan(table, edition=edition, by=by, vouched="vouched" in request.POST)
    outcomes = imports.carry_out(planned, edition=edition, by=by, at=at)
    return show(
        request,
        "registration/back_office/import_done.html",
        {"title": title, "outcomes": outcomes, "problems": planned.problems},
    )


@page(
    "importer/modele.xlsx",
    name="import_template",
    title=gettext_lazy("Template"),
    permission="registration.add_registration",
)
def import_template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in."""
    edition = working_edition()
    if edition is None:
        return show(
            request, "registration/back_office/no_edition.html", {"title": _("Import a list")}, status=404
        )
    response = HttpResponse(imports.template_file(edition), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_("registrations")}-{edition.code}.xlsx"'
    return response
