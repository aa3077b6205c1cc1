"""The sheet of a field visit, what each side says of it, and the decision (S-113)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import staff
from assises.enums import Side
from assises.exceptions import Conflict, Refusal
from assises.forms.versioned import compare, rebased, shown
from program.admin.common import at_version, done, entries_since, may_compose, page_of_a_session, show_session
from program.enums import SessionKind, Verdict
from program.forms.visit import DecisionForm, SheetForm, VerdictForm
from program.models import FieldVisit, Session
from program.services import decide_visit, give_verdict, may_give_verdict, write_sheet
from program.services.visits import VERDICTS


@page_of_a_session("visite/", name="session_visit", guards_itself=True)
def visit(request: HttpRequest, session: Session) -> HttpResponse:
    """Three things on one page: the sheet, the verdict of each side, the decision; each saved on its own."""
    if session.kind != SessionKind.VISIT:
        return redirect("admin:session", session.code)
    page = VisitPage(request, session)
    if request.method == "POST" and (answer := page.act()):
        return answer
    return show_session(
        request,
        session,
        "program/back_office/visit.html",
        "session_visit",
        page.context(),
        status=409 if page.comparison else 200,
    )


class VisitPage:
    """The forms of the page, and which of them was sent."""

    def __init__(self, request: HttpRequest, session: Session) -> None:
        self.request, self.session = request, session
        self.sheet: FieldVisit | None = getattr(session, "visit", None)
        self.act_name = next((n for n in request.POST if n in self._acts()), "")
        self.comparison: Any = None
        self.form = SheetForm(self._data("sheet"), session=session, instance=self.sheet)
        self.verdicts = {
            side: VerdictForm(
                self._data(f"verdict-{side}"),
                verdict=getattr(self.sheet, field) if self.sheet else "",
                version=session.version,
                prefix=f"verdict-{side.value}",
            )
            for side, field in VERDICTS.items()
        }
        self.decision = DecisionForm(
            self._data("decide"), visit=self.sheet or FieldVisit(session=session), version=session.version
        )

    @staticmethod
    def _acts() -> set[str]:
        return {"sheet", "decide", *(f"verdict-{side}" for side in Side)}

    def _data(self, act: str) -> Any:
        return self.request.POST if self.act_name == act else None

    def act(self) -> HttpResponse | None:
        """Do what the button says; None where the page has to be shown again."""
        is_verdict = self.act_name.startswith("verdict-")
        if not is_verdict and not may_compose(self.request):
            raise PermissionDenied
        sent: Any = self.form
        try:
            if self.act_name == "sheet" and self.form.is_valid():
                self._write_sheet()
            elif (
                is_verdict
                and (sent := self.verdicts[Side(self.act_name.removeprefix("verdict-"))]).is_valid()
            ):
                self._give_verdict(Side(self.act_name.removeprefix("verdict-")), sent)
            elif self.act_name == "decide" and (sent := self.decision).is_valid():
                self._decide()
            else:
                return None
        except Conflict as conflict:
            if sent is self.form:
                self._compare(conflict)
            else:
                sent.data = at_version(sent.data, f"{sent.prefix}-version", conflict.current)
                sent.add_error(None, _again())
            return None
        except Refusal as refused:
            sent.add_error(None, str(refused))
            return None
        return done(self.request, _("The visit is saved."), "session_visit", self.session.code)

    def _write_sheet(self) -> None:
        write_sheet(
            self.session,
            self.form.changes if self.sheet else _without_version(self.form.cleaned_data),
            version=self.form.version,
            at=clock.now(),
            by=staff(self.request),
        )

    def _give_verdict(self, side: Side, form: VerdictForm) -> None:
        if not may_give_verdict(staff(self.request), side):
            raise PermissionDenied
        give_verdict(
            self.session,
            side,
            Verdict(form.cleaned_data["verdict"]),
            version=form.cleaned_data["version"],
            at=clock.now(),
            by=staff(self.request),
        )

    def _decide(self) -> None:
        data = self.decision.cleaned_data
        decide_visit(
            self.session,
            is_kept=self.decision.decision,
            note_fr=data["decision_note_fr"],
            note_zh=data["decision_note_zh_hans"],
            version=data["version"],
            at=clock.now(),
            by=staff(self.request),
        )

    def _compare(self, conflict: Conflict) -> None:
        standing = FieldVisit.objects.filter(session=conflict.current).first()
        theirs = SheetForm(session=conflict.current, instance=standing)
        self.comparison = compare(self.form, theirs, entries_since(self.session, self.form.version))
        self.form = SheetForm(rebased(self.form, theirs), session=conflict.current, instance=standing)

    def context(self) -> dict[str, Any]:
        user = staff(self.request)
        return {
            "form": self.form,
            "comparison": self.comparison,
            "facts": [(b.label, shown(b)) for b in self.form.visible()],
            "decision": self.decision,
            "visit": self.sheet,
            "verdicts": [
                {
                    "side": side,
                    "code": getattr(self.sheet, VERDICTS[side]) if self.sheet else "",
                    "form": form if may_give_verdict(user, side) else None,
                }
                for side, form in self.verdicts.items()
            ],
        }


def _without_version(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "version"}


def _again() -> str:
    return _("Somebody else has just changed this session. What you typed is kept: look, then save again.")
