"""Who has the minutes of the jury written, signs and amends them; signed, they stay."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from awards import sealing, services
from awards.enums import Phase
from awards.models import JuryMinutes, Seal
from awards.readiness import gaps_before
from awards.wording import Wording
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_DELIBERATION,
    juror,
    secretary,
    substitute,
)
from tests.minutes_of_jury_factories import (
    REMARKS,
    amended,
    in_sealed,
    remark,
    rewritten,
    sign_all,
    signed,
    signers,
    written,
)

pytestmark = pytest.mark.django_db


def test_a_secretary_has_them_written_once_the_results_are_sealed(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)
    with pytest.raises(Refusal, match="scellés"):
        services.begin_minutes(call, at=IN_DELIBERATION, by=secretary(call).user)
    call = seal(call)
    with pytest.raises(Refusal, match="secrétaires"):
        services.begin_minutes(call, at=IN_DELIBERATION, by=juror(call, FR, 0).user)

    minutes = written(call)

    assert not minutes.is_signed
    with pytest.raises(Refusal, match="déjà"):
        services.begin_minutes(call, at=IN_DELIBERATION, by=secretary(call, CN).user)


def test_the_four_are_told_and_the_letter_says_nothing_of_the_results(edition):
    call = in_sealed(edition)

    minutes = written(call)

    letters = OutgoingEmail.objects.filter(event="awards/minutes_to_sign")
    assert {letter.to_email for letter in letters} == {m.user.email for m in signers(call)}
    for letter in letters:
        assert reverse("admin:jury_minutes") in letter.text
        assert minutes.digest not in letter.text
        assert minutes.content["titles"]["1"]["title"]["fr"] not in letter.text


def test_the_fourth_signature_makes_them_the_minutes(edition):
    minutes = written(in_sealed(edition))
    call = minutes.call

    for count, member in enumerate(signers(call), 1):
        done = services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=member.user)
        # Twice changes nothing.
        services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=member.user)
        assert done.is_signed == (count == 4)

    assert done.signatures.count() == 4
    assert Seal.objects.get(kind="minutes").subject == minutes.pk
    assert sealing.findings(call) == []


@pytest.mark.parametrize("who", ["juror", "substitute", "organiser", "superuser"])
def test_nobody_else_signs(edition, who):
    minutes = written(in_sealed(edition))
    call = minutes.call
    user = {
        "juror": juror(call).user,
        "substitute": substitute(call).user,
        "organiser": a_member_of_staff(is_superuser=False),
        "superuser": a_member_of_staff(),
    }[who]

    with pytest.raises(Refusal, match="coprésidents"):
        services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=user)
    with pytest.raises(Refusal, match="secrétaires"):
        remark(minutes, by=user)


def test_words_that_changed_are_signed_anew(edition):
    minutes = written(in_sealed(edition))
    first = minutes.digest
    services.sign_minutes(minutes, digest=first, at=IN_DELIBERATION, by=signers(minutes.call)[0].user)

    remark(minutes)

    with pytest.raises(Refusal, match="en cours de rédaction"):
        services.sign_minutes(minutes, digest=first, at=IN_DELIBERATION, by=signers(minutes.call)[1].user)
    minutes = rewritten(minutes)
    assert minutes.digest != first
    assert services.valid_signatures(minutes) == []
    with pytest.raises(Refusal, match="a changé"):
        services.sign_minutes(minutes, digest=first, at=IN_DELIBERATION, by=signers(minutes.call)[1].user)
    assert sign_all(minutes).content["remarks"] == {"fr": REMARKS.fr, "zh-Hans": REMARKS.zh_hans}


def test_remarks_are_in_both_languages_or_none(edition):
    minutes = written(in_sealed(edition))

    with pytest.raises(Refusal, match="deux langues"):
        remark(minutes, Wording("Seulement en français.", " "))
    remark(minutes)
    assert rewritten(remark(minutes, Wording("", ""))).content["remarks"] == {"fr": "", "zh-Hans": ""}


def test_signed_minutes_stay(edition):
    minutes = signed(in_sealed(edition))

    with pytest.raises(Refusal, match="reste tel quel"):
        remark(minutes)
    for statement in (
        "UPDATE awards_juryminutes SET content = '{}'",
        "UPDATE awards_juryminutes SET signed_at = NULL",
        "DELETE FROM awards_minutessignature",
        "UPDATE awards_minutessignature SET digest = repeat('0', 64)",
        "DELETE FROM awards_juryminutes",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_signs_for_others_by_sql(edition):
    minutes = written(in_sealed(edition))
    services.sign_minutes(
        minutes, digest=minutes.digest, at=IN_DELIBERATION, by=signers(minutes.call)[0].user
    )
    insert = (
        "INSERT INTO awards_minutessignature (minutes_id, member_id, digest, at) VALUES (%s, %s, %s, now())"
    )

    for parameters in (
        (minutes.pk, juror(minutes.call).pk, minutes.digest),
        (minutes.pk, signers(minutes.call)[1].pk, "0" * 64),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, parameters)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE awards_juryminutes SET signed_at = now()")


def test_what_is_changed_with_the_triggers_off_is_found(edition):
    call = signed(in_sealed(edition)).call
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_juryminutes SET content = jsonb_set(content, '{results}', '[]')")
        cursor.execute("SET session_replication_role = DEFAULT")

    found = [str(finding) for finding in sealing.findings(call)]

    # It is not as it was sealed, and not what was signed.
    assert len(found) == 2
    assert all("verbal" in finding for finding in found)
    with pytest.raises(CommandError):
        call_command("verify_award")


@pytest.mark.django_db(transaction=True)
def test_four_who_sign_at_once_make_them_the_minutes_once(edition):
    minutes = written(in_sealed(edition))
    failed = []

    def one(member):
        try:
            services.sign_minutes(minutes, digest=minutes.digest, at=IN_DELIBERATION, by=member.user)
        except BaseException as error:  # told to the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[member]) for member in signers(minutes.call)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    minutes.refresh_from_db()
    assert minutes.is_signed
    assert Seal.objects.filter(kind="minutes").count() == 1


# --- Amendments -------------------------------------------------------------------------------------


def test_an_amendment_is_a_new_document(edition):
    first = signed(in_sealed(edition))

    second = rewritten(amended(first))

    assert second.content["number"] == "PV-2018-02"
    assert second.content["amends"] == "PV-2018-01"
    assert second.content["reason"]["zh-Hans"] == "一项职务译文有误。"
    with pytest.raises(Refusal, match="une fois"):
        amended(first)
    assert gaps_before(first.call, Phase.PUBLISHED)
    assert sign_all(second).is_signed
    assert gaps_before(first.call, Phase.PUBLISHED) == []
    first.refresh_from_db()
    assert first.is_signed


def test_an_amendment_is_given_up_and_the_first_minutes_are_not(edition):
    call = in_sealed(edition)
    minutes = written(call)
    by = secretary(call).user
    with pytest.raises(Refusal):
        services.give_up_amendment(minutes, at=IN_DELIBERATION, by=by)
    second = amended(sign_all(minutes))

    services.give_up_amendment(second, at=IN_DELIBERATION, by=by)

    assert [m.label for m in JuryMinutes.objects.select_related("call__edition")] == ["PV-2018-01"]


def test_an_amendment_says_why_in_both_languages(edition):
    minutes = signed(in_sealed(edition))

    with pytest.raises(Refusal, match="deux langues"):
        services.amend_minutes(
            minutes, Wording("Erreur.", ""), at=IN_DELIBERATION, by=secretary(minutes.call).user
        )
