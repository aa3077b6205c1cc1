"""The pages of the jury: who has them, what they show, what they do."""

import json
import uuid

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assises import accounts
from assises.enums import Side
from awards import services
from awards.enums import JuryRole, Phase
from awards.models import Assignment, Call, Calling, Interest, Pledge, Score, Seal, Sheet
from tests import account_factories
from tests.award_factories import opened
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_CONFLICTS,
    IN_DELIBERATION,
    IN_SCORING,
    a_sheet,
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


def logged_in(member_or_user):
    """With the second factor, which every page of the jury asks for."""
    return account_factories.logged_in(getattr(member_or_user, "user", member_or_user))


def told(answer):
    return [m.level_tag for m in answer.context["messages"]]


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def pages(number):
    return {
        "home": url("jury"),
        "pledge": url("jury_pledge"),
        "conflicts": url("jury_conflicts"),
        "conflict": url("jury_conflict", number),
        "recusals": url("jury_recusals"),
        "scoring": url("jury_scoring"),
        "sheet": url("jury_sheet", number),
        "progress": url("jury_progress"),
    }


# --- Who has which page ----------------------------------------------------------------------------------


@pytest.fixture
def scene(edition):
    """A French juror is recused from application 1; too few are left, and the substitute is called."""
    call = in_conflicts(edition)
    first = rows_of(call)[0]
    for member in members(call, CN):
        answer(sign(member))
    for place in (0, 1, 2):
        answer(sign(juror(call, FR, place)), *([first] if place else []))
    services.call_substitute(first, at=IN_CONFLICTS, by=secretary(call).user)
    answer(sign(substitute(call)))
    for side in Side:
        sign(secretary(call, side))
    sign(substitute(call, CN))
    return opened(call, Phase.SCORING, at=IN_SCORING)


def who(call, as_role):
    return {
        "visitor": Client(),
        "co-president": logged_in(juror(call, FR, 0)),
        "recused juror": logged_in(juror(call, FR, 1)),
        "juror": logged_in(juror(call, CN, 1)),
        "substitute called": logged_in(substitute(call)),
        "substitute not called": logged_in(substitute(call, CN)),
        "secretary": logged_in(secretary(call)),
        "organiser": as_role(accounts.ORGANISERS),
        "APCAE": as_role(accounts.APCAE, side=CN),
        "jury without a seat": as_role(accounts.JURY),
        "superuser": logged_in(a_member_of_staff()),
    }


JUDGE = {
    "home": 200, "pledge": 200, "conflicts": 200, "conflict": 200, "recusals": 200, "scoring": 200, "sheet": 200,
    "progress": 403,
}  # fmt: skip
NOBODY = dict.fromkeys(JUDGE, 403)
#: What each gets of each page, about application 1, while the jury marks.
TABLE = {
    "visitor": dict.fromkeys(JUDGE, 302),
    "co-president": JUDGE,
    "recused juror": {**JUDGE, "sheet": 404},
    "juror": JUDGE,
    "substitute called": JUDGE,
    "substitute not called": {**JUDGE, "conflict": 404, "sheet": 404},
    "secretary": {**JUDGE, "conflicts": 403, "conflict": 403, "scoring": 403, "sheet": 403, "progress": 200},
    "organiser": NOBODY,
    "APCAE": NOBODY,
    "jury without a seat": NOBODY,
    "superuser": NOBODY,
}


def test_who_has_which_page_is_a_table(scene, as_role):
    with time_machine.travel(IN_SCORING, tick=False):
        found = {
            name: {page: client.get(path).status_code for page, path in pages(1).items()}
            for name, client in who(scene, as_role).items()
        }

    assert found == TABLE


def test_nothing_of_an_application_is_seen_without_the_pledge(edition):
    call = in_conflicts(edition)
    title = rows_of(call)[0].title_fr

    for member in (juror(call), secretary(call)):
        client = logged_in(member)
        for page, path in pages(1).items():
            answer_ = client.get(path)
            assert answer_.status_code in (200, 302, 403), page
            assert title not in answer_.content.decode()
            if page not in ("home", "pledge") and answer_.status_code == 302:
                assert answer_["Location"] == url("jury_pledge")


def test_the_menu_shows_my_jury_to_those_who_have_a_seat(scene, as_role):
    path = url("jury")

    assert path in logged_in(juror(scene)).get("/admin/").text
    for client in (as_role(accounts.ORGANISERS), as_role(accounts.JURY), logged_in(a_member_of_staff())):
        assert path not in client.get("/admin/").text


def test_a_seat_is_enough_whatever_the_rights(scene):
    user = juror(scene).user
    user.groups.clear()

    assert logged_in(user).get(url("jury")).status_code == 200


def test_sheets_and_marks_are_in_no_list_of_the_back_office(scene):
    registered = admin.site._registry
    of_the_jury = {Sheet, Score, Interest, Pledge, Seal, Calling, Assignment}
    assert not of_the_jury & set(registered)
    accounts.ensure_groups()
    given = set(Permission.objects.filter(group__isnull=False).values_list("content_type__model", flat=True))
    assert not {model._meta.model_name for model in of_the_jury} & given


# --- What there is to do ---------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [FR, CN])
def test_a_juror_signs_answers_marks_and_seals(edition, side):
    call = in_conflicts(edition)
    for member in [*members(call)]:
        if member != juror(call, side):
            answer(sign(member))
    client = logged_in(juror(call, side))

    with time_machine.travel(IN_CONFLICTS, tick=False):
        home = client.get(url("jury"))
        assert url("jury_pledge") in home.text
        digest = client.get(url("jury_pledge")).context["digest"]
        assert told(client.post(url("jury_pledge"), {"digest": digest}, follow=True)) == ["success"]
        rows = rows_of(call)
        page = client.get(url("jury_conflicts"))
        shown = "title" if side == FR else "中文"
        assert shown in page.text
        # What the project tells is not told yet.
        assert f"summary {rows[0].pk}" not in page.text
        said = {f"answer-{row.pk}": "none" for row in rows}
        assert told(client.post(url("jury_conflicts"), said, follow=True)) == ["success"]
    opened(call, Phase.SCORING, at=IN_SCORING)

    with time_machine.travel(IN_SCORING, tick=False):
        page = client.get(url("jury_scoring"))
        number = page.context["next"]
        page = client.get(url("jury_sheet", number))
        assert ("Sens 3" if side == FR else "含义3") in page.text
        form = page.context["form"]
        data = {
            "version": form["version"].value(), "page": str(form["page"].value()), "mark-innovation": "4",
            "comment-innovation": "Bien.", "read_over": "1",
        }  # fmt: skip
        over = client.post(url("jury_sheet", number), data, follow=True)
        assert over.redirect_chain[-1][0] == url("jury_seal", number)
        assert over.context["gaps"] == []
        done = client.post(url("jury_seal", number), {"version": over.context["sheet"].version}, follow=True)
    assert told(done) == ["success"]
    assert Sheet.objects.get().is_sealed
    assert done.context["sealed"] == 1


def test_a_conflict_without_words_is_sent_back_with_what_was_typed(edition):
    call = in_conflicts(edition)
    one, two = rows_of(call)
    client = logged_in(sign(juror(call)))

    with time_machine.travel(IN_CONFLICTS, tick=False):
        data = {f"answer-{one.pk}": "tied", f"words-{two.pk}": "Ma sœur y travaille."}
        page = client.post(url("jury_conflicts"), data)
        assert len(page.context["form"].errors) == 2
        assert "Ma sœur y travaille." in page.text
        assert not Interest.objects.exists()
        data |= {f"words-{one.pk}": "J’y étais élu.", f"answer-{two.pk}": "tied"}
        client.post(url("jury_conflicts"), data)

    assert Interest.objects.recusals().count() == 2


def test_a_conflict_found_while_marking_closes_the_file(scene):
    client = logged_in(juror(scene, CN, 1))

    with time_machine.travel(IN_SCORING, tick=False):
        assert client.get(url("jury_sheet", 1)).status_code == 200
        assert client.post(url("jury_conflict", 1), {"words": ""}).context["form"].errors
        assert told(client.post(url("jury_conflict", 1), {"words": "Je l’apprends."}, follow=True)) == [
            "success"
        ]
        assert client.get(url("jury_sheet", 1)).status_code == 404
        assert client.post(url("jury_autosave", 1), {}).status_code == 404


def test_words_of_recusals_are_for_the_secretaries(scene):
    said = "Je le connais."

    for member, sees in (
        (juror(scene, CN, 1), False),
        (juror(scene, FR, 1), False),
        (secretary(scene), True),
    ):
        page = logged_in(member).get(url("jury_recusals"))
        assert (said in page.text) is sees
        assert str(juror(scene, FR, 1)) in page.text
        assert "中文" in page.text


# --- Saving ----------------------------------------------------------------------------------------------


def saves(client, number, version, page, **data):
    with time_machine.travel(IN_SCORING, tick=False):
        return client.post(url("jury_autosave", number), {"version": version, "page": str(page), **data})


def test_what_is_typed_is_saved_by_the_script(edition):
    call = in_scoring(edition)
    services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)
    client, page = logged_in(juror(call)), uuid.uuid4()

    first = saves(client, 1, 0, page, **{"mark-innovation": "3"})
    again = saves(client, 1, 0, page, **{"mark-innovation": "3", "comment-innovation": "Oui."})

    assert (first.status_code, json.loads(first.content)["version"]) == (200, 1)
    assert json.loads(again.content)["version"] == 2
    assert Score.objects.get(criterion__code="innovation").comment == "Oui."


def test_another_tab_is_told_and_overwrites_nothing(edition):
    call = in_scoring(edition)
    services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)
    client = logged_in(juror(call))
    saves(client, 1, 0, uuid.uuid4(), **{"mark-innovation": "3"})

    refused = saves(client, 1, 0, uuid.uuid4(), **{"mark-innovation": "2"})
    with time_machine.travel(IN_SCORING, tick=False):
        plain = client.post(
            url("jury_sheet", 1),
            {"version": 0, "page": str(uuid.uuid4()), "mark-innovation": "2", "save": "1"},
        )
        assert Score.objects.get(criterion__code="innovation").mark == 3
        form = plain.context["form"]
        assert plain.context["stands"][0][1] == 3
        client.post(
            url("jury_sheet", 1),
            {
                "version": form["version"].value(),
                "page": form["page"].value(),
                "mark-innovation": "2",
                "save": "1",
            },
        )

    assert refused.status_code == 409
    assert json.loads(refused.content)["said"]
    assert Score.objects.get(criterion__code="innovation").mark == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"mark-innovation": "9"}, 422),
        ({"mark-innovation": "x"}, 422),
        ({"comment-innovation": "x" * 2001}, 422),
        ({"version": "-1"}, 422),
        ({"version": ""}, 422),
        ({"page": "x"}, 422),
    ],
)
def test_nonsense_is_refused_in_words(edition, data, status):
    call = in_scoring(edition)
    services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)

    answer_ = logged_in(juror(call)).post(
        url("jury_autosave", 1), {"version": 0, "page": str(uuid.uuid4()), **data}
    )

    assert (answer_.status_code, bool(json.loads(answer_.content)["said"])) == (status, True)
    assert not Score.objects.exists()


def test_a_sealed_sheet_is_not_saved(edition):
    call = in_scoring(edition)
    a_sheet(juror(call), rows_of(call)[0])
    client = logged_in(juror(call))

    assert saves(client, 1, 1, uuid.uuid4(), **{"mark-innovation": "2"}).status_code == 403
    for nonsense in ("9" * 5000, "x", "", "-1"):
        assert client.post(url("jury_seal", 1), {"version": nonsense}).status_code == 302
    assert logged_in(juror(call, CN)).get(url("jury_autosave", 1)).status_code == 405
    with time_machine.travel(IN_SCORING, tick=False):
        assert client.get(url("jury_sheet", 1)).context.get("form") is None
        assert client.get(url("jury_seal", 1)).status_code == 302


def test_nobody_saves_in_the_sheet_of_somebody_else(edition):
    call = in_scoring(edition)
    services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)

    assert saves(logged_in(juror(call, CN)), 1, 0, uuid.uuid4()).status_code == 404


# --- In the deliberation ---------------------------------------------------------------------------------


def test_others_marks_are_shown_once_the_phase_has_closed(edition):
    call = in_scoring(edition)
    row = rows_of(call)[0]
    a_sheet(juror(call, CN), row, comments={"innovation": "中肯的意见"})
    client = logged_in(juror(call))
    with time_machine.travel(IN_SCORING, tick=False):
        assert "中肯的意见" not in client.get(url("jury_sheet", 1)).text
    opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)

    with time_machine.travel(IN_DELIBERATION, tick=False):
        assert "中肯的意见" in client.get(url("jury_sheet", 1)).text


# --- Secretaries -----------------------------------------------------------------------------------------


def test_secretaries_see_counts_and_never_a_mark(edition):
    call = in_scoring(edition)
    one, two = rows_of(call)
    a_sheet(juror(call), one, comments={"innovation": "Un avis bien à moi."})
    a_sheet(juror(call), two, sealed=False)
    services.open_file(fresh(juror(call, CN)), one, at=IN_SCORING)

    page = logged_in(secretary(call)).get(url("jury_progress"))

    of = {m.name: (m.total, m.opened, m.begun, m.sealed) for m in page.context["members"]}
    assert of[str(juror(call))] == (2, 2, 2, 1)
    assert of[str(juror(call, CN))] == (2, 1, 0, 0)
    assert {s.side: s.sealed for s in page.context["sides"]} == {FR: 1, CN: 0}
    assert "Un avis bien à moi." not in page.text


def test_a_secretary_calls_the_substitute_on_the_page(edition):
    call = in_conflicts(edition)
    for place in (1, 2):
        answer(sign(juror(call, FR, place)), rows_of(call)[0])
    sign(secretary(call, CN))
    client = logged_in(sign(secretary(call)))

    with time_machine.travel(IN_CONFLICTS, tick=False):
        page = client.get(url("jury_progress"))
        assert [(f.number, f.side, f.may_call) for f in page.context["few"]] == [(1, FR, True)]
        assert not logged_in(secretary(call, CN)).get(url("jury_progress")).context["few"][0].may_call
        assert told(client.post(url("jury_progress"), {"call": "1"}, follow=True)) == ["success"]
        for nonsense in ({"call": "x"}, {"call": "99"}, {}):
            assert told(client.post(url("jury_progress"), nonsense, follow=True)) == ["error"]
        assert told(client.post(url("jury_progress"), {"deal": "1"}, follow=True)) == ["error"]


def test_dealing_is_offered_above_thirty(edition, monkeypatch):
    monkeypatch.setattr("awards.dealing.JURY_READS_ALL", 2)
    call = in_scoring(edition, applications=4)
    client = logged_in(secretary(call))

    with time_machine.travel(IN_SCORING, tick=False):
        assert client.get(url("jury_progress")).context["may_deal"]
        assert told(client.post(url("jury_progress"), {"deal": "1"}, follow=True)) == ["success"]
        assert Call.objects.get().dealt_at == IN_SCORING
        page = logged_in(juror(call)).get(url("jury_scoring"))
    assert page.context["total"] < 4


# --- The own order, and queries --------------------------------------------------------------------------


def test_each_juror_has_an_order_of_their_own_that_stays(edition):
    call = in_scoring(edition, applications=8)

    def order(member):
        client = logged_in(member)
        return [row.number for row, _sheet in client.get(url("jury_scoring")).context["rows"]]

    orders = {member.pk: order(member) for member in members(call)}

    assert all(sorted(found) == list(range(1, 9)) for found in orders.values())
    assert len({tuple(found) for found in orders.values()}) == 6
    for row in rows_of(call)[:3]:
        a_sheet(juror(call), row)
    assert order(juror(call)) == orders[juror(call).pk]


@pytest.mark.parametrize("applications", [1, 4])
def test_pages_take_as_many_queries_for_one_and_for_many(
    edition, applications, django_assert_max_num_queries
):
    call = in_scoring(edition, applications=applications)
    for row in rows_of(call):
        a_sheet(juror(call), row, sealed=row.number == 1)
    mine, theirs = logged_in(juror(call)), logged_in(secretary(call))
    number = rows_of(call)[-1].number
    with time_machine.travel(IN_SCORING, tick=False):
        for client, path, most in (
            (mine, url("jury"), 20),
            (mine, url("jury_scoring"), 15),
            (mine, url("jury_sheet", number), 30),
            (mine, url("jury_conflicts"), 16),
            (mine, url("jury_recusals"), 15),
            (theirs, url("jury_progress"), 35),
        ):
            client.get(path)
            with django_assert_max_num_queries(most):
                client.get(path)


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_original_is_one_click_away(edition, language):
    call = in_scoring(edition)
    member = juror(call, FR if language == "fr" else CN)
    row = rows_of(call)[0]

    with time_machine.travel(IN_SCORING, tick=False), translation.override(language):
        client = logged_in(member)
        page = client.get(url("jury_sheet", 1))
        other = client.get(url("jury_sheet", 1), {"langue": page.context["other"]})

    french, chinese = f"summary {row.pk}<", f"summary 中文{row.pk}"
    assert ((french in page.text), (chinese in page.text)) == ((language == "fr"), (language != "fr"))
    assert ((french in other.text), (chinese in other.text)) == ((language != "fr"), (language == "fr"))
    assert member.role == JuryRole.JUROR
