"""Releases in the back office: who sees and does what, what is asked for, what is refused in words."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assises import accounts
from assises.back_office import action_name
from assises.enums import Side
from assises.models import OutgoingEmail
from program.models import ProgrammeRelease, ReleaseApproval
from program.services import files
from registration.models import SessionChoice
from tests.factories import NOW, a_registration, an_edition
from tests.program_factories import a_lead, a_published_release, a_release, a_room, a_session, a_theme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

LIST, PREPARE = "/admin/programme/versions/", "/admin/programme/versions/preparer/"
PURPOSE = {"purpose_fr": "Pour les visas.", "purpose_zh": "供签证用。"}


def page(release):
    return f"/admin/programme/versions/{release.number}/"


def seen(client):
    return client.get(PREPARE).context["seen"]


def messages(response):
    return [str(m) for m in response.context["messages"]]


# --- Who ----------------------------------------------------------------------------------------

ROLES = {
    "organiser": (accounts.ORGANISERS,),
    "of the programme": (accounts.PROGRAMME,),
    "French approver": (accounts.FRENCH_APPROVAL,),
    "Chinese approver": (accounts.CHINESE_APPROVAL,),
    "APCAE alone": (accounts.APCAE,),
    "desk": (accounts.DESK,),
}
READERS = {"organiser", "of the programme", "French approver", "Chinese approver"}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_and_who_may_prepare(edition, as_role, role, monkeypatch):
    release = a_release(edition)
    monkeypatch.setitem(files.KINDS, "schedule.xml", files.FileKind("application/xml", lambda p, s: b"<x/>"))
    client = as_role(*ROLES[role])

    codes = [
        client.get(url).status_code for url in (LIST, page(release), page(release) + "fichiers/schedule.xml")
    ]

    assert set(codes) == {200 if role in READERS else 403}
    may_prepare = role in ("organiser", "of the programme")
    assert client.get(PREPARE).status_code == (200 if may_prepare else 403)


@pytest.mark.parametrize("role", ["French approver", "Chinese approver"])
@pytest.mark.parametrize("act", ["publish", "discard"])
def test_whoever_approves_does_not_publish_nor_discard(edition, as_role, role, act):
    release = a_release(edition, approved=True)

    response = as_role(*ROLES[role]).post(page(release), {act: "1"})

    assert response.status_code == 403
    release.refresh_from_db()
    assert release.published_at is None


@pytest.mark.parametrize(
    ("role", "buttons"),
    [("French approver", ["FR"]), ("Chinese approver", ["CN"]), ("organiser", []), ("of the programme", [])],
)
def test_each_is_offered_what_that_one_may_approve(edition, as_role, role, buttons):
    response = as_role(*ROLES[role]).get(page(a_release(edition)))

    assert [h.side.value for h in response.context["halves"] if h.may_approve] == buttons


def test_a_visitor_is_sent_to_the_door(client, edition):
    release = a_release(edition)

    for url in (LIST, PREPARE, page(release), page(release) + "fichiers/schedule.xml"):
        assert client.get(url).url.startswith("/admin/login/")


# --- Preparing ----------------------------------------------------------------------------------


@pytest.fixture
def organiser(as_role):
    return as_role(accounts.PROGRAMME)


def test_one_sees_what_a_release_would_hold_and_what_changed_before_it_is_frozen(edition, organiser):
    session = a_session(edition, title_fr="Séance d’avant")
    a_published_release(edition)
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.time(9, 30))
    a_session(edition, title_fr="Séance nouvelle", starts_at=dt.time(14), ends_at=dt.time(15))

    response = organiser.get(PREPARE)

    assert [(str(what), [c.title.fr for c in group]) for what, group in response.context["changes"]] == [
        ("moved", ["Séance d’avant"]),
        ("added", ["Séance nouvelle"]),
    ]
    assert "9\u00a0h\u00a030\u00a0– 10\u00a0h" in response.text
    assert ProgrammeRelease.objects.count() == 1


def test_then_it_is_frozen_with_kind_purpose_and_readers(edition, organiser):
    a_session(edition)

    response = organiser.post(PREPARE, {"kind": "preliminary", "seen": seen(organiser), **PURPOSE})

    release = ProgrammeRelease.objects.get()
    assert response.url == page(release)
    assert (release.kind, release.purpose_fr, release.purpose_zh_hans) == (
        "preliminary",
        "Pour les visas.",
        "供签证用。",
    )
    assert release.is_public is False
    assert release.prepared_by is not None


def a_gap(edition):
    workshop = a_session(edition, kind="parallel", theme=a_theme(edition), title_fr="Ville durable")
    a_lead(workshop, Side.FRENCH)
    return workshop


def test_what_blocks_is_said_before_and_a_draft_is_proposed(edition, organiser):
    a_gap(edition)

    response = organiser.get(PREPARE)

    assert "pair_incomplete" in [f.code for f in response.context["blocking"]]
    assert response.context["form"]["kind"].value() == "travel_draft"
    (gap,) = response.context["gaps"]
    assert (gap.lacks_french, gap.lacks_chinese) == (False, True)


def test_a_blocked_kind_is_refused_next_to_its_field_and_nothing_typed_is_lost(edition, organiser):
    a_gap(edition)

    response = organiser.post(PREPARE, {"kind": "final", "seen": seen(organiser), **PURPOSE})

    assert "Ville durable" in str(response.context["form"].errors["kind"])
    assert "Pour les visas." in response.text
    assert not ProgrammeRelease.objects.exists()


def test_a_draft_with_a_gap_says_which_pair_is_incomplete(edition, organiser):
    a_gap(edition)
    organiser.post(PREPARE, {"kind": "travel_draft", "seen": seen(organiser), **PURPOSE})

    (gap,) = organiser.get(page(ProgrammeRelease.objects.get())).context["gaps"]

    assert gap.session.title.fr == "Ville durable"
    assert gap.is_incomplete


@pytest.mark.parametrize(
    "mark", ["", "-", "1:abc", "x" * 5000, None], ids=["empty", "dash", "other", "long", "none"]
)
def test_nothing_is_frozen_that_was_not_looked_at(edition, organiser, mark):
    a_session(edition)
    data = {"kind": "travel_draft", **PURPOSE} | ({} if mark is None else {"seen": mark})

    response = organiser.post(PREPARE, data)

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert not ProgrammeRelease.objects.exists()
    # The page shows the programme anew: sending it again freezes what it shows.
    organiser.post(PREPARE, {**data, "seen": response.context["seen"]})
    assert ProgrammeRelease.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "secret"}, {"kind": ""}, {"purpose_fr": ""}, {"purpose_zh": "\x00"}, {"purpose_fr": "x" * 301}],
    ids=str,
)
def test_what_is_wrong_is_said_and_never_an_error_of_the_server(edition, organiser, wrong):
    data = {"kind": "travel_draft", "seen": seen(organiser), **PURPOSE, **wrong}

    response = organiser.post(PREPARE, data)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == list(wrong)
    assert not ProgrammeRelease.objects.exists()


# --- Approving and publishing -------------------------------------------------------------------


def test_both_sides_approve_and_the_organiser_publishes(edition, as_role, organiser):
    session = a_session(edition, title_fr="Atelier")
    a_published_release(edition)
    registration = a_registration(edition)
    SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.time(9, 30))
    release = a_release(edition)
    OutgoingEmail.objects.all().delete()

    as_role(accounts.FRENCH_APPROVAL).post(page(release), {"approve": "FR"})
    as_role(accounts.APCAE, accounts.CHINESE_APPROVAL, language="zh-hans").post(
        page(release), {"approve": "CN"}
    )
    shown = organiser.get(page(release))
    done = organiser.post(page(release), {"publish": "1"}, follow=True)

    assert shown.context["telling"].languages == [("fr", 1)]
    assert registration.email in shown.text
    release.refresh_from_db()
    assert release.published_at is not None
    assert [letter.to_email for letter in OutgoingEmail.objects.all()] == [registration.email]
    assert done.context["telling"].written == 1


def test_who_approves_sees_how_many_are_told_and_not_who(edition, as_role):
    session = a_session(edition)
    a_published_release(edition)
    registration = a_registration(edition)
    SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.time(9, 30))

    response = as_role(accounts.APCAE, accounts.CHINESE_APPROVAL).get(page(a_release(edition)))

    assert response.context["telling"].languages == [("fr", 1)]
    assert registration.email not in response.text
    assert registration.family_name not in response.text


@pytest.mark.parametrize(
    "side", ["CN", "XX", "", "FR" * 500, "\x00"], ids=["other", "none", "empty", "long", "nul"]
)
def test_a_side_that_one_does_not_speak_for_approves_nothing(edition, as_role, side):
    release = a_release(edition)

    response = as_role(accounts.FRENCH_APPROVAL).post(page(release), {"approve": side}, follow=True)

    assert response.status_code == 200
    assert not ReleaseApproval.objects.exists()


def test_what_is_refused_is_said_and_changes_nothing(edition, organiser):
    release = a_release(edition)

    response = organiser.post(page(release), {"publish": "1"}, follow=True)

    assert len(messages(response)) == 1
    release.refresh_from_db()
    assert release.published_at is None


def test_an_older_release_is_said_to_be_passed_and_cannot_be_published(edition, organiser):
    older = a_release(edition, approved=True)
    a_published_release(edition)

    response = organiser.get(page(older))

    assert response.context["passed"]
    assert 'name="publish"' not in response.text
    assert 'name="discard"' in response.text


def test_a_release_that_another_one_has_passed_is_said_to_be_on_the_list_and_waits_no_more(
    edition, organiser
):
    first, second = a_release(edition, approved=True), a_release(edition, approved=True)
    organiser.post(page(first), {"publish": "1"})

    assert 'name="publish"' not in organiser.get(page(second)).text
    assert organiser.get(LIST).context["passed"] == {second.pk}
    (data,) = [p["data"] for p in organiser.get("/admin/").context["panels"] if "releases" in p["template"]]
    assert data["waiting"] == []


def test_a_release_is_discarded(edition, organiser):
    release = a_release(edition)

    response = organiser.post(page(release), {"discard": "1"})

    assert response.url == LIST
    assert not ProgrammeRelease.objects.exists()


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999999"])
def test_a_release_that_does_not_exist_is_not_found(edition, organiser, number):
    for method in (organiser.get, organiser.post):
        assert method(f"/admin/programme/versions/{number}/").status_code == 404
    assert organiser.get(f"/admin/programme/versions/{number}/fichiers/schedule.xml").status_code == 404


def test_a_release_of_another_edition_is_not_found(edition, organiser):
    a_release(an_edition())

    assert organiser.get("/admin/programme/versions/1/").status_code == 404


# --- Files --------------------------------------------------------------------------------------


def test_organisers_look_at_a_file_before_it_is_published_and_nothing_is_kept(
    edition, organiser, monkeypatch
):
    release = a_release(edition)
    kind = files.FileKind("application/xml; charset=utf-8", lambda p, s: f"<x>{s.number}</x>".encode())
    monkeypatch.setitem(files.KINDS, "schedule.xml", kind)

    response = organiser.get(page(release) + "fichiers/schedule.xml")

    assert response.content == b"<x>1</x>"
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    assert f"{edition.code}-1-schedule.xml" in response.headers["Content-Disposition"]
    assert not release.files.exists()


@pytest.mark.parametrize("name", ["passwd", "schedule.xm", "%00", "..", "é"])
def test_a_file_that_no_release_has_is_not_found(edition, organiser, name):
    assert organiser.get(page(a_release(edition)) + f"fichiers/{name}").status_code == 404


def test_every_file_of_a_release_has_a_name_in_words(edition, organiser):
    response = organiser.get(page(a_release(edition)))

    assert all(str(label) != name for name, label in response.context["files"])


# --- Lists and the first page -------------------------------------------------------------------


def test_the_list_is_empty_and_says_what_would_be_there(edition, organiser):
    response = organiser.get(LIST)

    assert response.status_code == 200
    assert 'class="empty"' in response.text
    assert PREPARE in response.text


def test_without_an_edition_the_pages_say_so(db, organiser):
    for url in (LIST, PREPARE):
        assert organiser.get(url).status_code == 200


def test_the_first_page_tells_what_is_out_what_changed_since_and_what_waits(edition, organiser):
    session = a_session(edition)
    a_published_release(edition)
    waiting = a_release(edition)
    type(session).objects.filter(pk=session.pk).update(starts_at=dt.time(9, 30))
    a_session(edition, starts_at=dt.time(14), ends_at=dt.time(15))

    response = organiser.get("/admin/")

    (data,) = [p["data"] for p in response.context["panels"] if "releases" in p["template"]]
    assert (data["out"].number, data["changes"], data["moves"]) == (1, 2, 1)
    assert [release.number for release, _halves in data["waiting"]] == [waiting.number]


def test_the_first_page_of_an_edition_without_a_release_says_so(edition, organiser):
    assert PREPARE in organiser.get("/admin/").text


@pytest.mark.parametrize("url", [LIST, PREPARE, "/admin/", "/admin/programme/versions/1/"])
def test_one_and_three_take_as_many_queries(edition, organiser, url):
    counts = []
    a_published_release(edition)
    for more in (1, 2):
        for _unused in range(more):
            n = edition.sessions.count()
            a_session(edition, starts_at=dt.time(8 + n), ends_at=dt.time(9 + n), room=a_room(edition))
            a_published_release(edition)
        organiser.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_journal_says_what_was_done_in_words():
    for name in (
        "session_created", "session_changed", "release_prepared", "release_approved", "release_published",
        "release_discarded",
    ):  # fmt: skip
        assert action_name(name) != name


def test_the_page_tells_its_history(edition, organiser):
    release = a_published_release(edition)

    response = organiser.get(page(release))

    assert [line["entry"].action for line in response.context["history"]] == [
        "release_published",
        "release_prepared",
    ]
