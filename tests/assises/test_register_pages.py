"""The register in the back office, as an organiser, somebody of each side and a stranger meet it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assises import accounts
from assises.models import Edition, RegisterItem
from tests.factories import NOW
from tests.pdf import Pdf, needs_pdftotext
from tests.register_factories import TODAY, a_candidate, a_meeting, an_item
from tests.reminder_factories import a_milestone

AsRole = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("monday")
LIST = "/admin/registre/"


def page_of(item: RegisterItem) -> str:
    return reverse("admin:register_item", args=[item.number])


def settled(item: RegisterItem, act: str, **fields: str) -> dict[str, str]:
    return {
        "settle-version": "1",
        "settle-settled_on": "2018-10-15",
        "settle-outcome_fr": "",
        act: "1",
        **fields,
    }


@pytest.mark.parametrize(
    ("roles", "reads", "writes"),
    [
        ([], 403, 403),
        ([accounts.DESK], 403, 403),
        ([accounts.FRENCH_APPROVAL], 200, 403),
        ([accounts.CHINESE_APPROVAL], 200, 403),
        ([accounts.ORGANISERS], 200, 200),
    ],
    ids=["no role", "desk", "French side", "Chinese side", "organisers"],
)
def test_who_reads_and_who_writes(
    edition: Edition, as_role: AsRole, roles: list[str], reads: int, writes: int
) -> None:
    item, client = an_item(edition), as_role(*roles)

    assert [client.get(url).status_code for url in (LIST, page_of(item), f"{LIST}registre.pdf")] == [
        reads
    ] * 3
    assert client.get(f"{page_of(item)}modifier/").status_code == writes


def test_a_stranger_is_asked_who_it_is(edition: Edition, client: Client) -> None:
    assert client.get(LIST).url.startswith("/admin/login/")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4}),
        ("state=owed", {1, 2}),
        ("state=red", {2}),
        ("state=overdue", {1}),
        ("state=decided", {4}),
        ("kind=warning", {3}),
        ("side=none", {2, 3, 4}),
        ("side=FR", {1}),
        ("q=D%C3%8ENER", {1}),
        ("q=%E6%99%9A%E5%AE%B4", {1}),
        ("q=3", {3}),
        ("q=%00", {1, 2, 3, 4}),
        ("state=nonsense&kind=x&meeting=%00", {1, 2, 3, 4}),
    ],
)
def test_the_list_shows_what_is_asked_for(
    edition: Edition, as_role: AsRole, query: str, numbers: set[int]
) -> None:
    an_item(edition, due_on=TODAY - dt.timedelta(days=2))
    an_item(edition, text_fr="Le budget", text_zh_hans="预算", owner_side="", due_on=None)
    an_item(edition, kind="warning", text_fr="Attention", text_zh_hans="注意", owner_side="", due_on=None)
    an_item(
        edition, kind="decision", status="decided", settled_on=TODAY, text_fr="Acté", text_zh_hans="已定",
        owner_side="", due_on=None,
    )  # fmt: skip

    response = as_role(accounts.ORGANISERS).get(f"{LIST}?{query}")

    assert {item.number for item in response.context["page_obj"]} == numbers


def test_the_list_costs_the_same_with_one_and_with_many(
    edition: Edition, as_role: AsRole, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_role(accounts.ORGANISERS)
    meeting, milestone = a_meeting(edition), a_milestone(edition, NOW)
    fields = {"meeting": meeting, "organisation": edition.host}
    an_item(edition, subject=milestone, **fields)
    client.get(LIST)
    with django_assert_num_queries(15) as counted:
        client.get(LIST)
    for _n in range(30):
        an_item(edition, subject=milestone, **fields)

    with django_assert_num_queries(len(counted.captured_queries)):
        client.get(LIST)


def test_a_point_is_closed_with_its_answer(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)

    response = as_role(accounts.ORGANISERS).post(
        page_of(item),
        settled(item, "decide", **{"settle-outcome_fr": "Halle aux grains", "settle-outcome_zh_hans": "音乐厅"}),
        follow=True,
    )  # fmt: skip

    item.refresh_from_db()
    assert (item.status, item.outcome_fr, item.settled_on) == ("decided", "Halle aux grains", TODAY)
    assert "Halle aux grains" in response.content.decode()


def test_closing_without_an_answer_says_so_and_keeps_the_rest(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)

    response = as_role(accounts.ORGANISERS).post(page_of(item), settled(item, "decide"))

    assert response.status_code == 200
    assert response.context["messages"]
    item.refresh_from_db()
    assert item.status == "to_be_defined"


def test_two_who_close_at_once_lose_nothing_they_typed(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)
    client = as_role(accounts.ORGANISERS)
    RegisterItem.objects.filter(pk=item.pk).update(version=7)

    response = client.post(
        page_of(item), settled(item, "decide", **{"settle-outcome_fr": "Halle aux grains"})
    )
    again = response.content.decode()

    assert "Halle aux grains" in again
    assert 'name="settle-version" value="7"' in again
    item.refresh_from_db()
    assert item.status == "to_be_defined"


def test_a_change_on_an_older_version_shows_both(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)
    client = as_role(accounts.ORGANISERS)
    url = f"{page_of(item)}modifier/"
    form = client.get(url).context["form"]
    typed = {bound.html_name: bound.value() or "" for bound in form}
    typed |= {f"initial-{name}": value for name, value in typed.items() if name != "version"}
    client.post(url, {**typed, "text_fr": "Le lieu du dîner de gala"})

    response = client.post(url, {**typed, "source": "S-048"})

    assert response.status_code == 409
    assert "Le lieu du dîner de gala" in response.content.decode()
    again = response.context["form"]
    sent = {bound.html_name: bound.value() or "" for bound in again}
    sent |= {f"initial-{b.html_name}": again.data.get(f"initial-{b.html_name}", "") for b in again}
    client.post(url, sent)
    item.refresh_from_db()
    assert (item.text_fr, item.source) == ("Le lieu du dîner de gala", "S-048")


def test_something_is_noted_and_gets_its_number(edition: Edition, as_role: AsRole) -> None:
    milestone = a_milestone(edition, NOW)
    data = {
        "kind": "open_point", "text_fr": "Le lieu", "text_zh_hans": "地点", "owner_side": "FR",
        "due_on": "2018-10-31", "subject": f"assises.milestone:{milestone.pk}",
    }  # fmt: skip

    response = as_role(accounts.ORGANISERS).post(f"{LIST}ajouter/", data)

    item = RegisterItem.objects.get()
    assert response.url == page_of(item)  # type: ignore[attr-defined]
    assert (item.number, item.subject, item.status) == (1, milestone, "to_be_defined")


def test_the_form_says_that_it_needs_words(edition: Edition, as_role: AsRole) -> None:
    response = as_role(accounts.ORGANISERS).post(f"{LIST}ajouter/", {"kind": "warning"})

    assert response.context["form"].non_field_errors()
    assert not RegisterItem.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"kind": "x"}, {"kind": "warning", "text_fr": "a\x00b"}, {"kind": "warning", "text_fr": "é" * 401},
             {"kind": "warning", "text_fr": "a", "due_on": "demain"}, {"kind": "warning", "text_fr": "a", "organisation": "9" * 30},
             {"kind": "warning", "text_fr": "a", "subject": "x:y"}],
)  # fmt: skip
def test_nonsense_is_answered_in_words(edition: Edition, as_role: AsRole, data: dict) -> None:
    response = as_role(accounts.ORGANISERS).post(f"{LIST}ajouter/", data)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not RegisterItem.objects.exists()


def test_the_chinese_side_notes_a_request_in_its_own_language(edition: Edition, as_role: AsRole) -> None:
    client = as_role(accounts.APCAE, accounts.CHINESE_APPROVAL, side="CN", language="zh-hans")

    client.post(f"{LIST}ajouter/", {"kind": "request", "text_zh_hans": "请提供酒店清单", "owner_side": "FR"})

    item = RegisterItem.objects.get()
    assert (item.kind, item.raised_by, item.text_zh_hans) == ("request", "CN", "请提供酒店清单")


def test_the_chinese_side_does_not_decide_alone(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)
    client = as_role(accounts.APCAE, accounts.CHINESE_APPROVAL, side="CN")

    refused = client.post(f"{LIST}ajouter/", {"kind": "decision", "text_zh_hans": "已确定"})
    forbidden = client.post(page_of(item), settled(item, "decide", **{"settle-outcome_fr": "Oui"}))

    assert refused.context["form"].errors["kind"]
    assert forbidden.status_code == 403


def test_each_side_gives_its_voice_and_the_page_says_that_they_agree(
    edition: Edition, as_role: AsRole
) -> None:
    item = an_item(edition)
    candidate = a_candidate(item)
    for role, side in ((accounts.FRENCH_APPROVAL, "FR"), (accounts.CHINESE_APPROVAL, "CN")):
        response = as_role(role, side=side).post(
            page_of(item),
            {"voice": "1", "voice-side": side, "voice-candidate": str(candidate.pk)},
            follow=True,
        )
        assert response.status_code == 200

    assert response.context["agreed"] == candidate.pk
    assert {p.side for p in item.preferences.all()} == {"FR", "CN"}


def test_nobody_votes_for_the_other_side_by_changing_the_form(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)
    candidate = a_candidate(item)

    response = as_role(accounts.FRENCH_APPROVAL).post(
        page_of(item), {"voice": "1", "voice-side": "CN", "voice-candidate": str(candidate.pk)}
    )

    assert response.status_code == 200
    assert not item.preferences.exists()


def test_a_candidate_is_chosen_on_the_page(edition: Edition, as_role: AsRole) -> None:
    item = an_item(edition)
    candidate = a_candidate(item, text_fr="Avant le dîner")

    as_role(accounts.ORGANISERS).post(page_of(item), settled(item, "choose", choose=str(candidate.pk)))

    item.refresh_from_db()
    assert (item.status, item.outcome_fr) == ("decided", "Avant le dîner")


@pytest.mark.parametrize("act", ["choose", "remove"])
@pytest.mark.parametrize("value", ["", "x", "9" * 30, "-1", "٣"])
def test_a_candidate_that_is_not_there_is_said(
    edition: Edition, as_role: AsRole, act: str, value: str
) -> None:
    item = an_item(edition)

    response = as_role(accounts.ORGANISERS).post(page_of(item), settled(item, act, **{act: value}))

    assert response.status_code == 200
    assert response.context["messages"]


def test_the_first_page_names_what_is_to_be_closed_first(edition: Edition, as_role: AsRole) -> None:
    late = an_item(edition, due_on=TODAY - dt.timedelta(days=3))
    red = an_item(edition, text_fr="Le budget", due_on=None)
    an_item(edition, text_fr="À temps")

    response = as_role(accounts.ORGANISERS).get("/admin/")

    panel = next(p["data"] for p in response.context["panels"] if "register" in p["template"])
    assert panel["first"] == [late, red]
    assert (panel["figures"]["owed"], panel["figures"]["overdue"], panel["figures"]["red"]) == (3, 1, 1)
    assert panel["figures"]["oldest_days"] == 3


@needs_pdftotext
def test_the_pdf_says_who_owes_what_in_the_language_of_its_reader(edition: Edition, as_role: AsRole) -> None:
    an_item(edition)
    an_item(edition, owner_side="CN", text_fr="La liste des VIP", text_zh_hans="贵宾名单", due_on=None)

    french = as_role(accounts.ORGANISERS).get(f"{LIST}registre.pdf")
    chinese = as_role(accounts.CHINESE_APPROVAL, language="zh-hans").get(f"{LIST}registre.pdf?side=CN")

    assert "La liste des VIP" in Pdf(french.content).text()
    assert "贵宾名单" in Pdf(chinese.content).text()
    assert "晚宴地点" not in Pdf(chinese.content).text()


def test_what_is_not_there_is_not_found(edition: Edition, as_role: AsRole) -> None:
    client = as_role(accounts.ORGANISERS)

    assert client.get(f"{LIST}12/").status_code == 404
    assert client.get(f"{LIST}{'9' * 30}/").status_code == 404


def test_a_person_who_has_left_is_to_be_replaced(edition: Edition, as_role: AsRole) -> None:
    """S-140."""
    from assises.models import Contact

    person = Contact.objects.create(
        organisation=edition.host, role_fr="Chargée de mission", given_name="Maud", family_name="Relais",
        email="maud.relais@example.org", workstream="assises", valid_to=dt.date(2018, 6, 30),
    )  # fmt: skip
    item = an_item(edition, person=person, organisation=edition.host)

    assert as_role(accounts.ORGANISERS).get(page_of(item)).context["gone"] is True
