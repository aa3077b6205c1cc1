"""A release is prepared: first one sees what it would hold and what speaks against it, then it is frozen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import page, show, staff, working_edition
from assises.characters import writable
from assises.exceptions import Refusal
from program import checks, drafting, services, snapshot
from program.admin.reading import contents_of, gaps_of, groups_of
from program.admin.releases import RELEASE
from program.changes import compare
from program.enums import ReleaseKind, Severity
from program.models import ProgrammeRelease
from program.programme import Words


def _purpose(label: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, validators=[writable], widget=forms.Textarea(attrs={"rows": "2", **attrs}),
        error_messages={"required": gettext_lazy("Say what this release is for: it stands on every page.")},
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """What a release is for, and who reads it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=ReleaseKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what kind of release this is.")},
    )
    purpose_fr = _purpose(gettext_lazy("What for, in French"), lang="fr")
    purpose_zh = _purpose(gettext_lazy("What for, in Chinese"), lang="zh-Hans")
    is_public = forms.BooleanField(
        label=gettext_lazy("Everybody may read it on the public site"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Otherwise only whoever has the address of its documents, such as the authorities in China that allow the journey."
        ),
    )
    #: What the person looked at: nothing else is frozen. The page writes it anew each time it is shown.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, kind: ReleaseKind) -> None:
        super().__init__(data, initial={"kind": kind}, use_required_attribute=False)
        self.fields["purpose_fr"].help_text = _(
            "One sentence on each document. For example: to be joined to the request for leave to travel."
        )


@page(
    "programme/versions/preparer/",
    name="prepare_release",
    title=gettext_lazy("Prepare a release"),
    permission=RELEASE,
)
def prepare_release(request: HttpRequest) -> HttpResponse:
    """The programme in progress as it would be frozen, and the form that freezes it."""
    edition = working_edition()
    title = _("Prepare a release of the programme")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    last = ProgrammeRelease.objects.filter(edition=edition).order_by("-number").first()
    before = ProgrammeRelease.objects.published().filter(edition=edition).order_by("-number").first() or last
    programme = snapshot.read(edition)
    seen = services.fingerprint(programme, last)
    findings = checks.find(drafting.load(edition))
    blocking = checks.blocking(findings)
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        kind=ReleaseKind.TRAVEL_DRAFT if blocking else ReleaseKind.PRELIMINARY,
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            release = services.prepare(
                edition,
                kind=ReleaseKind(data["kind"]),
                purpose=Words(data["purpose_fr"], data["purpose_zh"]),
                is_public=data["is_public"],
                # Without the mark of the page nothing was looked at.
                seen=data["seen"] or "-",
                at=clock.now(),
                by=staff(request),
            )
        except services.Outdated as refused:
            form.add_error(None, str(refused))
        except Refusal as refused:
            form.add_error("kind", str(refused))
        else:
            messages.success(
                request,
                _("Release no. %(number)d is frozen. It is published once both sides have approved it.")
                % {"number": release.number},
            )
            return redirect("admin:release", release.number)
    return show(
        request,
        "program/back_office/prepare.html",
        {
            "title": title,
            "form": form,
            "seen": seen,
            "before": before,
            "changes": groups_of(compare(services.programme_of(before), programme)) if before else [],
            "contents": contents_of(programme),
            "gaps": gaps_of(programme),
            "blocking": blocking,
            "others": [f for f in findings if f.severity != Severity.BLOCKS],
            "number": last.number + 1 if last else 1,
        },
    )
