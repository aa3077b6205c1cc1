"""What the minutes of the jury say."""

import datetime as dt
from functools import partial

import pytest
from django.db import connection
from django.utils import translation

from assises.canonical import hash_of
from assises.enums import MilestoneKey
from awards.diplomas import diplomas_of
from awards.enums import Effect
from awards.minutes import content_of, masked
from awards.minutes.reading import readable
from awards.models import Call
from tests.deliberation_factories import a_sitting, decided, in_deliberation, recuse, seal
from tests.jury_factories import CN, FR, juror, rows_of
from tests.laureate_factories import a_category
from tests.minutes_of_jury_factories import in_sealed, in_sealed_without, written

pytestmark = pytest.mark.django_db


def test_they_say_what_was_signed_marked_voted_and_sealed(edition):
    call = in_deliberation(edition, applications=3, quorum_per_side=2)
    recuse(juror(call, CN, 1), rows_of(call)[2])
    a_sitting(call)
    decided(call, 2, french="yyn", chinese="nnn")
    decided(call, 1)
    decided(call, 2, effect=Effect.RESERVE)

    said = written(seal(call)).content

    assert said["number"] == "PV-2018-01"
    assert said["rules"]["digest"] == call.rules.in_force().get().digest
    assert said["applications"] == {
        "arrived": 3, "admissible": 3, "withdrawn": 0, "late": 0, "inadmissible": [],
    }  # fmt: skip
    assert [(r["member"], r["application"], r["kind"]) for r in said["recusals"]] == [
        (juror(call, CN, 1).pk, 3, "declared")
    ]
    assert said["sheets"] == {
        "FR": {"counting": 9, "abstentions": 0},
        "CN": {"counting": 8, "abstentions": 0},
    }
    [ranking] = said["rankings"]
    assert [(line["application"], line["rank"]) for line in ranking["lines"]] == [(1, 1), (3, 2), (2, 3)]
    [sitting] = said["sittings"]
    assert len(sitting["present"]) == 6
    assert [(m["number"], m["state"], m["tally"]["CN"]["no"]) for m in said["motions"]] == [
        (1, "lost", 3), (2, "passed", 0), (3, "passed", 0),
    ]  # fmt: skip
    assert said["motions"][0]["attendance"]["closed"]["quorum"]["FR"] == {
        "eligible": 3, "present": 3, "needed": 2,
    }  # fmt: skip
    assert [(r["application"], r["kind"], r["place"], r["motion"]) for r in said["results"]] == [
        (1, "prize", 1, 2), (2, "reserve", 1, 3),
    ]  # fmt: skip
    assert said["seals"] == {
        "count": call_of(call).seals, "digest": call_of(call).seal_digest, "findings": [],
    }  # fmt: skip
    assert said["embargo"] == "2018-12-13T08:00:00+00:00"


def call_of(call):
    return Call.objects.get(pk=call.pk)


def test_figures_of_the_annex_name_nobody(edition):
    said = written(in_sealed(edition)).content

    assert said["scores"][0] == {"application": 1, "FR": ["2.800"] * 3, "CN": ["2.800"] * 3}
    assert all(scores[side] == sorted(scores[side]) for scores in said["scores"] for side in ("FR", "CN"))


def test_they_are_the_same_whatever_the_language(edition):
    minutes = written(in_sealed(edition))

    for language in ("fr", "zh-hans", "en"):
        with translation.override(language):
            assert hash_of(content_of(minutes)) == minutes.digest


def test_what_was_changed_after_it_was_sealed_stands_in_them(edition):
    call = in_sealed(edition)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_score SET mark = 5 WHERE id = (SELECT min(id) FROM awards_score)")
        cursor.execute("SET session_replication_role = DEFAULT")

    [finding] = written(call).content["seals"]["findings"]

    assert "n’est plus" in finding["fr"]
    assert finding["zh-Hans"]
    assert finding["fr"] != finding["zh-Hans"]


def test_every_category_stands_in_them_also_a_mention_that_nobody_has(edition):
    call = in_deliberation(edition, begin=partial(a_category, code="youth", is_mention=True, order=6))
    a_sitting(call)
    decided(call, 1)
    minutes = written(seal(call))

    prize, mention = readable(minutes.content, minutes.call)["results"]
    hidden_prize, hidden_mention = readable(masked(minutes.content, frozenset({2})), minutes.call)["results"]

    assert [line["application"] for line in prize["lines"]] == [1]
    assert (mention["code"], mention["lines"], mention["is_masked"]) == ("youth", [], False)
    # Whoever may not know of application 2 is not told that it has no mention.
    assert (hidden_prize["is_masked"], hidden_mention["is_masked"]) == (True, True)


def test_of_each_vote_they_say_who_was_in_the_room(edition):
    call = in_sealed_without(edition, (FR, 1), (CN, 0), prize=2)

    minutes = written(call)
    [motion] = readable(minutes.content, minutes.call)["motions"]

    assert motion["present"] == [
        str(juror(call, side, n)) for side, n in ((FR, 0), (FR, 2), (CN, 1), (CN, 2))
    ]
    assert {str(juror(call, FR, 1)), str(juror(call, CN, 0))} <= set(motion["out"])


def test_they_tell_the_later_of_the_planned_ceremony_and_of_the_one_in_the_rules(edition):
    call = in_sealed(edition)
    edition.milestones.filter(key=MilestoneKey.AWARD_CEREMONY).update(
        starts_at=dt.datetime(2018, 12, 12, 8, tzinfo=dt.UTC)
    )

    assert written(call).content["embargo"] == "2018-12-13T08:00:00+00:00"
    assert {diploma.day for diploma in diplomas_of(Call.objects.get())} == {dt.date(2018, 12, 13)}
