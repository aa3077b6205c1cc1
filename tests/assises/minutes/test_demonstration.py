"""The minutes of the demonstration: one validated by both sides, one that a side leaves unanswered."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from assises import accounts
from assises.enums import MinutesState
from assises.loading import DATA, load
from assises.minutes import verify
from assises.models import Minutes, OutgoingEmail
from assises.register.subjects import subject_by_code


@pytest.mark.django_db
def test_the_demonstration_has_minutes_of_both_kinds_and_writes_them_once(settings) -> None:
    settings.DEMO = "full"
    edition = load(DATA / "toulouse-2018")
    accounts.ensure_demo_accounts()

    for _twice in range(2):
        call_command("demo_minutes")

    committee, call = Minutes.objects.order_by("meeting__held_on")
    assert (committee.state, call.state) == (MinutesState.VALIDATED, MinutesState.SENT)
    assert committee.lines.count() > 60
    assert committee.validated_at
    assert committee.validated_at.date() == dt.date(2018, 4, 9)
    assert not verify(committee)
    assert OutgoingEmail.objects.filter(event__startswith="assises/minutes").exists()
    assert subject_by_code(edition, "session:gala-dinner") is not None


def test_no_minutes_are_invented_outside_a_demonstration(db, settings) -> None:
    settings.DEMO = "none"

    with pytest.raises(CommandError):
        call_command("demo_minutes")
