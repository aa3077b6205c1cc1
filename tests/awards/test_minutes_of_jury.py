"""The minutes of the jury: what they say, who signs them, that they stay, who reads what of them."""

import hashlib
import json
import re
import threading
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assises import accounts, files
from assises.canonical import hash_of
from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from awards import sealing, services
from awards.enums import Choice, Effect, Phase
from awards.minutes import content_of, masked
from awards.models import Application, Call, JuryMinutes, Seal
from awards.readiness import gaps_before
from awards.rights import hidden_from
from awards.wording import Wording
from tests.account_factories import logged_in
from tests.award_factories import IN_CEREMONY, agree, published
from tests.deliberation_factories import a_sitting, an_open_vote, decided, in_deliberation, recuse, seal
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_DELIBERATION,
    fresh,
    juror,
    rows_of,
    secretary,
    sign,
    substitute,
)
from tests.minutes_of_jury_factories import (
    in_sealed,
    printed,
    rewritten,
    sign_all,
    signed,
    signers,
    written,
)
from tests.pdf import Pdf, needs_pdftotext

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:jury_minutes")
REMARKS = Wording("Le débat a porté sur la durée des projets.", "讨论围绕项目的持续时间展开。")


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def pdf_of(minutes):
    minutes = printed(minutes)
    return Pdf(files.path_of(minutes.document).read_bytes())


def remark(minutes, text=REMARKS, *, by=None):
    by = by or secretary(minutes.call).user
    return services.write_remarks(minutes, text, at=IN_DELIBERATION, by=by)


# --- What they say ---------------------------------------------------------------------------------------


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


# --- Who has them written, and signs ---------------------------------------------------------------------


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


# --- Amendments ------------------------------------------------------------------------------------------


def amended(minutes):
    reason = Wording("Une fonction était mal traduite.", "一项职务译文有误。")
    return services.amend_minutes(minutes, reason, at=IN_DELIBERATION, by=secretary(minutes.call).user)


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


# --- The document ----------------------------------------------------------------------------------------


@needs_pdftotext
def test_a_draft_says_so_across_each_page_and_what_is_signed_does_not(edition):
    minutes = written(in_sealed(edition))
    draft = pdf_of(minutes)
    pages = range(1, len(draft.pages) + 1)

    assert len(pages) > 1
    assert all("Projet 草案" in draft.text(page) for page in pages)
    assert [across(draft, page) for page in pages] == [True for _page in pages]
    kept = pdf_of(sign_all(minutes))
    assert "草案" not in kept.text()
    assert "Projet" not in kept.text()
    assert not across(kept, 1)


def across(pdf, page):
    """Whether something is drawn across a page, turned by 28 degrees."""
    number = int(re.findall(r"/Contents (\d+) 0 R", pdf.pages[page - 1])[0])
    return re.search(rb"0\.8829\d* -?0\.4694", pdf.streams[number][1]) is not None


@needs_pdftotext
def test_both_languages_have_the_same_articles(edition):
    text = pdf_of(signed(in_sealed(edition))).text()

    for heading in (
        "1. Objet et règlement 宗旨与评选办法",
        "4. Conflits d’intérêts 利益冲突",
        "8. Motions et votes 动议与表决",
        "9. Prix, mentions et listes de réserve 奖项、特别奖与候补名单",
        "13. Signatures 签署",
    ):
        assert heading in text


def test_what_is_signed_is_for_the_archive_with_its_data_attached(edition, tmp_path):
    minutes = signed(in_sealed(edition))
    document = pdf_of(minutes)

    xmp = next(content for head, content in document.streams.values() if "/Metadata" in head).decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    [data] = [content for head, content in document.streams.values() if "/EmbeddedFile" in head]
    assert hashlib.sha256(data).hexdigest() == minutes.digest
    assert json.loads(data) == minutes.content


def test_the_document_is_made_again_with_the_same_bytes(edition):
    minutes = printed(signed(in_sealed(edition)))
    first = files.path_of(minutes.document).read_bytes()
    JuryMinutes.objects.update(document=None)

    again = printed(minutes, at=IN_CEREMONY)

    assert files.path_of(again.document).read_bytes() == first


@needs_pdftotext
def test_a_sign_that_no_face_has_does_not_keep_the_minutes_from_being_made(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_application SET title_fr = 'Le thé 🍵' WHERE number = 1")
        cursor.execute("SET session_replication_role = DEFAULT")
    decided(call, 1)

    minutes = signed(seal(call))

    text = pdf_of(minutes).text()
    assert "Le thé 〓" in text
    assert "〓" in text.replace("Le thé 〓", "")  # and why
    assert minutes.content["titles"]["1"]["title"]["fr"] == "Le thé 🍵"


def test_a_disk_that_refuses_is_told_and_tried_again(edition, settings, tmp_path):
    call = in_sealed(edition)
    settings.FILES_ROOT = tmp_path / "occupied"
    Path(settings.FILES_ROOT).write_text("a file where a folder should be")
    services.begin_minutes(call, at=IN_DELIBERATION, by=secretary(call).user)

    with pytest.raises(OSError, match="occupied"):
        services.write_minutes(at=IN_DELIBERATION)

    minutes = JuryMinutes.objects.get()
    assert minutes.trouble
    with time_machine.travel(IN_DELIBERATION, tick=False):
        page = logged_in(secretary(call).user).get(PAGE).content.decode()
    assert "n’a pas pu être produit" in page
    settings.FILES_ROOT = tmp_path / "room"
    assert services.write_minutes(at=IN_DELIBERATION) == 1
    minutes.refresh_from_db()
    assert minutes.trouble == ""
    assert minutes.document is not None


# --- Who reads what --------------------------------------------------------------------------------------


@pytest.fixture
def scene(edition):
    """A French juror and the Chinese co-president are recused from application 2; both applications were voted on."""
    call = in_deliberation(edition, applications=2, given={1: 3, 2: 4}, quorum_per_side=2)
    second = rows_of(call)[1]
    recuse(juror(call, FR, 1), second)
    recuse(juror(call, CN, 0), second)
    sign(substitute(call), at=IN_DELIBERATION)
    a_sitting(call)
    motion = an_open_vote(call, 2, by=juror(call, FR, 0).user)
    for member in (juror(call, FR, 0), juror(call, FR, 2), juror(call, CN, 1), juror(call, CN, 2)):
        services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=member.user)
    services.close_vote(motion, at=IN_DELIBERATION, by=juror(call, FR, 0).user)
    return written(seal(call))


def test_who_has_the_page_and_the_document_is_a_table(scene, as_role):
    call = printed(scene).call
    pdf = reverse("admin:jury_minutes_pdf", args=[1])
    who = {
        "visitor": Client(),
        "juror": logged_in(juror(call, FR, 2).user),
        "recused juror": logged_in(juror(call, FR, 1).user),
        "substitute": logged_in(substitute(call).user),
        "co-president": logged_in(juror(call, FR, 0).user),
        "recused co-president": logged_in(juror(call, CN, 0).user),
        "secretary": logged_in(secretary(call, CN).user),
        "organiser": as_role(accounts.ORGANISERS),
        "APCAE": as_role(accounts.APCAE, side=CN),
        "superuser": logged_in(a_member_of_staff()),
    }

    with time_machine.travel(IN_DELIBERATION, tick=False):
        found = {name: (c.get(PAGE).status_code, c.get(pdf).status_code) for name, c in who.items()}

    assert found == {
        "visitor": (302, 302),
        "juror": (200, 200),
        "recused juror": (200, 403),
        "substitute": (200, 403),
        "co-president": (200, 200),
        "recused co-president": (200, 403),
        "secretary": (200, 200),
        "organiser": (403, 403),
        "APCAE": (403, 403),
        "superuser": (403, 403),
    }


@pytest.mark.parametrize("side", [FR, CN])
def test_whoever_is_recused_reads_nothing_of_it_and_signs_all_the_same(scene, side):
    member = juror(scene.call, side, 1 if side == FR else 0)
    title = Application.objects.get(number=2).in_language("title", "fr" if side == FR else "zh-hans")
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(member.user)
        whole = logged_in(juror(scene.call, side, 2).user).get(PAGE).content.decode()
        page = client.get(PAGE).content.decode()
        both = client.get(PAGE + "?langues=2").content.decode()

    assert title in whole
    for seen in (page, both):
        assert title not in seen
    if member.is_president:
        with time_machine.travel(IN_DELIBERATION, tick=False):
            client.post(PAGE, {"sign": "1", "number": "1", "digest": scene.digest})
        assert scene.signatures.filter(member=member).exists()


def test_nothing_of_what_is_hidden_stays_in_what_is_masked(scene):
    hidden = hidden_from(juror(scene.call, CN, 0))

    said = masked(scene.content, hidden)

    assert hidden == {2}
    assert said["results"] == []
    assert said["scores"] == []
    assert [m for m in said["motions"] if not m.get("is_masked")] == []
    assert said["rankings"][0]["lines"] == []
    assert "2" not in said["titles"]
    # The list of recusals is for everybody of the jury.
    assert said["recusals"] == scene.content["recusals"]


def test_after_the_release_the_whole_jury_reads_all(scene):
    call = published(sign_all(scene).call)
    assert hidden_from(fresh(juror(call, CN, 0))) == frozenset()


# --- The page --------------------------------------------------------------------------------------------


def test_minutes_are_begun_worded_signed_and_amended_on_the_page(edition):
    call = in_sealed(edition)
    with time_machine.travel(IN_DELIBERATION, tick=False):
        clerk = logged_in(secretary(call).user)
        assert b'name="begin"' in clerk.get(PAGE).content
        assert b'name="begin"' not in logged_in(juror(call).user).get(PAGE).content
        clerk.post(PAGE, {"begin": "1"})
        assert b'name="sign"' not in clerk.get(PAGE).content
        services.write_minutes(at=IN_DELIBERATION)
        clerk.post(
            PAGE, {"remarks": "1", "number": "1", "text_fr": REMARKS.fr, "text_zh_hans": REMARKS.zh_hans}
        )
        services.write_minutes(at=IN_DELIBERATION)
        digest = JuryMinutes.objects.get().digest
        for member in signers(call):
            client = logged_in(member.user)
            page = client.get(PAGE).content.decode()
            assert digest in page
            answer = client.post(PAGE, {"sign": "1", "number": "1", "digest": digest}, follow=True)
        assert "Les quatre ont signé" in answer.content.decode() or "四人均已签署" in answer.content.decode()
        services.write_minutes(at=IN_DELIBERATION)
        clerk.post(PAGE, {"amend": "1", "number": "1", "text_fr": "Erreur.", "text_zh_hans": "有误。"})
        services.write_minutes(at=IN_DELIBERATION)
        page = clerk.get(PAGE).content.decode()

    assert "PV-2018-02" in page
    assert "PV-2018-01" in page


def test_what_was_typed_stays_where_it_is_refused(edition):
    minutes = written(in_sealed(edition))
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(secretary(minutes.call).user)
        answer = client.post(
            PAGE, {"remarks": "1", "number": "1", "text_fr": "Un long texte.", "text_zh_hans": ""}
        )

    assert "Un long texte." in answer.content.decode()
    assert "deux langues" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"sign": "1"}, {"sign": "1", "number": "x"}, {"sign": "1", "number": "9"}, {"remarks": "1", "number": "1", "text_fr": "\x00", "text_zh_hans": "a"}])  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(edition, data):
    minutes = written(in_sealed(edition))
    with time_machine.travel(IN_DELIBERATION, tick=False):
        answer = logged_in(secretary(minutes.call).user).post(PAGE, data, follow=True)

    assert answer.status_code == 200
    assert "messagelist" in answer.content.decode()
    minutes.refresh_from_db()
    assert minutes.content is not None


def test_results_are_not_published_without_signed_minutes(edition):
    call = in_sealed(edition)
    with pytest.raises(Refusal, match="procès-verbal"):
        agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY)
    written(call)
    with pytest.raises(Refusal, match="PV-2018-01"):
        agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY)


def test_the_page_costs_as_many_queries_for_one_motion_as_for_three(edition, django_assert_max_num_queries):
    minutes = written(in_sealed(edition))
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(juror(minutes.call).user)
        client.get(PAGE)
        with django_assert_max_num_queries(20):
            client.get(PAGE)
