"""What PostgreSQL holds of minutes, whoever asks: a page, a shell, SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from assises import constraints
from assises.enums import Side
from assises.models import Minutes, MinutesLine, Verdict
from tests.factories import NOW
from tests.minutes_factories import (
    a_speaker_for,
    accept_all,
    sent_minutes,
    validated_minutes,
    written_minutes,
)

pytestmark = pytest.mark.django_db
VALIDATE = f"UPDATE assises_minutes SET state = 'validated', validated_at = now(), digest = '{'a' * 64}'"
LINE = "(SELECT min(id) FROM assises_minutesline)"


def refuses(sql):
    """The constraint that refuses; the sentence of each is ours."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    name = constraints.name_of(refused.value)
    assert name in constraints._SENTENCES
    return name


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE assises_minutes SET introduction_fr = 'Autre'",
        "UPDATE assises_minutes SET state = 'sent', validated_at = NULL, digest = ''",
        f"UPDATE assises_minutes SET digest = '{'b' * 64}'",
        "UPDATE assises_minutes SET deadline_at = now()",
        "DELETE FROM assises_minutes",
        f"UPDATE assises_minutesline SET text_fr = 'Autre', revision = 9 WHERE id = {LINE}",
        f'UPDATE assises_minutesline SET "order" = 9 WHERE id = {LINE}',
        "DELETE FROM assises_minutesline",
        f"""INSERT INTO assises_minutesline (minutes_id, item_id, "order", workstream, kind, status, text, detail, outcome,
            owner_side, source, revision) SELECT minutes_id, item_id, 9, '', kind, status, '', '', '', '', '', 1
            FROM assises_minutesline WHERE id = {LINE}""",
        "UPDATE assises_verdict SET comment = 'Autre', verdict = 'commented'",
        "DELETE FROM assises_verdict WHERE side = 'FR'",
        f"""INSERT INTO assises_verdict (line_id, side, revision, verdict, comment, at, by_id)
            SELECT {LINE}, 'FR', 2, 'accepted', '', now(), min(by_id) FROM assises_verdict""",
    ],
)
def test_nothing_of_validated_minutes_changes_or_goes(edition, sql):
    validated_minutes(edition)

    assert refuses(sql) == "assises_minutes_stay"


@pytest.mark.parametrize(
    "change", ["title_zh_hans = '别的'", "held_on = held_on + 1", "attendance_fr = NULL"]
)
def test_what_validated_minutes_say_of_their_meeting_stays(edition, change):
    validated_minutes(edition)

    assert refuses(f"UPDATE assises_meeting SET {change}") == "assises_meeting_stays"


def test_a_note_on_the_meeting_and_the_account_of_the_sender_are_no_part_of_them(edition):
    done = validated_minutes(edition)
    done.meeting.note = "Salle à rendre."
    done.meeting.save()

    done.sent_by.delete()

    done.refresh_from_db()
    assert (done.sent_by, done.state) == (None, "validated")


def test_minutes_are_not_validated_without_every_acceptance(edition):
    sent = sent_minutes(edition)
    accept_all(sent, Side.FRENCH)

    assert refuses(VALIDATE) == "assises_minutes_validated_by_both"

    line = sent.lines.first()
    Verdict.objects.bulk_create(
        Verdict(line=x, side="CN", revision=1, verdict="accepted", at=NOW, by=a_speaker_for(Side.CHINESE))
        for x in sent.lines.all()
    )
    line.text_fr, line.revision = "Autre.", 2
    line.save()
    assert refuses(VALIDATE) == "assises_minutes_validated_by_both"


def test_minutes_are_not_validated_without_a_line_nor_inserted_validated(edition):
    draft = written_minutes(edition, lines=0)
    Minutes.objects.filter(pk=draft.pk).update(state="sent", sent_at=NOW, deadline_at=NOW)

    assert refuses(VALIDATE) == "assises_minutes_validated_by_both"
    with pytest.raises(IntegrityError):
        Minutes.objects.create(
            meeting=draft.meeting, number=2, state="validated", sent_at=NOW, deadline_at=NOW, validated_at=NOW,
            digest="a" * 64,
        )  # fmt: skip


def test_a_verdict_is_on_the_present_wording_of_what_was_sent_by_one_side_each(edition):
    draft, sent = written_minutes(edition, lines=1), sent_minutes(edition, lines=1)
    french = a_speaker_for(Side.FRENCH)
    accept_all(sent, Side.FRENCH, by=french)

    def give(line, side, revision):
        return f"""INSERT INTO assises_verdict (line_id, side, revision, verdict, comment, at, by_id)
            VALUES ({line.pk}, '{side}', {revision}, 'accepted', '', now(), {french.pk})"""

    assert refuses(give(draft.lines.get(), "FR", 1)) == "assises_verdict_on_what_was_sent"
    assert refuses(give(sent.lines.get(), "FR", 2)) == "assises_verdict_on_the_present_wording"
    assert refuses(give(sent.lines.get(), "CN", 1)) == "assises_verdict_for_one_side"
    move = f"UPDATE assises_verdict SET line_id = {draft.lines.get().pk}"
    assert refuses(move) == "assises_verdict_keeps_its_line"


@pytest.mark.parametrize("change", ["text_fr = 'Autre'", "status = 'decided'", "revision = revision - 1"])
def test_another_wording_has_another_number(edition, change):
    written_minutes(edition, lines=1)

    name = refuses(f"UPDATE assises_minutesline SET {change}")

    assert name == "assises_minutesline_new_wording"
    assert MinutesLine.objects.filter(revision=1).count() == 1
