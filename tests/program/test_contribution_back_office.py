"""Contributions, speakers and protocol in the back office."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assises import accounts
from assises.models import OutgoingEmail
from program import services
from program.models import ProtocolRank, SessionPart, Speaker
from tests.contribution_factories import (
    a_practice,
    a_proposed,
    a_workshop,
    an_accepted,
    open_call,
    some_speaker,
    the_speaker,
)
from tests.factories import NOW, a_member_of_staff, an_organisation

pytestmark = pytest.mark.django_db
LIST = "/admin/program/contribution/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        yield


@pytest.fixture(autouse=True)
def theme(edition):
    return open_call(edition)


def log_in(*roles, language="fr"):
    accounts.ensure_groups()
    user = a_member_of_staff(is_superuser=False, language=language)
    user.groups.set(Group.objects.filter(name__in=roles))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def organiser():
    return log_in(accounts.ORGANISERS)


def page_of(row):
    return f"{LIST}{row.pk}/change/"


def step_of(row, step):
    return f"{LIST}{row.pk}/reponse/{step}/"


# --- Who may read, who may act -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "desk", "apcae"])
def test_only_organisers_read_and_answer(edition, who):
    row = a_proposed(edition)
    client = {
        "visitor": Client,
        "desk": lambda: log_in(accounts.DESK),
        "apcae": lambda: log_in(accounts.APCAE),
    }[who]()

    for path in (LIST, page_of(row), step_of(row, "accept"), f"{LIST}{row.pk}/mots/", "/admin/program/speaker/",
                 "/admin/protocole/"):  # fmt: skip
        assert client.get(path).status_code in (302, 403)
    assert client.post(step_of(row, "decline"), {"message": "Non."}).status_code in (302, 403)
    row.refresh_from_db()
    assert row.state == "proposed"


def test_nobody_deletes_or_writes_over_a_contribution_by_hand(organiser, edition):
    row = a_proposed(edition)

    assert organiser.post(page_of(row), {"title_fr": "Autre"}).status_code == 403
    assert organiser.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert organiser.get(f"{LIST}add/").status_code == 403


# --- The list ------------------------------------------------------------------------------------------


@pytest.fixture
def several(edition):
    named = some_speaker(family_name="李", given_name="示例", function="处长")
    chengdu = an_organisation("Chengdu", name_zh_hans="成都市", side="CN", kind="city")
    return {
        "looking": a_proposed(edition, practice=a_practice(edition, title="Forêt œuvrée")),
        "chinese": a_proposed(
            edition, side="CN", organisation=chengdu, practice=a_practice(edition, speaker=named)
        ),
        "paired": a_proposed(edition, practice=a_practice(edition, title="À deux", counterpart=chengdu)),
        "accepted": an_accepted(edition),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"looking", "chinese", "paired", "accepted"}),
        ("?state=proposed", {"looking", "chinese", "paired"}),
        ("?state=accepted", {"accepted"}),
        ("?state=speaker_declined", set()),
        ("?side=CN", {"chinese"}),
        ("?counterpart=looking", {"looking", "chinese", "accepted"}),
        ("?counterpart=known", {"paired"}),
        ("?theme=tourism", {"looking", "chinese", "paired", "accepted"}),
        ("?theme=nowhere", set()),
        ("?q=foret+oeuvree", {"looking"}),
        ("?q=成都", {"chinese", "paired"}),
        ("?q=chengdu", {"chinese", "paired"}),
        ("?q=李示例", {"chinese"}),
        ("?q=lishili", {"chinese"}),
        ("?q=%00", set()),
    ],
)
def test_the_list_is_narrowed_and_searched_in_both_scripts(organiser, several, query, found):
    page = organiser.get(LIST + query).text

    assert {name for name, row in several.items() if page_of(row) in page} == found or query == "?q=%00"


def test_accepted_is_not_confirmed_and_the_list_shows_it(organiser, edition):
    row = an_accepted(edition)

    assert 'class="state state-asked"' in organiser.get(LIST).text
    assert 'class="notice notice-warning"' in organiser.get(page_of(row)).text

    services.decline_to_speak(row, speaker=the_speaker(row), at=NOW)

    assert 'class="state state-declined"' in organiser.get(LIST + "?state=speaker_declined").text
    assert 'class="notice notice-error"' in organiser.get(page_of(row)).text
    assert "?state=speaker_declined" in organiser.get("/admin/").text


@pytest.mark.parametrize("path", [LIST, "/admin/program/speaker/"])
def test_a_list_takes_as_many_statements_with_one_as_with_three(organiser, edition, path):
    an_accepted(edition)
    organiser.get(path)
    counts = []
    for _unused in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert organiser.get(path).status_code == 200
        counts.append(len(seen))
        for _more in range(2):
            an_accepted(edition)

    assert counts[0] == counts[1]


# --- The page of one, and its steps --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_page_of_one_tells_it_all_in_both_languages(edition, language):
    row = a_proposed(edition)

    page = log_in(accounts.ORGANISERS, language=language).get(page_of(row)).text

    for text in (row.title_fr, row.summary_fr, row.concrete, row.email, the_speaker(row).family_name):
        assert text in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("number", ["0", "999999999999999999999", "x", "1%00"])
def test_a_contribution_that_is_not_there_is_not_an_error(organiser, number):
    for path in (f"{LIST}{number}/change/", f"{LIST}{number}/reponse/accept/", f"{LIST}{number}/mots/"):
        assert organiser.get(path).status_code in (302, 404)


def test_the_four_words_are_ticked(organiser, edition):
    row = a_proposed(edition)

    organiser.post(f"{LIST}{row.pk}/mots/", {"met": ["existing", "concrete"]})

    row.refresh_from_db()
    assert row.met == ["existing", "concrete"]


def test_it_is_accepted_into_a_workshop(organiser, edition):
    row, workshop = a_proposed(edition), a_workshop(edition)
    assert str(workshop) in organiser.get(step_of(row, "accept")).text

    organiser.post(step_of(row, "accept"), {"session": workshop.pk, "speaker": row.speaker_id})

    row.refresh_from_db()
    assert (row.state, row.session) == ("accepted", workshop)


def test_without_words_no_letter_leaves(organiser, edition):
    row = a_proposed(edition)

    response = organiser.post(step_of(row, "ask"), {"message": " "})

    assert "error-summary" in response.text
    assert OutgoingEmail.objects.count() == 1


def test_a_second_organiser_is_told_that_it_was_answered(organiser, edition):
    row = a_proposed(edition)
    services.decline(row, reason="Hors sujet.", at=NOW, by=None)

    response = organiser.post(step_of(row, "ask"), {"message": "Le budget ?"})

    assert "error-summary" in response.text
    assert "Le budget ?" in response.text
    row.refresh_from_db()
    assert row.message == "Hors sujet."


def test_the_link_is_sent_again_to_the_right_address(organiser, edition):
    row = a_proposed(edition)

    organiser.post(step_of(row, "link"), {"email": "neuve@example.org"})

    row.refresh_from_db()
    assert row.email == "neuve@example.org"


def test_an_unknown_step_is_not_found(organiser, edition):
    assert organiser.get(step_of(a_proposed(edition), "burn")).status_code == 404


# --- Speakers ------------------------------------------------------------------------------------------


def speaker_answers(speaker, **changes):
    fields = (
        "edition_id", "side", "organisation_id", "function_fr", "function_zh_hans", "state", "given_name", "family_name",
        "name_zh", "family_name_zh_length", "family_pinyin", "given_pinyin", "pinyin_confirmed", "rank_id",
        "rank_override", "rank_override_reason", "counterpart_id", "email", "language",
    )  # fmt: skip
    values = {name.removesuffix("_id"): getattr(speaker, name) for name in fields}
    return {k: v for k, v in {**values, **changes}.items() if v not in (None, False)}


def test_pinyin_is_proposed_confirmed_and_other_characters_take_the_confirmation_back(organiser, edition):
    speaker = Speaker.objects.create(edition=edition, side="CN", function_fr="Maire", name_zh="李示例")
    page = f"/admin/program/speaker/{speaker.pk}/change/"

    organiser.post(page, speaker_answers(speaker, function_fr="Mairesse"))
    speaker.refresh_from_db()
    assert (speaker.full_name, speaker.pinyin_confirmed) == ("Li Shili", False)

    organiser.post(page, speaker_answers(speaker, pinyin_confirmed="on"))
    speaker.refresh_from_db()
    assert speaker.pinyin_confirmed

    organiser.post(page, speaker_answers(speaker, name_zh="欧阳文", family_name_zh_length=2))
    speaker.refresh_from_db()
    assert (speaker.full_name, speaker.pinyin_confirmed) == ("Ouyang Wen", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_zh": "Li"},
        {"name_zh": "李", "family_name_zh_length": 2},
        {"rank_override": 2, "rank_override_reason": ""},
        {"state": "confirmed", "name_zh": "", "family_name": ""},
    ],
)
def test_what_cannot_be_is_said_in_words(organiser, edition, wrong):
    speaker = Speaker.objects.create(edition=edition, side="CN", function_fr="Maire", name_zh="李示例")

    response = organiser.post(
        f"/admin/program/speaker/{speaker.pk}/change/", speaker_answers(speaker, **wrong)
    )

    assert response.status_code == 200
    assert "errorlist" in response.text


@pytest.mark.parametrize(("typed", "count"), [("李示例", 1), ("lishili", 1), ("oriane", 0), ("Mairesse", 1)])
def test_speakers_are_found_in_both_scripts(organiser, edition, typed, count):
    Speaker.objects.create(
        edition=edition,
        side="CN",
        function_fr="Mairesse",
        name_zh="李示例",
        family_pinyin="Li",
        given_pinyin="Shili",
    )

    page = organiser.get("/admin/program/speaker/", {"q": typed}).text

    assert page.count('class="field-name"') == count


# --- Protocol ------------------------------------------------------------------------------------------


@pytest.fixture
def inauguration(edition):
    session = a_workshop(
        edition,
        code="inauguration",
        kind="ceremony",
        title_fr="Inauguration",
        title_zh_hans="开幕式",
        theme=None,
    )
    prefect = ProtocolRank.objects.create(
        edition=edition, code="prefet", title_fr="Préfet", order=1, represents_state=True
    )
    host = Speaker.objects.create(
        edition=edition, side="FR", function_fr="Présidente de Région", organisation=edition.host
    )
    guest = Speaker.objects.create(
        edition=edition, side="CN", function_fr="Gouverneur", function_zh_hans="省长", counterpart=host
    )
    state = Speaker.objects.create(edition=edition, side="FR", function_fr="Préfète", rank=prefect)
    gone = Speaker.objects.create(edition=edition, side="FR", function_fr="Absent", state="declined")
    for order, speaker in enumerate((state, host, guest, gone)):
        SessionPart.objects.create(
            session=session, kind="speech", title_fr="Allocution", minutes=10, speaker=speaker, order=order
        )
    return session


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_sheet_of_protocol_orders_people_speeches_and_seats(inauguration, language):
    page = log_in(accounts.ORGANISERS, language=language).get("/admin/protocole/inauguration/").text

    precedence, speeches, seats = (
        page[page.index(f'id="{part}"') :] for part in ("precedence", "speeches", "seats")
    )

    def order(text, *words):
        return sorted(words, key=text.index)

    functions = ("Préfète", "Présidente de Région", "Gouverneur")
    assert order(precedence, *functions) == ["Préfète", "Présidente de Région", "Gouverneur"]
    assert order(speeches, *functions) == ["Gouverneur", "Présidente de Région", "Préfète"]
    assert order(seats, *functions) == ["Présidente de Région", "Préfète", "Gouverneur"]
    assert "89-655" in page
    assert "须经省府礼宾部门确认" in page
    assert "Absent" not in page[: page.index('id="declined"')]


def test_ceremonies_are_listed_and_linked_from_their_session(organiser, inauguration):
    link = "/admin/protocole/inauguration/"

    assert link in organiser.get("/admin/protocole/").text
    assert link in organiser.get(f"/admin/composer/{inauguration.code}/deroule/").text


@pytest.mark.parametrize("code", ["nowhere", "atelier"])
def test_what_is_no_ceremony_has_no_sheet(organiser, edition, code):
    a_workshop(edition, code="atelier")

    assert organiser.get(f"/admin/protocole/{code}/").status_code == 404


def test_the_sheet_takes_as_many_statements_with_one_speaker_as_with_three(organiser, edition, inauguration):
    path = "/admin/protocole/inauguration/"
    organiser.get(path)
    counts = []
    for kept in (3, 1):
        SessionPart.objects.filter(order__gte=kept).delete()
        with CaptureQueriesContext(connection) as seen:
            organiser.get(path)
        counts.append(len(seen))

    assert counts[0] == counts[1]
