"""Releases of the programme: listed, read, approved by both sides, published or discarded."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assises import clock, journal
from assises.back_office import Task, action_name, name_actions, page, show, staff, working_edition
from assises.enums import Side
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, OutgoingEmail, User
from program import services
from program.admin.reading import contents_of, gaps_of, groups_of
from program.audiences import Reader
from program.models import ProgrammeRelease, ReleaseApproval
from program.models.release import ReleaseQuerySet

name_actions(
    {
        "session_created": gettext_lazy("session added to the programme"),
        "session_changed": gettext_lazy("session changed"),
        "release_prepared": gettext_lazy("release prepared"),
        "release_approved": gettext_lazy("release approved"),
        "release_published": gettext_lazy("release published"),
        "release_discarded": gettext_lazy("release discarded"),
    }
)

RELEASE = "program.release_programme"

FILE_NAMES = {
    "programme.fr.pdf": gettext_lazy("Booklet in French (PDF)"),
    "programme.zh-hans.pdf": gettext_lazy("Booklet in Chinese (PDF)"),
    "programme-bilingue.pdf": gettext_lazy("Booklet in both languages (PDF)"),
    "salles.pdf": gettext_lazy("Sheets for the doors of the rooms (PDF)"),
    "fiches-visites.pdf": gettext_lazy("Sheets of the field visits (PDF)"),
    "programme.fr.ics": gettext_lazy("Calendar in French (iCalendar)"),
    "programme.zh-hans.ics": gettext_lazy("Calendar in Chinese (iCalendar)"),
    "schedule.xml": gettext_lazy("For conference apps (XML)"),
    "schedule.json": gettext_lazy("For conference apps (JSON)"),
    "programme.fr.xlsx": gettext_lazy("Table in French (Excel)"),
    "programme.zh-hans.xlsx": gettext_lazy("Table in Chinese (Excel)"),
}


@dataclass(frozen=True)
class Half:
    """What one side says of a release."""

    side: Side
    approval: ReleaseApproval | None
    #: Whether the reader of the page may approve for this side now.
    may_approve: bool = False


def halves_of(release: ProgrammeRelease, user: User | None = None) -> list[Half]:
    """Both sides, each with its approval or without; ``user`` is who reads the page."""
    approvals = {a.side: a for a in release.approvals.all()}
    open_to_user = (
        user is not None
        and release.published_at is None
        and all(a.by_id != user.pk for a in approvals.values())
    )
    return [
        Half(
            side,
            approvals.get(side),
            may_approve=open_to_user
            and side not in approvals
            and user is not None
            and user.has_perm(services.APPROVERS[side]),
        )
        for side in Side
    ]


def releases_of(edition: Edition) -> ReleaseQuerySet:
    """With their approvals, without the heavy part, latest first."""
    return (
        ProgrammeRelease.objects.filter(edition=edition)
        .defer("content", "changes")
        .select_related("prepared_by")
        .prefetch_related("approvals")
        .order_by("-number")
    )


def passed_of(edition: Edition) -> set[int]:
    """The keys of releases that can only be discarded."""
    return set(ProgrammeRelease.objects.filter(edition=edition).passed().values_list("pk", flat=True))


@page(
    "programme/versions/",
    name="releases",
    title=gettext_lazy("Releases of the programme"),
    permission="program.view_session",
    task=Task.PROGRAMME,
    order=60,
)
def releases(request: HttpRequest) -> HttpResponse:
    """All releases, latest first, each with what it still waits for."""
    edition = working_edition()
    title = _("Releases of the programme")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    found = list(releases_of(edition))
    public = next((r for r in found if r.published_at and r.is_public), None)
    return show(
        request,
        "program/back_office/releases.html",
        {
            "title": title,
            "rows": [(release, halves_of(release)) for release in found],
            "public": public,
            "passed": passed_of(edition),
        },
    )


@page(
    "programme/versions/<int:number>/",
    name="release",
    title=gettext_lazy("Release of the programme"),
    permission="program.view_session",
)
def release(request: HttpRequest, number: int) -> HttpResponse:
    """What one release holds, what changed since the one before, who approves; then it is published."""
    found = _found(number)
    if request.method == "POST":
        return _act(request, found)
    user, at = staff(request), clock.now()
    programme = services.programme_of(found)
    before = services.before(found)
    return show(
        request,
        "program/back_office/release.html",
        {
            "title": _("Release no. %(number)d of the programme") % {"number": found.number},
            "release": found,
            "stamp": services.stamp_of(found),
            "before": before,
            "changes": groups_of(services.changes_of(found)) if before else [],
            "contents": contents_of(programme),
            "gaps": gaps_of(programme),
            "halves": halves_of(found, user),
            "passed": services.why_passed(found),
            "telling": _telling(found, at),
            "may_release": user.has_perm(RELEASE),
            "files": [(name, FILE_NAMES.get(name, name)) for name in services.KINDS],
            "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(found)],
        },
    )


@page(
    "programme/versions/<int:number>/fichiers/<str:name>",
    name="release_file",
    title=gettext_lazy("File of a release"),
    permission="program.view_session",
)
def release_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A document or feed as it is or will be published: organisers look at it before they approve."""
    found = _found(number)
    if name not in services.KINDS:
        raise Http404
    file = services.file_of(found, name, at=clock.now())
    return HttpResponse(
        bytes(file.data),
        content_type=file.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{found.edition.code}-{found.number}-{name}"',
        },
    )


def _found(number: int) -> ProgrammeRelease:
    edition = working_edition()
    rows = ProgrammeRelease.objects.select_related("edition", "prepared_by").prefetch_related("approvals")
    return get_object_or_404(rows, edition=edition, number=number)


@dataclass(frozen=True)
class Telling:
    """Who gets a letter if the release is published now; or how many did."""

    readers: list[Reader]
    written: int = 0

    @property
    def languages(self) -> list[tuple[str, int]]:
        return Counter(reader.language for reader in self.readers).most_common()


def _telling(found: ProgrammeRelease, at: dt.datetime) -> Telling:
    if found.published_at is None:
        return Telling(services.readers_told(found, at))
    letters = OutgoingEmail.objects.filter(event="program/moved", key__endswith=f":moved:{found.pk}")
    return Telling([], letters.count())


def _act(request: HttpRequest, found: ProgrammeRelease) -> HttpResponse:
    """Approve, publish, discard; what is refused is said and changes nothing."""
    user, at = staff(request), clock.now()
    try:
        if request.POST.get("approve") in Side.values:
            services.approve(found, side=Side(request.POST["approve"]), by=user, at=at)
            messages.success(
                request, _("You have approved release no. %(number)d.") % {"number": found.number}
            )
        elif "publish" in request.POST or "discard" in request.POST:
            if not user.has_perm(RELEASE):
                raise PermissionDenied
            if "discard" in request.POST:
                services.discard(found, by=user, at=at)
                messages.success(
                    request, _("Release no. %(number)d is discarded.") % {"number": found.number}
                )
                return redirect("admin:releases")
            messages.success(request, _published(found, services.publish(found, by=user, at=at)))
    except Refusal as refused:
        messages.error(request, str(refused))
        if not ProgrammeRelease.objects.filter(pk=found.pk).exists():
            return redirect("admin:releases")
    return redirect("admin:release", found.number)


def _published(found: ProgrammeRelease, letters: int) -> Any:
    if not letters:
        return _("Release no. %(number)d is published. Nobody's session moved: no letter was written.") % {
            "number": found.number
        }
    if outbox.waits_for_approval(letters):
        return _(
            "Release no. %(number)d is published. Its %(count)d letters wait for approval, under “Mailings”."
        ) % {"number": found.number, "count": letters}
    return ngettext(
        "Release no. %(number)d is published, and %(count)d letter leaves.",
        "Release no. %(number)d is published, and %(count)d letters leave.",
        letters,
    ) % {"number": found.number, "count": letters}
