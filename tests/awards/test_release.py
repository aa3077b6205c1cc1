"""The results are sealed until two people release them together; then the pairs are told (S-117)."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from assises import accounts
from assises.back_office import action_name
from assises.exceptions import Refusal
from assises.models import JournalEntry, OutgoingEmail
from awards import services
from awards.enums import Effect, Phase
from awards.models import Application, Call, Editor, Motion, Result
from awards.wording import Wording
from tests.account_factories import logged_in
from tests.award_factories import IN_CEREMONY, agree, published
from tests.deliberation_factories import a_sitting, decided, in_deliberation, seal
from tests.factories import a_member_of_staff
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror, rows_of, secretary, substitute
from tests.minutes_of_jury_factories import (
    comments_wanted,
    in_sealed,
    in_sealed_without,
    printed,
    signed,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:jury_ceremony")
MINUTE = dt.timedelta(minutes=1)


def phase_of(call):
    return Call.objects.get(pk=call.pk).phase


# --- Two people, together --------------------------------------------------------------------------------


def test_both_co_presidents_release_the_results_at_the_ceremony(edition):
    call = signed(in_sealed(edition)).call

    agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY)
    assert phase_of(call) == Phase.SEALED
    agree(call, CN, Phase.PUBLISHED, at=IN_CEREMONY + 14 * MINUTE)

    assert phase_of(call) == Phase.PUBLISHED


def test_nobody_releases_them_before_the_ceremony(edition):
    call = signed(in_sealed(edition)).call
    ceremony = call.date_of(Phase.PUBLISHED)

    with pytest.raises(Refusal, match="cérémonie") as refused:
        agree(call, FR, Phase.PUBLISHED, at=ceremony - dt.timedelta(seconds=1))

    # On both clocks.
    assert "heure de Paris" in str(refused.value)
    assert "heure de Pékin" in str(refused.value)
    assert not call.agreements.filter(phase=Phase.PUBLISHED).exists()


def test_who_was_alone_for_a_quarter_of_an_hour_presses_again(edition):
    call = signed(in_sealed(edition)).call
    agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY)

    agree(call, CN, Phase.PUBLISHED, at=IN_CEREMONY + 16 * MINUTE)
    assert phase_of(call) == Phase.SEALED

    agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY + 17 * MINUTE)
    assert phase_of(call) == Phase.PUBLISHED


def test_one_who_presses_twice_is_one(edition):
    call = signed(in_sealed(edition)).call

    for minutes in (0, 1, 20):
        agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY + minutes * MINUTE)

    assert phase_of(call) == Phase.SEALED


def test_no_task_releases_them(edition):
    call = signed(in_sealed(edition)).call
    agree(call, FR, Phase.PUBLISHED, at=IN_CEREMONY)

    assert services.open_due(at=IN_CEREMONY + 100 * MINUTE) == 0

    assert phase_of(call) == Phase.SEALED


def test_nobody_publishes_without_signed_minutes_by_sql(edition):
    call = in_sealed(edition)
    for side in (FR, CN):
        member = juror(call, side, 0)
        call.agreements.create(phase=Phase.PUBLISHED, side=side, member=member, at=IN_CEREMONY)

    with pytest.raises(DatabaseError, match="minutes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE awards_call SET phase = 'published'")


def test_the_button_is_there_at_the_hour_and_for_co_presidents_only(edition):
    call = signed(in_sealed(edition)).call

    def buttons(member, at):
        with time_machine.travel(at, tick=False):
            return b'name="release"' in logged_in(member.user).get(PAGE).content

    assert not buttons(juror(call, FR, 0), IN_DELIBERATION)
    assert buttons(juror(call, FR, 0), IN_CEREMONY)
    assert not buttons(secretary(call), IN_CEREMONY)


def test_they_are_released_by_two_buttons(edition):
    call = signed(in_sealed(edition)).call
    with time_machine.travel(IN_CEREMONY, tick=False):
        french, chinese = (logged_in(juror(call, side, 0).user) for side in (FR, CN))
        assert "15 minutes" in french.post(PAGE, {"release": "1"}, follow=True).content.decode()
        french.post(PAGE, {"take_back": "1"})
        chinese.post(PAGE, {"release": "1"})
        assert phase_of(call) == Phase.SEALED
        french.post(PAGE, {"release": "1"})

    assert phase_of(call) == Phase.PUBLISHED


# --- Who prepares the ceremony ---------------------------------------------------------------------------


@pytest.fixture
def scene(edition):
    """The Chinese co-president is recused from application 2, which is not the one that has the prize."""
    return signed(in_sealed_without(edition, (CN, 0), prize=1)).call


PATHS = [PAGE, reverse("admin:jury_diplomas"), reverse("admin:jury_engraving")]


def test_who_sees_what_is_prepared_is_a_table(scene, as_role):
    who = {
        "visitor": Client(),
        "juror": logged_in(juror(scene, FR, 1).user),
        "substitute": logged_in(substitute(scene).user),
        "co-president": logged_in(juror(scene, FR, 0).user),
        "recused co-president": logged_in(juror(scene, CN, 0).user),
        "secretary": logged_in(secretary(scene).user),
        "organiser": as_role(accounts.ORGANISERS),
        "APCAE": as_role(accounts.APCAE, side=CN),
        "superuser": logged_in(a_member_of_staff()),
    }
    title = Application.objects.get(number=1)

    with time_machine.travel(IN_DELIBERATION, tick=False):
        found = {name: [client.get(path).status_code for path in PATHS] for name, client in who.items()}
        shown = {
            name: title.in_language("title", "fr") in client.get(PAGE).content.decode()
            or title.in_language("title", "zh-hans") in client.get(PAGE).content.decode()
            for name, client in who.items()
        }

    assert found == {
        "visitor": [302, 302, 302],
        "co-president": [200, 200, 200],
        "recused co-president": [200, 403, 403],
        "secretary": [200, 200, 200],
        **dict.fromkeys(["juror", "substitute", "organiser", "APCAE", "superuser"], [403] * 3),
    }
    assert [name for name, seen in shown.items() if seen] == ["co-president", "secretary"]


def test_names_of_files_tell_nothing(scene):
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(secretary(scene).user)
        names = [client.get(path).headers["Content-Disposition"] for path in PATHS[1:]]
        one = client.get(PATHS[1], {"code": "1-2"}).headers["Content-Disposition"]

    assert names == [
        f'inline; filename="{scene.edition.code}-{what}.pdf"' for what in ("diplomes", "gravure")
    ]
    assert one == f'inline; filename="{scene.edition.code}-diplomes-1-2.pdf"'


def test_every_look_before_the_release_is_noted_and_listed(scene):
    printed(scene.minutes.get())
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(secretary(scene, CN).user)
        for path in (*PATHS, reverse("admin:jury_minutes"), reverse("admin:jury_minutes_pdf", args=[1]), reverse("admin:jury_deliberation")):  # fmt: skip
            assert client.get(path).status_code == 200
        page = logged_in(juror(scene, FR, 0).user).get(PAGE).content.decode()

    looks = JournalEntry.objects.filter(action="results_seen", actor=secretary(scene, CN).user).order_by("pk")
    assert [look.details["what"] for look in looks] == [
        "ceremony", "diplomas", "engraving", "minutes", "minutes", "deliberation",
    ]  # fmt: skip
    assert str(secretary(scene, CN)) in page


def test_looks_are_in_no_history_of_the_back_office(scene, as_role):
    with time_machine.travel(IN_DELIBERATION, tick=False):
        logged_in(secretary(scene).user).get(PAGE)
        page = as_role(accounts.ORGANISERS).get(reverse("admin:award")).content.decode()

    assert JournalEntry.objects.filter(action="results_seen").exists()
    assert action_name("results_seen") not in page


def test_once_they_are_released_looks_are_nobodys_business(scene):
    call = published(scene)
    before = JournalEntry.objects.filter(action="results_seen").count()
    with time_machine.travel(IN_CEREMONY, tick=False):
        assert logged_in(secretary(call).user).get(PAGE).status_code == 200
        assert logged_in(juror(call, CN, 0).user).get(PATHS[1]).status_code == 200

    assert JournalEntry.objects.filter(action="results_seen").count() == before


def test_before_the_results_are_sealed_nothing_is_prepared(edition):
    call = in_deliberation(edition)
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(secretary(call).user)
        assert [client.get(path).status_code for path in PATHS] == [200, 403, 403]


# --- The pairs are told ----------------------------------------------------------------------------------


def with_people(call):
    """Each application has somebody of each side who writes in it."""
    for row in rows_of(call):
        for language in ("fr", "zh-hans"):
            Editor.objects.create(
                application=row, side=FR if language == "fr" else CN, given_name="A", family_name=f"B{row.pk}",
                email=f"{language}.{row.number}@example.org", language=language, added_at=IN_DELIBERATION,
            )  # fmt: skip
    return call


def told(call, *, at=IN_CEREMONY):
    return services.tell_results(call, at=at, by=secretary(call).user)


def test_every_pair_is_told_in_its_language_once(edition):
    call = published(with_people(in_sealed(edition)))

    assert told(call) == 2
    told(call, at=IN_CEREMONY + MINUTE)

    letters = {m.to_email: m for m in OutgoingEmail.objects.filter(event__contains="awards/application_")}
    assert set(letters) == {
        "fr.1@example.org",
        "fr.2@example.org",
        "zh-hans.1@example.org",
        "zh-hans.2@example.org",
    }
    assert letters["fr.1@example.org"].event == "awards/application_laureate"
    assert "Tourisme" in letters["fr.1@example.org"].text
    assert "旅游" in letters["zh-hans.1@example.org"].text
    assert letters["fr.2@example.org"].event == "awards/application_not_selected"
    assert OutgoingEmail.objects.filter(event__contains="awards/application_").count() == 4


def test_nobody_is_told_before_the_release(edition):
    call = signed(with_people(in_sealed(edition))).call

    with pytest.raises(Refusal, match="proclamés"):
        told(call)
    with pytest.raises(Refusal, match="secrétaires"):
        services.tell_results(published(call), at=IN_CEREMONY, by=juror(call, FR, 0).user)
    assert not OutgoingEmail.objects.filter(event__contains="awards/application_").exists()


def test_comments_go_with_it_where_both_sides_want_that_and_never_otherwise(edition):
    comment = "Un exemple pour toutes les rades, à suivre."

    def commented(call):
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE awards_score SET comment = %s WHERE mark = 4", [comment])
            cursor.execute("SET session_replication_role = DEFAULT")
        return call

    call = commented(with_people(in_deliberation(edition)))
    a_sitting(call)
    decided(call, 1)
    lost = services.add_item(
        call, Wording("Commentaires", "评语"), [], at=IN_DELIBERATION, by=juror(call, FR, 0).user
    )
    assert decided(call, effect=Effect.COMMENTS, under=lost, chinese="nnn").state == "lost"
    told(published(seal(call)))

    assert not OutgoingEmail.objects.filter(text__contains=comment).exists()


def test_a_motion_sends_the_comments_without_names(edition):
    comment = "Un exemple pour toutes les rades, à suivre."
    call = with_people(in_deliberation(edition))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE awards_score SET comment = %s WHERE mark = 4", [comment])
        cursor.execute("SET session_replication_role = DEFAULT")
    a_sitting(call)
    decided(call, 1)
    comments_wanted(call)
    told(published(seal(call)))

    letters = OutgoingEmail.objects.filter(text__contains=comment)
    assert {letter.to_email for letter in letters} == {"fr.1@example.org", "zh-hans.1@example.org"}
    for letter in letters:
        assert not any(str(member.user) in letter.text for member in call.jury.select_related("user"))


def test_comments_are_about_all_or_nobody(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    with pytest.raises(Refusal, match="tous les candidats"):
        decided(call, 1, effect=Effect.COMMENTS)
    assert not Motion.objects.exists()


def test_a_secretary_writes_to_all_by_a_button(edition):
    call = published(with_people(in_sealed(edition)))
    with time_machine.travel(IN_CEREMONY, tick=False):
        assert b'name="tell"' not in logged_in(juror(call, FR, 0).user).get(PAGE).content
        client = logged_in(secretary(call).user)
        assert b'name="tell"' in client.get(PAGE).content
        page = client.post(PAGE, {"tell": "1"}, follow=True).content.decode()

    assert "2 binômes" in page
    assert 'name="tell"' not in page


def test_many_letters_wait_for_somebody_to_look_at_them_and_the_page_says_so(edition, settings):
    settings.MASS_LETTERS = 3
    call = published(with_people(in_sealed(edition)))
    told(call)

    with time_machine.travel(IN_CEREMONY, tick=False):
        page = logged_in(secretary(call).user).get(PAGE).content.decode()

    assert OutgoingEmail.objects.held().count() == 4
    assert "en attente d’approbation" in page


def test_the_reserve_list_is_told_to_nobody(edition):
    call = with_people(in_deliberation(edition))
    a_sitting(call)
    decided(call, 1)
    decided(call, 2, effect=Effect.RESERVE)
    call = published(seal(call))
    told(call)

    letter = OutgoingEmail.objects.get(to_email="fr.2@example.org", event="awards/application_not_selected")
    assert "réserve" not in letter.text
    assert list(Result.objects.published().filter(application=rows_of(call)[1])) == []


@pytest.mark.parametrize("data", [{}, {"release": "1"}, {"tell": "1"}, {"take_back": "1"}])
def test_nonsense_is_refused_in_a_sentence(edition, data):
    call = in_sealed(edition)
    with time_machine.travel(IN_DELIBERATION, tick=False):
        answer = logged_in(secretary(call).user).post(PAGE, data, follow=True)

    assert answer.status_code == 200
    assert "messagelist" in answer.content.decode()
    assert phase_of(call) == Phase.SEALED


def test_the_page_of_the_ceremony_takes_few_queries(scene, django_assert_max_num_queries):
    with time_machine.travel(IN_DELIBERATION, tick=False):
        client = logged_in(secretary(scene).user)
        client.get(PAGE)
        with django_assert_max_num_queries(32):
            client.get(PAGE)
