"""Both secretaries decide together; what is to be completed has its hours; the other language is tracked."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import OutgoingEmail
from awards import services
from awards.enums import ApplicationState, JuryRole, Opinion
from awards.models import Application, JuryMember, SecretaryOpinion
from awards.models.application import TEXTS
from awards.services import Late
from awards.services.translating import seen_of_translation
from tests.application_factories import (
    OCTOBER,
    a_secretary,
    an_open_call,
    begun,
    find,
    looked_at,
    submitted,
    texts,
)
from tests.award_factories import CLOSES, a_member
from tests.factories import a_member_of_staff

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def row(edition):
    row, _editor = submitted(an_open_call(edition))
    looked_at(row.call)
    return Application.objects.get(pk=row.pk)


def secretary(row: Application, side: Side):
    return JuryMember.objects.get(call=row.call, side=side, role=JuryRole.SECRETARY).user


def give(row, side, opinion, *, reason="Motif.", at=OCTOBER):
    return services.give_opinion(row, opinion, reason=reason, at=at, by=secretary(row, side))


def letters(event: str):
    return list(OutgoingEmail.objects.filter(event=f"awards/{event}").order_by("pk"))


def test_it_is_decided_once_both_find_the_same(row):
    assert give(row, Side.FRENCH, Opinion.ADMISSIBLE).state == ApplicationState.SUBMITTED
    assert not letters("application_admissible")
    assert give(row, Side.CHINESE, Opinion.ADMISSIBLE).state == ApplicationState.ADMISSIBLE
    assert len(letters("application_admissible")) == 1


def test_until_then_each_may_change_their_mind(row):
    give(row, Side.FRENCH, Opinion.INADMISSIBLE)
    assert give(row, Side.CHINESE, Opinion.ADMISSIBLE).state == ApplicationState.SUBMITTED
    assert give(row, Side.FRENCH, Opinion.ADMISSIBLE).state == ApplicationState.ADMISSIBLE
    with pytest.raises(Refusal):
        give(row, Side.FRENCH, Opinion.INADMISSIBLE)


def test_a_rejection_says_why_in_the_language_of_its_reader(row):
    with pytest.raises(Refusal):
        give(row, Side.FRENCH, Opinion.INADMISSIBLE, reason="  ")
    give(row, Side.FRENCH, Opinion.INADMISSIBLE, reason="Ce projet n’existe pas encore.")
    give(row, Side.CHINESE, Opinion.INADMISSIBLE, reason="该项目尚未实施。")
    (letter,) = letters("application_inadmissible")
    assert "Ce projet n’existe pas encore." in letter.text
    assert "尚未实施" not in letter.text


def test_what_is_to_be_completed_has_the_hours_of_the_rules(row):
    editor = row.editors.get()
    row = find(row, Opinion.TO_COMPLETE)
    until = OCTOBER + dt.timedelta(hours=72)
    assert (row.state, row.complete_until) == (ApplicationState.TO_COMPLETE, until)
    services.write_project(row, texts("Complété"), seen=row.original_digest, at=until - SECOND, by=editor)
    with pytest.raises(Late):
        services.submit(row, version=1, at=until, by=editor)
    row = services.submit(row, version=1, at=until - SECOND, by=editor)
    assert (row.state, row.round, row.completed_at) == (ApplicationState.SUBMITTED, 2, until - SECOND)
    # The secretaries look at it anew, and it is not sent back a second time.
    with pytest.raises(Refusal):
        give(row, Side.FRENCH, Opinion.TO_COMPLETE, at=until)
    assert find(row, Opinion.ADMISSIBLE, at=until).state == ApplicationState.ADMISSIBLE
    assert SecretaryOpinion.objects.filter(application=row).count() == 4


def test_what_is_not_completed_in_time_is_closed_once(row):
    row = find(row, Opinion.TO_COMPLETE)
    assert services.tend_completions(at=row.complete_until - SECOND) == 0
    assert services.tend_completions(at=row.complete_until) == 1
    assert services.tend_completions(at=row.complete_until + SECOND) == 0
    row.refresh_from_db()
    assert row.state == ApplicationState.INADMISSIBLE
    assert len(letters("application_not_completed")) == 1


def test_nobody_else_decides(row):
    outsiders = [
        a_member_of_staff(is_superuser=True),
        a_member(row.call, Side.FRENCH).user,
        JuryMember.objects.get(call=row.call, side=Side.FRENCH, role=JuryRole.PRESIDENT).user,
    ]
    for user in outsiders:
        with pytest.raises(Refusal):
            services.give_opinion(row, Opinion.ADMISSIBLE, reason="", at=OCTOBER, by=user)


def test_nothing_is_decided_while_the_call_is_open(edition):
    row, _editor = submitted(an_open_call(edition))
    with pytest.raises(Refusal):
        give(row, Side.FRENCH, Opinion.ADMISSIBLE, at=CLOSES)


def test_a_secretary_who_was_named_anew_finds_for_themselves(row):
    give(row, Side.FRENCH, Opinion.ADMISSIBLE)
    JuryMember.objects.filter(user=secretary(row, Side.FRENCH)).update(role=JuryRole.JUROR)
    a_secretary(row.call, Side.FRENCH)
    assert give(row, Side.CHINESE, Opinion.ADMISSIBLE).state == ApplicationState.SUBMITTED
    assert give(row, Side.FRENCH, Opinion.ADMISSIBLE).state == ApplicationState.ADMISSIBLE


def test_the_database_lets_only_the_secretary_of_a_side_speak_for_it(row):
    juror = a_member(row.call, Side.FRENCH)
    for member, side in [
        (juror, Side.FRENCH),
        (JuryMember.objects.get(user=secretary(row, Side.CHINESE)), Side.FRENCH),
    ]:
        with (
            pytest.raises(IntegrityError, match="awards_secretaryopinion_by_a_secretary"),
            transaction.atomic(),
        ):
            SecretaryOpinion.objects.create(
                application=row, round=1, side=side, member=member, opinion="admissible", at=OCTOBER
            )


def test_an_opinion_that_decided_stays(row):
    row = find(row, Opinion.ADMISSIBLE)
    for change in (lambda o: o.delete(), lambda o: o.update(opinion="inadmissible", reason="x")):
        with (
            pytest.raises(IntegrityError, match="awards_secretaryopinion_by_a_secretary"),
            transaction.atomic(),
        ):
            change(SecretaryOpinion.objects.filter(application=row))


# --- The other language ----------------------------------------------------------------------------------


def translated(row, word="译文", *, seen=None, by=None, **empty):
    return services.translate(
        row,
        {**texts(word), **empty},
        seen=seen or seen_of_translation(row),
        at=OCTOBER,
        by=by or secretary(row, Side.CHINESE),
    )


def test_it_is_ready_once_every_text_has_one(row):
    assert not row.is_translated
    assert not translated(row, concrete="").is_translated
    row = translated(Application.objects.get(pk=row.pk))
    assert row.is_translated
    assert list(Application.objects.translated()) == [row]
    assert row.in_language("title", "zh-hans") == "译文 title"
    assert set(TEXTS) == {"title", "summary", "exemplary", "existing", "concrete", "reproducible"}


def test_once_the_original_has_changed_the_translation_is_of_an_older_one(row):
    translated(row)
    row = find(Application.objects.get(pk=row.pk), Opinion.TO_COMPLETE)
    of_before, seen = row.original_digest, seen_of_translation(row)
    row = services.write_project(row, texts("Autre"), seen=of_before, at=OCTOBER, by=row.editors.get())
    assert (row.is_translated, row.translated_from) == (False, of_before)
    with pytest.raises(Refusal):
        translated(row, seen=seen)


def test_who_translates(row):
    organiser, stranger = a_member_of_staff(is_superuser=True), a_member_of_staff(is_superuser=False)
    translated(row, by=organiser)
    for user in (stranger, a_member(row.call, Side.FRENCH).user):
        with pytest.raises(Refusal):
            translated(Application.objects.get(pk=row.pk), by=user)


def test_a_draft_is_its_pairs_own(edition):
    call = an_open_call(edition)
    row, _editor = begun(call)
    with pytest.raises(Refusal):
        translated(row)
