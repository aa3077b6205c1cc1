"""The pair that leads a workshop."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import staff
from assises.exceptions import Conflict, Refusal
from assises.forms.versioned import compare, rebased
from program import drafting
from program.admin.common import done, entries_since, page_of_a_session, show_session
from program.forms.pair import PairForm
from program.models import CoLead, Session
from program.services import set_leads


@page_of_a_session("binome/", name="session_pair")
def pair(request: HttpRequest, session: Session) -> HttpResponse:
    """One French and one Chinese authority, each confirmed or not."""
    form = PairForm(request.POST if request.method == "POST" else None, session=session)
    comparison = None
    if form.is_bound and form.is_valid():
        try:
            set_leads(session, form.halves(), version=form.version, at=clock.now(), by=staff(request))
        except Conflict as conflict:
            standing = drafting.sessions_of(session.edition).get(pk=conflict.current.pk)
            theirs = PairForm(session=standing)
            comparison = compare(form, theirs, entries_since(session, form.version))
            form = PairForm(rebased(form, theirs), session=standing)
        except Refusal as refused:
            form.refuse(str(refused), CoLead)
        else:
            return done(request, _("The pair is saved."), "session_pair", session.code)
    return show_session(
        request,
        session,
        "program/back_office/pair.html",
        "session_pair",
        {"form": form, "comparison": comparison, "leads": session.leads.all()},
        status=409 if comparison else 200,
    )
