"""The award of the demonstration: as it stands on its first day, and as the jury has marked it ten days later."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command

from assises import files
from assises.enums import Side
from assises.models import Edition, JournalEntry
from awards import sealing
from awards.enums import ApplicationState, Phase
from awards.models import Application, Interest, Motion, Result, Rules, Sheet
from awards.ranking import near_ties, rank
from awards.reading_sheets import breaks_ties, marks_of, weights_of
from tests.award_factories import CLOSES

pytestmark = pytest.mark.django_db
FIRST_DAY = dt.datetime(2018, 10, 15, 7, tzinfo=dt.UTC)
CEREMONY = dt.datetime(2018, 12, 13, 7, tzinfo=dt.UTC)
MARKED = dt.datetime(2018, 10, 25, 7, tzinfo=dt.UTC)


def loaded(day: dt.datetime):
    with time_machine.travel(day, tick=False):
        for _twice in range(2):
            call_command("load_edition", "toulouse-2018", with_people=True, stdout=io.StringIO())
    return Edition.objects.get(code="toulouse-2018").award


def test_on_the_first_day_the_jury_declares_its_conflicts():
    call = loaded(FIRST_DAY)

    assert call.phase == Phase.CONFLICTS
    assert sum(c.weight for c in call.criteria.all()) == 100
    assert [r.version for r in Rules.objects.in_force()] == [1]
    assert len(Rules.objects.get().content["articles"]) == 16
    sides = {side: sorted(call.jury.filter(side=side).values_list("role", flat=True)) for side in Side}
    assert sides[Side.FRENCH] == sides[Side.CHINESE]
    assert call.date_of(Phase.ADMISSIBILITY) == CLOSES

    admissible = Application.objects.admissible()
    themes = [
        admissible.filter(category__code=c).count() for c in ("tourism", "agriculture", "sustainable-city")
    ]
    assert themes == [5, 5, 4]
    assert admissible.count() - Application.objects.translated().filter(state="admissible").count() == 1
    # One came three minutes too late, and stays a draft.
    late = Application.objects.get(state=ApplicationState.DRAFT)
    entry = JournalEntry.objects.get(action="application_late", subject_id=late.pk)
    assert entry.details["seconds"] == 180
    assert [i.kind for i in Interest.objects.recusals().order_by("kind")] == ["authority", "declared"]
    # What they show is there.
    assert all(files.path_of(a.key).exists() for row in admissible for a in row.attachments.all())
    assert sum(hasattr(row, "film") for row in admissible) == 9


def test_ten_days_later_it_has_marked_and_two_are_equal_at_a_boundary():
    call = loaded(MARKED)

    assert call.phase == Phase.DELIBERATION
    assert Sheet.objects.sealed().count() == 82
    assert sealing.findings(call) == []
    marks, weights, innovation = marks_of(call), weights_of(call), breaks_ties(call)
    first, second = rank(marks["sustainable-city"], weights, innovation)[:2]
    assert first.chain[0] == second.chain[0]
    prizes = {c.code: c.prizes for c in call.categories.exclude(theme=None)}
    close = {
        code: len(near_ties(rank(given, weights, innovation), prizes[code])) for code, given in marks.items()
    }
    assert close == {"tourism": 0, "agriculture": 0, "sustainable-city": 1}


def test_on_the_day_of_the_ceremony_the_results_are_sealed_and_the_minutes_signed():
    call = loaded(CEREMONY)

    assert call.phase == Phase.SEALED
    assert sealing.findings(call) == []
    states = [(m.number, m.state, m.ballot) for m in Motion.objects.order_by("number")]
    # A tie twice, then the prize is shared; and one that only one side wanted.
    assert states[:3] == [(1, "lost", 1), (2, "lost", 2), (3, "passed", 1)]
    assert [number for number, state, _ballot in states if state == "lost"] == [1, 2, 7]
    given = Result.objects.exclude(kind="reserve").values_list("category__code", "application__number")
    assert sorted(given) == [
        ("agriculture", 9), ("favourite", 5), ("reciprocity", 4), ("sustainable-city", 2),
        ("sustainable-city", 10), ("tourism", 1), ("youth", 11),
    ]  # fmt: skip
    minutes = call.minutes.get()
    assert minutes.is_signed
    assert files.path_of(minutes.document).exists()


def test_on_the_day_after_it_the_results_are_public():
    assert loaded(CEREMONY + dt.timedelta(days=1)).phase == Phase.PUBLISHED
