"""Applications in the back office: who sees them, what the secretaries do there, what it costs."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts, memory
from assises.enums import Side
from awards import services
from awards.enums import ApplicationState, JuryRole
from awards.models import Application, JuryMember
from awards.models.application import TEXTS
from tests.account_factories import logged_in
from tests.application_factories import (
    OCTOBER,
    SEPTEMBER,
    an_open_call,
    begun,
    complete,
    looked_at,
    submitted,
)
from tests.award_factories import CLOSES, a_member
from tests.factories import a_member_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(OCTOBER, tick=False):
        memory.forget()
        yield


@pytest.fixture
def row(edition):
    row, _editor = submitted(an_open_call(edition))
    looked_at(row.call)
    return Application.objects.get(pk=row.pk)


def page(name="", *args):
    return reverse(f"admin:award_{name}", args=args)


def secretary(call, side=Side.FRENCH):
    return logged_in(JuryMember.objects.get(call=call, side=side, role=JuryRole.SECRETARY).user)


# --- Who sees what ---------------------------------------------------------------------------------------


def readers(row, as_role):
    call = row.call
    return {
        "visitor": Client(),
        "organiser": as_role(accounts.ORGANISERS),
        "superuser": logged_in(a_member_of_staff(is_superuser=True)),
        "secretary": secretary(call),
        "secretary without pledge": logged_in(a_member_without_pledge(call)),
        "co-president": logged_in(
            JuryMember.objects.get(call=call, side=Side.FRENCH, role=JuryRole.PRESIDENT).user
        ),
        "juror": logged_in(a_member(call, Side.CHINESE).user),
        "APCAE": as_role(accounts.APCAE),
        "desk": as_role(accounts.DESK),
        "translator": as_role(accounts.TRANSLATORS),
    }


def a_member_without_pledge(call):
    member = a_member(call, Side.FRENCH)
    JuryMember.objects.filter(call=call, side=Side.FRENCH, role=JuryRole.SECRETARY).update(
        role=JuryRole.JUROR
    )
    JuryMember.objects.filter(pk=member.pk).update(role=JuryRole.SECRETARY)
    return member.user


#: The list, one application, its letter, its translation.
SEES = {
    "visitor": (302, 302, 302, 302),
    "organiser": (200, 200, 200, 200),
    "superuser": (200, 200, 200, 200),
    "secretary": (200, 200, 200, 200),
    "co-president": (403, 403, 403, 403),
    "juror": (403, 403, 403, 403),
    "APCAE": (403, 403, 403, 403),
    "desk": (403, 403, 403, 403),
    "translator": (403, 403, 403, 403),
}


@pytest.mark.parametrize("reader", SEES)
def test_who_sees_applications_is_a_table(row, as_role, reader):
    key = row.attachments.first().key
    found = readers(row, as_role) if reader != "secretary" else {"secretary": secretary(row.call)}
    client = found[reader]
    pages = [
        page("applications"),
        page("application", 1),
        page("application_file", 1, key),
        page("translation", 1),
    ]
    assert tuple(client.get(path).status_code for path in pages) == SEES[reader]


def test_a_secretary_signs_the_pledge_before_anything_is_seen(row):
    client = logged_in(a_member_without_pledge(row.call))
    assert client.get(page("applications")).status_code == 403
    assert client.get(page("application", 1)).status_code == 403


def test_a_draft_is_its_pairs_own(edition, as_role):
    with time_machine.travel(SEPTEMBER, tick=False):
        row, editor = submitted(an_open_call(edition))
        row = services.take_back(row, at=SEPTEMBER, by=editor)
    client = as_role(accounts.ORGANISERS)
    key = row.attachments.first().key
    # It has kept its number, and nobody else reads it any more.
    assert client.get(page("application", row.number)).status_code == 404
    assert client.get(page("application_file", row.number, key)).status_code == 403
    assert "Texte title" not in client.get(page("applications")).text


def test_drafts_are_counted_and_those_that_came_too_late_are_named(edition, as_role):
    call = an_open_call(edition)
    late, editor = begun(call)
    complete(late, editor)
    begun(call)
    with pytest.raises(services.Late):
        services.submit(late, version=1, at=CLOSES, by=editor)
    shown = as_role(accounts.ORGANISERS).get(page("applications"))
    assert dict(shown.context["figures"])[ApplicationState.DRAFT] == 2
    assert [row.pk for row, _entry in shown.context["late"]] == [late.pk]


def test_the_menu_leads_organisers_and_secretaries_to_them(row, as_role):
    path = page("applications")
    assert path in as_role(accounts.ORGANISERS).get("/admin/").text
    assert path in secretary(row.call).get("/admin/").text
    assert path not in logged_in(a_member(row.call, Side.CHINESE).user).get("/admin/").text


# --- What the secretaries do -----------------------------------------------------------------------------


def test_both_secretaries_decide_on_the_page(row):
    french, chinese = secretary(row.call), secretary(row.call, Side.CHINESE)
    assert french.post(page("application", 1), {"opinion": "inadmissible"}).context["form"].errors.keys() == {
        "reason"
    }
    assert french.post(page("application", 1), {"opinion": "nothing"}).context["form"].errors.keys() == {
        "opinion"
    }
    assert french.post(page("application", 1), {"opinion": "admissible"}).status_code == 302
    shown = chinese.get(page("application", 1))
    assert [o.opinion for side, o in shown.context["given"] if o] == ["admissible"]
    assert chinese.post(page("application", 1), {"opinion": "admissible"}).status_code == 302
    row.refresh_from_db()
    assert row.state == ApplicationState.ADMISSIBLE
    # Nothing is asked any more; whoever had the page open is told.
    assert french.get(page("application", 1)).context["form"] is None
    assert french.post(page("application", 1), {"opinion": "inadmissible", "reason": "x"}).status_code == 200


def test_an_organiser_does_not_decide(row, as_role):
    client = as_role(accounts.ORGANISERS)
    assert client.get(page("application", 1)).context["form"] is None
    client.post(page("application", 1), {"opinion": "admissible"})
    assert not row.opinions.exists()


def test_it_is_translated_on_its_page_unless_the_original_has_changed(row, as_role):
    client = as_role(accounts.ORGANISERS)
    form = client.get(page("translation", 1)).context["form"]
    texts = {name: f"译文 {name}" for name in TEXTS}
    seen = form["seen"].value()
    stale = client.post(page("translation", 1), {**texts, "seen": "0" * 64})
    assert stale.context["form"].non_field_errors()
    assert "译文 summary" in stale.text
    assert client.post(page("translation", 1), {**texts, "seen": seen}).status_code == 302
    row.refresh_from_db()
    assert row.is_translated
    chinese = client.get(page("application", 1), {"langue": "zh-hans"})
    assert "译文 title" in chinese.text
    assert client.get(page("application", 1), {"langue": "xx"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2]),
        ("?state=submitted", [1, 2]),
        ("?state=admissible", []),
        ("?state=nothing", [1, 2]),
        ("?translation=ready", []),
        ("?translation=missing", [1, 2]),
        ("?category=tourism", [1, 2]),
        ("?q=1", [1]),
        ("?q=introuvable", []),
        ("?page=99", [1, 2]),
    ],
)
def test_the_list_shows_what_is_asked_for(edition, as_role, query, numbers):
    call = an_open_call(edition)
    with time_machine.travel(SEPTEMBER, tick=False):
        for _n in range(2):
            submitted(call)
    for row in Application.objects.all():
        # Names hold numbers of their own.
        Application.objects.filter(pk=row.pk).update(search_key=f" {row.number} ")
    shown = as_role(accounts.ORGANISERS).get(page("applications") + query)
    assert [row.number for row in shown.context["page_obj"]] == numbers


@pytest.mark.parametrize("name", ["applications", "application"])
def test_a_page_costs_the_same_with_one_and_with_many(edition, as_role, name, django_assert_num_queries):
    call = an_open_call(edition)
    client = as_role(accounts.ORGANISERS)
    submitted(call)
    path = page(name, *([1] if name == "application" else []))
    client.get(path)
    with django_assert_num_queries(21 if name == "applications" else 26) as counted:
        client.get(path)
    for _n in range(5):
        submitted(call)
    with django_assert_num_queries(len(counted.captured_queries)):
        client.get(path)
