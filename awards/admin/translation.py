"""The translation of an application in the back office: the original and the other language, side by side."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import page_of_edition, show, staff
from assises.exceptions import Conflict, Refusal
from assises.models import Edition
from awards import rights, services
from awards.admin.applications import SEEN_BY, call_for, row_of
from awards.forms.opinion import TranslationForm
from awards.services.translating import seen_of_translation


@page_of_edition(
    "prix/candidatures/<int:number>/traduction/",
    name="award_translation",
    title=gettext_lazy("Translation of an application"),
    permission=SEEN_BY,
)
def translation(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    """The original and the other language, side by side."""
    call = call_for(request, edition)
    if not rights.may_translate(staff(request), call):
        raise PermissionDenied
    row = row_of(call, number)
    bound = request.POST if request.method == "POST" else None
    form = TranslationForm(bound, row=row, seen=seen_of_translation(row))
    stands: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = services.translate(
                row, form.texts(), seen=form.cleaned_data["seen"], at=clock.now(), by=staff(request)
            )
        except Conflict as changed:
            row = changed.current
            form.row = row
            stands = form.show_what_stands(row.texts_in(row.translation), seen_of_translation(row))
            form.add_error(None, str(changed))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The translation is ready: the jury reads it.")
                if done.is_translated
                else _("The translation is kept. It is ready once every text has one."),
            )
            return redirect("admin:award_application", number)
    return show(
        request,
        "awards/back_office/translation.html",
        {
            "title": _("Translation of an application"),
            "application": row,
            "form": form,
            "pairs": form.pairs(),
            "stands": stands,
            "is_stale": bool(row.translated_from) and not row.is_translated,
        },
    )
