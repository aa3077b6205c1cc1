"""The page of the minutes: who reads what of them, and what the buttons do."""

from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assises import accounts
from assises.exceptions import Refusal
from awards import services
from awards.enums import Phase
from awards.minutes import masked
from awards.models import Application, JuryMinutes
from awards.rights import hidden_from
from tests.account_factories import logged_in
from tests.award_factories import IN_CEREMONY, agree, published
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_DELIBERATION,
    fresh,
    juror,
    secretary,
    substitute,
)
from tests.minutes_of_jury_factories import (
    REMARKS,
    in_sealed,
    in_sealed_without,
    printed,
    sign_all,
    signers,
    written,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:jury_minutes")


# --- Who reads what -----------------------------------------------------------------------------------


@pytest.fixture
def scene(edition):
    """A French juror and the Chinese co-president are recused from application 2, which has the prize."""
    call = in_sealed_without(edition, (FR, 1), (CN, 0), prize=2, given={1: 3, 2: 4})
    return written(call)


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


# --- The page ------------------------------------------------------------------------------------------


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
