"""One item of the register: its candidates, the voices of both sides, what waits for it; closed here, opened again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock, journal
from assises.admin.register import CHANGE, READ, found
from assises.back_office import action_name, page_of_edition, show, staff
from assises.enums import Side
from assises.exceptions import Refusal
from assises.forms.register import BlocksForm, CandidateForm, SettleForm, VoiceForm
from assises.models import Candidate, Contact, Edition, Milestone, RegisterItem
from assises.register import (
    abandon,
    add_candidate,
    change,
    choose,
    decide,
    give_preference,
    remove_candidate,
    reopen,
    subject_url,
)
from assises.sides import speaks_for
from assises.text import whole_number


@page_of_edition("registre/<int:number>/", name="register_item", title=gettext_lazy("Decision register"), permission=READ)  # fmt: skip
def register_item(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    """One item: what it says, its candidates and voices, what waits for it; closed here, and opened again."""
    item = found(edition, number)
    forms = _Forms(request, item)
    if request.method == "POST":
        try:
            if done := forms.act():
                messages.success(request, done)
                return redirect(forms.leads_to or reverse("admin:register_item", args=[number]))
        except Refusal as refused:
            messages.error(request, str(refused))
            item = found(edition, number)
            forms.renew(item)
    return show(
        request, "assises/back_office/register_item.html", {**_about(item, request), **forms.context()}
    )


class _Forms:
    """The forms on the page of an item; the button that was pressed says which one was sent."""

    ACTS = ("decide", "abandon", "reopen", "candidate", "remove", "voice", "choose", "blocks")

    def __init__(self, request: HttpRequest, item: RegisterItem) -> None:
        self.request, self.user, self.at = request, staff(request), clock.now()
        self.item = item
        #: Where one goes on after what was done; empty for the page of the item.
        self.leads_to = ""
        self.name = next((a for a in self.ACTS if a in request.POST), "")
        self.sides = [side for side in Side if speaks_for(self.user, side)]
        data = request.POST
        self.settle = SettleForm(
            data if self.name in ("decide", "abandon", "choose") else None,
            item=item,
            today=item.edition.day_of(self.at),
        )
        self.candidate = CandidateForm(data if self.name == "candidate" else None, item=item)
        self.voice = VoiceForm(data if self.name == "voice" else None, item=item, sides=self.sides)
        self.blocks = BlocksForm(data if self.name == "blocks" else None, item=item)

    def context(self) -> dict[str, Any]:
        sent = {"candidate": self.candidate, "voice": self.voice, "blocks": self.blocks}
        return {
            "settle": self.settle,
            "candidate_form": self.candidate,
            "voice_form": self.voice,
            "blocks_form": self.blocks,
            "sent": sent.get(self.name, self.settle),
            "act": self.name,
            "sides": self.sides,
        }

    def renew(self, item: RegisterItem) -> None:
        """What was typed stands on the version that is saved now: who looks and presses again means this one."""
        self.item = item
        for form, prefix in ((self.settle, "settle"), (self.blocks, "blocks")):
            if form.is_bound:
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data[f"{prefix}-version"] = str(item.version)  # type: ignore[index]

    def act(self) -> str:
        """Do what was asked, and say it; empty where something typed is wrong. Raises ``Refusal``."""
        if self.name == "voice":
            return self._voice()
        if not self.user.has_perm(CHANGE):
            raise PermissionDenied
        match self.name:
            case "decide" | "abandon":
                return self._settle()
            case "choose":
                return self._choose()
            case "reopen":
                version = whole_number(self.request.POST.get("version"))
                reopen(self.item, version=version, at=self.at, by=self.user)
                return _("It is open again.")
            case "candidate":
                return self._candidate()
            case "remove":
                remove_candidate(self._asked("remove"), at=self.at, by=self.user)
                return _("The candidate is taken back.")
            case "blocks":
                return self._blocks()
        raise Refusal(_("Nothing was asked for. Press one of the buttons."))

    def _asked(self, name: str) -> Candidate:
        found = self.item.candidates.filter(pk=whole_number(self.request.POST.get(name))).first()
        if found is None:
            raise Refusal(_("This candidate is no longer there."))
        return found

    def _settle(self) -> str:
        if not self.settle.is_valid():
            return ""
        data = self.settle.cleaned_data
        common: dict[str, Any] = {
            "on": data["settled_on"], "meeting": data["meeting"], "version": data["version"], "at": self.at, "by": self.user,
        }  # fmt: skip
        if self.name == "decide":
            decide(self.item, outcome_fr=data["outcome_fr"], outcome_zh=data["outcome_zh_hans"], **common)
            return _("It is decided.")
        abandon(self.item, reason_fr=data["outcome_fr"], reason_zh=data["outcome_zh_hans"], **common)
        return _("It is abandoned; the reason stays visible.")

    def _choose(self) -> str:
        candidate = self._asked("choose")
        if not self.settle.is_valid():
            return ""
        data = self.settle.cleaned_data
        choose(
            candidate, on=data["settled_on"], meeting=data["meeting"], version=data["version"], at=self.at, by=self.user,
        )  # fmt: skip
        about = self.item.subject
        if isinstance(about, Milestone) and candidate.starts_on and about.is_open:
            # Its dates may push others: that is shown before it is done.
            self.leads_to = f"{reverse('admin:milestone_move', args=[about.key])}?candidat={candidate.pk}"
        return _("It is decided: “%(candidate)s”.") % {"candidate": candidate}

    def _candidate(self) -> str:
        if not self.candidate.is_valid():
            return ""
        try:
            add_candidate(self.item, at=self.at, by=self.user, **self.candidate.cleaned_data)
        except Refusal as refused:
            self.candidate.add_error(None, str(refused))
            return ""
        return _("The candidate stands beside the others.")

    def _voice(self) -> str:
        if not self.sides:
            raise PermissionDenied
        if not self.voice.is_valid():
            return ""
        data = self.voice.cleaned_data
        give_preference(
            self.item, side=Side(data["side"]), candidate=data["candidate"], comment=data["comment"], at=self.at, by=self.user,
        )  # fmt: skip
        return _("The voice of the %(side)s is given.") % {"side": Side(data["side"]).label}

    def _blocks(self) -> str:
        if not self.blocks.is_valid():
            return ""
        data = dict(self.blocks.cleaned_data)
        change(self.item, data, version=data.pop("version"), at=self.at, by=self.user)
        return _("What waits for it is saved.")


def _about(item: RegisterItem, request: HttpRequest) -> dict[str, Any]:
    user = staff(request)
    candidates = list(item.candidates.prefetch_related("preferences__by"))
    voices = [voice for candidate in candidates for voice in candidate.preferences.all()]
    agreed = {voice.candidate_id for voice in voices}
    today = item.edition.day_of(clock.now())
    return {
        "title": _("No. %(number)d of the register") % {"number": item.number},
        "item": item,
        "subject_url": subject_url(item.subject),
        "candidates": candidates,
        "agreed": agreed.pop() if len(voices) == len(Side) and len(agreed) == 1 else None,
        "blocks": [*item.blocks_items.all(), *item.blocks_milestones.all()],
        "blocked_by": list(item.blocked_by.all()),
        "reminders": item.reminders.all(),
        "gone": item.person is not None
        and not Contact.objects.serving(today).filter(pk=item.person.pk).exists(),
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(item)],
        "today": today,
        "may_change": user.has_perm(CHANGE),
        "may_remind": user.has_perm("assises.add_reminder"),
    }
