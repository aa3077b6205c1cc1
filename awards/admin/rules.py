"""A version of the rules, as a co-president reads it before agreeing."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import page_of_edition, show, staff
from assises.canonical import hash_of
from assises.exceptions import Refusal
from assises.forms.bilingual import in_both_languages as label_both
from assises.models import Edition
from awards import services
from awards.admin.award import READ, WRITE
from awards.content import WORDS, content_of, in_both_languages
from awards.enums import Phase
from awards.models import Call, Rules
from awards.reading import call_of


class ReasonForm(forms.ModelForm):
    """What a new version of the rules changes, in both languages."""

    class Meta:
        model = Rules
        fields = ["reason_fr", "reason_zh_hans"]

    def __init__(self, data: Any = None, *, instance: Rules) -> None:
        super().__init__(data, instance=instance, use_required_attribute=False)
        label_both(self, Rules)
        for field in self.fields.values():
            field.required = True


@page_of_edition(
    "prix/reglement/<int:version>/",
    name="award_rules",
    title=gettext_lazy("Rules of the award"),
    permission=READ,
)
def rules(request: HttpRequest, edition: Edition, version: int) -> HttpResponse:
    """A version of the rules as it would be, or was, frozen: what a co-president reads before agreeing."""
    call = call_of(edition)
    found = call.rules.filter(version=version).first() if call else None
    if call is None or found is None:
        raise Http404
    form = ReasonForm(request.POST if "explain" in request.POST else None, instance=found)
    may_write = staff(request).has_perm(WRITE)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        try:
            done = _write(request, found, form)
        except Refusal as refused:
            messages.error(request, str(refused))
            done = redirect("admin:award_rules", version)
        if done is not None:
            return done
    content = found.content or content_of(found)
    digest = found.digest or hash_of(content)
    problems = [] if found.frozen_at else services.problems_of(found)
    president = call.jury.presidents().filter(user=staff(request)).first()
    is_asked = president is not None and not found.frozen_at
    has_agreed = is_asked and found.agreements.filter(member=president, digest=digest).exists()
    agree = "agree" if call.phase == Phase.RULES else "agree_rules"
    context = {
        "title": str(found),
        "rules": found,
        "content": in_both_languages(content),
        "numbers": [(label_for_field(name, Call), value) for name, value in content["numbers"].items()],
        "dates": [
            (Phase(name).label, dt.datetime.fromisoformat(value))
            for name, value in content["dates"].items()
            if value
        ],
        "digest": digest,
        "problems": problems,
        "words": WORDS,
        "form": form if found.version > 1 and not found.frozen_at and may_write else None,
        "agree": agree if is_asked and not has_agreed and not problems else "",
        "has_agreed": has_agreed,
    }
    return show(request, "awards/back_office/rules.html", context)


def _write(request: HttpRequest, found: Rules, form: ReasonForm) -> HttpResponse | None:
    """Do what was asked, and where that leads; None where something typed is wrong. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "discard" in request.POST:
        services.discard(found, at=at, by=user)
        messages.success(request, _("The new version is given up."))
        return redirect("admin:award")
    if not form.is_valid():
        return None
    data = form.cleaned_data
    services.explain(found, reason_fr=data["reason_fr"], reason_zh=data["reason_zh_hans"], at=at, by=user)
    messages.success(request, _("It is saved."))
    return redirect("admin:award_rules", found.version)
