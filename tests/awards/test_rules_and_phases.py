"""The rules are written, agreed to by both co-presidents, frozen; phases open on their dates, one after the other."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from assises.enums import MilestoneKey, Side
from assises.exceptions import Refusal
from assises.models import JournalEntry, OutgoingEmail
from awards import services
from awards.content import differences, digest_of_rules
from awards.enums import JuryRole, Phase
from awards.models import Agreement, Anchor, Article, Call, JuryMember, Rules
from awards.services.rules import problems_of
from tests.award_factories import (
    AUGUST,
    CLOSES,
    OPENS,
    a_member,
    agree,
    an_article,
    an_award,
    opened,
    president,
)
from tests.factories import a_member_of_staff, an_edition
from tests.registration.test_concurrency import Someone

DAY = dt.timedelta(days=1)


def refused(statement, *values):
    """The rule by which the database refuses it; empty where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


# --- What the rules say ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_call_opens_when_both_have_agreed_and_freezes_the_rules_with_their_hash(edition):
    call = an_award(edition)

    assert agree(call, Side.FRENCH).phase == Phase.RULES
    assert agree(call, Side.CHINESE).phase == Phase.CALL

    rules = Rules.objects.get()
    canonical = json.dumps(rules.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (rules.frozen_at, rules.digest) == (OPENS, hashlib.sha256(canonical.encode()).hexdigest())
    text = rules.content["articles"][0]["text"]
    assert "dimanche\u00a030\u00a0septembre 2018 à\u00a018\u00a0h" in text["fr"]
    assert "2018年10月1日（星期一）00:00" in text["zh-Hans"]
    assert "180" in rules.content["articles"][1]["text"]["fr"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: Article.objects.filter(number=2).update(text_zh_hans=""), "2"),
        (lambda c: Article.objects.filter(number=1).update(text_zh_hans="申报截止：{opens_at}。"), "1"),
        (lambda c: Article.objects.all().delete(), "article"),
        (lambda c: c.criteria.filter(code="results").update(weight=39), "99"),
        (lambda c: c.criteria.update(breaks_ties=False), ""),
        (lambda c: Anchor.objects.filter(mark=3).first().delete(), "innovation"),
        (lambda c: c.categories.all().delete(), ""),
        (lambda c: c.edition.milestones.filter(key=MilestoneKey.AWARD_CEREMONY).delete(), ""),
    ],
)
def test_nobody_agrees_to_rules_with_a_gap(edition, spoil, said):
    call = an_award(edition)
    assert problems_of(call.rules.get()) == []

    spoil(call)

    [problem] = problems_of(Rules.objects.select_related("call__edition").get())
    assert said in problem
    with pytest.raises(Refusal):
        agree(call, Side.FRENCH)
    assert not Agreement.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("{film_hours}", "film_hours"), ("{ closes_at }", " closes_at "), ("{Date limite}", "Date limite"),
        ("{closes_at", "{"), ("}", "}"),
    ],
)  # fmt: skip
def test_a_word_in_braces_that_nobody_knows_is_named(edition, word, named):
    call = an_award(edition)
    Article.objects.filter(number=2).update(text_fr=word, text_zh_hans=word)

    with translation.override("fr"):
        [problem] = problems_of(Rules.objects.select_related("call__edition").get())
    assert f"ne connaît\xa0: {named}. Sont connus" in problem
    with pytest.raises(Refusal):
        agree(call, Side.FRENCH)


@pytest.mark.django_db
def test_whoever_agreed_to_another_wording_agrees_again(edition):
    call = an_award(edition)
    agree(call, Side.FRENCH)
    Article.objects.filter(number=2).update(text_fr="Au plus {film_seconds} secondes.")

    assert agree(call, Side.CHINESE).phase == Phase.RULES
    assert list(Agreement.objects.values_list("side", flat=True)) == [Side.CHINESE]
    assert agree(call, Side.FRENCH).phase == Phase.CALL


@pytest.mark.django_db
def test_a_page_older_than_the_rules_is_told_to_read_them_again(edition):
    call = an_award(edition)
    seen = digest_of_rules(call.rules.get())
    an_article(call.rules.get(), 3)

    with pytest.raises(Refusal):
        services.agree_to_phase(call, Phase.CALL, digest=seen, at=OPENS, by=president(call, Side.FRENCH))


@pytest.mark.django_db
def test_a_new_version_is_in_force_once_both_have_agreed_and_the_old_one_stays(edition):
    call = opened(an_award(edition))
    new = services.write_next(call, at=OPENS + DAY, by=a_member_of_staff())
    assert [a.number for a in new.articles.all()] == [1, 2]
    services.explain(new, reason_fr="Film plus long.", reason_zh="延长影片。", at=OPENS, by=None)
    Call.objects.filter(pk=call.pk).update(film_seconds=240)

    for side in Side:
        draft = Rules.objects.select_related("call__edition").get(pk=new.pk)
        services.agree_to_rules(
            draft, digest=digest_of_rules(draft), at=OPENS + 2 * DAY, by=president(call, side)
        )

    assert [(r.version, r.frozen_at) for r in Rules.objects.in_force()] == [(2, OPENS + 2 * DAY), (1, OPENS)]
    assert "240" in Rules.objects.get(version=2).content["articles"][1]["text"]["fr"]
    assert "180" in Rules.objects.get(version=1).content["articles"][1]["text"]["fr"]


@pytest.mark.django_db
def test_numbers_that_the_rules_no_longer_name_are_pointed_out(edition):
    call = opened(an_award(edition))
    rules = Rules.objects.get()
    rules.call = call
    assert not differences(rules).award
    call.criteria.filter(code="results").update(weight=39)
    assert differences(rules).award
    call.criteria.filter(code="results").update(weight=40)

    call.film_seconds = 60

    assert differences(rules).award
    Call.objects.filter(pk=call.pk).update(film_seconds=60)
    with pytest.raises(Refusal):
        agree(call, Side.FRENCH, Phase.ADMISSIBILITY, at=CLOSES)


# --- Who agrees, and when --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_before_its_date_nothing_opens_and_on_its_date_it_opens_by_itself(edition):
    call = an_award(edition)
    for side in Side:
        assert agree(call, side, at=AUGUST).phase == Phase.RULES

    assert services.open_due(at=OPENS - dt.timedelta(seconds=1)) == 0
    assert services.open_due(at=OPENS) == 1
    assert services.open_due(at=OPENS) == 0
    assert Call.objects.get().phase == Phase.CALL


@pytest.mark.django_db
def test_only_the_co_presidents_agree_each_for_a_side(edition):
    call = an_award(edition)
    digest = digest_of_rules(call.rules.get())
    others = [a_member(call, Side.FRENCH).user, a_member(call, Side.CHINESE, JuryRole.SECRETARY).user]

    for user in [*others, a_member_of_staff()]:
        with pytest.raises(Refusal):
            services.agree_to_phase(call, Phase.CALL, digest=digest, at=OPENS, by=user)
    for _twice in range(2):
        assert agree(call, Side.FRENCH).phase == Phase.RULES


@pytest.mark.django_db
def test_a_milestone_that_goes_or_moves_opens_nothing_before_what_the_rules_have_told(edition):
    call = opened(an_award(edition))
    for side in Side:
        agree(call, side, Phase.ADMISSIBILITY, at=OPENS)
    closes = edition.milestones.filter(key=MilestoneKey.AWARD_CALL_CLOSES)

    closes.update(starts_at=OPENS)
    assert services.open_due(at=CLOSES - DAY) == 0
    closes.delete()
    assert services.open_due(at=CLOSES + DAY) == 0

    assert Call.objects.get().phase == Phase.CALL


@pytest.mark.django_db
def test_whoever_is_co_president_no_more_has_not_agreed(edition):
    call = an_award(edition)
    agree(call, Side.FRENCH)
    JuryMember.objects.filter(call=call, side=Side.FRENCH).update(role=JuryRole.JUROR)
    a_member(call, Side.FRENCH, JuryRole.PRESIDENT)

    assert agree(call, Side.CHINESE).phase == Phase.RULES
    assert agree(call, Side.FRENCH).phase == Phase.CALL


@pytest.mark.django_db
def test_a_jury_that_is_not_of_equal_sides_declares_no_conflicts(edition):
    call = opened(opened(an_award(edition)), Phase.ADMISSIBILITY, at=CLOSES)
    later = CLOSES + 12 * DAY
    with pytest.raises(Refusal):
        agree(call, Side.FRENCH, Phase.CONFLICTS, at=later)
    for side in Side:
        a_member(call, side)
        a_member(call, side)
        a_member(call, side, JuryRole.SECRETARY)

    assert opened(call, Phase.CONFLICTS, at=later).phase == Phase.CONFLICTS


@pytest.mark.django_db
def test_phases_open_in_their_order_only(edition):
    call = opened(an_award(edition))

    with pytest.raises(Refusal):
        agree(call, Side.FRENCH, Phase.SCORING, at=CLOSES)
    assert opened(call, Phase.ADMISSIBILITY, at=CLOSES).phase == Phase.ADMISSIBILITY


@pytest.mark.django_db
def test_an_agreement_is_taken_back_until_the_phase_is_open(edition):
    call = an_award(edition)
    agree(call, Side.FRENCH)
    services.take_back_agreement(call, Phase.CALL, at=OPENS, by=president(call, Side.FRENCH))
    assert agree(call, Side.CHINESE).phase == Phase.RULES
    call = agree(call, Side.FRENCH)

    with pytest.raises(Refusal):
        services.take_back_agreement(call, Phase.CALL, at=OPENS, by=president(call, Side.FRENCH))
    assert call.phase == Phase.CALL


@pytest.mark.django_db
def test_the_other_co_president_hears_of_it_in_their_language_once(edition):
    call = an_award(edition)
    for _twice in range(2):
        agree(call, Side.FRENCH)

    letter = OutgoingEmail.objects.get(event="awards/agreement_awaited")

    assert (letter.to_email, letter.language) == (president(call, Side.CHINESE).email, "zh-hans")
    assert "/admin/prix/" in letter.text
    agree(call, Side.CHINESE)
    assert OutgoingEmail.objects.count() == 1


@pytest.mark.django_db
def test_the_journal_says_who_agreed_to_what_and_when_it_opened(edition):
    call = opened(an_award(edition))

    found = JournalEntry.objects.filter(subject_type="awards.call", subject_id=call.pk).order_by("id")
    assert [(e.action, e.details.get("side", "")) for e in found] == [
        ("agreement_given", "FR"),
        ("agreement_given", "CN"),
        ("phase_opened", ""),
    ]


# --- What only the database can promise ------------------------------------------------------------------


@pytest.mark.django_db
def test_frozen_rules_stay_also_by_sql(edition):
    call = opened(an_award(edition))
    rules = Rules.objects.get()

    assert {
        refused("UPDATE awards_rules SET digest = repeat('0', 64) WHERE id = %s", rules.pk),
        refused("UPDATE awards_article SET text_fr = 'x' WHERE rules_id = %s", rules.pk),
        refused("DELETE FROM awards_article WHERE rules_id = %s", rules.pk),
        refused("DELETE FROM awards_rules WHERE id = %s", rules.pk),
    } == {"awards_rules_stay"}
    assert refused("DELETE FROM awards_agreement WHERE call_id = %s", call.pk) == "awards_agreement_stays"


@pytest.mark.django_db
def test_no_phase_opens_by_sql_without_both(edition):
    call = an_award(edition)
    agree(call, Side.FRENCH)

    assert (
        refused("UPDATE awards_call SET phase = 'call' WHERE id = %s", call.pk) == "awards_call_opens_by_both"
    )
    opened_call = agree(call, Side.CHINESE)
    assert opened_call.phase == Phase.CALL
    for phase in ("rules", "conflicts", "published"):
        assert refused("UPDATE awards_call SET phase = %s WHERE id = %s", phase, call.pk) == (
            "awards_call_opens_by_both"
        )


@pytest.mark.django_db
def test_rules_are_not_frozen_by_sql_without_both(edition):
    call = an_award(edition)
    agree(call, Side.FRENCH)
    rules = call.rules.get()
    frozen = "frozen_at = now(), content = '{}', digest = repeat('0', 64)"

    assert (
        refused(f"UPDATE awards_rules SET {frozen} WHERE id = %s", rules.pk)
        == "awards_rules_agreed_to_by_both"
    )
    with pytest.raises(IntegrityError, match="awards_rules_agreed_to_by_both"), transaction.atomic():
        Rules.objects.create(call=call, version=2, frozen_at=OPENS, content={}, digest="0" * 64)


@pytest.mark.django_db
def test_an_award_stays_with_its_edition_and_an_agreement_with_its_member(edition):
    call = opened(an_award(edition))
    other = an_edition(elected=1)
    french = JuryMember.objects.get(call=call, side=Side.FRENCH)
    another = a_member_of_staff(side=Side.FRENCH)

    assert refused("UPDATE awards_call SET edition_id = %s WHERE id = %s", other.pk, call.pk) == (
        "awards_call_stays_with_its_edition"
    )
    assert refused("UPDATE awards_jurymember SET user_id = %s WHERE id = %s", another.pk, french.pk) == (
        "awards_jurymember_has_agreed"
    )


@pytest.mark.django_db(transaction=True)
def test_nobody_writes_in_the_rules_while_they_are_frozen():
    edition = an_edition(elected=1)
    call = an_award(edition)
    agree(call, Side.FRENCH)
    with transaction.atomic():
        agree(call, Side.CHINESE)
        other = Someone(lambda: Article.objects.filter(number=1).update(text_fr="x", text_zh_hans="x"))
        other.until_blocked()

    with pytest.raises(IntegrityError, match="awards_rules_stay"):
        other.result()
    rules = Rules.objects.get()
    assert set(Agreement.objects.values_list("digest", flat=True)) == {rules.digest}


@pytest.mark.django_db
def test_once_the_jury_has_opened_a_file_the_numbers_stay(edition):
    call = opened(an_award(edition))
    Call.objects.filter(pk=call.pk).update(first_opened_at=OPENS + DAY)

    assert {
        refused("UPDATE awards_call SET jury_per_side = 9 WHERE id = %s", call.pk),
        refused("UPDATE awards_call SET first_opened_at = NULL WHERE id = %s", call.pk),
        refused("UPDATE awards_criterion SET weight = 1 WHERE call_id = %s", call.pk),
        refused("DELETE FROM awards_anchor"),
        refused("UPDATE awards_category SET prizes = 7 WHERE call_id = %s", call.pk),
    } == {"awards_call_numbers_stay"}
    assert refused("UPDATE awards_call SET name_fr = 'Autre nom' WHERE id = %s", call.pk) == ""
    with pytest.raises(Refusal):
        services.write_next(call, at=OPENS + DAY, by=a_member_of_staff())


@pytest.mark.django_db
def test_a_member_is_of_the_side_of_the_account_and_each_side_has_one_of_a_kind(edition):
    call = an_award(edition)
    french = a_member(call, Side.FRENCH)

    assert refused("UPDATE awards_jurymember SET side = 'CN' WHERE id = %s", french.pk) == (
        "awards_jurymember_of_its_side"
    )
    assert refused("UPDATE assises_user SET side = 'CN' WHERE id = %s", french.user_id) == (
        "awards_jurymember_of_its_side"
    )
    with pytest.raises(IntegrityError, match="awards_jurymember_one_of_a_role_per_side"):
        JuryMember.objects.filter(pk=french.pk).update(role=JuryRole.PRESIDENT)


@pytest.mark.django_db(transaction=True)
def test_both_co_presidents_at_the_same_instant_open_it_once():
    edition = an_edition(elected=1)
    call = an_award(edition)
    with transaction.atomic():
        agree(call, Side.FRENCH)
        other = Someone(lambda: agree(call, Side.CHINESE))
        other.until_blocked()

    assert other.result().phase == Phase.CALL
    assert JournalEntry.objects.filter(action="phase_opened").count() == 1
