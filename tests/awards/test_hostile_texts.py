"""Documents, letters and the public page with hostile texts; dependencies that fail."""

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from assises import files
from assises.models import OutgoingEmail
from awards import services
from awards.diplomas import diplomas_pdf
from awards.models import Editor, JuryMinutes, Score
from awards.wording import Wording
from tests.account_factories import logged_in
from tests.award_factories import IN_CEREMONY, published
from tests.awards.test_diplomas import a_diploma
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror, rows_of, secretary
from tests.minutes_of_jury_factories import (
    comments_wanted,
    in_sealed,
    printed,
    rewritten,
    sign_all,
    signed,
    written,
)
from tests.pdf import Pdf

pytestmark = pytest.mark.django_db
MINUTES = reverse("admin:jury_minutes")


HOSTILE = " ".join(
    [
        "a\x01b\x0bc",
        "😀👩‍👩‍👧 famille",
        "\u202eetêver\u202c",
        "𠮷野家 𬭚",
        "x\ufffe\uffff",
        "e\u0301\u0302\u0303",
        "<b>&lt;",
        "\ufeff\u200b",
        "مدينة",
        "\u2028ligne\u2029",
        "〓",
        "\U000e0041tag",
        "️",
        "\ue000",
    ]
)


def test_signed_minutes_are_made_whatever_the_signs(edition):
    call = in_sealed(edition)
    # A control character is no letter of a form.
    name = HOSTILE.replace("\x01", "").replace("\x0b", "")
    type(edition).objects.filter(pk=edition.pk).update(name_fr=f"A {name}", name_zh_hans=f"名 {name}")
    user = juror(call, FR, 0).user
    type(user).objects.filter(pk=user.pk).update(last_name=f"N {name}"[:150])
    minutes = written(call)
    services.write_remarks(
        minutes,
        Wording(f"Nom {HOSTILE} fin", f"名 {HOSTILE} 完"),
        at=IN_DELIBERATION,
        by=secretary(minutes.call).user,
    )
    minutes = printed(sign_all(rewritten(minutes)))
    assert minutes.is_signed
    assert minutes.document is not None, minutes.trouble
    found = Pdf(files.path_of(minutes.document).read_bytes())
    assert found.metadata


def test_a_diploma_is_one_page_whatever_the_signs():
    both = {"fr": HOSTILE, "zh-Hans": HOSTILE}
    made = Pdf(diplomas_pdf([a_diploma(title=both, partner=both, partners=(both, both))]))
    assert len(made.pages) == 1


def test_a_lost_file_of_signed_minutes_is_made_anew_or_said(edition):
    minutes = printed(signed(in_sealed(edition)))
    files.delete(minutes.document)
    with time_machine.travel(IN_DELIBERATION, tick=False):
        services.write_minutes(at=IN_DELIBERATION)
        client = logged_in(secretary(minutes.call).user)
        response = client.get(reverse("admin:jury_minutes_pdf", args=[1]))
    assert response.status_code == 200, response.status_code


@pytest.fixture
def told(edition):
    call = in_deliberation(edition, applications=2)
    with_comment = Score.objects.filter(sheet__application=rows_of(call)[0]).first()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE awards_score SET comment = %s WHERE id = %s",
            ["<script>alert(1)</script> & {{ x }}", with_comment.pk],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    a_sitting(call)
    decided(call, 1)
    comments_wanted(call)
    Editor.objects.create(
        application=rows_of(call)[0],
        given_name="A",
        family_name="B",
        email="a@example.org",
        language="fr",
        side="FR",
        added_at=IN_CEREMONY,
    )
    call = published(signed(seal(call)).call)
    services.tell_results(call, at=IN_CEREMONY, by=secretary(call).user)
    return call


def test_comments_are_escaped_in_html_and_plain_in_text(told):
    letters = [
        m for m in OutgoingEmail.objects.filter(event="awards/application_laureate") if "alert" in m.text
    ]
    assert letters
    for letter in letters:
        assert "<script>alert" not in letter.html
        assert "<script>alert(1)</script> & {{ x }}" in letter.text


def test_letters_are_written_once(told):
    before = OutgoingEmail.objects.count()
    services.tell_results(told, at=IN_CEREMONY, by=secretary(told, CN).user)
    assert OutgoingEmail.objects.count() == before


def test_a_missing_renderer_does_not_keep_the_four_from_signing(edition, monkeypatch):
    """The document fails for good; the content is complete: it can be read and signed."""
    call = in_sealed(edition)
    minutes = services.begin_minutes(call, at=IN_DELIBERATION, by=secretary(call).user)

    def fail(*_args, **_fields):
        raise OSError("no font")

    monkeypatch.setattr("awards.services.minutes.minutes_pdf", fail)
    with pytest.raises(OSError, match="no font"):
        services.write_minutes(at=IN_DELIBERATION)
    minutes = JuryMinutes.objects.get()
    assert minutes.trouble
    with time_machine.travel(IN_DELIBERATION, tick=False):
        logged_in(secretary(call).user).get(MINUTES).content.decode()
    assert minutes.content is not None
