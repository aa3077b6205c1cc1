"""The award in the back office: its phases and who opens them, its numbers, its rules, its jury."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from modeltranslation.admin import TranslationAdmin

from assises import clock, journal
from assises.admin.editions import CHINESE, FRENCH, OfAnEdition
from assises.back_office import HouseAdmin, Task, action_name, name_actions, page_of_edition, show, staff
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.forms.bilingual import in_both_languages as label_both
from assises.models import Edition, User
from awards import services
from awards.content import WORDS, content_of, digest_of_rules, in_both_languages
from awards.enums import JuryRole, Phase
from awards.models import Agreement, Anchor, Article, Call, Category, Criterion, JuryMember, Rules
from awards.services.rules import dates_differ, differs_from_rules

READ, WRITE = "awards.view_call", "awards.change_rules"

name_actions(
    {
        "rules_begun": gettext_lazy("new version of the rules begun"),
        "rules_frozen": gettext_lazy("rules frozen with their hash"),
        "agreement_given": gettext_lazy("a co-president agrees"),
        "agreement_taken_back": gettext_lazy("a co-president no longer agrees"),
        "phase_opened": gettext_lazy("phase opened"),
        "rules_explained": gettext_lazy("what changes in the rules is said"),
        "rules_discarded": gettext_lazy("new version of the rules given up"),
        "jury_changed": gettext_lazy("jury changed"),
    }
)


@dataclass(frozen=True)
class Step:
    """A phase as its row shows it."""

    phase: Phase
    date: dt.datetime | None
    #: ``past``, ``present`` or ``ahead``.
    when: str
    agreements: list[Agreement]

    @property
    def sides(self) -> list[tuple[Side, Agreement | None]]:
        given = {agreement.side: agreement for agreement in self.agreements}
        return [(side, given.get(side)) for side in Side]


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
    "prix/", name="award", title=gettext_lazy("The award"), permission=READ, task=Task.AWARD, order=10
)
def award(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Where the award stands, what it waits for, and who agrees to the next phase."""
    call = Call.objects.filter(edition=edition).first()
    if call is None:
        return show(request, "awards/back_office/none.html", {"title": _("The award")})
    call.edition = edition
    if request.method == "POST":
        try:
            messages.success(request, _act(request, call))
        except Refusal as refused:
            messages.error(request, str(refused))
        return redirect("admin:award")
    return show(request, "awards/back_office/award.html", _about(call, staff(request)))


@page_of_edition(
    "prix/reglement/<int:version>/",
    name="award_rules",
    title=gettext_lazy("Rules of the award"),
    permission=READ,
)
def rules(request: HttpRequest, edition: Edition, version: int) -> HttpResponse:
    """A version of the rules as it would be, or was, frozen: what a co-president reads before agreeing."""
    found = (
        Rules.objects.filter(call__edition=edition, version=min(version, 2**15 - 1))
        .select_related("call")
        .first()
    )
    if found is None:
        raise Http404
    found.call.edition = edition
    form = ReasonForm(request.POST if "explain" in request.POST else None, instance=found)
    if request.method == "POST":
        if not staff(request).has_perm(WRITE):
            raise PermissionDenied
        try:
            if "discard" in request.POST:
                services.discard(found, at=clock.now(), by=staff(request))
                messages.success(request, _("The new version is given up."))
                return redirect("admin:award")
            if form.is_valid():
                data = form.cleaned_data
                services.explain(
                    found, reason_fr=data["reason_fr"], reason_zh=data["reason_zh_hans"], at=clock.now(), by=staff(request)
                )  # fmt: skip
                messages.success(request, _("It is saved."))
                return redirect("admin:award_rules", version)
        except Refusal as refused:
            messages.error(request, str(refused))
            return redirect("admin:award_rules", version)
    content = found.content or content_of(found)
    problems = [] if found.frozen_at else services.problems_of(found)
    member = found.call.jury.filter(user=staff(request), role=JuryRole.PRESIDENT).first()
    what = "agree" if found.call.phase == Phase.RULES else "agree_rules"
    agreed = (
        found.agreements.filter(member=member, digest=hash_of(content))
        if member
        else Agreement.objects.none()
    )
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
        "digest": hash_of(content),
        "problems": problems,
        "words": WORDS,
        "form": form
        if found.version > 1 and not found.frozen_at and staff(request).has_perm(WRITE)
        else None,
        "agree": what if member and not found.frozen_at and not problems and not agreed.exists() else "",
        "has_agreed": agreed.exists() and not found.frozen_at,
    }
    return show(request, "awards/back_office/rules.html", context)


def _act(request: HttpRequest, call: Call) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    at, user = clock.now(), staff(request)
    if "next_version" in request.POST:
        if not user.has_perm(WRITE):
            raise PermissionDenied
        written = services.write_next(call, at=at, by=user)
        return _("Version %(version)d of the rules is begun, with the articles of the one before.") % {
            "version": written.version
        }
    digest = request.POST.get("digest", "")[:64]
    if "agree" in request.POST:
        phase = request.POST.get("phase", "")
        if phase not in Phase.values:
            raise Refusal(_("Nothing was asked for. Press one of the buttons."))
        done = services.agree_to_phase(call, Phase(phase), digest=digest, at=at, by=user)
        if done.phase == phase:
            return _("Both co-presidents have agreed: “%(phase)s” is open.") % {"phase": Phase(phase).label}
        return _("Your agreement is noted. The phase opens on its date, once the other side has agreed too.")
    if "agree_rules" in request.POST:
        draft = call.rules.filter(frozen_at=None).first()
        if draft is None:
            raise Refusal(_("There are no new rules to agree to."))
        agreed = services.agree_to_rules(draft, digest=digest, at=at, by=user)
        if agreed.frozen_at:
            return _("Both co-presidents have agreed: the new version is in force.")
        return _("Your agreement is noted. The new version is in force once the other side has agreed too.")
    if "take_back" in request.POST:
        services.take_back(call, request.POST.get("phase", ""), at=at, by=user)
        return _("Your agreement is taken back.")
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))


def _about(call: Call, user: User) -> dict[str, Any]:
    phases = list(Phase)
    now = phases.index(Phase(call.phase))
    agreements = list(call.agreements.select_related("member__user"))
    draft = call.rules.filter(frozen_at=None).first()
    if draft is not None:
        draft.call = call
    in_force = Rules.objects.filter(call=call).in_force().first()
    if in_force is not None:
        in_force.call = call
    digest = digest_of_rules(draft) if draft else ""
    member = call.jury.filter(user=user).first()
    mine = [a for a in agreements if member and a.side == member.side]
    following = call.next_phase
    return {
        "title": _("The award"),
        "call": call,
        "edition": call.edition,
        "steps": [
            Step(
                phase,
                call.date_of(phase),
                "past" if n < now else "present" if n == now else "ahead",
                [a for a in agreements if a.phase == phase],
            )
            for n, phase in enumerate(phases)
        ],
        "draft": draft,
        "digest": digest,
        "problems": services.problems_of(draft) if draft else [],
        "in_force": in_force,
        "differs": in_force is not None and differs_from_rules(in_force),
        "dates_differ": in_force is not None and dates_differ(in_force),
        "member": member,
        "following": following,
        "is_president": member is not None and member.role == "president",
        "has_agreed": any(a.phase == following for a in mine if following),
        # Somebody agreed to another wording than that which stands now.
        "stale": [
            a for a in agreements if a.phase == Phase.CALL and following == Phase.CALL and a.digest != digest
        ],
        "rules_agreed": [a for a in agreements if draft and a.rules_id == draft.pk and not a.phase],
        "has_agreed_rules": any(draft and a.rules_id == draft.pk and not a.phase for a in mine),
        "may_write": user.has_perm(WRITE),
        "is_call": call.phase == Phase.CALL,
        "has_agreed_draft": any(draft and a.rules_id == draft.pk and a.digest == digest for a in mine),
        "jury": list(call.jury.select_related("user")),
        "history": [{"entry": e, "words": action_name(e.action)} for e in journal.of(call)],
    }


class OfACall(HouseAdmin, TranslationAdmin):
    """Something of the award of the current edition; the database keeps it once the jury has opened a file."""

    task = Task.AWARD

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(call__edition__is_current=True)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        call = Call.objects.filter(edition__is_current=True).first()
        return {**super().get_changeform_initial_data(request), "call": call.pk if call else None}


@admin.register(Call)
class CallAdmin(OfAnEdition, TranslationAdmin):
    task = Task.AWARD
    order = 20
    when_empty = gettext_lazy(
        "The award of an edition and its numbers stand here. Add the one of the current edition."
    )
    list_display = ["name", "edition", "phase"]
    list_select_related = ["edition"]
    fieldsets = [
        (None, {"fields": ["edition"]}),
        (FRENCH, {"fields": ["name_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans"]}),
        (
            pgettext_lazy("of the award", "Applications"),
            {
                "fields": [
                    "one_per_partnership", "summary_characters", "pictures", "picture_megabytes", "film_is_required",
                    "film_seconds", "film_megabytes", "completion_hours",
                ]
            },
        ),
        (
            pgettext_lazy("of the award", "Jury"),
            {"fields": ["jury_per_side", "quorum_per_side", "quorum_percent", "votes_are_secret"]},
        ),
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["edition"] if isinstance(obj, Call) and obj.phase != Phase.RULES else []


@admin.register(Category)
class CategoryAdmin(OfACall):
    order = 30
    when_empty = gettext_lazy("Prizes are given in categories: one for each theme, and mentions across them.")
    list_display = ["name", "theme", "prizes", "order"]
    list_select_related = ["theme"]
    fieldsets = [
        (None, {"fields": ["call", "code", "theme", "prizes", "order"]}),
        (FRENCH, {"fields": ["name_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans"]}),
    ]


@admin.register(Criterion)
class CriterionAdmin(OfACall):
    order = 40
    when_empty = gettext_lazy("What the jury marks from 1 to 5 stands here; the weights are 100 together.")
    list_display = ["name", "weight", "breaks_ties", "order"]
    fieldsets = [
        (None, {"fields": ["call", "code", "weight", "breaks_ties", "order"]}),
        (FRENCH, {"fields": ["name_fr", "question_fr"]}),
        (CHINESE, {"fields": ["name_zh_hans", "question_zh_hans"]}),
    ]


@admin.register(Anchor)
class AnchorAdmin(OfACall):
    order = 41
    when_empty = gettext_lazy(
        "What each mark from 1 to 5 means for each criterion stands here, in both languages."
    )
    list_display = ["criterion", "mark", "meaning"]
    list_select_related = ["criterion"]
    list_filter = ["criterion"]
    list_display_links = ["mark"]
    ordering = ["criterion__order", "mark"]
    fieldsets = [
        (None, {"fields": ["criterion", "mark"]}),
        (FRENCH, {"fields": ["meaning_fr"]}),
        (CHINESE, {"fields": ["meaning_zh_hans"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return HouseAdmin.get_queryset(self, request).filter(criterion__call__edition__is_current=True)


@admin.register(Article)
class ArticleAdmin(OfACall):
    """Articles of the draft are written; those of a frozen version are read."""

    order = 50
    when_empty = gettext_lazy(
        "The rules of the award are written here, article by article, in both languages."
    )
    list_display = ["number", "title", "rules"]
    list_display_links = ["title"]
    list_select_related = ["rules"]
    list_filter = ["rules"]
    ordering = ["-rules__version", "number"]
    fieldsets = [
        (None, {"fields": ["rules", "number"]}),
        (FRENCH, {"fields": ["title_fr", "text_fr"]}),
        (CHINESE, {"fields": ["title_zh_hans", "text_zh_hans"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return HouseAdmin.get_queryset(self, request).filter(rules__call__edition__is_current=True)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        draft = Rules.objects.filter(call__edition__is_current=True, frozen_at=None).first()
        return {**super().get_changeform_initial_data(request), "rules": draft.pk if draft else None}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        frozen = isinstance(obj, Article) and obj.rules.frozen_at is not None
        return not frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        frozen = isinstance(obj, Article) and obj.rules.frozen_at is not None
        return not frozen and super().has_delete_permission(request, obj)


@admin.register(JuryMember)
class JuryMemberAdmin(OfACall):
    order = 60
    when_empty = gettext_lazy(
        "The jury has equal sides, two co-presidents and two secretaries. Add its members."
    )
    list_display = ["user", "side", "role", "function"]
    list_select_related = ["user"]
    fieldsets = [
        (None, {"fields": ["call", "user", "side", "role"]}),
        (FRENCH, {"fields": ["function_fr"]}),
        (CHINESE, {"fields": ["function_zh_hans"]}),
    ]

    def save_model(self, request: HttpRequest, obj: JuryMember, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _note(obj, staff(request))

    def delete_model(self, request: HttpRequest, obj: JuryMember) -> None:
        super().delete_model(request, obj)
        _note(obj, staff(request))


def _note(member: JuryMember, by: User) -> None:
    """The jury is named by administrators only; the journal of the award says who was made what."""
    details: dict[str, Any] = {
        "account": member.user_id,
        "side": member.side,
        "role": member.role,
        "there": member.pk is not None,
    }
    journal.write([journal.entry(member.call, "jury_changed", at=clock.now(), by=by, **details)])
