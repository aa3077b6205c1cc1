"""What one can do to a session, and what is refused, in words."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError
from django.utils import translation

from assises import journal, register
from assises.enums import AgreementStatus, Side
from assises.exceptions import Conflict, Refusal
from assises.models import RegisterItem, User
from program import services
from program.enums import PartKind, ReleaseKind, Verdict
from program.models import FieldVisit, Session, SessionPart
from program.services import Half, Part
from program.services.visits import VERDICTS
from tests.composing_factories import (
    FIRST,
    THIRD,
    a_contribution,
    a_lead,
    a_part,
    a_report,
    a_room,
    a_session,
    a_visit,
    a_workshop,
    an_open_point,
)
from tests.factories import NOW, a_member_of_staff, an_edition, an_organisation

pytestmark = pytest.mark.django_db
BY = {"at": NOW, "by": None}


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


def actions(subject: Model) -> list[str]:
    return [entry.action for entry in journal.of(subject)]


# --- Moving -----------------------------------------------------------------------------------------------


def test_a_session_that_moves_lasts_as_long_as_before(edition):
    session, room = a_session(edition, "10:30-12:30"), a_room(edition)

    moved = services.move_session(session, day=THIRD, starts_at=dt.time(9, 15), room=room, version=1, **BY)

    assert (moved.day, moved.starts_at, moved.ends_at, moved.room) == (
        THIRD,
        dt.time(9, 15),
        dt.time(11, 15),
        room,
    )
    assert moved.version == 2
    assert actions(session) == ["session_changed"]


def test_a_session_with_an_open_end_keeps_it_open_unless_told_how_long(edition):
    session = a_session(edition, "19:00")

    moved = services.move_session(session, day=THIRD, starts_at=dt.time(20), room=None, version=1, **BY)
    assert (moved.starts_at, moved.ends_at) == (dt.time(20), None)

    moved = services.move_session(
        moved, day=THIRD, starts_at=dt.time(20), room=None, minutes=90, version=2, **BY
    )
    assert moved.ends_at == dt.time(21, 30)


def test_no_session_ends_after_midnight(edition):
    session = a_session(edition, "19:00-23:00")

    with pytest.raises(Refusal):
        services.move_session(session, day=THIRD, starts_at=dt.time(20), room=None, version=1, **BY)
    assert Session.objects.get().version == 1


def test_a_refused_move_changes_nothing_and_says_why(edition):
    room = a_room(edition)
    a_session(edition, "09:00-10:00", room=room)
    session = a_session(edition, "14:00-15:00")

    with pytest.raises(Refusal, match="occupe cette salle"):
        services.move_session(session, day=session.day, starts_at=dt.time(9, 30), room=room, version=1, **BY)

    session.refresh_from_db()
    assert (session.version, session.room) == (1, None)
    assert actions(session) == []


def test_a_change_that_changes_nothing_is_none(edition):
    session = a_session(edition, "14:00-15:00")

    services.change_session(session, {"title_fr": session.title_fr, "summary_zh_hans": ""}, version=1, **BY)

    assert Session.objects.get().version == 1
    assert actions(session) == []


# --- Taking out -------------------------------------------------------------------------------------------


def test_what_is_abandoned_stays_with_its_reason(edition):
    session = a_session(edition)

    with pytest.raises(Refusal, match="abandonn"):
        services.abandon_session(session, reason_fr="", version=1, **BY)
    services.abandon_session(session, reason_fr="Trop complexe", version=1, **BY)

    session.refresh_from_db()
    assert (session.status, session.status_reason_fr) == (AgreementStatus.ABANDONED, "Trop complexe")


def test_what_nobody_has_read_of_can_be_taken_back(edition):
    session = a_session(edition)

    services.delete_session(session, version=1, **BY)

    assert not Session.objects.exists()
    assert "session_deleted" in actions(edition)


def test_what_the_register_speaks_of_is_not_deleted(edition):
    session = a_session(edition)
    point = an_open_point(session)

    with pytest.raises(Refusal, match="abandon"):
        services.delete_session(session, version=1, **BY)
    with pytest.raises(ProtectedError):
        Session.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM program_session")

    assert Session.objects.get().open_points.get() == point


def test_an_item_of_the_register_speaks_of_a_session_of_its_edition(edition):
    session, elsewhere = a_session(edition), a_session(an_edition())

    with pytest.raises(Refusal):
        register.add(edition, kind="open_point", text_fr="Le lieu", subject=elsewhere, **BY)
    item = register.add(edition, kind="open_point", text_fr="Le lieu", subject=session, **BY)
    with pytest.raises(Refusal):
        register.change(item, {"subject": elsewhere}, version=1, **BY)

    assert session.open_points.get() == item
    assert not elsewhere.open_points.exists()


def test_files_and_forms_name_a_session_as_the_subject_of_an_item(edition):
    session, elsewhere = a_session(edition, code="gala-dinner"), a_session(an_edition())

    assert register.subject_by_code(edition, "session:gala-dinner") == session
    assert register.subject_of(edition, f"program.session:{session.pk}") == session
    for text in ("session:nowhere", "gala-dinner", "nothing:gala-dinner", f"session:{elsewhere.code}", ""):
        assert register.subject_by_code(edition, text) is None, text
    assert register.subject_of(edition, f"program.session:{elsewhere.pk}") is None
    assert register.subject_url(session) == "/admin/composer/gala-dinner/"


def test_what_stands_in_a_release_is_not_deleted(edition):
    session = a_session(edition, "10:00-11:00")
    services.prepare(edition, kind=ReleaseKind.TRAVEL_DRAFT, at=NOW, by=None)

    assert services.is_released(session)
    with pytest.raises(Refusal):
        services.delete_session(session, version=1, **BY)


def test_a_workshop_that_another_session_reports_on_is_not_deleted(edition):
    workshop = a_workshop(edition)
    a_report(a_session(edition), workshop)

    with pytest.raises(Refusal):
        services.delete_session(workshop, version=1, **BY)


# --- The pair ---------------------------------------------------------------------------------------------


def test_a_pair_is_one_authority_of_each_side(edition):
    workshop = a_workshop(edition, pair="")
    lyon, chengdu = an_organisation("Lyon"), an_organisation("Chengdu", side="CN", kind="city")

    services.set_leads(
        workshop, {Side.FRENCH: Half(lyon), Side.CHINESE: Half(chengdu, FIRST)}, version=1, **BY
    )

    assert [(lead.side, lead.organisation, lead.confirmed_on) for lead in workshop.leads.all()] == [
        ("FR", lyon, None),
        ("CN", chengdu, FIRST),
    ]
    assert Session.objects.get(pk=workshop.pk).version == 2
    assert actions(workshop) == ["leads_changed"]


def test_an_authority_of_the_other_side_is_refused_in_words(edition):
    workshop = a_workshop(edition, pair="")

    with pytest.raises(Refusal):
        services.set_leads(workshop, {Side.CHINESE: Half(an_organisation("Lyon"))}, version=1, **BY)
    assert not workshop.leads.exists()


def test_the_same_pair_twice_changes_nothing_and_none_leaves_a_side_open(edition):
    workshop = a_workshop(edition, pair="CN")
    lead = a_lead(workshop, an_organisation("Lyon"))

    services.set_leads(workshop, {Side.FRENCH: Half(lead.organisation, lead.confirmed_on)}, version=1, **BY)
    assert Session.objects.get().version == 1
    services.set_leads(workshop, {Side.FRENCH: None}, version=1, **BY)

    assert [lead.side for lead in workshop.leads.all()] == ["CN"]


# --- The running order ------------------------------------------------------------------------------------


def test_parts_stand_in_the_order_given_and_keep_their_numbers(edition):
    session = a_session(edition, "10:00-11:00")
    first, second = a_part(session, 10), a_part(session, 20)

    services.set_running_order(
        session,
        [
            Part(PartKind.SPEECH, 20, "Allocution", id=second.pk),
            Part(PartKind.OTHER, 5, "Pause"),
            Part(PartKind.SPEECH, 15, "Allocution", id=first.pk),
        ],
        version=1,
        **BY,
    )

    parts = list(session.parts.all())
    assert [(p.minutes, p.order) for p in parts] == [(20, 1), (5, 2), (15, 3)]
    assert (parts[0].pk, parts[2].pk) == (second.pk, first.pk)
    assert actions(session) == ["parts_changed"]


def test_parts_that_are_not_named_are_taken_out_and_the_same_order_changes_nothing(edition):
    session = a_session(edition, "10:00-11:00")
    part = a_part(session, 10, order=1)
    a_part(session, 20, order=2)
    kept = [Part(PartKind.SPEECH, 10, "Allocution", id=part.pk)]

    services.set_running_order(session, kept, version=1, **BY)
    services.set_running_order(session, kept, version=2, **BY)

    assert list(session.parts.all()) == [part]
    assert Session.objects.get().version == 2


def test_a_report_back_is_about_a_workshop(edition):
    session = a_session(edition, "10:00-11:00")

    with pytest.raises(Refusal, match="atelier"):
        services.set_running_order(session, [Part(PartKind.REPORT, 5)], version=1, **BY)
    assert not SessionPart.objects.exists()


def test_a_contribution_passes_from_part_to_part_and_is_told_once(edition):
    session, told = a_session(edition, "10:00-11:00"), a_contribution(edition)
    first = a_part(session, 10, kind="contribution", contribution=told, order=1)
    second = a_part(session, 10, order=2)

    services.set_running_order(
        session,
        [
            Part(PartKind.SPEECH, 10, id=first.pk),
            Part(PartKind.CONTRIBUTION, 10, contribution=told, id=second.pk),
        ],
        version=1,
        **BY,
    )

    assert [p.contribution for p in session.parts.all()] == [None, told]
    with pytest.raises(Refusal):
        services.set_running_order(
            a_session(edition), [Part(PartKind.CONTRIBUTION, 10, contribution=told)], version=1, **BY
        )


# --- Open points ------------------------------------------------------------------------------------------


def test_a_point_is_closed_by_its_answer(edition):
    session = a_session(edition)
    point = an_open_point(session)

    with pytest.raises(Refusal):
        register.decide(point, outcome_fr="", on=FIRST, version=1, **BY)
    register.decide(point, outcome_fr="Salle plénière", on=FIRST, version=1, **BY)
    assert not session.open_points.owed().exists()

    register.reopen(point, version=2, **BY)
    assert session.open_points.owed().get().outcome_fr == "Salle plénière"
    assert actions(point) == ["item_reopened", "item_decided"]


@pytest.mark.parametrize(
    "change",
    [
        lambda item: register.change(item, {"text_fr": "Quoi"}, version=1, **BY),
        lambda item: register.decide(item, outcome_fr="Là", on=FIRST, version=1, **BY),
        lambda item: register.abandon(item, reason_fr="Non", on=FIRST, version=1, **BY),
        lambda item: register.reopen(item, version=1, **BY),
    ],
    ids=["change", "decide", "abandon", "reopen"],
)
def test_nothing_is_done_on_an_older_version_of_a_point(edition, change):
    point = an_open_point(a_session(edition))
    register.change(point, {"text_fr": "Leur question"}, version=1, **BY)

    with pytest.raises(Conflict) as conflict:
        change(point)

    assert conflict.value.current.text_fr == "Leur question"
    assert RegisterItem.objects.get().version == 2


def test_composing_a_session_and_wording_its_points_do_not_hold_one_another_up(edition):
    session = a_session(edition)
    point = an_open_point(session)

    services.change_session(session, {"title_fr": "Autre"}, version=1, **BY)
    register.change(point, {"text_fr": "Quoi"}, version=1, **BY)

    assert (Session.objects.get().version, RegisterItem.objects.get().version) == (2, 2)


# --- Visits -----------------------------------------------------------------------------------------------


def somebody_with(*codenames: str) -> User:
    from django.contrib.auth.models import Permission

    user = a_member_of_staff(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.mark.parametrize(
    ("right", "side", "may"),
    [
        ("approve_for_french_side", Side.FRENCH, True),
        ("approve_for_french_side", Side.CHINESE, False),
        ("approve_for_chinese_side", Side.CHINESE, True),
        ("approve_for_chinese_side", Side.FRENCH, False),
        ("compose_programme", Side.CHINESE, True),
        ("view_session", Side.FRENCH, False),
    ],
)
def test_each_side_gives_its_own_verdict(edition, right, side, may):
    visit = a_visit(edition)
    give = {"side": side, "verdict": Verdict.KEPT, "version": 1, "at": NOW, "by": somebody_with(right)}

    if may:
        services.give_verdict(visit.session, **give)
        assert actions(visit.session) == ["verdict_given"]
    else:
        with pytest.raises(Refusal):
            services.give_verdict(visit.session, **give)


def test_a_visit_takes_place_once_both_sides_have_kept_it(edition):
    visit = a_visit(edition, verdict_french=Verdict.KEPT)

    with pytest.raises(Refusal):
        services.decide_visit(visit.session, is_kept=True, version=1, **BY)
    visit.verdict_chinese = Verdict.KEPT
    visit.save()
    services.decide_visit(visit.session, is_kept=True, version=1, **BY)

    assert Session.objects.get().status == AgreementStatus.DECIDED


def test_a_visit_that_does_not_take_place_is_abandoned_with_its_reason_and_can_be_taken_up_again(edition):
    visit = a_visit(edition)

    with pytest.raises(Refusal):
        services.decide_visit(visit.session, is_kept=False, version=1, **BY)
    services.decide_visit(visit.session, is_kept=False, note_fr="Trop loin", version=1, **BY)
    session = Session.objects.get()
    assert (session.status, session.status_reason_fr) == (AgreementStatus.ABANDONED, "Trop loin")

    services.decide_visit(session, is_kept=None, version=2, **BY)
    assert Session.objects.get().status == AgreementStatus.PROPOSED


def test_status_and_decision_of_a_visit_say_the_same(edition):
    visit = a_visit(edition)
    session = visit.session

    with pytest.raises(Refusal):
        services.change_session(session, {"status": AgreementStatus.DECIDED}, version=1, **BY)
    for side in Side:
        FieldVisit.objects.update(**{VERDICTS[side]: Verdict.KEPT})
    services.change_session(session, {"status": AgreementStatus.DECIDED}, version=1, **BY)
    visit.refresh_from_db()
    assert visit.is_kept is True
    services.abandon_session(session, reason_fr="Trop loin", version=2, **BY)
    visit.refresh_from_db()
    assert (visit.is_kept, visit.decision_note_fr) == (False, "Trop loin")
    services.change_session(session, {"status": AgreementStatus.UNDER_STUDY}, version=3, **BY)

    visit.refresh_from_db()
    assert visit.is_kept is None


def test_the_sheet_is_made_the_first_time(edition):
    session = a_session(edition, kind="visit")

    services.write_sheet(session, {"place_fr": "Cahors", "is_accessible": False}, version=1, **BY)
    services.write_sheet(session, {"is_accessible": False}, version=2, **BY)

    session.refresh_from_db()
    assert (session.visit.place_fr, session.visit.is_accessible, session.version) == ("Cahors", False, 2)


# --- What one person chooses one of -----------------------------------------------------------------------


def test_visits_are_one_choice_group_whatever_an_editor_says(edition):
    values = {"day": THIRD, "kind": "visit", "on_form": True}
    visit = services.create_session(edition, code="a", title_fr="A", choice_group="cars", **values, **BY)
    other = services.create_session(edition, code="b", title_fr="B", **values, **BY)

    services.change_session(other, {"choice_group": ""}, version=1, **BY)

    assert set(Session.objects.values_list("choice_group", flat=True)) == {visit.choice_group} == {"visits"}


def test_what_becomes_a_visit_is_of_the_group_of_visits(edition):
    session = a_session(edition, choice_group="evening")

    services.change_session(session, {"kind": "visit"}, version=1, **BY)

    assert Session.objects.get().choice_group == "visits"


def test_a_parallel_workshop_is_not_offered_without_a_choice_group(edition):
    workshop = a_workshop(edition, "14:00-16:00")

    with pytest.raises(Refusal, match=r"groupe de choix|choice group"):
        services.change_session(workshop, {"on_form": True}, version=1, **BY)
    services.change_session(workshop, {"on_form": True, "choice_group": "ateliers"}, version=1, **BY)

    assert Session.objects.get().on_form


@pytest.mark.parametrize("kind", ["visit", "parallel"])
def test_the_database_itself_refuses_an_offer_without_a_choice_group(edition, kind):
    session = a_session(edition, kind=kind, on_form=True, choice_group="ateliers")

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(choice_group="")


def test_what_was_offered_without_a_choice_group_is_given_one_before_the_rule_holds(edition):
    call_command("migrate", "program", "0006", verbosity=0)
    rows = [
        Session(edition=edition, code=code, title_fr=code, day=THIRD, first_day=edition.starts_on,
                last_day=edition.ends_on, **fields)
        for code, fields in {
            "airbus": {"kind": "visit", "on_form": True},
            "regal": {"kind": "visit"},
            "ville": {"kind": "parallel", "on_form": True},
            "tourisme": {"kind": "parallel"},
            "agriculture": {"kind": "parallel", "on_form": True, "choice_group": "ateliers"},
        }.items()
    ]  # fmt: skip
    Session.objects.bulk_create(rows)

    call_command("migrate", "program", verbosity=0)

    assert dict(Session.objects.values_list("code", "choice_group")) == {
        "airbus": "visits", "regal": "visits", "ville": "ville", "tourisme": "", "agriculture": "ateliers",
    }  # fmt: skip


# --- Two at once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda s, v: services.change_session(s, {"title_fr": "Autre"}, version=v, **BY),
        lambda s, v: services.abandon_session(s, reason_fr="Non", version=v, **BY),
        lambda s, v: services.set_leads(s, {Side.FRENCH: None}, version=v, **BY),
        lambda s, v: services.set_running_order(s, [], version=v, **BY),
        lambda s, v: services.write_sheet(s, {"place_fr": "Albi"}, version=v, **BY),
        lambda s, v: services.decide_visit(s, is_kept=None, version=v, **BY),
        lambda s, v: services.delete_session(s, version=v, **BY),
        lambda s, v: services.move_session(s, day=THIRD, starts_at=None, room=None, version=v, **BY),
    ],
    ids=["change", "abandon", "leads", "parts", "sheet", "decision", "delete", "move"],
)
def test_nothing_is_done_on_an_older_version(edition, change):
    session = a_visit(edition).session
    services.change_session(session, {"title_fr": "Leur titre"}, version=1, **BY)

    with pytest.raises(Conflict) as conflict:
        change(session, 1)

    assert conflict.value.current.title_fr == "Leur titre"
    assert Session.objects.get().version == 2
