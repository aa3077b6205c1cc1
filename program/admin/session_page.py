"""A session's own page: written, added, abandoned, taken back."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import page, show, staff, working_edition
from assises.enums import AgreementStatus
from assises.exceptions import Conflict, Refusal
from assises.forms.versioned import compare, rebased, shown
from program import drafting
from program.admin.common import (
    COMPOSE,
    at_version,
    done,
    entries_since,
    no_edition,
    page_of_a_session,
    show_session,
)
from program.forms.session import AbandonForm, SessionForm
from program.models import Session
from program.services import (
    abandon_session,
    change_session,
    create_session,
    delete_session,
    is_released,
)


@page_of_a_session("", name="session")
def session_page(request: HttpRequest, session: Session) -> HttpResponse:
    """All that one can say of a session; a save on an older version is refused, with both versions shown."""
    edition = session.edition
    form = SessionForm(request.POST if request.method == "POST" else None, edition=edition, instance=session)
    comparison = None
    if form.is_bound and form.is_valid():
        try:
            change_session(session, form.changes, version=form.version, at=clock.now(), by=staff(request))
        except Conflict as conflict:
            theirs = SessionForm(edition=edition, instance=conflict.current)
            comparison = compare(form, theirs, entries_since(session, form.version))
            form = SessionForm(rebased(form, theirs), edition=edition, instance=conflict.current)
        except Refusal as refused:
            form.refuse(str(refused), Session)
        else:
            return done(request, _("The session is saved."), "session", session.code)
    return _show(request, session, form, comparison)


def _show(request: HttpRequest, session: Session, form: SessionForm, comparison: object) -> HttpResponse:
    # A form that was filled in has written on its session: the page shows what stands.
    standing = drafting.sessions_of(form.edition).get(pk=session.pk)
    standing.edition = form.edition
    context = {
        "form": form,
        "comparison": comparison,
        "facts": [
            (b.label, shown(b)) for b in SessionForm(edition=form.edition, instance=standing).visible()
        ],
        "is_abandoned": standing.status == AgreementStatus.ABANDONED,
        "is_released": is_released(standing),
    }
    status = 409 if comparison else 200
    return show_session(
        request, standing, "program/back_office/session.html", "session", context, status=status
    )


@page("nouvelle-seance/", name="session_add", title=gettext_lazy("Add a session"), permission=COMPOSE)
def add(request: HttpRequest) -> HttpResponse:
    """A new session."""
    edition = working_edition()
    if edition is None:
        return no_edition(request, _("Add a session"))
    form = SessionForm(request.POST if request.method == "POST" else None, edition=edition)
    if not form.is_bound:
        form.initial.update({n: v for n in ("day", "room", "starts_at") if (v := request.GET.get(n))})
    if form.is_bound and form.is_valid():
        try:
            made = create_session(edition, at=clock.now(), by=staff(request), **form.cleaned_data)
        except Refusal as refused:
            form.refuse(str(refused), Session)
        else:
            return done(request, _("The session is added."), "session", made.code)
    return show(
        request,
        "program/back_office/session_add.html",
        {"title": _("Add a session"), "form": form},
    )


@page_of_a_session("abandonner/", name="session_abandon")
def abandon(request: HttpRequest, session: Session) -> HttpResponse:
    """Take a session out of the programme, with the reason that organisers go on reading."""
    return _last_step(request, session, AbandonForm(_posted(request), session=session), "session_abandon")


@page_of_a_session("supprimer/", name="session_delete")
def delete(request: HttpRequest, session: Session) -> HttpResponse:
    """Take back a session that nobody has read of."""
    return _last_step(request, session, VersionForm(_posted(request), session=session), "session_delete")


class VersionForm(forms.Form):
    """Nothing to fill in: only which version one looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: object = None, *, session: Session) -> None:
        super().__init__(data, initial={"version": session.version})  # type: ignore[arg-type]


def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _last_step(request: HttpRequest, session: Session, form: forms.Form, what: str) -> HttpResponse:
    if not staff(request).has_perm(COMPOSE):
        raise PermissionDenied
    deletes = what == "session_delete"
    if form.is_bound and form.is_valid():
        version, at, by = form.cleaned_data["version"], clock.now(), staff(request)
        try:
            if deletes:
                delete_session(session, version=version, at=at, by=by)
                return done(request, _("“%(session)s” is taken back.") % {"session": session}, "compose")
            abandon_session(
                session,
                reason_fr=form.cleaned_data["status_reason_fr"],
                reason_zh=form.cleaned_data["status_reason_zh_hans"],
                version=version,
                at=at,
                by=by,
            )
            return done(
                request,
                _("“%(session)s” is abandoned; it stays on the shelf below the timetable.")
                % {"session": session},
                "session",
                session.code,
            )
        except Conflict as conflict:
            form.add_error(
                None, _("Somebody else has just changed this session. Look at it again, then decide.")
            )
            form.data = at_version(form.data, "version", conflict.current)
        except Refusal as refused:
            form.add_error(None, str(refused))
    return show_session(
        request, session, "program/back_office/last_step.html", what, {"form": form, "deletes": deletes}
    )
