"""The chain over pledges, recusals and sheets: whatever is changed, by SQL too, is found out."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assises.models import JournalEntry
from awards import sealing, services
from awards.models import Call, Interest, Score, Seal, Sheet
from awards.services.phases import held
from tests.factories import an_edition
from tests.jury_factories import (
    CN,
    IN_SCORING,
    a_sheet,
    fresh,
    in_scoring,
    juror,
    rows_of,
)
from tests.registration.test_concurrency import Someone

TABLES = ["call", "interest", "pledge", "score", "seal", "sheet", "calling", "jurymember"]


@pytest.fixture
def call(edition):
    """Eight pledges, two sealed sheets, one recusal: a chain of eleven."""
    call = in_scoring(edition)
    row, other = rows_of(call)
    a_sheet(juror(call), row)
    a_sheet(juror(call, CN), row)
    services.declare_conflict(fresh(juror(call)), other, words="Un parent.", at=IN_SCORING)
    return Call.objects.get()


def by_force(*statements):
    """SQL of somebody who may do everything: the triggers are switched off."""
    with connection.cursor() as cursor:
        # What waits until the end of the transaction must not.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE awards_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE awards_{table} ENABLE TRIGGER USER")


@pytest.mark.django_db
def test_what_was_sealed_in_order_fits(call):
    assert sealing.findings(call) == []
    assert list(Seal.objects.values_list("number", flat=True)) == list(range(1, 12))
    assert (call.seals, call.seal_digest) == (11, Seal.objects.get(number=11).digest)
    assert JournalEntry.objects.filter(action="sealed", details__call=call.pk).count() == 11


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE awards_score SET mark = 2 WHERE mark = 4", "n’est plus"),
        ("UPDATE awards_score SET comment = 'x' WHERE mark = 4", "n’est plus"),
        ("DELETE FROM awards_score WHERE mark = 4", "n’est plus"),
        ("UPDATE awards_sheet SET abstains = true, reason = 'x'", "n’est plus"),
        ("UPDATE awards_sheet SET sealed_at = NULL", "n’existe plus"),
        ("UPDATE awards_interest SET kind = 'none', words = '' WHERE kind = 'declared'", "n’existe plus"),
        ("DELETE FROM awards_interest WHERE kind = 'declared'", "n’existe plus"),
        ("UPDATE awards_interest SET words = 'y' WHERE kind = 'declared'", "n’est plus"),
        ("UPDATE awards_interest SET kind = 'authority' WHERE kind = 'none'", "jamais"),
        ("UPDATE awards_pledge SET digest = repeat('0', 64)", "n’est plus"),
        ("UPDATE awards_jurymember SET role = 'secretary' WHERE role = 'juror'", "n’est plus"),
        ("UPDATE awards_seal SET content = '{}' WHERE number = 9", "sceau 9"),
        ("UPDATE awards_seal SET previous = repeat('0', 64) WHERE number = 9", "sceau 9"),
        ("DELETE FROM awards_seal WHERE number = 5", "sceau 5"),
        ("DELETE FROM awards_seal WHERE number = 11", "11"),
        ("DELETE FROM awards_seal", "11"),
    ],
)
def test_whatever_is_changed_with_the_triggers_off_is_found(call, statement, said):
    by_force("DROP INDEX IF EXISTS awards_jurymember_one_of_a_role_per_side", statement)

    found = [str(finding) for finding in sealing.findings(call)]

    assert any(said.lower() in sentence.lower() for sentence in found), found
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_award", stdout=out)
    assert all(sentence in out.getvalue() for sentence in found)


@pytest.mark.django_db
def test_a_tail_that_is_cut_together_with_the_count_is_in_the_journal(call):
    last = Seal.objects.get(number=10)
    by_force(
        "DELETE FROM awards_interest WHERE kind = 'declared'",
        "DELETE FROM awards_seal WHERE number = 11",
        f"UPDATE awards_call SET seals = 10, seal_digest = '{last.digest}'",
    )

    assert len(sealing.findings(call)) == 1


@pytest.mark.django_db
def test_a_sheet_that_is_added_with_the_triggers_off_is_found(call):
    row = rows_of(call)[1]
    by_force(
        "INSERT INTO awards_sheet (member_id, application_id, abstains, reason, version, opened_at, sealed_at)"
        f" VALUES ({juror(call, CN).pk}, {row.pk}, true, 'x', 0, now(), now())"
    )

    assert len(sealing.findings(call)) == 1


@pytest.mark.django_db
def test_a_chain_written_anew_is_not_the_one_of_the_journal(call):
    """Somebody who changes a mark and computes all hashes anew, with our own code, is found by the journal."""
    sheet = Sheet.objects.first()
    by_force(f"UPDATE awards_score SET mark = 2 WHERE sheet_id = {sheet.pk}")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE awards_seal DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE awards_call DISABLE TRIGGER USER")
    previous = ""
    for link in Seal.objects.order_by("number"):
        if (link.kind, link.subject) == ("sheet", sheet.pk):
            link.content = sealing.sheets(call)[sheet.pk]
        link.previous = previous
        link.digest = previous = sealing._digest_of(link)
        link.save()
    Call.objects.update(seal_digest=previous)

    assert sealing.findings(call)


@pytest.mark.django_db
def test_the_chain_is_only_added_to(call):
    for statement, rule in [
        ("UPDATE awards_seal SET content = '{}'", "awards_seal_stays"),
        ("DELETE FROM awards_seal", "awards_seal_stays"),
        ("UPDATE awards_call SET seals = 3", "awards_seal_chains"),
        ("UPDATE awards_call SET seal_digest = ''", "awards_seal_chains"),
        (
            "INSERT INTO awards_seal (call_id, number, kind, subject, content, salt, at, previous, digest) SELECT"
            " call_id, 13, 'x', 1, '{}', salt, at, digest, digest FROM awards_seal WHERE number = 11",
            "awards_seal_chains",
        ),
        (
            "INSERT INTO awards_seal (call_id, number, kind, subject, content, salt, at, previous, digest) SELECT"
            " call_id, 12, 'x', 1, '{}', salt, at, previous, digest FROM awards_seal WHERE number = 11",
            "awards_seal_chains",
        ),
    ]:
        with (
            pytest.raises(IntegrityError, match=rule),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db
def test_another_kind_joins_the_chain_and_is_compared_by_its_reader(call, monkeypatch):
    rows = {7: {"text": "oui"}}
    monkeypatch.setitem(sealing._READERS, "motion", lambda call: dict(rows))
    with transaction.atomic():
        sealing.seal(held(call), kind="motion", subject=7, content={"text": "oui"}, at=IN_SCORING)
    assert sealing.findings(call) == []

    rows[7] = {"text": "non"}

    assert len(sealing.findings(call)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_are_two_links_of_one_chain():
    call = in_scoring(an_edition(elected=1))
    row = rows_of(call)[0]
    sheets = [a_sheet(juror(call, side), row, sealed=False) for side in ("FR", "CN")]
    before = Seal.objects.count()

    def seal(sheet):
        return services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)

    with transaction.atomic():
        seal(sheets[0])
        other = Someone(lambda: seal(sheets[1]))
        other.until_blocked()

    assert other.result().is_sealed
    assert list(Seal.objects.values_list("number", flat=True)) == list(range(1, before + 3))
    assert sealing.findings(call) == []


@pytest.mark.django_db
def test_hashes_do_not_tell_marks(call):
    """The hashes stand in the journal: without the salt one would try all marks until the hash fits."""
    assert len(set(Seal.objects.values_list("salt", flat=True))) == 11
    noted = JournalEntry.objects.filter(action="sealed").values_list("details", flat=True)
    assert {key for details in noted for key in details} == {"call", "number", "kind", "digest"}
    assert Score.objects.filter(mark=4).count() == 2
    assert Interest.objects.recusals().count() == 1
