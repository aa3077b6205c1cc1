"""The files of an application: sent by its pair, and shown to whoever may read it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assises import uploads
from assises.enums import Side
from assises.exceptions import Refusal
from assises.text import whole_number
from awards import services
from awards.enums import AttachmentKind, Step
from awards.forms.files import FilmForm, LetterForm, PictureForm, SubtitlesForm
from awards.models import Application
from awards.presenting import AddressOf, present
from awards.services.attaching import FILM
from awards.serving import file_of
from awards.views.application import next_step
from awards.views.own import OwnPage, find, for_the_pair, show, while_open


def addresses_for(token: str) -> AddressOf:
    """Where somebody of the pair reads the files of their application."""
    return lambda key: reverse("awards:file", args=[token, key])


@require_safe
def file(request: HttpRequest, token: str, key: uuid.UUID) -> HttpResponseBase:
    """A file of the application, for its pair."""
    return file_of(request, find(token).row, key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def files(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """Letters of both partners, and pictures."""
    row, data = page.row, request.POST
    sent = data.get("sent", "")
    letters = {
        side: LetterForm(data, request.FILES, side=side) if sent == side else LetterForm(side=side)
        for side in Side
    }
    picture = PictureForm(data, request.FILES, row=row) if sent == "picture" else PictureForm(row=row)
    if request.method == "POST":
        done = _removed(request, page)
        if not done and sent in Side.values and letters[Side(sent)].is_valid():
            form = letters[Side(sent)]
            done = _kept(
                request,
                form,
                "letter",
                lambda: services.attach_letter(
                    row, sent, form.cleaned_data["letter"], at=page.at, by=page.editor
                ),
            )
        elif not done and sent == "picture" and picture.is_valid():
            answers = picture.cleaned_data
            done = _kept(
                request,
                picture,
                "picture",
                lambda: services.attach_picture(
                    row,
                    answers["picture"],
                    alternative=answers["alternative"],
                    credit=answers["credit"],
                    at=page.at,
                    by=page.editor,
                ),
            )
        if done:
            return redirect(request.path)
    attached = {a.side: a for a in row.attachments.all() if a.kind == AttachmentKind.LETTER}
    shown = present(row, row.original, addresses_for(page.token))
    return show(
        request,
        page,
        "files.html",
        step=Step.FILES,
        letters=[(form, attached.get(side)) for side, form in letters.items()],
        picture=picture,
        shown=shown,
        may_add=len(shown.pictures) < row.call.pictures,
        following=next_step(page, Step.FILES),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_pair
@while_open
def film(request: HttpRequest, page: OwnPage) -> HttpResponse:
    """The film, sent in parts, and its subtitles."""
    row, data = page.row, request.POST
    sent = data.get("sent", "")
    form = (
        FilmForm(data, request.FILES, editor=page.editor) if sent == "film" else FilmForm(editor=page.editor)
    )
    words = SubtitlesForm(data, request.FILES) if sent == "subtitles" else SubtitlesForm()
    if request.method == "POST":
        done = _removed(request, page)
        if not done and sent == "film" and form.is_valid():
            done = _kept(
                request,
                form,
                "film",
                lambda: services.kept_film(
                    row, uploads.receive(FILM, page.editor.pk, form.cleaned_data["film"], at=page.at)
                ),
            )
        elif not done and sent == "subtitles" and words.is_valid():
            answers = words.cleaned_data
            done = _kept(
                request,
                words,
                "subtitles",
                lambda: services.attach_subtitles(
                    row, answers["language"], answers["subtitles"], at=page.at, by=page.editor
                ),
            )
        if done:
            return redirect(request.path)
    row = Application.objects.select_related("call__edition__host", "category", "film").get(pk=row.pk)
    return show(
        request,
        page,
        "film.html",
        step=Step.FILM,
        form=form,
        words=words,
        shown=present(row, row.original, addresses_for(page.token)),
        following=next_step(page, Step.FILM),
    )


def _kept(
    request: HttpRequest,
    form: FilmForm | LetterForm | PictureForm | SubtitlesForm,
    field: str,
    keep: Callable[[], object],
) -> bool:
    """Do it and say it, or say beside the field why not; everything else in the application is kept."""
    try:
        keep()
    except Refusal as refused:
        form.add_error(field, str(refused))
        return False
    messages.success(request, _("The file is here, and everything else is kept."))
    return True


def _removed(request: HttpRequest, page: OwnPage) -> bool:
    """Take a file out, if that was asked for; whether it was."""
    wanted = request.POST.get("remove", "")
    if not wanted:
        return False
    try:
        if wanted == "film":
            services.remove_film(page.row, at=page.at, by=page.editor)
        elif attachment := page.row.attachments.filter(pk=whole_number(wanted)).first():
            services.detach(page.row, attachment, at=page.at, by=page.editor)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is taken out."))
    return True
