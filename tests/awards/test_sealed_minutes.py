"""Signed minutes and the release: what the database holds, and what ``verify_award`` finds where it was switched off."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from assises import files
from assises.exceptions import Refusal
from awards import sealing, services
from awards.enums import JuryRole, Phase
from awards.minutes.reading import signers as signers_of
from awards.models import Application
from awards.wording import Wording
from tests.award_factories import IN_CEREMONY, agree, published
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror, secretary
from tests.minutes_of_jury_factories import (
    amended,
    in_sealed,
    printed,
    rewritten,
    sign_all,
    signed,
    signers,
    written,
)

pytestmark = pytest.mark.django_db


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def without_triggers(statement, *parameters):
    sql("SET session_replication_role = replica")
    sql(statement, *parameters)
    sql("SET session_replication_role = DEFAULT")


def must_be_found():
    with pytest.raises(CommandError):
        call_command("verify_award")


def test_content_is_not_changed_under_signatures(edition):
    minutes = written(in_sealed(edition))
    four = signers(minutes.call)
    for member in four[:3]:
        services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=member.user)
    forge = "UPDATE awards_juryminutes SET content = jsonb_set(content, '{results,0,application}', '2')"

    with pytest.raises(DatabaseError, match="awards_minutes_stay"), transaction.atomic():
        sql(forge)
    without_triggers(forge)
    with pytest.raises(Refusal, match="ce qui a été rédigé"):
        services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=four[3].user)


def test_document_of_signed_minutes_swapped_is_found(edition):
    signed(in_sealed(edition))
    forged = files.put([b"%PDF-1.7 forged"])
    # The file may be made anew, so the triggers let its key be changed.
    sql("UPDATE awards_juryminutes SET document = %s", forged)
    must_be_found()


def test_document_of_signed_minutes_altered_on_disk_is_found(edition):
    minutes = printed(signed(in_sealed(edition)))
    files.path_of(minutes.document).write_bytes(b"%PDF-1.7 forged")
    must_be_found()


@pytest.mark.parametrize(
    "change",
    [
        "digest = repeat('a', 64)",
        "written_at = now()",
        "amends_id = NULL, number = 9",
        "remarks_fr = 'x', remarks_zh_hans = 'x'",
    ],
)
def test_printed_columns_of_signed_minutes_changed_are_found(edition, change):
    signed(in_sealed(edition))
    without_triggers(f"UPDATE awards_juryminutes SET {change}")
    must_be_found()


def test_signature_removed_is_found(edition):
    signed(in_sealed(edition))
    without_triggers(
        "DELETE FROM awards_minutessignature WHERE id = (SELECT max(id) FROM awards_minutessignature)"
    )
    must_be_found()


def test_minutes_removed_are_found(edition):
    signed(in_sealed(edition))
    without_triggers("DELETE FROM awards_minutessignature")
    without_triggers("DELETE FROM awards_juryminutes")
    must_be_found()


def test_signature_given_to_another_is_found(edition):
    call = signed(in_sealed(edition)).call
    without_triggers(
        "UPDATE awards_minutessignature SET member_id = %s WHERE id = (SELECT max(id) FROM awards_minutessignature)",
        juror(call).pk,
    )
    must_be_found()


def test_results_published_with_the_triggers_off_are_found(edition):
    call = signed(in_sealed(edition)).call
    without_triggers("UPDATE awards_call SET phase = 'published' WHERE id = %s", call.pk)
    must_be_found()


def test_who_released_and_when_changed_afterwards_is_found(edition):
    published(signed(in_sealed(edition)).call)
    without_triggers(
        "UPDATE awards_agreement SET at = at - interval '30 days' WHERE phase = 'published' AND side = 'FR'"
    )
    must_be_found()


def test_title_of_a_laureate_changed_with_the_triggers_off_is_found(edition):
    published(signed(in_sealed(edition)).call)
    without_triggers(
        "UPDATE awards_application SET title = 'Autre', title_fr = 'Autre', title_zh_hans = 'Autre' WHERE number = 1"
    )
    must_be_found()


def test_numbers_of_two_applications_swapped_with_the_triggers_off_is_found(edition):
    signed(in_sealed(edition))
    without_triggers("UPDATE awards_application SET number = 99 WHERE number = 1")
    without_triggers("UPDATE awards_application SET number = 1 WHERE number = 2")
    without_triggers("UPDATE awards_application SET number = 2 WHERE number = 99")
    must_be_found()


def test_partner_of_a_laureate_changed_with_the_triggers_off_is_found(edition):
    published(signed(in_sealed(edition)).call)
    row = Application.objects.get(number=1)
    without_triggers(
        "UPDATE awards_partner SET organisation_id = NULL, name = 'Forgée' WHERE application_id = %s", row.pk
    )
    must_be_found()


def test_the_database_refuses_a_release_that_is_not_together(edition):
    call = signed(in_sealed(edition)).call
    for side, at in ((FR, IN_CEREMONY - dt.timedelta(days=20)), (CN, IN_CEREMONY)):
        member = juror(call, side, 0)
        call.agreements.create(phase=Phase.PUBLISHED, side=side, member=member, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("UPDATE awards_call SET phase = 'published'")


def another_president(call):
    """The French co-president becomes a juror, and a juror co-president."""
    old, new = juror(call, FR, 0), juror(call, FR, 1)
    for member, role in ((old, JuryRole.JUROR), (new, JuryRole.PRESIDENT)):
        member.role = role
        services.appoint(member, at=IN_CEREMONY, by=secretary(call).user)


def test_a_co_president_who_is_ill_is_replaced_by_somebody_of_the_jury(edition):
    call = signed(in_sealed(edition)).call
    agree(call, CN, Phase.PUBLISHED, at=IN_CEREMONY)

    another_president(call)

    assert agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY).phase == Phase.PUBLISHED
    assert sealing.findings(call) == []


def test_an_amendment_is_signed_by_those_whom_it_names(edition):
    call = published(signed(in_sealed(edition)).call)
    minutes = rewritten(amended(call.minutes.get(), at=IN_CEREMONY), at=IN_CEREMONY)
    first = signers(call)[0]
    services.sign_minutes(minutes, digest=minutes.digest, at=IN_CEREMONY, by=first.user)
    another_president(call)

    with pytest.raises(Refusal, match="changé"):
        services.sign_minutes(minutes, digest=minutes.digest, at=IN_CEREMONY, by=juror(call, FR, 1).user)

    services.write_remarks(minutes, Wording("", ""), at=IN_CEREMONY, by=secretary(call).user)
    minutes = sign_all(rewritten(minutes, at=IN_CEREMONY), at=IN_CEREMONY)
    assert minutes.is_signed
    assert [s.at is not None for s in signers_of(minutes.content, minutes.signatures.all())] == [True] * 4
    assert minutes.signatures.count() == 4
