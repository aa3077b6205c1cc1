"""What organisers answer to a contribution: first asked, then done. Each answer is a page of its own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises import clock
from assises.back_office import show, staff
from assises.characters import writable
from assises.exceptions import Refusal
from assises.forms.fields import email
from assises.models import User
from program import services
from program.enums import ContributionState, SpeakerState
from program.models import Contribution, Session, Speaker

Words = str | Promise


class StepForm(forms.Form):
    """What is asked before it is done; of some things nothing."""

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, use_required_attribute=False)


class MessageForm(StepForm):
    """What whoever proposed it reads."""

    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=2000,
        validators=[writable],
        widget=forms.Textarea(attrs={"rows": "6"}),
        error_messages={"required": gettext_lazy("Say why: whoever proposed it reads this.")},
    )

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, row=row)
        self.fields["message"].help_text = (
            _("Write it in Chinese: the language of our letters to that person.")
            if row.language == "zh-hans"
            else _("Write it in French: the language of our letters to that person.")
        )


class ChangesForm(MessageForm):
    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, row=row)
        self.fields["message"].label = _("What to change")
        self.fields["message"].error_messages["required"] = _(
            "Say what to change: whoever proposed it reads this."
        )


class ReopenForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, validators=[writable], required=False
    )


class LinkForm(StepForm):
    email = email()

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, row=row)
        self.fields["email"].initial = row.email
        self.fields["email"].help_text = _("With another address, the links sent so far stop working.")


class SpeakerForm(StepForm):
    """Who speaks."""

    speaker = forms.ModelChoiceField(
        Speaker.objects.none(),
        label=gettext_lazy("Speaker"),
        empty_label=None,
        help_text=gettext_lazy(
            "We write to this person and ask for a yes. Without an address that is not possible."
        ),
        error_messages={"required": gettext_lazy("Choose a speaker.")},
    )

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, row=row)
        speakers = self.fields["speaker"]
        assert isinstance(speakers, forms.ModelChoiceField)
        speakers.queryset = Speaker.objects.filter(edition=row.edition_id, side=row.side).exclude(email="")
        speakers.initial = row.speaker_id


class AcceptForm(SpeakerForm):
    """Into which workshop, and who speaks."""

    session = forms.ModelChoiceField(
        Session.objects.none(),
        label=gettext_lazy("Workshop"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a workshop.")},
    )
    field_order = ("session", "speaker")

    def __init__(self, data: Any = None, *, row: Contribution) -> None:
        super().__init__(data, row=row)
        workshops = Session.objects.filter(edition=row.edition_id).kept().workshops()
        sessions = self.fields["session"]
        assert isinstance(sessions, forms.ModelChoiceField)
        sessions.queryset = workshops
        sessions.initial = next((s for s in workshops if s.theme_id == row.theme_id), None)


Run = Callable[[Contribution, dict[str, Any], dt.datetime, User], str]


@dataclass(frozen=True)
class Step:
    """One answer: what is asked before, what is done, in which states it makes sense."""

    name: str
    title: Words
    explanation: Words
    form: type[StepForm]
    run: Run
    states: frozenset[ContributionState]
    is_main: bool = False
    is_grave: bool = False


def _accept(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    done = services.accept(row, session=data["session"], speaker=data["speaker"], at=at, by=by)
    return _("Accepted into “%(session)s”. It is confirmed once %(speaker)s has said yes.") % {
        "session": done.session,
        "speaker": done.speaker,
    }


def _name_speaker(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    done = services.name_speaker(row, speaker=data["speaker"], at=at, by=by)
    return _("%(speaker)s is asked by letter.") % {"speaker": done.speaker}


def _ask(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.ask_for_changes(row, message=data["message"], at=at, by=by)
    return _("A letter asks for the changes.")


def _decline(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.decline(row, reason=data["message"], at=at, by=by)
    return _("Not retained; a letter gives the reason.")


def _reopen(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.reopen(row, reason=data["reason"], at=at, by=by)
    return _("The contribution waits for your answer again.")


def _send_link(row: Contribution, data: dict[str, Any], at: dt.datetime, by: User) -> str:
    services.send_link(row, email=data["email"], at=at, by=by)
    return _("The link leaves for %(address)s.") % {"address": data["email"]}


_OPEN = frozenset({ContributionState.PROPOSED, ContributionState.CHANGES_ASKED})
_ACCEPTED = frozenset({ContributionState.ACCEPTED})
_CONFIRMED = frozenset({ContributionState.CONFIRMED})

STEPS = {
    step.name: step
    for step in [
        Step(
            "accept",
            pgettext_lazy("a contribution", "Accept"),
            gettext_lazy("It stands last in the running order of the workshop. The speaker is asked by letter: until the answer is yes, it is accepted but not confirmed."),
            AcceptForm,
            _accept,
            _OPEN,
            is_main=True,
        ),
        Step(
            "speaker",
            gettext_lazy("Name another speaker"),
            gettext_lazy("It keeps its place in the programme. Whoever was asked before hears that somebody else speaks; the new speaker is asked by letter, and it is confirmed once the answer is yes."),
            SpeakerForm,
            _name_speaker,
            _ACCEPTED | _CONFIRMED,
        ),
        Step(
            "ask",
            gettext_lazy("Ask for changes"),
            gettext_lazy("Those who proposed it change it by their own link; with that it is proposed again. What was accepted leaves the programme meanwhile."),
            ChangesForm,
            _ask,
            frozenset({ContributionState.PROPOSED}) | _ACCEPTED,
        ),
        Step(
            "reopen",
            gettext_lazy("Take it up again"),
            gettext_lazy("It waits for an answer again. No letter leaves: your next answer brings one."),
            ReopenForm,
            _reopen,
            frozenset({ContributionState.DECLINED}),
        ),
        Step(
            "link",
            gettext_lazy("Send the link again"),
            gettext_lazy("A letter with the link to the own page leaves, if need be for another address."),
            LinkForm,
            _send_link,
            _OPEN | _ACCEPTED | _CONFIRMED | {ContributionState.DECLINED},
        ),
        Step(
            "decline",
            pgettext_lazy("a contribution", "Do not retain"),
            gettext_lazy("A letter gives the reason. What was accepted leaves the programme, and its speaker is told."),
            MessageForm,
            _decline,
            _OPEN | _ACCEPTED | _CONFIRMED,
            is_grave=True,
        ),
    ]
}  # fmt: skip


def steps_of(row: Contribution) -> list[Step]:
    """What can be answered to it now."""
    return [step for step in STEPS.values() if ContributionState(row.state) in step.states]


def act(request: HttpRequest, row: Contribution, step: Step) -> HttpResponse:
    """Ask, then do it; a refusal says why and changes nothing."""
    form = step.form(request.POST if request.method == "POST" else None, row=row)
    if form.is_bound and form.is_valid():
        try:
            sentence = step.run(row, form.cleaned_data, clock.now(), staff(request))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, sentence)
            return redirect("admin:program_contribution_change", row.pk)
    return show(
        request,
        "program/back_office/contribution_step.html",
        {"title": step.title, "step": step, "contribution": row, "form": form, "asked": SpeakerState.ASKED},
    )
