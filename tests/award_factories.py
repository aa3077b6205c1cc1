"""What tests of the award need, made in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group

from assises import accounts
from assises.enums import MilestoneKey, Side
from assises.models import Edition, Milestone, Theme, User
from awards import services
from awards.content import digest_of_rules
from awards.enums import JuryRole, Phase
from awards.models import (
    Anchor,
    Article,
    Call,
    Category,
    Criterion,
    JuryMember,
    JuryMinutes,
    MinutesSignature,
    Rules,
)
from tests.factories import NUMBERS, a_member_of_staff

OPENS = dt.datetime(2018, 9, 10, 7, tzinfo=dt.UTC)
CLOSES = dt.datetime(2018, 9, 30, 16, tzinfo=dt.UTC)
DATES = {
    MilestoneKey.AWARD_CALL_OPENS: OPENS,
    MilestoneKey.AWARD_CALL_CLOSES: CLOSES,
    MilestoneKey.AWARD_JURY_OPENS: dt.datetime(2018, 10, 11, 7, tzinfo=dt.UTC),
    MilestoneKey.AWARD_SCORING_OPENS: dt.datetime(2018, 10, 16, 7, tzinfo=dt.UTC),
    MilestoneKey.AWARD_SCORING_CLOSES: dt.datetime(2018, 10, 24, 7, tzinfo=dt.UTC),
    MilestoneKey.AWARD_CEREMONY: dt.datetime(2018, 12, 13, 8, tzinfo=dt.UTC),
}
#: Five minutes into it.
IN_CEREMONY = DATES[MilestoneKey.AWARD_CEREMONY] + dt.timedelta(minutes=5)
#: Before the call: the rules are written.
AUGUST = dt.datetime(2018, 8, 20, 8, tzinfo=dt.UTC)


def an_award(edition: Edition, **fields: Any) -> Call:
    """With its dates, one category, two criteria with all their marks, a draft of two articles, both co-presidents."""
    for key, when in DATES.items():
        Milestone.objects.create(edition=edition, key=key, label_fr=key.label, starts_at=when)
    theme = Theme.objects.create(
        edition=edition, code=f"tourism-{next(NUMBERS)}", name_fr="Tourisme", name_zh_hans="旅游", shape="circle",
        colour="#1F6E8C",
    )  # fmt: skip
    call = Call.objects.create(edition=edition, name_fr="Prix", name_zh_hans="奖项", **fields)
    Category.objects.create(call=call, code="tourism", name_fr="Tourisme", name_zh_hans="旅游", theme=theme)
    for order, (code, weight) in enumerate([("innovation", 60), ("results", 40)]):
        criterion = Criterion.objects.create(
            call=call, code=code, weight=weight, breaks_ties=not order, order=order, name_fr=code, name_zh_hans=code,
            question_fr="Quoi ?", question_zh_hans="什么？",
        )  # fmt: skip
        for mark in range(1, 6):
            Anchor.objects.create(
                criterion=criterion, mark=mark, meaning_fr=f"Sens {mark}", meaning_zh_hans=f"含义{mark}"
            )
    rules = Rules.objects.create(call=call)
    an_article(rules, 1, text_fr="L’appel se clôt le {closes_at}.", text_zh_hans="申报截止：{closes_at}。")
    an_article(
        rules, 2, text_fr="Le film dure {film_seconds} secondes.", text_zh_hans="影片{film_seconds}秒。"
    )
    for side in Side:
        a_member(call, side, JuryRole.PRESIDENT)
    return call


def an_article(rules: Rules, number: int, **fields: Any) -> Article:
    defaults = {"title_fr": f"Titre {number}", "title_zh_hans": f"标题{number}", "text_fr": "Texte.", "text_zh_hans": "正文。"}  # fmt: skip
    return Article.objects.create(rules=rules, number=number, **{**defaults, **fields})


def a_member(call: Call, side: Side, role: JuryRole = JuryRole.JUROR) -> JuryMember:
    accounts.ensure_groups()
    language = "fr" if side == Side.FRENCH else "zh-hans"
    user = a_member_of_staff(is_superuser=False, side=side, language=language)
    user.groups.add(Group.objects.get(name=accounts.JURY))
    return JuryMember.objects.create(call=call, user=user, side=side, role=role)


def president(call: Call, side: Side) -> User:
    return JuryMember.objects.get(call=call, side=side, role=JuryRole.PRESIDENT).user


def agree(call: Call, side: Side, phase: Phase = Phase.CALL, *, at: dt.datetime = OPENS) -> Call:
    """The co-president of this side agrees to open the phase, to the rules as they stand."""
    draft = Rules.objects.filter(call=call, frozen_at=None).first()
    digest = digest_of_rules(draft) if draft and phase == Phase.CALL else ""
    return services.agree_to_phase(call, phase, digest=digest, at=at, by=president(call, side))


def opened(call: Call, phase: Phase = Phase.CALL, *, at: dt.datetime = OPENS) -> Call:
    """Both agree at ``at``, from the phase before."""
    agree(call, Side.FRENCH, phase, at=at)
    return agree(call, Side.CHINESE, phase, at=at)


def published(call: Call, *, at: dt.datetime = IN_CEREMONY) -> Call:
    """From sealed results: the minutes are signed by all four, and both release the results at the ceremony.

    Minutes that were not begun are rows without a word: their tests have written ones.
    """
    if not call.minutes.exists():
        four = call.jury.signing().order_by("role", "side")
        minutes = JuryMinutes.objects.create(
            call=call, number=1, begun_by=four.filter(role=JuryRole.SECRETARY)[0], begun_at=at, content={},
            digest="0" * 64, written_at=at,
        )  # fmt: skip
        for member in four:
            MinutesSignature.objects.create(minutes=minutes, member=member, digest=minutes.digest, at=at)
        minutes.signed_at = at
        minutes.save()
    return opened(call, Phase.PUBLISHED, at=at)
