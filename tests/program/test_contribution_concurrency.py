"""Two people at the same instant, on connections of their own."""

import pytest
from django.db import transaction

from assises.exceptions import Refusal
from assises.models import JournalEntry, OutgoingEmail
from program import services
from program.models import Contribution, SessionPart, Speaker
from tests.contribution_factories import (
    a_practice,
    a_proposal,
    a_proposed,
    a_workshop,
    an_accepted,
    open_call,
    the_speaker,
)
from tests.factories import NOW, an_edition
from tests.registration.test_concurrency import Someone, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition():
    edition = an_edition(elected=1)
    open_call(edition)
    return edition


def outcome(do):
    try:
        return do()
    except Refusal as refused:
        return str(refused)


def test_the_same_form_sent_twice_at_once_is_one_proposal(edition):
    proposal = a_proposal(edition)

    rows = at_once(*[lambda: services.propose(proposal, at=NOW) for _unused in range(4)])

    assert len({row.pk for row in rows}) == 1
    assert Contribution.objects.count() == Speaker.objects.count() == OutgoingEmail.objects.count() == 1


def test_while_one_withdraws_the_speakers_yes_waits_and_is_refused(edition):
    row = an_accepted(edition)
    speaker = the_speaker(row)

    with transaction.atomic():
        services.withdraw(row, at=NOW)
        yes = Someone(lambda: outcome(lambda: services.confirm(row, speaker=speaker, at=NOW)))
        yes.until_blocked()

    assert isinstance(yes.result(), str)
    row.refresh_from_db()
    assert (row.state, the_speaker(row).state) == ("withdrawn", "asked")
    assert not SessionPart.objects.exists()


def test_while_the_speaker_says_yes_the_withdrawal_waits_and_then_takes_all_of_it_out(edition):
    row = an_accepted(edition)
    speaker = the_speaker(row)

    with transaction.atomic():
        services.confirm(row, speaker=speaker, at=NOW)
        gone = Someone(lambda: services.withdraw(row, at=NOW))
        gone.until_blocked()

    gone.result()
    row.refresh_from_db()
    assert (row.state, the_speaker(row).state) == ("withdrawn", "asked")
    assert not SessionPart.objects.exists()


def test_two_organisers_who_accept_it_at_once_put_it_into_one_workshop(edition):
    row, workshops = a_proposed(edition), [a_workshop(edition), a_workshop(edition)]

    results = at_once(
        *[lambda w=w: outcome(lambda: services.accept(row, session=w, at=NOW, by=None)) for w in workshops]
    )

    assert sum(isinstance(result, str) for result in results) == 1
    assert SessionPart.objects.count() == 1
    assert OutgoingEmail.objects.filter(event="program/please_confirm").count() == 1


def test_two_contributions_accepted_at_once_into_one_workshop_stand_one_after_the_other(edition):
    workshop, rows = a_workshop(edition), [a_proposed(edition) for _unused in range(4)]

    at_once(*[lambda r=r: services.accept(r, session=workshop, at=NOW, by=None) for r in rows])

    assert sorted(workshop.parts.values_list("order", flat=True)) == [1, 2, 3, 4]
    workshop.refresh_from_db()
    assert workshop.version == 5


def test_two_people_with_the_link_never_overwrite_one_another(edition):
    row = a_proposed(edition)
    practices = [a_practice(edition, title=f"Version {n}") for n in range(4)]

    results = at_once(
        *[lambda p=p: outcome(lambda: services.revise(row, p, version=1, at=NOW)) for p in practices]
    )

    assert sum(isinstance(result, str) for result in results) == 3
    row.refresh_from_db()
    assert row.version == 2
    assert JournalEntry.objects.filter(action="contribution_revised").count() == 1
