"""Each side answers for itself; when both have accepted every line, the minutes are frozen."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assises import accounts, minutes
from assises.enums import LineVerdict, Side
from assises.exceptions import Refusal
from assises.minutes import Answer, Stale
from assises.minutes.content import content_of
from assises.models import Minutes, OutgoingEmail, Verdict
from tests.factories import NOW, a_member_of_staff
from tests.minutes_factories import (
    DAY,
    a_speaker_for,
    accept_all,
    accepted,
    commented,
    sent_minutes,
    validated_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db


def verdicts(found, side):
    return list(
        Verdict.objects.filter(line__minutes=found, side=side)
        .order_by("line__order", "revision")
        .values_list("verdict", "comment", "revision")
    )


def test_the_last_acceptance_freezes_the_minutes_with_a_hash(edition):
    sent = sent_minutes(edition)
    accept_all(sent, Side.FRENCH)
    assert Minutes.objects.get().state == "sent"

    done = accept_all(sent, Side.CHINESE, at=NOW + DAY)

    done.refresh_from_db()
    assert (done.state, done.validated_at) == ("validated", NOW + DAY)
    canonical = json.dumps(content_of(done), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert done.digest == hashlib.sha256(canonical.encode()).hexdigest()
    assert minutes.verify(done) == ""
    letters = OutgoingEmail.objects.filter(event="assises/minutes_validated")
    assert {x.language for x in letters} == {"fr", "zh-hans"}
    assert all(done.digest in x.text and done.digest in x.html for x in letters)


def test_a_comment_holds_the_minutes_back_until_its_side_accepts(edition):
    sent = sent_minutes(edition)
    line, other = sent.lines.all()
    french = a_speaker_for(Side.FRENCH)
    accept_all(sent, Side.CHINESE)
    minutes.give_verdicts(sent, Side.FRENCH, {**commented(line), **accepted([other])}, at=NOW, by=french)
    assert verdicts(sent, Side.FRENCH) == [("commented", "À préciser.", 1), ("accepted", "", 1)]

    done = minutes.give_verdicts(sent, Side.FRENCH, accepted([line]), at=NOW, by=french)

    assert done.state == "validated"
    assert verdicts(sent, Side.FRENCH) == [("accepted", "", 1), ("accepted", "", 1)]


def test_an_acceptance_of_an_earlier_wording_does_not_count(edition):
    sent = sent_minutes(edition, lines=1)
    line = sent.lines.get()
    accept_all(sent, Side.FRENCH)
    minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())

    found = accept_all(sent, Side.CHINESE)
    assert found.state == "sent"

    assert accept_all(sent, Side.FRENCH).state == "validated"


def test_an_answer_to_a_stale_wording_is_refused_with_all_that_came_with_it(edition):
    sent = sent_minutes(edition)
    line, other = sent.lines.all()
    minutes.reword(line, {"text_fr": "Autre."}, revision=1, at=NOW, by=a_member_of_staff())

    with pytest.raises(Stale) as refused:
        minutes.give_verdicts(
            sent, Side.FRENCH, accepted([line, other]), at=NOW, by=a_speaker_for(Side.FRENCH)
        )

    assert refused.value.lines == {line.pk}
    assert not Verdict.objects.exists()


def test_the_same_answer_again_changes_nothing(edition):
    sent = sent_minutes(edition)
    french = a_speaker_for(Side.FRENCH)
    accept_all(sent, Side.FRENCH, by=french)

    accept_all(sent, Side.FRENCH, by=french, at=NOW + DAY)

    assert set(Verdict.objects.values_list("at", flat=True)) == {NOW}


def test_who_may_answer_for_a_side(edition, somebody):
    sent = sent_minutes(edition)
    refused = [
        a_member_of_staff(is_superuser=False),
        somebody(accounts.ORGANISERS),
        somebody(accounts.APCAE, side=Side.CHINESE),
        a_speaker_for(Side.CHINESE),
        a_speaker_for(Side.FRENCH, side=Side.CHINESE),
        a_member_of_staff(is_superuser=True, side=Side.CHINESE),
    ]

    for who in refused:
        with pytest.raises(Refusal):
            accept_all(sent, Side.FRENCH, by=who)

    assert not Verdict.objects.exists()


def test_nobody_speaks_for_both_sides_of_the_same_minutes(edition):
    sent = sent_minutes(edition)
    turncoat = a_member_of_staff(is_superuser=True, side=Side.FRENCH)
    accept_all(sent, Side.FRENCH, by=turncoat)
    turncoat.side = Side.CHINESE
    turncoat.save()

    with pytest.raises(Refusal):
        accept_all(sent, Side.CHINESE, by=turncoat)

    assert Minutes.objects.get().state == "sent"


@pytest.mark.parametrize(
    "answer", [Answer(LineVerdict.COMMENTED, 1), Answer(LineVerdict.COMMENTED, 1, "  \n ")]
)
def test_a_comment_says_something(edition, answer):
    sent = sent_minutes(edition)

    with pytest.raises(Refusal):
        minutes.give_verdicts(
            sent, Side.FRENCH, {sent.lines.first().pk: answer}, at=NOW, by=a_speaker_for(Side.FRENCH)
        )


def test_lines_of_other_minutes_and_drafts_are_not_answered(edition):
    sent, draft = sent_minutes(edition), written_minutes(edition)
    french = a_speaker_for(Side.FRENCH)

    with pytest.raises(Refusal):
        minutes.give_verdicts(sent, Side.FRENCH, accepted(draft.lines.all()), at=NOW, by=french)
    with pytest.raises(Refusal):
        accept_all(draft, Side.FRENCH, by=french)
    with pytest.raises(Refusal):
        accept_all(validated_minutes(edition), Side.FRENCH, by=french)


# --- Verified ---------------------------------------------------------------------------------------------


def run():
    out = StringIO()
    call_command("verify_minutes", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assises_minutesline SET text_zh_hans = '别的' WHERE \"order\" = 1",
        'UPDATE assises_minutesline SET due_on = NULL WHERE "order" = 1',
        "UPDATE assises_minutes SET introduction_fr = 'Autre'",
        "UPDATE assises_meeting SET held_on = held_on + 1",
        "UPDATE assises_verdict SET at = at + interval '1 second' WHERE side = 'CN'",
        "DELETE FROM assises_verdict WHERE side = 'FR' AND line_id = (SELECT min(id) FROM assises_minutesline)",
        f"UPDATE assises_minutes SET digest = '{'a' * 64}'",
    ],
)
def test_the_command_sees_what_was_changed_behind_the_back_of_the_triggers(edition, change):
    done = validated_minutes(edition)
    assert done.digest in run()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change)
        cursor.execute("SET LOCAL session_replication_role = origin")

    with pytest.raises(CommandError):
        run()


def test_the_command_sees_a_hash_that_was_made_to_fit_and_minutes_that_have_gone(edition):
    done = validated_minutes(edition)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE assises_minutes SET introduction_fr = 'Autre'")
        done.refresh_from_db()
        cursor.execute("UPDATE assises_minutes SET digest = %s", [minutes.digest_of(done)])

    with pytest.raises(CommandError):
        run()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assises_verdict")
        cursor.execute("DELETE FROM assises_minutesline")
        cursor.execute("DELETE FROM assises_minutes")
    with pytest.raises(CommandError):
        run()


def test_the_command_has_nothing_to_say_of_what_is_not_validated(edition):
    sent_minutes(edition)

    assert run().startswith("0 validated")
