"""Texts that leave for a translator elsewhere, and come back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import clock
from assises.back_office import page, show, staff, working_edition
from assises.exceptions import Refusal
from assises.models import Edition, User
from program import translation_files
from program.admin.translations import PERMISSION

#: Of what a file does not bring, so many are named one by one.
MOST_NAMED = 50


@page(
    "traductions/exporter.po",
    name="export_translations",
    title=gettext_lazy("Export translations"),
    permission=PERMISSION,
)
def export_translations(request: HttpRequest) -> HttpResponse:
    """The texts as a PO file: all, or with ``only=waiting`` what is missing or to be reviewed."""
    edition = working_edition()
    if edition is None:
        return show(
            request, "registration/back_office/no_edition.html", {"title": _("Translations")}, status=404
        )
    into_chinese = request.GET.get("into") != "fr"
    at = clock.now()
    content = translation_files.export(
        edition, into_chinese=into_chinese, waiting_only=request.GET.get("only") == "waiting", at=at
    )
    name = translation_files.file_name(edition, into_chinese=into_chinese, at=at)
    response = HttpResponse(content, content_type=translation_files.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PO file that was exported here, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".po,text/x-gettext-translation"}),
        error_messages={
            "required": gettext_lazy("Choose a file, for example: toulouse-2018-zh-hans.po."),
            "empty": gettext_lazy("This file is empty."),
        },
    )
    reviewed = forms.BooleanField(
        label=gettext_lazy("A native reader has reviewed these texts: they are not drafts any more"),
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, use_required_attribute=False)


@page(
    "traductions/importer/",
    name="import_translations",
    title=gettext_lazy("Import translations"),
    permission=PERMISSION,
)
def import_translations(request: HttpRequest) -> HttpResponse:
    """Choose a file, see text by text what would change, then write it. Nothing is written before."""
    edition = working_edition()
    title = _("Import translations")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    form = ImportForm()
    told: dict[str, Any] = {}
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        try:
            if "sealed" in request.POST:
                # An error is told at the file: that is what is chosen again.
                form = ImportForm({}, {"file": None})
                form.is_valid()
                form.errors.clear()
                return _carry_out(request, edition)
            if form.is_valid():
                told = _preview(form, edition, staff(request))
        except Refusal as refused:
            form.add_error("file", str(refused))
    return show(
        request, "program/back_office/translations_import.html", {"title": title, "form": form, **told}
    )


def _preview(form: ImportForm, edition: Edition, by: User) -> dict[str, Any]:
    file: UploadedFile = form.cleaned_data["file"]
    if (file.size or 0) > translation_files.MOST_BYTES:
        raise Refusal(_("This file is larger than 2 MB. Export fewer texts at a time."))
    reviewed = form.cleaned_data["reviewed"]
    planned = translation_files.plan(translation_files.read(file.read(), edition), edition, reviewed=reviewed)
    changes = translation_files.try_out(planned, edition, at=clock.now(), by=by)
    return {
        "file_name": file.name,
        "planned": planned,
        "changes": changes,
        "unknown": planned.unknown[:MOST_NAMED],
        "more_unknown": max(0, len(planned.unknown) - MOST_NAMED),
        "reviewed": reviewed,
        "sealed": translation_files.seal(planned.wishes, edition) if changes else "",
    }


def _carry_out(request: HttpRequest, edition: Edition) -> HttpResponse:
    wishes = translation_files.unseal(request.POST["sealed"], edition)
    outcomes = translation_files.carry_out(wishes, at=clock.now(), by=staff(request))
    written = sum(outcome.changed for outcome in outcomes)
    said = ngettext("%(count)d text is written.", "%(count)d texts are written.", written)
    messages.add_message(
        request, messages.SUCCESS if written else messages.WARNING, said % {"count": written}
    )
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    for outcome in refused[:MOST_NAMED]:
        name = outcome.text.in_words() if outcome.text else "/".join(map(str, outcome.key))
        said = _("%(text)s was left as it is: %(why)s") % {"text": name, "why": outcome.refusal}
        messages.warning(request, said)
    return HttpResponseRedirect(reverse("admin:translations") + "?state=all")
