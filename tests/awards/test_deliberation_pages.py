"""The pages of the ranking and of the deliberation: who sees what, what the buttons do, what is asked again and again."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts, memory
from awards import services
from awards.enums import AgendaKind, Effect, MotionState, Phase
from awards.models import Call, Motion, Result, Sitting, Vote
from awards.standings import rankings_of
from awards.wording import Wording
from tests.account_factories import logged_in
from tests.award_factories import president
from tests.deliberation_factories import (
    a_motion,
    a_sitting,
    an_open_vote,
    cast,
    in_deliberation,
    item,
    recuse,
)
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_DELIBERATION,
    a_sheet,
    fresh,
    in_scoring,
    juror,
    members,
    rows_of,
    secretary,
    sign,
    substitute,
)

pytestmark = pytest.mark.django_db
RANKING, PAGE, PART = (
    reverse(f"admin:{name}") for name in ("jury_ranking", "jury_deliberation", "jury_deliberation_part")
)


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(IN_DELIBERATION, tick=False):
        yield


def page_of(member, path=PAGE, **headers):
    return logged_in(member.user).get(path, **headers)


def text_of(answer):
    return answer.content.decode()


def post(client, **fields):
    return client.post(PAGE, fields)


# --- Who has them ----------------------------------------------------------------------------------------


def test_who_has_the_pages_is_a_table(edition, as_role):
    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call, CN, 2), rows_of(call)[0])
    sign(substitute(call), at=IN_DELIBERATION)
    who = {
        "visitor": Client(),
        "co-president": logged_in(president(call, FR)),
        "juror": logged_in(juror(call).user),
        "recused": logged_in(juror(call, CN, 2).user),
        "substitute": logged_in(substitute(call).user),
        "secretary": logged_in(secretary(call).user),
        "organiser": as_role(accounts.ORGANISERS),
        "superuser": logged_in(a_member_of_staff()),
    }

    found = {
        name: [client.get(path).status_code for path in (RANKING, PAGE, PART)] for name, client in who.items()
    }

    assert found == {
        "visitor": [302] * 3,
        **dict.fromkeys(["co-president", "juror", "recused", "substitute", "secretary"], [200] * 3),
        **dict.fromkeys(["organiser", "superuser"], [403] * 3),
    }
    assert logged_in(juror(call).user, factor=False).get(PAGE).status_code == 302


def test_before_the_phase_there_is_nothing_to_see(edition):
    call = in_scoring(edition)
    a_sheet(juror(call), rows_of(call)[0])
    client = logged_in(juror(call).user)

    for path in (RANKING, PAGE):
        assert rows_of(call)[0].title_fr not in text_of(client.get(path))
    assert client.get(PART).status_code == 404


# --- The ranking -----------------------------------------------------------------------------------------


def test_the_ranking_shows_order_figures_and_where_prizes_cut(edition):
    call = in_deliberation(edition, applications=3, given={1: 2, 2: 4, 3: 3})
    client = logged_in(juror(call).user)

    answer = client.get(RANKING)

    (shown,) = answer.context["categories"]
    assert [(line.application.number, line.rank, line.code) for line in shown.lines] == [
        (2, "1", "prize"),
        (3, "2", "reserve"),
        (1, "3", "reserve"),
    ]
    assert "3 + 3" in text_of(answer)
    (simulated,) = client.get(RANKING, {"prix": "2"}).context["categories"]
    assert [line.code for line in simulated.lines] == ["prize", "prize", "reserve"]
    for nonsense in ("8", "0", "-1", "x", "9" * 40):
        (same,) = client.get(RANKING, {"prix": nonsense}).context["categories"]
        assert same.prizes == 1


def test_equals_are_tied_at_the_boundary_and_pointed_out(edition):
    call = in_deliberation(edition, applications=3, given={1: 4, 2: 4, 3: 2})

    (shown,) = page_of(juror(call), RANKING).context["categories"]

    assert [(line.rank, line.code) for line in shown.lines] == [
        ("1–2", "tied"),
        ("1–2", "tied"),
        ("3", "reserve"),
    ]
    assert [row.number for row in shown.undecided] == [1, 2]
    # One pair: what is tied at the boundary stands on both sides of it.
    assert {(one.number, other.number) for one, other, _gap in shown.near_ties} == {(1, 2)}


def test_the_order_of_a_recused_juror_is_made_without_what_they_are_recused_from(edition):
    """Figures of the others add up to nothing for each juror: with them one could work out the missing one."""
    call = in_deliberation(edition, applications=3, given={1: 4, 2: 3, 3: 2})
    row = rows_of(call)[0]
    recuse(juror(call), row)

    answer = page_of(juror(call), RANKING)

    (shown,) = answer.context["categories"]
    assert [(line.application.number, line.rank) for line in shown.lines] == [(2, "1"), (3, "2")]
    assert [r.number for r in shown.recused] == [1]
    assert [chart.number for chart in shown.chart.rows] == [2, 3]
    (whole,) = rankings_of(call)
    (own,) = rankings_of(call, fresh(juror(call)))
    assert whole.standings[1].final != own.standings[0].final
    assert row.title_fr in text_of(answer)
    (others,) = page_of(juror(call, CN), RANKING).context["categories"]
    assert [line.application.number for line in others.lines] == [1, 2, 3]


def test_names_of_contrary_jurors_are_for_those_who_vote(edition):
    call = in_scoring(edition, applications=6)
    for row in rows_of(call):
        for member in members(call):
            mark = 2 + (row.number or 0) % 3
            against = member.pk == juror(call, CN, 2).pk
            a_sheet(member, row, marks={"innovation": 6 - mark if against else mark, "film": None})
    from tests.award_factories import opened

    opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)
    name = str(juror(call, CN, 2))

    answer = page_of(juror(call), RANKING)

    assert [str(who) for who, _against in answer.context["contrary"]] == [name]
    aggregate = page_of(secretary(call), RANKING)
    assert aggregate.context["contrary"] == []
    assert name not in text_of(aggregate)
    assert len(aggregate.context["categories"][0].lines) == 6


def test_a_substitute_who_was_not_called_sees_no_figure(edition):
    call = in_deliberation(edition)
    sign(substitute(call), at=IN_DELIBERATION)

    (shown,) = page_of(substitute(call), RANKING).context["categories"]

    assert (shown.lines, shown.recused) == ([], [])


def test_the_ranking_costs_as_many_queries_for_two_and_for_five(edition, django_assert_max_num_queries):
    call = in_deliberation(edition, applications=5)
    client = logged_in(juror(call).user)
    client.get(RANKING)

    with django_assert_max_num_queries(27):
        client.get(RANKING)


# --- The live page ---------------------------------------------------------------------------------------


def test_a_deliberation_by_buttons_alone(edition):
    call = in_deliberation(edition)
    chair, mover, other = (logged_in(m.user) for m in (juror(call, FR, 0), juror(call), juror(call, CN, 0)))

    post(chair, open="1")
    for member in members(call):
        post(logged_in(member.user), enter="1")
    under = item(call)
    post(mover, move=under.pk, effect="prize", numbers="1", text_fr="", text_zh_hans="")
    motion = Motion.objects.get()
    post(other, word=motion.pk, text_fr="Le prix au dossier 1", text_zh_hans="一号获奖")
    post(chair, open_vote=motion.pk)
    for member in members(call):
        post(logged_in(member.user), vote=motion.pk, choice="yes")
    post(other, close_vote=motion.pk)

    assert Motion.objects.get().state == MotionState.PASSED
    assert Result.objects.count() == 1
    shown = text_of(mover.get(PAGE))
    assert "Le prix au dossier 1" in shown
    assert "一号获奖" in shown
    post(mover, leave="1")
    post(chair, close="1")
    assert not Sitting.objects.get().is_open


def test_nonsense_is_refused_in_a_sentence(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    client = logged_in(president(call, FR))
    under = item(call).pk

    for fields in [
        {},
        {"take_up": "x"},
        {"take_up": "9" * 30},
        {"move": under},
        {"move": under, "effect": "everything"},
        {"move": under, "effect": "prize", "numbers": "99"},
        {"move": under, "effect": "free", "text_fr": "a"},
        {"move": under, "effect": "prize", "numbers": "1", "category": "-4"},
        {"vote": "7", "choice": "yes"},
        {"vote": "x", "choice": "perhaps"},
        {"open_vote": ""},
        {"close_vote": "0"},
        {"add": "1", "text_fr": "\x00", "text_zh_hans": "x\x00"},
    ]:
        answer = client.post(PAGE, fields, follow=True)
        assert answer.status_code == 200, fields
        if "category" not in fields:
            assert [m.level_tag for m in answer.context["messages"]] == ["error"], fields


def test_the_page_says_who_is_here_by_side_and_whether_there_is_a_quorum(edition):
    call = in_deliberation(edition, quorum_per_side=3)
    a_sitting(call, *members(call, FR), juror(call, CN, 0))
    recuse(juror(call, FR, 2), rows_of(call)[0])

    shown = text_of(page_of(juror(call)))

    assert all(str(m.user) in shown for m in members(call))
    from awards.live import deliberation_for, sitting_of

    seen = deliberation_for(fresh(juror(call)), sitting_of(Call.objects.get()), "fr", at=IN_DELIBERATION)
    standing = {p.member.pk: p.code for _side, people in seen.sides for p in people}
    assert standing[juror(call, FR, 2).pk] == "out"
    assert standing[juror(call, CN, 0).pk] == "here"
    assert standing[juror(call, CN, 1).pk] == "absent"
    assert not seen.quorum.is_reached


def test_the_page_keeps_a_member_in_the_room_and_who_is_away_is_said(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    client = logged_in(juror(call).user)
    with time_machine.travel(IN_DELIBERATION + dt.timedelta(minutes=5), tick=False):
        from awards.room import room_of

        client.get(PART)
        room = room_of(call, Sitting.objects.get(), [], at=IN_DELIBERATION + dt.timedelta(minutes=5))

    assert room.present == {juror(call).pk}
    assert juror(call, CN).pk in room.away


def secret_strings(row):
    return [row.title_fr, row.title_zh_hans]


@pytest.mark.parametrize("path", [PAGE, PART])
def test_nothing_of_an_item_reaches_whoever_is_recused_from_it(edition, path):
    call = in_deliberation(edition, applications=3)
    row = rows_of(call)[0]
    a_sitting(call)
    gone = juror(call, CN, 2)
    recuse(gone, row)
    client = logged_in(gone.user)
    motion = an_open_vote(call, 1, text=Wording("Le prix du secret", "秘密奖"))
    stages = [text_of(client.get(path))]
    cast(motion, "yyy", "yy")
    stages.append(text_of(client.get(path)))
    services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    stages.append(text_of(client.get(path)))
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    stages.append(text_of(client.get(path)))

    for shown in stages:
        for secret in [*secret_strings(row), "Le prix du secret", "秘密奖", f"jury-motion-{motion.pk}"]:
            assert secret not in shown
        # Neither its figures, nor those of others of its category, from which they could be worked out.
        assert not any(line.facts["final"] in shown for i in call.agenda.all() for line in i.lines.all())
    # Whoever judges it sees all that.
    assert "Le prix du secret" in text_of(page_of(juror(call), path))
    for fields in [
        {"vote": motion.pk, "choice": "yes"},
        {"move": motion.item_id, "effect": "prize", "numbers": "1"},
    ]:
        answer = client.post(PAGE, fields, follow=True)
        assert not any(secret in text_of(answer) for secret in secret_strings(row))
    assert not Vote.objects.filter(member=gone).exists()


def test_the_tag_does_not_tell_a_recused_member_that_something_happens(edition):
    call = in_deliberation(edition)
    gone = juror(call, CN, 2)
    a_sitting(call)
    recuse(gone, rows_of(call)[0])
    motion = an_open_vote(call, 1)
    client, judge = logged_in(gone.user), logged_in(juror(call).user)
    tags, judges_tags = [client.get(PART)["ETag"]], [judge.get(PART)["ETag"]]

    cast(motion, "yyy", "yy")
    services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    tags.append(client.get(PART)["ETag"])
    judges_tags.append(judge.get(PART)["ETag"])

    assert tags[0] == tags[1]
    assert judges_tags[0] != judges_tags[1]
    assert client.get(PART, headers={"if-none-match": tags[0]}).status_code == 304


def test_what_has_not_changed_is_answered_with_304_and_few_queries(edition, django_assert_max_num_queries):
    call = in_deliberation(edition, applications=4)
    a_sitting(call)
    an_open_vote(call, 1)
    client = logged_in(juror(call).user)
    first = client.get(PART)

    with django_assert_max_num_queries(13):
        again = client.get(PART, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again["Cache-Control"]
    cast(Motion.objects.get(), "y", "")
    assert client.get(PART, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_page_costs_as_many_queries_for_one_motion_and_for_four(edition):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call = in_deliberation(edition, applications=5)
    a_sitting(call)
    client = logged_in(juror(call).user)
    a_motion(call, 1)
    an_open_vote(call, effect=Effect.NO_PRIZE, category=call.categories.get())
    client.get(PAGE)

    def cost():
        memory.forget()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PAGE)
        return len(queries)

    before = cost()
    a_motion(call, 2, effect=Effect.RESERVE, under=item(call, AgendaKind.RESERVE))
    services.add_item(call, Wording("a", "b"), [rows_of(call)[3]], at=IN_DELIBERATION, by=president(call, FR))
    a_motion(call, effect=Effect.FREE, text=Wording("c", "d"))

    assert cost() == before
    assert before <= 39


def test_each_answer_has_its_own_token_and_the_same_tag(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    client = logged_in(juror(call).user)

    one, two = client.get(PART), client.get(PART)

    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(a)) for a in (one, two)]
    assert tokens[0]
    assert "token-of-the-answer" not in text_of(one)
    assert one["ETag"] == two["ETag"]


def test_the_buttons_need_the_token(edition):
    call = in_deliberation(edition)
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in(president(call, FR)).cookies

    assert client.post(PAGE, {"open": "1"}).status_code == 403
    assert not Sitting.objects.exists()


def test_a_new_start_of_the_server_loses_nothing(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "y", "n")
    client = logged_in(juror(call, FR, 0).user)
    before = client.get(PART)

    memory.forget()

    assert client.get(PART)["ETag"] == before["ETag"]


def test_a_page_in_chinese_has_the_chinese_texts_first(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    motion = an_open_vote(call, 1)

    shown = text_of(page_of(juror(call, CN), PART))

    assert shown.index(motion.text_zh_hans) < shown.index(motion.text_fr.split("(")[0])
    assert rows_of(call)[0].title_zh_hans in shown
