import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from assises import clock, uploads
from assises.exceptions import Refusal
from assises.forms.uploads import UploadField
from assises.ranges import private_file


class FilmForm(forms.Form):
    title = forms.CharField(label="Titre")
    film = UploadField(
        purpose="tests.film",
        label="Film",
        accept="video/mp4,video/webm",
        help_text="MP4 ou WebM, 500 Mo au plus.",
    )

    def __init__(self, *args: Any, target: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["film"].send_to(target)


def film(request: HttpRequest, target: str) -> HttpResponse:
    form = FilmForm(request.POST or None, request.FILES or None, target=target)
    received = None
    if request.method == "POST" and form.is_valid():
        try:
            received = uploads.receive("tests.film", target, form.cleaned_data["film"], at=clock.now())
        except Refusal as refusal:
            form.add_error("film", str(refusal))
    return render(request, "uploading/film.html", {"form": form, "received": received})


def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    return private_file(request, key, media_type=f"video/{request.GET.get('kind', 'mp4')}", name="film")
