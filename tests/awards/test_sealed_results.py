"""Who learns a result before the release."""

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assises.models import JournalEntry
from awards import services
from awards.models import Application, JuryMember
from awards.rights import hidden_from, may_prepare
from awards.wording import Wording
from tests.account_factories import logged_in
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
    in_sealed,
    in_sealed_without,
    printed,
    rewritten,
    sign_all,
    written,
)

pytestmark = pytest.mark.django_db
MINUTES, LIVE, PART = (
    reverse("admin:jury_minutes"),
    reverse("admin:jury_deliberation"),
    reverse("admin:jury_deliberation_part"),
)
CEREMONY, STAGE = reverse("admin:jury_ceremony"), reverse("admin:jury_stage")


@pytest.fixture
def now():
    with time_machine.travel(IN_DELIBERATION, tick=False):
        yield


def title_of(number, side=FR):
    return Application.objects.get(number=number).in_language("title", "fr" if side == FR else "zh-hans")


@pytest.fixture
def scene(edition):
    """French juror 1 and the Chinese co-president are recused from application 2, which has the prize."""
    return written(in_sealed_without(edition, (FR, 1), (CN, 0), prize=2))


def test_a_look_at_results_by_the_fragment_is_journalled(edition, now):
    call = in_sealed(edition)
    member = juror(call, FR, 1)
    page = logged_in(member.user).get(PART).content.decode()
    assert title_of(1) in results_on(page)
    assert JournalEntry.objects.filter(action="results_seen", actor=member.user).exists()


def test_a_look_at_the_ranking_is_journalled(edition, now):
    call = in_sealed(edition)
    member = juror(call, FR, 1)
    page = logged_in(member.user).get(reverse("admin:jury_ranking")).content.decode()
    assert title_of(1) in page
    assert JournalEntry.objects.filter(action="results_seen", actor=member.user).exists()


def results_on(page):
    """The section of what is decided alone: the agenda is not it."""
    return page.partition('id="jury-results"')[2].partition("</section>")[0]


def test_a_substitute_who_was_not_called_sees_no_result(scene, now):
    member = substitute(scene.call)
    assert hidden_from(fresh(member)) == {1, 2}
    assert title_of(2) in results_on(logged_in(juror(scene.call, FR, 2).user).get(LIVE).content.decode())
    page = logged_in(member.user).get(LIVE).content.decode()
    assert title_of(2) not in results_on(page)


def test_nobody_is_named_to_a_jury_whose_results_are_sealed(scene, now):
    call, boss, friend = scene.call, a_member_of_staff(side=FR), a_member_of_staff(side=FR)
    seat = {"call": call.pk, "side": "FR", "function_fr": "", "function_zh_hans": ""}

    added = logged_in(boss).post(
        reverse("admin:awards_jurymember_add"), {**seat, "user": friend.pk, "role": "juror"}, follow=True
    )

    assert "personne n’y entre" in added.content.decode()
    assert not JuryMember.objects.filter(user=friend).exists()
    for statement in (
        f"UPDATE awards_jurymember SET user_id = {friend.pk} WHERE id = {secretary(call).pk}",
        f"INSERT INTO awards_jurymember (call_id, user_id, side, role, function) VALUES ({call.pk}, {friend.pk}, 'FR', 'juror', '')",
    ):
        with (
            pytest.raises(DatabaseError, match="awards_jury"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_secretary_who_was_recused_in_another_role_sees_nothing_of_it(scene, now):
    member = juror(scene.call, FR, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_jurymember SET role = 'juror' WHERE role = 'secretary' AND side = 'FR'")
        cursor.execute("UPDATE awards_jurymember SET role = 'secretary' WHERE id = %s", [member.pk])
        cursor.execute("SET session_replication_role = DEFAULT")

    member = fresh(member)

    assert not may_prepare(member)
    assert title_of(2) not in logged_in(member.user).get(MINUTES).content.decode()
    assert logged_in(member.user).get(reverse("admin:jury_minutes_pdf", args=[1])).status_code == 403


def test_remarks_about_what_is_hidden_are_hidden_from_whoever_is_recused(scene, now):
    call = scene.call
    text = Wording("Le prix à la candidature 2 a été longuement débattu.", "关于2号申报获奖的讨论很长。")
    services.write_remarks(scene, text, at=IN_DELIBERATION, by=secretary(call).user)
    rewritten(scene)
    whole = logged_in(secretary(call).user).get(MINUTES).content.decode()
    page = logged_in(juror(call, FR, 1).user).get(MINUTES).content.decode()
    assert "Le prix à la candidature 2" in whole
    assert "Le prix à la candidature 2" not in page


def test_reason_of_an_amendment_is_hidden_from_whoever_is_recused(scene, now):
    call = scene.call
    minutes = sign_all(scene)
    reason = Wording("Le titre du lauréat, candidature 2, était mal traduit.", "获奖的2号申报标题译文有误。")
    rewritten(services.amend_minutes(minutes, reason, at=IN_DELIBERATION, by=secretary(call).user))
    whole = logged_in(secretary(call).user).get(MINUTES).content.decode()
    page = logged_in(juror(call, FR, 1).user).get(MINUTES).content.decode()
    assert "Le titre du lauréat" in whole
    assert "Le titre du lauréat" not in page


def test_a_recused_member_cannot_count_hidden_results(scene, now):
    """Head, other parameters, HEAD requests."""
    member = juror(scene.call, FR, 1)
    client = logged_in(member.user)
    for path in (
        MINUTES + "?numero=1&langues=1",
        CEREMONY,
        STAGE,
        LIVE,
        PART,
        reverse("admin:jury_minutes_pdf", args=[1]),
    ):
        for method in (client.get, client.head):
            response = method(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert title_of(2).encode() not in body, path


def test_a_recused_co_president_learns_nothing_from_the_ceremony_page(scene, now):
    call = scene.call
    sign_all(scene)
    page = logged_in(juror(call, CN, 0).user).get(CEREMONY).content.decode()
    assert title_of(2, CN) not in page


def test_the_document_before_the_release_is_kept_by_no_browser(scene, now):
    """Whoever opens it again within five minutes has it from the browser: that look is not journalled."""
    printed(scene)
    response = logged_in(secretary(scene.call).user).get(reverse("admin:jury_minutes_pdf", args=[1]))
    assert "no-store" in response.headers["Cache-Control"] or "no-cache" in response.headers["Cache-Control"]
