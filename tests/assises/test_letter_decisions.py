"""What people decide about letters that have not left: cancel, try again, approve a mailing."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction

from assises import journal
from assises.enums import LetterState
from assises.exceptions import Refusal
from assises.mail import deciding, tasks
from assises.models import Mailing, OutgoingEmail
from tests.factories import NOW, a_member_of_staff
from tests.mail_factories import a_letter, a_mailing, one_of_each_state

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def by(db: None) -> Any:
    return a_member_of_staff()


class SlowPost(BaseEmailBackend):
    """A post office that takes a letter only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_it, self.may_go_on = threading.Event(), threading.Event()

    def send_messages(self, messages: list) -> int:
        self.has_it.set()
        assert self.may_go_on.wait(30)
        return len(messages)


def due() -> list[str]:
    return [letter.key for letter in OutgoingEmail.objects.due(LATER)]


def test_a_letter_is_in_one_state_and_lists_find_it_there_only():
    letters = one_of_each_state()

    for state, letter in letters.items():
        assert letter.state == state
        assert [x.key for x in OutgoingEmail.objects.in_state(state)] == [state.value]
    assert set(letters) == set(LetterState)


def test_the_letters_of_a_cancelled_mailing_are_cancelled_even_what_came_back():
    mailing = a_mailing(2, cancelled_at=NOW)
    mailing.letters.filter(key__endswith=":1").update(bounced_at=NOW)

    assert {letter.state for letter in mailing.letters.all()} == {LetterState.CANCELLED}
    assert OutgoingEmail.objects.cancelled().count() == 2
    assert not OutgoingEmail.objects.bounced().exists()


def test_only_what_waits_or_failed_is_due():
    one_of_each_state()

    assert due() == ["waiting", "failed"]


@pytest.mark.parametrize("also", [{"cancelled_at": NOW}, {"bounced_at": NOW}])
def test_the_database_knows_no_letter_that_has_left_and_has_not(also):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_letter(sent_at=NOW, **also)


def test_the_database_knows_no_mailing_that_is_approved_and_cancelled():
    with pytest.raises(IntegrityError), transaction.atomic():
        a_mailing(approved_at=NOW, cancelled_at=NOW)


def test_a_cancelled_letter_does_not_leave_and_who_cancelled_it_is_kept(by):
    letter = a_letter()

    outcome = deciding.cancel([letter], at=LATER, by=by)

    letter.refresh_from_db()
    assert outcome == deciding.Outcome(done=1)
    assert (letter.state, letter.cancelled_at, due()) == (LetterState.CANCELLED, LATER, [])
    assert [(e.action, e.actor) for e in journal.of(letter)] == [("letter_cancelled", by)]


def test_what_has_left_is_not_cancelled_and_the_outcome_says_so(by):
    letters = one_of_each_state()

    outcome = deciding.cancel(OutgoingEmail.objects.all(), at=LATER, by=by)

    assert outcome == deciding.Outcome(done=4, left=1)
    assert OutgoingEmail.objects.cancelled().count() == 5
    assert list(OutgoingEmail.objects.sent()) == [letters[LetterState.SENT]]


@pytest.mark.parametrize("state", [LetterState.FAILED, LetterState.BOUNCED, LetterState.CANCELLED])
def test_what_failed_came_back_or_was_cancelled_is_tried_again_at_once(
    by, state, django_capture_on_commit_callbacks
):
    letter = one_of_each_state()[state]
    OutgoingEmail.objects.exclude(pk=letter.pk).delete()
    OutgoingEmail.objects.update(next_attempt_at=NOW + dt.timedelta(days=1))

    with django_capture_on_commit_callbacks() as woken:
        outcome = deciding.try_again([letter], at=LATER, by=by)

    assert outcome == deciding.Outcome(done=1)
    assert (due(), len(woken)) == ([state.value], 1)
    assert [e.action for e in journal.of(letter)] == ["sent again"]


def test_what_has_left_is_not_tried_again_and_no_mailing_is_let_go_by_its_letters(by):
    letters = one_of_each_state()
    of_cancelled = a_mailing(1, cancelled_at=NOW).letters.get()
    asked = [letters[LetterState.SENT], letters[LetterState.HELD], of_cancelled]

    outcome = deciding.try_again(asked, at=LATER, by=by)

    assert outcome == deciding.Outcome(left=1, of_mailing=2)
    assert due() == ["waiting", "failed"]
    of_cancelled.refresh_from_db()
    assert of_cancelled.state == LetterState.CANCELLED


def test_an_approved_mailing_leaves(by, django_capture_on_commit_callbacks):
    mailing = a_mailing(3)
    assert due() == []

    with django_capture_on_commit_callbacks() as woken:
        deciding.approve(mailing, at=LATER, by=by)

    mailing.refresh_from_db()
    assert (mailing.approved_at, mailing.approved_by, len(due()), len(woken)) == (LATER, by, 3, 1)
    assert [e.action for e in journal.of(mailing)] == ["mailing_approved"]


def test_of_an_approved_mailing_one_letter_is_still_cancelled(by):
    mailing = a_mailing(2)
    deciding.approve(mailing, at=LATER, by=by)
    one = mailing.letters.earliest("pk")

    deciding.cancel([one], at=LATER, by=by)

    assert due() == [mailing.letters.latest("pk").key]


def test_a_cancelled_mailing_never_leaves(by):
    mailing = a_mailing(2)

    deciding.cancel_mailing(mailing, at=LATER, by=by)

    mailing.refresh_from_db()
    assert (mailing.cancelled_at, mailing.cancelled_by, due()) == (LATER, by, [])
    assert [e.action for e in journal.of(mailing)] == ["mailing_cancelled"]


@pytest.mark.parametrize("first", [deciding.approve, deciding.cancel_mailing])
@pytest.mark.parametrize("second", [deciding.approve, deciding.cancel_mailing])
def test_what_one_person_has_decided_another_does_not_decide_anew(by, first, second):
    mailing = a_mailing(1)
    first(mailing, at=NOW, by=by)
    before = Mailing.objects.values().get()

    with pytest.raises(Refusal):
        second(mailing, at=LATER, by=a_member_of_staff(email="autre@example.org"))

    assert Mailing.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_a_worker_sends_at_this_instant_is_not_cancelled_and_leaves():
    by = a_member_of_staff()
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
    seen = deciding.being_sent([being_sent.pk, other.pk])
    outcome = deciding.cancel([being_sent, other], at=NOW, by=by)
    again = deciding.try_again([being_sent], at=NOW, by=by)
    post.may_go_on.set()
    worker.join(30)

    being_sent.refresh_from_db()
    other.refresh_from_db()
    assert seen == {being_sent.pk}
    assert outcome == deciding.Outcome(done=1, busy=1)
    assert again == deciding.Outcome(busy=1)
    assert (being_sent.state, other.state) == (LetterState.SENT, LetterState.CANCELLED)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_and_cancel_at_once_one_is_refused():
    people = [a_member_of_staff(), a_member_of_staff(email="autre@example.org")]
    mailing = a_mailing(2)
    start = threading.Barrier(2)
    refused = []

    def decide(what: Any, by: Any) -> None:
        start.wait()
        try:
            what(mailing, at=NOW, by=by)
        except Refusal as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    both = [
        threading.Thread(target=decide, args=pair)
        for pair in zip([deciding.approve, deciding.cancel_mailing], people, strict=True)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)

    mailing.refresh_from_db()
    assert len(refused) == 1
    assert (mailing.approved_at is None) != (mailing.cancelled_at is None)
