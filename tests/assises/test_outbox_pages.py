"""The outbox as organisers see it: what became of each letter, what they cancel, what they let leave."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from assises import accounts
from assises.enums import LetterState
from assises.mail import deciding, tasks
from assises.models import Mailing, OutgoingEmail
from tests.assises.test_letter_decisions import SlowPost
from tests.factories import NOW, a_member_of_staff, an_edition
from tests.mail_factories import a_letter, a_mailing, one_of_each_state
from tests.registration.test_query_counts import statements

pytestmark = pytest.mark.django_db
LETTERS = reverse("admin:assises_outgoingemail_changelist")
MAILINGS = reverse("admin:assises_mailing_changelist")
INDEX = reverse("admin:index")


@pytest.fixture(autouse=True)
def in_october(monday):
    """All of it happens on 15 October 2018."""


@pytest.fixture
def organiser(as_role):
    return as_role(accounts.ORGANISERS)


def letter_page(letter):
    return reverse("admin:assises_outgoingemail_change", args=[letter.pk])


def mailing_page(mailing):
    return reverse("admin:assises_mailing_change", args=[mailing.pk])


def decide(client, row, step):
    name = f"admin:assises_{row._meta.model_name}_decide"
    return client.post(reverse(name, args=[row.pk, step]), follow=True)


def act(client, action, *letters):
    sent = {"action": action, "_selected_action": [letter.pk for letter in letters]}
    return client.post(LETTERS, sent, follow=True)


def said(page):
    return [message.level_tag for message in page.context["messages"]]


# --- The list -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", LetterState)
def test_the_list_is_narrowed_to_each_state_and_its_badge_says_it(organiser, state):
    letters = one_of_each_state()

    page = organiser.get(LETTERS, {"state": state.value})

    assert [row.pk for row in page.context["cl"].result_list] == [letters[state].pk]
    assert f"</svg>{state.label}</span>" in page.text


@pytest.mark.parametrize(
    "nonsense", ["state=lost", "mailing=x", "mailing=99999999999999999999", "mailing=-1"]
)
def test_nonsense_in_the_address_of_the_list_is_no_filter(organiser, nonsense):
    one_of_each_state()

    page = organiser.get(f"{LETTERS}?{nonsense}", follow=True)

    assert (page.status_code, page.context["cl"].result_count) == (200, 6)


def test_letters_are_found_by_what_they_are_about(organiser):
    a_letter("1", event="program/moved")
    a_letter("2")

    page = organiser.get(LETTERS, {"q": "moved"})

    assert [row.key for row in page.context["cl"].result_list] == ["1"]


def test_the_list_shows_the_letters_of_one_mailing(organiser):
    mailing = a_mailing(2)
    a_mailing(3)

    page = organiser.get(LETTERS, {"mailing": mailing.pk})

    assert page.context["cl"].result_count == 2


def test_chosen_letters_are_cancelled_and_what_has_left_is_said(organiser):
    letters = one_of_each_state()

    page = act(organiser, "cancel", *letters.values())

    assert said(page) == ["success", "warning"]
    assert OutgoingEmail.objects.cancelled().count() == 5


def test_chosen_letters_are_tried_again_but_not_those_of_a_mailing_nobody_approved(organiser):
    letters = one_of_each_state()

    page = act(organiser, "send_again", *letters.values())

    assert said(page) == ["success", "warning", "warning"]
    assert OutgoingEmail.objects.due(NOW.replace(hour=12)).count() == 4


def test_who_decides_on_nothing_that_leaves_sees_no_letter(as_role):
    letter, mailing = a_letter(), a_mailing(1)
    client = as_role(accounts.PROGRAMME)

    for url in (LETTERS, MAILINGS, letter_page(letter), mailing_page(mailing)):
        assert client.get(url).status_code == 403
    for row, step in ((letter, "cancel"), (mailing, "approve")):
        assert decide(client, row, step).status_code == 403
    letter.refresh_from_db()
    mailing.refresh_from_db()
    assert (letter.cancelled_at, mailing.approved_at) == (None, None)


@pytest.mark.parametrize(("url", "make"), [(LETTERS, a_letter), (MAILINGS, lambda key: a_mailing(2))])
def test_a_list_takes_as_many_statements_for_one_row_as_for_three(organiser, url, make):
    counts = []
    for keys in (["1"], ["2", "3"]):
        for key in keys:
            make(key)
        organiser.get(url)
        counts.append(len(statements(lambda: organiser.get(url))))

    assert counts[0] == counts[1]


# --- The page of one letter ---------------------------------------------------------------


@pytest.mark.parametrize("state", LetterState)
def test_the_page_of_a_letter_says_its_state_and_offers_what_can_be_done(organiser, state):
    page = organiser.get(letter_page(one_of_each_state()[state]))

    assert str(state.label) in page.text
    assert page.context["may_cancel"] == (state not in (LetterState.SENT, LetterState.CANCELLED))
    assert page.context["may_try_again"] == (
        state in (LetterState.FAILED, LetterState.BOUNCED, LetterState.CANCELLED)
    )


def test_a_letter_is_cancelled_and_tried_again_on_its_page(organiser):
    letter = a_letter()

    cancelled = decide(organiser, letter, "cancel")
    letter.refresh_from_db()
    assert (said(cancelled), letter.state) == (["success"], LetterState.CANCELLED)
    again = decide(organiser, letter, "again")

    letter.refresh_from_db()
    assert (said(again), letter.state) == (["success"], LetterState.WAITING)
    assert len(again.context["history"]) == 2


def test_what_is_cancelled_already_is_not_cancelled_again(organiser):
    assert said(decide(organiser, a_letter(cancelled_at=NOW), "cancel")) == ["info"]


def test_what_does_not_exist_is_not_found_and_looking_changes_nothing(organiser):
    letter, mailing = a_letter(), a_mailing(1)

    for name in ("outgoingemail", "mailing"):
        for pk in (0, 10**18, 10**30):
            url = reverse(f"admin:assises_{name}_decide", args=[pk, "cancel"])
            assert organiser.post(url).status_code == 404
    for row in (letter, mailing):
        assert decide(organiser, row, "eat").status_code == 404
        url = reverse(f"admin:assises_{row._meta.model_name}_decide", args=[row.pk, "cancel"])
        assert organiser.get(url).status_code == 302
        row.refresh_from_db()
        assert row.cancelled_at is None


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_a_worker_sends_at_this_instant_is_shown_so(client):
    client.force_login(a_member_of_staff())
    OutgoingEmail.objects.all().delete()
    being_sent, other = a_letter("1"), a_letter("2")
    post = SlowPost()

    def deliver() -> None:
        try:
            tasks.deliver_next(post, at=NOW)
        finally:
            connection.close()

    worker = threading.Thread(target=deliver)
    worker.start()
    assert post.has_it.wait(30)
    listed = {r.pk: r.is_being_sent for r in client.get(LETTERS).context["cl"].result_list}
    shown = client.get(letter_page(being_sent)).context["original"].is_being_sent
    refused = said(decide(client, being_sent, "cancel"))
    post.may_go_on.set()
    worker.join(30)

    assert listed == {being_sent.pk: True, other.pk: False}
    assert (shown, refused) == (True, ["warning"])
    assert not client.get(letter_page(being_sent)).context["original"].is_being_sent


# --- Mailings -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_a_mailing_is_looked_at_in_both_languages_and_approved(as_role, language):
    client = as_role(accounts.ORGANISERS, language=language)
    mailing = a_mailing(3)

    listed = client.get(MAILINGS)
    page = client.get(mailing_page(mailing))
    assert {"fr": "Le programme a changé", "zh-hans": "日程已更新"}[language] in listed.text
    looks = [(look["letter"].language, look["count"]) for look in page.context["looks"]]
    assert looks == [("fr", 2), ("zh-hans", 1)]
    assert "您的研讨会已改期。" in page.text
    assert "Votre atelier a changé d’heure." in page.text

    approved = decide(client, mailing, "approve")

    mailing.refresh_from_db()
    assert (said(approved), mailing.approved_at is not None) == (["success"], True)
    assert not approved.context["may_decide"]
    assert OutgoingEmail.objects.waiting().count() == 3


def test_what_was_cancelled_one_by_one_does_not_leave_with_its_mailing(organiser):
    mailing = a_mailing(3)
    act(organiser, "cancel", mailing.letters.earliest("pk"))

    assert organiser.get(mailing_page(mailing)).context["leaving"] == 2
    decide(organiser, mailing, "approve")

    assert OutgoingEmail.objects.waiting().count() == 2


def test_a_mailing_is_cancelled_and_who_approves_it_later_is_refused(as_role):
    first = as_role(accounts.ORGANISERS)
    second = as_role(accounts.ORGANISERS, email="autre@example.org")
    mailing = a_mailing(2)

    assert said(decide(first, mailing, "cancel")) == ["success"]
    assert said(decide(second, mailing, "approve")) == ["error"]

    assert OutgoingEmail.objects.cancelled().count() == 2
    assert not Mailing.objects.undecided().exists()


@pytest.mark.parametrize("state", ["undecided", "approved", "cancelled"])
def test_the_list_of_mailings_is_narrowed_by_what_was_decided(organiser, state):
    a_mailing(1)
    a_mailing(1, approved_at=NOW)
    a_mailing(1, cancelled_at=NOW)

    page = organiser.get(MAILINGS, {"state": state})

    assert page.context["cl"].result_count == 1


def test_a_mailing_whose_letters_are_erased_is_still_shown(organiser):
    mailing = a_mailing(2, approved_at=NOW)
    OutgoingEmail.objects.all().delete()

    assert organiser.get(MAILINGS).status_code == 200
    assert organiser.get(mailing_page(mailing)).status_code == 200


# --- The first page -----------------------------------------------------------------------


def panel_of(client):
    found = [p["data"] for p in client.get(INDEX).context["panels"] if "panel_letters" in p["template"]]
    return found[0] if found else None


def test_the_first_page_says_what_did_not_leave_and_leads_there(organiser, edition):
    one_of_each_state()
    a_letter("also", attempts=1, bounced_at=NOW)

    page = organiser.get(INDEX)

    assert panel_of(organiser) == {"bounced": 2, "failed": 1, "undecided": 1}
    for url in (f"{LETTERS}?state=bounced", f"{LETTERS}?state=failed", f"{MAILINGS}?state=undecided"):
        assert url in page.text
        assert organiser.get(url).status_code == 200


def test_the_first_page_is_silent_while_all_leaves(organiser, edition):
    a_letter("1")
    a_letter("2", sent_at=NOW)
    a_mailing(1, approved_at=NOW)

    assert "panel-letters" not in organiser.get(INDEX).text


def test_the_first_page_tells_nothing_of_letters_to_who_may_not_see_them(as_role):
    an_edition(elected=1)
    one_of_each_state()

    assert panel_of(as_role(accounts.PROGRAMME)) is None


def test_being_sent_asks_for_nothing_where_nothing_is_due(organiser):
    letters = [a_letter("1", sent_at=NOW), a_letter("2", cancelled_at=NOW)]
    asked = statements(lambda: organiser.get(LETTERS))

    assert not any("SKIP LOCKED" in statement for statement in asked)
    assert deciding.being_sent(letter.pk for letter in letters) == set()


def test_the_first_page_and_that_of_a_mailing_take_as_many_statements_for_few_letters_as_for_many(
    organiser, edition
):
    counts = []
    for letters in (2, 6):
        mailing = a_mailing(letters)
        a_letter(f"bounced:{letters}", bounced_at=NOW)
        urls = (INDEX, mailing_page(mailing))
        # What is remembered from page to page is asked for once.
        for url in urls:
            organiser.get(url)
        counts.append([len(statements(lambda url=url: organiser.get(url))) for url in urls])

    assert counts[0] == counts[1]
