"""Sittings, presence, the agenda, motions and what they give."""

import datetime as dt

import pytest

from assises.exceptions import Refusal
from assises.models import JournalEntry
from awards import services
from awards.enums import AgendaKind, Effect, MotionState, Phase
from awards.models import AgendaItem, Call, Category, Motion, Presence, Result, Sitting
from awards.readiness import gaps_before
from awards.room import room_of
from awards.wording import Wording
from tests.award_factories import agree, opened, president, published
from tests.deliberation_factories import (
    a_motion,
    a_sitting,
    an_open_vote,
    cast,
    decided,
    in_deliberation,
    item,
    recuse,
)
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_DELIBERATION,
    IN_SCORING,
    answer,
    fresh,
    in_conflicts,
    in_scoring,
    juror,
    members,
    rows_of,
    secretary,
    sign,
    substitute,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def chinese_president(call):
    return juror(call, CN, 0).user


def mentions(call, **fields):
    """A category without a theme; added by a row, before the first file is opened."""
    return Category.objects.create(
        call=call, code="youth", name_fr="Jeunesse", name_zh_hans="青年", order=5, **fields
    )


def given():
    return [
        (r.application.number, r.category.code, r.kind, r.place, r.is_ex_aequo)
        for r in Result.objects.select_related("application", "category")
    ]


# --- Sittings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [FR, CN])
def test_either_co_president_opens_a_sitting_and_either_closes_it(edition, side):
    call = in_deliberation(edition)

    services.open_sitting(call, at=IN_DELIBERATION, by=president(call, side))
    closed = services.close_sitting(call, at=IN_DELIBERATION + MINUTE, by=president(call, FR))

    assert (closed.number, closed.opened_by.side, closed.closed_at) == (1, side, IN_DELIBERATION + MINUTE)
    assert services.open_sitting(call, at=IN_DELIBERATION + 2 * MINUTE, by=president(call, CN)).number == 2


def test_nobody_else_does_and_one_is_open_at_a_time(edition):
    call = in_deliberation(edition)

    for user in (juror(call).user, secretary(call).user, a_member_of_staff()):
        with pytest.raises(Refusal):
            services.open_sitting(call, at=IN_DELIBERATION, by=user)
    services.open_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    with pytest.raises(Refusal):
        services.open_sitting(call, at=IN_DELIBERATION, by=president(call, CN))

    assert Sitting.objects.count() == 1


def test_the_jury_sits_while_it_deliberates_and_not_before(edition):
    call = in_scoring(edition)

    with pytest.raises(Refusal):
        services.open_sitting(call, at=IN_SCORING, by=president(call, FR))


# --- Presence --------------------------------------------------------------------------------------------


def present(call, at):
    room = room_of(call, Sitting.objects.get(), [], at=at)
    return {m.pk for m in room.members if m.pk in room.present}


def test_whoever_was_not_seen_for_two_minutes_is_away_until_seen_again(edition):
    call = in_deliberation(edition)
    sitting = a_sitting(call)
    member = juror(call, CN)
    start = IN_DELIBERATION

    assert member.pk in present(call, start + 2 * MINUTE - dt.timedelta(seconds=1))
    assert present(call, start + 2 * MINUTE) == set()

    services.see(member, sitting, at=start + 5 * MINUTE)

    assert present(call, start + 5 * MINUTE) == {member.pk}


def test_a_page_keeps_only_those_in_the_room_who_have_come_and_not_left(edition):
    call = in_deliberation(edition)
    sitting = a_sitting(call)
    gone, never = juror(call), secretary(call)
    services.leave(gone, at=IN_DELIBERATION + MINUTE)

    for member in (gone, never):
        services.see(member, sitting, at=IN_DELIBERATION + MINUTE)

    assert not {gone.pk, never.pk} & present(call, IN_DELIBERATION + MINUTE)
    services.enter(gone, at=IN_DELIBERATION + MINUTE)
    assert gone.pk in present(call, IN_DELIBERATION + MINUTE)
    assert Presence.objects.get(member=gone).entered_at == IN_DELIBERATION


def test_being_seen_writes_once_in_a_while_and_counts_no_version(edition, django_assert_num_queries):
    call = in_deliberation(edition)
    sitting = a_sitting(call)
    version, member = Sitting.objects.get().version, juror(call)

    with django_assert_num_queries(1):
        services.see(member, sitting, at=IN_DELIBERATION + dt.timedelta(seconds=3))
    assert Presence.objects.get(member=juror(call)).seen_at == IN_DELIBERATION
    services.see(juror(call), sitting, at=IN_DELIBERATION + MINUTE)

    assert Presence.objects.get(member=juror(call)).seen_at == IN_DELIBERATION + MINUTE
    assert Sitting.objects.get().version == version


def test_coming_and_going_is_in_the_journal(edition):
    call = in_deliberation(edition)
    a_sitting(call, juror(call))
    services.enter(juror(call), at=IN_DELIBERATION)
    services.leave(juror(call), at=IN_DELIBERATION)

    actions = JournalEntry.objects.filter(actor=juror(call).user).values_list("action", flat=True)
    assert [a for a in actions if a.startswith("jury_")].count("jury_entered") == 1
    assert "jury_left" in actions


def test_without_an_open_sitting_nobody_comes(edition):
    call = in_deliberation(edition)

    with pytest.raises(Refusal):
        services.enter(juror(call), at=IN_DELIBERATION)


# --- Who is in the room ----------------------------------------------------------------------------------


def test_a_recused_member_is_out_of_the_room_and_does_not_count(edition):
    call = in_deliberation(edition, quorum_per_side=3)
    first = rows_of(call)[0]
    a_sitting(call)
    recuse(juror(call), first)

    room = room_of(call, Sitting.objects.get(), [first.pk], at=IN_DELIBERATION)

    assert not room.hears(juror(call), [first.pk])
    assert room.hears(juror(call), [])
    assert room.hears(secretary(call), [first.pk])
    assert juror(call).pk not in {m.pk for m in room.voters([first.pk])}
    assert room.quorum([first.pk]).as_plain()["FR"] == {"eligible": 2, "present": 2, "needed": 2}
    assert room.quorum([]).as_plain()["FR"] == {"eligible": 3, "present": 3, "needed": 3}


def test_a_substitute_who_was_called_votes_on_that_application_and_on_nothing_else(edition):
    call = in_conflicts(edition)
    first, second = rows_of(call)
    for place in range(3):
        answer(sign(juror(call, FR, place)), *([first] if place else []))
        answer(sign(juror(call, CN, place)))
    services.call_substitute(first, at=IN_SCORING, by=secretary(call).user)
    answer(sign(substitute(call)))
    opened(call, Phase.SCORING, at=IN_SCORING)
    call = opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)
    a_sitting(call, *members(call), substitute(call))

    room = room_of(call, Sitting.objects.get(), [first.pk, second.pk], at=IN_DELIBERATION)

    called = fresh(substitute(call))
    assert room.votes_on(called, [first.pk])
    assert not room.votes_on(called, [second.pk])
    assert not room.votes_on(called, [first.pk, second.pk])
    assert not room.votes_on(called, [])
    assert room.quorum([first.pk]).as_plain()["FR"] == {"eligible": 2, "present": 2, "needed": 2}


# --- The agenda ------------------------------------------------------------------------------------------


def agenda(call):
    return [
        (i.kind, i.category.code if i.category else "", [line.application.number for line in i.lines.all()])
        for i in call.agenda.select_related("category").prefetch_related("lines__application")
    ]


def test_the_agenda_is_written_from_the_ranking_and_does_not_move(edition):
    call = in_deliberation(edition, applications=3)
    a_sitting(call)

    assert agenda(call) == [("winners", "", [1]), ("reserve", "tourism", [2, 3])]
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    recuse(juror(call), rows_of(call)[0])
    services.open_sitting(call, at=IN_DELIBERATION, by=president(call, CN))

    assert agenda(call) == [("winners", "", [1]), ("reserve", "tourism", [2, 3])]


def test_what_is_close_at_the_boundary_comes_first_and_is_in_no_block(edition):
    call = in_deliberation(edition, applications=3, given={1: 4, 2: 4, 3: 2})
    a_sitting(call)

    assert agenda(call) == [("boundary", "tourism", [1, 2]), ("reserve", "tourism", [3])]
    line = item(call, AgendaKind.BOUNDARY).lines.first()
    assert (line.facts["rank"], line.facts["last_place"], line.facts["decided_by"]) == (1, 2, "")


def test_mentions_stand_before_the_reserve_lists(edition, monkeypatch):
    from tests import award_factories

    made = award_factories.an_article
    monkeypatch.setattr(
        award_factories,
        "an_article",
        lambda rules, *a, **k: (
            rules.call.categories.filter(code="youth").exists() or mentions(rules.call),
            made(rules, *a, **k),
        )[1],
    )
    call = in_deliberation(edition)
    a_sitting(call)

    assert [kind for kind, _code, _rows in agenda(call)] == ["winners", "mention", "reserve"]


def test_a_co_president_adds_an_item_in_both_languages(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    row = rows_of(call)[1]

    added = services.add_item(
        call, Wording("Le film", "影片"), [row], at=IN_DELIBERATION, by=chinese_president(call)
    )

    assert (added.kind, added.number, added.text_zh_hans) == ("added", 3, "影片")
    for text, rows, user in [
        (Wording("Le film", " "), [], president(call, FR)),
        (Wording("x" * 1001, "影片"), [], president(call, FR)),
        (Wording("Le film", "影片"), [], juror(call).user),
    ]:
        with pytest.raises(Refusal):
            services.add_item(call, text, rows, at=IN_DELIBERATION, by=user)
    recuse(juror(call, FR, 0), row)
    with pytest.raises(Refusal):
        services.add_item(call, Wording("a", "b"), [row], at=IN_DELIBERATION, by=president(call, FR))


def test_a_co_president_takes_up_an_item_but_not_while_there_is_a_vote(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    reserve = item(call, AgendaKind.RESERVE)

    services.take_up(reserve, at=IN_DELIBERATION, by=chinese_president(call))
    assert Sitting.objects.get().current == reserve
    an_open_vote(call, 1)
    assert Sitting.objects.get().current == item(call)
    with pytest.raises(Refusal):
        services.take_up(reserve, at=IN_DELIBERATION, by=chinese_president(call))
    with pytest.raises(Refusal):
        services.take_up(reserve, at=IN_DELIBERATION, by=juror(call).user)


# --- Motions ---------------------------------------------------------------------------------------------


def test_a_motion_is_proposed_in_both_languages_and_worded_by_a_co_president(edition):
    call = in_deliberation(edition)
    a_sitting(call)

    motion = a_motion(call, 1)

    row = rows_of(call)[0]
    assert row.title_fr in motion.text_fr
    assert row.title_zh_hans in motion.text_zh_hans
    assert "Tourisme" in motion.text_fr
    assert "旅游" in motion.text_zh_hans
    services.word_motion(motion, Wording("Le prix", "奖"), at=IN_DELIBERATION, by=president(call, FR))
    motion = services.open_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    assert motion.text_fr == "Le prix"
    with pytest.raises(Refusal):
        services.word_motion(motion, Wording("Autre", "别"), at=IN_DELIBERATION, by=president(call, FR))


def test_whoever_does_not_vote_or_is_recused_moves_nothing(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call), rows_of(call)[0])

    for user in (juror(call).user, secretary(call).user, substitute(call).user, a_member_of_staff()):
        with pytest.raises(Refusal):
            a_motion(call, 1, by=user)
    assert a_motion(call, 1, by=juror(call, CN).user).number == 1


@pytest.mark.parametrize(
    ("french", "chinese", "state"),
    [
        ("yyy", "yyy", MotionState.PASSED),
        ("yyn", "ynn", MotionState.LOST),
        # Four of six for it, but not one more on the Chinese side.
        ("yyy", "yna", MotionState.LOST),
        ("yyy", "nnn", MotionState.LOST),
        ("yaa", "yaa", MotionState.PASSED),
        ("aaa", "yyy", MotionState.LOST),
        ("", "", MotionState.LOST),
        ("yny", "yny", MotionState.PASSED),
        ("yyy", "nny", MotionState.LOST),
    ],
)
def test_a_motion_passes_with_a_majority_of_all_and_of_each_side(edition, french, chinese, state):
    call = in_deliberation(edition)
    a_sitting(call)

    motion = decided(call, 1, french=french, chinese=chinese)

    assert motion.state == state
    assert Result.objects.exists() is (state == MotionState.PASSED)
    assert motion.tally["FR"]["yes"] == french.count("y")


def test_without_a_quorum_no_vote_opens_and_the_sentence_says_who_lacks(edition):
    call = in_deliberation(edition, quorum_per_side=3)
    a_sitting(call, *members(call, FR), juror(call, CN, 0), juror(call, CN, 1))

    with pytest.raises(Refusal, match="chinois"):
        an_open_vote(call, 1)
    services.enter(juror(call, CN, 2), at=IN_DELIBERATION)

    assert (
        services.open_vote(Motion.objects.get(), at=IN_DELIBERATION, by=president(call, FR)).state == "open"
    )


def test_a_vote_that_is_closed_without_a_quorum_is_void(edition):
    call = in_deliberation(edition, quorum_per_side=3)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "yyy", "yyy")
    services.leave(juror(call, CN), at=IN_DELIBERATION)

    motion = services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))

    assert (motion.state, motion.why_void) == ("void", "no_quorum")
    assert not Result.objects.exists()
    services.enter(juror(call, CN), at=IN_DELIBERATION)
    assert decided(call, 1).ballot == 1


def test_whoever_is_away_is_missing_for_the_quorum(edition):
    call = in_deliberation(edition, quorum_per_side=3)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "yyy", "yyy")
    late = IN_DELIBERATION + 3 * MINUTE

    motion = services.close_vote(motion, at=late, by=president(call, FR))

    assert motion.state == MotionState.VOID
    assert motion.attendance["opened"]["quorum"]["all"]["present"] == 6
    assert motion.attendance["closed"]["quorum"]["all"]["present"] == 0


def test_the_vote_of_somebody_who_is_recused_meanwhile_makes_it_void(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "yyy", "yyy")
    recuse(juror(call), rows_of(call)[0])

    motion = services.close_vote(motion, at=IN_DELIBERATION, by=president(call, CN))

    assert (motion.state, motion.why_void) == ("void", "recused")


def test_a_recused_co_president_leaves_it_to_the_other_and_if_both_are_either_does_it(edition):
    call = in_deliberation(edition, jurors=3)
    first = rows_of(call)[0]
    a_sitting(call)
    recuse(juror(call, FR, 0), first)
    motion = a_motion(call, 1)

    with pytest.raises(Refusal):
        services.open_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    recuse(juror(call, CN, 0), first)
    motion = services.open_vote(motion, at=IN_DELIBERATION, by=president(call, FR))

    assert motion.state == MotionState.OPEN
    with pytest.raises(Refusal):
        services.word_motion(motion, Wording("a", "b"), at=IN_DELIBERATION, by=president(call, FR))


def test_a_tie_leads_to_a_second_ballot_and_then_to_a_shared_prize(edition):
    call = in_deliberation(edition, given={1: 4, 2: 4})
    a_sitting(call)

    first = decided(call, 1, french="yyn", chinese="ynn")
    second = decided(call, 1, french="yyn", chinese="ynn")

    assert (first.is_tied, first.ballot, second.ballot) == (True, 1, 2)
    with pytest.raises(Refusal, match="ex "):
        a_motion(call, 1)
    shared = decided(call, 1, 2, effect=Effect.EX_AEQUO)
    assert shared.state == MotionState.PASSED
    assert given() == [(1, "tourism", "prize", 1, True), (2, "tourism", "prize", 1, True)]


def test_what_was_decided_or_waits_is_not_moved_again(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    a_motion(call, 1)

    with pytest.raises(Refusal):
        a_motion(call, 1, by=juror(call, CN).user)
    decided(call, 2, french="nnn", chinese="nnn")
    with pytest.raises(Refusal):
        a_motion(call, 2)


# --- What they give --------------------------------------------------------------------------------------


def test_each_effect_gives_what_it_says(edition):
    call = in_deliberation(edition, applications=4)
    a_sitting(call)

    decided(call, 1, effect=Effect.PRIZES)
    decided(call, 3, 2, effect=Effect.RESERVE, under=item(call, AgendaKind.RESERVE))
    free = decided(call, effect=Effect.FREE, text=Wording("Merci à tous.", "谢谢大家。"))

    assert free.state == MotionState.PASSED
    assert given() == [
        (1, "tourism", "prize", 1, False),
        (3, "tourism", "reserve", 1, False),
        (2, "tourism", "reserve", 2, False),
    ]
    assert {r.motion.effect for r in Result.objects.all()} == {"prizes", "reserve"}


def test_a_category_has_no_more_prizes_than_it_has_and_an_application_one_of_them(edition):
    call = in_deliberation(edition, applications=3)
    a_sitting(call)
    decided(call, 1)

    for numbers, effect in [
        ([2], Effect.PRIZE),
        ([1], Effect.PRIZE),
        ([2, 3], Effect.EX_AEQUO),
        ([1, 2], Effect.RESERVE),
        ([], Effect.NO_PRIZE),
        ([], Effect.PRIZE),
        ([2], Effect.MENTION),
        ([2], Effect.FREE),
        ([], Effect.RESERVE),
        ([], Effect.PRIZES),
    ]:
        with pytest.raises(Refusal):
            a_motion(call, *numbers, effect=effect, category=call.categories.get(), text=Wording("a", "b"))


def test_no_prize_is_a_decision_and_ends_the_category(edition):
    call = in_deliberation(edition)
    a_sitting(call)

    motion = decided(call, effect=Effect.NO_PRIZE, category=call.categories.get())

    assert motion.state == MotionState.PASSED
    with pytest.raises(Refusal):
        a_motion(call, 1)


def test_whoever_is_recused_from_one_of_a_category_does_not_vote_that_it_has_no_prize(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call, FR, 2), rows_of(call)[1])

    with pytest.raises(Refusal):
        a_motion(call, effect=Effect.NO_PRIZE, category=call.categories.get(), by=juror(call, FR, 2).user)


# --- The phase after it ----------------------------------------------------------------------------------


def test_results_are_not_sealed_while_something_is_open_or_a_category_undecided(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    motion = an_open_vote(call, 1)

    said = gaps_before(call, Phase.SEALED)

    assert len(said) == 3
    assert "Tourisme" in said[2]
    with pytest.raises(Refusal):
        agree(call, FR, Phase.SEALED, at=IN_DELIBERATION)
    with pytest.raises(Refusal):
        services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    cast(motion, "yyy", "yyy")
    services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    assert gaps_before(call, Phase.SEALED) == []
    opened(call, Phase.SEALED, at=IN_DELIBERATION)
    assert Call.objects.get().phase == Phase.SEALED


def test_no_prize_settles_a_category(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, effect=Effect.NO_PRIZE, category=call.categories.get())
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))

    assert gaps_before(call, Phase.SEALED) == []


# --- Secrecy ---------------------------------------------------------------------------------------------


def test_who_knows_results_is_a_table(edition, as_role):
    from django.contrib.auth.models import AnonymousUser

    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call, CN, 2), rows_of(call)[0])
    decided(call, 1, chinese="yy")
    who = {
        "visitor": AnonymousUser(),
        "co-president": president(call, CN),
        "juror": juror(call).user,
        "recused": juror(call, CN, 2).user,
        "secretary": secretary(call).user,
        "substitute without pledge": substitute(call).user,
        "superuser": a_member_of_staff(),
    }

    def table():
        return {name: Result.objects.visible_to(user).count() for name, user in who.items()}

    assert table() == {
        "visitor": 0, "co-president": 1, "juror": 1, "recused": 0, "secretary": 1, "substitute without pledge": 0,
        "superuser": 0,
    }  # fmt: skip
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    opened(call, Phase.SEALED, at=IN_DELIBERATION)
    assert table()["recused"] == 0
    published(call)
    assert set(table().values()) == {1}


def test_the_journal_tells_no_result(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)
    row = rows_of(call)[0]

    lines = JournalEntry.objects.filter(action__in=["motion_moved", "vote_opened", "vote_closed", "sealed"])
    details = [set(entry.details) for entry in lines.filter(action__startswith="vote")]
    assert details == [{"number"}] * 2
    assert not any(str(row.pk) in str(entry.details.get("application", "")) for entry in lines)
    assert {entry.subject_type for entry in lines} == {"awards.sitting", "awards.seal"}


def test_the_models_are_not_in_the_back_office():
    from django.contrib import admin

    from awards.models import AgendaLine, Ballot, MotionLine, Vote

    for model in (Sitting, Presence, AgendaItem, AgendaLine, Motion, MotionLine, Vote, Ballot, Result):
        assert model not in admin.site._registry
