"""Floors to compare with: an empty view, and a bare Django form that does the same inserts without our rules.

Served by the same web server, with the same settings and middleware, as ``tests.benchmarks.bare``.
"""

# Django is set up before its models can be imported.
# ruff: noqa: E402

import os
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.bare_settings")

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DATABASE_POOL", "8")
application = get_wsgi_application()

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import Context, Engine, RequestContext
from django.urls import path

from assises import clock
from assises.models import Edition, JournalEntry, OutgoingEmail
from registration.models import Booking, Category, Registration

_engine = Engine()
_form_page = _engine.from_string(
    '<!doctype html><form method="post">{% csrf_token %}'
    '<input type="hidden" name="form_key" value="{{ key }}">{{ form.as_p }}<button>Send</button></form>'
)
_own_page = _engine.from_string(
    '<!doctype html><main data-assises-state="{{ r.status }}">{{ r.full_name }}</main>'
)


_bytes: dict[int, bytes] = {}


class BareForm(forms.Form):
    organisation = forms.CharField(max_length=200)
    given_name = forms.CharField(max_length=80)
    family_name = forms.CharField(max_length=80)
    job_title = forms.CharField(max_length=160)
    email = forms.EmailField()
    language = forms.ChoiceField(choices=[("fr", "Français"), ("zh-hans", "简体中文")])


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def as_many_bytes(request: HttpRequest, count: int) -> HttpResponse:
    """Nothing but the sending of so many bytes."""
    return HttpResponse(_bytes.setdefault(count, b"x" * count))


def form(request: HttpRequest) -> HttpResponse:
    """The form, and the four rows that a registration is."""
    bare = BareForm(request.POST or None)
    if not bare.is_valid():
        return HttpResponse(_form_page.render(RequestContext(request, {"form": bare, "key": uuid.uuid4()})))
    data, at = bare.cleaned_data, clock.now()
    person = {name: data[name] for name in ("given_name", "family_name", "email", "language")}
    with transaction.atomic():
        edition = Edition.objects.only("pk").get(is_current=True)
        category = Category.objects.filter(edition=edition).first()
        booking = Booking.objects.create(
            edition=edition,
            submitted_at=at,
            organisation_name=data["organisation"],
            organisation_kind="commune",
            authority_key=data["organisation"],
            **person,
        )
        registration = Registration.objects.create(
            edition=edition,
            booking=booking,
            category=category,
            status="waiting",
            status_since=at,
            job_title=data["job_title"],
            **person,
        )
        JournalEntry.objects.create(
            at=at,
            subject_type="registration.registration",
            subject_id=registration.pk,
            action="registered",
            details={},
        )
        OutgoingEmail.objects.create(
            key=f"bare:{registration.pk}", event="bare", to_email=data["email"], language="fr", subject="Received",
            text="We have received it.", html="<p>We have received it.</p>", created_at=at, next_attempt_at=at, sent_at=at,
        )  # fmt: skip
    return redirect(f"/bare/{registration.pk}/")


def own_page(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(
        _own_page.render(Context({"r": Registration.objects.select_related("booking").get(pk=pk)}))
    )


urlpatterns = [
    path("empty/", empty),
    path("bytes/<int:count>/", as_many_bytes),
    path("bare/", form),
    path("bare/<int:pk>/", own_page),
]
