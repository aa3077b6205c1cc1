"""Each check on a small programme: what it says, how much it matters, and what keeps it silent."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assises import loading
from assises.models import Edition
from program import checks, drafting
from program.checks import Finding
from program.enums import ContributionState, Severity
from program.models import Session
from tests.composing_factories import (
    FIRST,
    SECOND,
    THIRD,
    a_contribution,
    a_lead,
    a_part,
    a_report,
    a_room,
    a_session,
    a_speaker,
    a_venue,
    a_visit,
    a_workshop,
    an_open_point,
)
from tests.factories import an_organisation

pytestmark = pytest.mark.django_db


def found(edition: Edition, code: str) -> list[Finding]:
    with translation.override("fr"):
        return [f for f in checks.find(drafting.load(edition)) if f.code == code]


def the_one(edition: Edition, code: str, severity: Severity, *sessions: Session) -> Finding:
    [finding] = found(edition, code)
    assert finding.severity == severity
    assert set(finding.sessions) == set(sessions)
    return finding


def test_a_programme_without_fault_has_nothing_said_of_it(edition):
    room = a_room(edition)
    a_session(edition, "09:00-10:00", room=room)
    a_workshop(edition, "10:00-12:00", room=room, kind="plenary")

    with translation.override("fr"):
        assert checks.find(drafting.load(edition)) == []


def test_a_speaker_in_two_places_blocks(edition):
    speaker = a_speaker(edition, given_name="Oriane", family_name="Parcours")
    first, second = a_session(edition, "09:00-10:00"), a_session(edition, "09:30-11:00")
    later = a_session(edition, "11:00-12:00")
    for session in (first, second, later):
        a_part(session, speaker=speaker)

    finding = the_one(edition, "speaker_twice", Severity.BLOCKS, first, second)
    assert "Oriane Parcours" in finding.text


def test_a_speaker_who_declined_is_in_no_place(edition):
    speaker = a_speaker(edition, state="declined")
    for _n in range(2):
        a_part(a_session(edition, "09:00-10:00"), speaker=speaker)

    assert found(edition, "speaker_twice") == []
    assert len(found(edition, "speaker_declined")) == 2


def test_the_speaker_of_a_contribution_counts_while_it_is_retained(edition):
    speaker = a_speaker(edition)
    retained = a_contribution(edition, speaker=speaker)
    first, second = a_session(edition, "09:00-10:00"), a_session(edition, "09:30-11:00")
    a_part(first, speaker=speaker)
    a_part(second, kind="contribution", contribution=retained)

    the_one(edition, "speaker_twice", Severity.BLOCKS, first, second)
    retained.state, retained.message = ContributionState.DECLINED, "Trop tard"
    retained.save()
    assert found(edition, "speaker_twice") == []


def test_an_authority_that_leads_twice_at_once_needs_two_people(edition):
    montpellier = an_organisation("Montpellier")
    first, second = (a_workshop(edition, "14:00-16:00", pair="CN") for _n in range(2))
    a_lead(first, montpellier)
    a_lead(second, montpellier)

    the_one(edition, "lead_twice", Severity.WARNING, first, second)


def test_more_people_than_the_room_holds(edition):
    room = a_room(edition, capacity=100)
    full = a_session(edition, "09:00-10:00", room=room, expected=101, seats=102)
    a_session(edition, "10:00-11:00", room=room, expected=100, seats=100)
    a_session(edition, "11:00-12:00", room=a_room(edition, capacity=None), expected=900)

    assert "101" in the_one(edition, "room_too_small", Severity.BLOCKS, full).text
    assert "102" in the_one(edition, "more_seats_than_room", Severity.BLOCKS, full).text


@pytest.mark.parametrize(
    ("fields", "is_missing"),
    [
        ({"languages": "both"}, True),
        ({"languages": "both", "interpretation": True}, False),
        ({"languages": "zh"}, False),
        ({"languages": "both", "kind": "meal"}, False),
    ],
)
def test_where_two_languages_meet_somebody_interprets(edition, fields, is_missing):
    a_session(edition, "09:00-10:00", **fields)

    assert [f.severity for f in found(edition, "no_interpreter")] == [Severity.BLOCKS] * is_missing


def test_what_is_for_all_overlaps_or_leaves_a_hole(edition):
    first, second = a_session(edition, "09:00-10:30"), a_session(edition, "10:00-11:00")
    dinner = a_session(edition, "19:00")

    the_one(edition, "overlap", Severity.BLOCKS, first, second)
    assert "11" in the_one(edition, "gap", Severity.WARNING, second, dinner).text


def test_parallel_workshops_and_what_is_not_for_all_do_not_overlap(edition):
    a_workshop(edition, "09:00-11:00")
    a_workshop(edition, "09:00-11:00")
    a_session(edition, "10:00-11:00", audience="delegation")
    a_session(edition, "13:00-14:00")

    assert found(edition, "overlap") == []
    assert found(edition, "gap") == []


def test_what_is_for_all_beside_a_workshop_is_told(edition):
    """Who chooses the workshop misses a part of it."""
    workshop, ceremony = a_workshop(edition, "15:00-17:00"), a_session(edition, "14:00-16:00")

    the_one(edition, "overlap_of_a_choice", Severity.WARNING, ceremony, workshop)


def test_texts_of_rooms_speakers_and_contributions_are_missed_too(edition):
    room = a_room(edition, name_zh_hans="")
    session = a_session(edition, "09:00-10:00", room=room, title_zh_hans="开幕式")
    other = a_session(edition, "10:00-11:00", room=room, title_zh_hans="闭幕式", summary_zh_hans="只有中文。")
    a_part(other, speaker=a_speaker(edition, function_zh_hans=""), title_zh_hans="致辞")

    blocks = {(f.code, f.sessions) for f in checks.find(drafting.load(edition)) if "missing" in f.code}

    assert blocks == {
        ("text_missing", (session,)),
        ("text_missing", (other,)),
        ("french_missing", (other,)),
    }


def test_what_is_offered_at_the_same_time_has_a_common_choice_group(edition):
    offered = {"on_form": True, "choice_group": "afternoon"}
    first = a_workshop(edition, "14:00-16:00", **offered)
    a_workshop(edition, "15:00-17:00", **offered)
    a_workshop(edition, "14:00-16:00", choice_group="not-offered")
    a_workshop(edition, "16:00-18:00", **{**offered, "choice_group": "later"}, day=FIRST)
    assert found(edition, "no_common_group") == []

    typo = a_workshop(edition, "13:00-15:00", **{**offered, "choice_group": "afternon"})

    the_one(edition, "no_common_group", Severity.WARNING, first, typo)


def test_visits_have_their_group_from_their_kind(edition):
    for _unused in range(2):
        visit = a_visit(edition).session
        Session.objects.filter(pk=visit.pk).update(on_form=True)

    assert found(edition, "no_common_group") == []


def test_the_way_between_two_venues_takes_its_time(edition):
    here, far = a_room(edition), a_room(edition, venue=a_venue(edition, travel_minutes=30))
    first = a_session(edition, "09:00-10:00", room=here)
    second = a_session(edition, "10:15-11:00", room=far)
    a_session(edition, "11:30-12:00", room=here)

    assert "30" in the_one(edition, "travel", Severity.WARNING, first, second).text


def test_coaches_are_boarded_before_they_leave(edition):
    closing = a_session(edition, "10:15-10:45", day=THIRD)
    visit = a_visit(edition, "11:00").session
    a_visit(edition, "11:00")

    the_one(edition, "travel", Severity.WARNING, closing, visit)


@pytest.mark.parametrize(("minutes", "over"), [(5, 0), (6, 3)])
def test_all_reports_back_keep_within_their_limit(edition, minutes, over):
    closing = a_session(edition, "10:15-10:45", restitution_limit=15)
    for _n in range(3):
        a_report(closing, a_workshop(edition, "14:00-16:00"), minutes)

    texts = [f.text for f in found(edition, "reports_too_long")]
    assert len(texts) == bool(over)
    assert all(f"soit {over} de trop" in text for text in texts)


def test_a_running_order_is_no_longer_than_its_session(edition):
    session = a_session(edition, "10:00-10:30")
    a_part(session, 31)

    the_one(edition, "parts_too_long", Severity.BLOCKS, session)


@pytest.mark.parametrize("pair", ["FR", "CN", ""])
def test_a_workshop_is_led_by_both_sides(edition, pair):
    workshop = a_workshop(edition, "14:00-16:00", pair=pair)

    findings = found(edition, "pair_incomplete")
    assert len(findings) == 2 - len(pair.split())
    assert {f.severity for f in findings} == {Severity.BLOCKS}
    assert {f.sessions for f in findings} == {(workshop,)}


def test_a_lead_that_has_not_confirmed_and_a_workshop_without_a_theme(edition):
    workshop = a_workshop(edition, "14:00-16:00", pair="CN", theme=None)
    a_lead(workshop, an_organisation("Montpellier"), confirmed_on=None)

    assert "Montpellier" in the_one(edition, "lead_unconfirmed", Severity.WARNING, workshop).text
    the_one(edition, "no_theme", Severity.BLOCKS, workshop)


def test_texts_that_are_missing_block_and_stale_ones_warn(edition):
    session = a_session(edition, "10:00-11:00")
    draft = drafting.load(edition)
    draft.missing_texts, draft.stale_texts = {session.pk: 2}, {session.pk: 1}

    said = {f.code: f.severity for f in checks.find(draft)}
    assert said["text_missing"] == Severity.BLOCKS
    assert said["text_stale"] == Severity.WARNING


def test_a_place_and_an_hour_that_are_open(edition):
    session = a_session(edition)

    the_one(edition, "no_hour", Severity.WARNING, session)
    the_one(edition, "no_room", Severity.WARNING, session)


def test_a_visit_that_does_not_fit_its_hours(edition):
    visit = a_visit(edition, "11:00-14:00", travel_minutes=95, duration_minutes=150)
    silent = a_visit(edition, "11:00", travel_minutes=None)
    late = a_visit(edition, "14:00", travel_minutes=120, duration_minutes=60)

    assert "340" in the_one(edition, "visit_too_long", Severity.WARNING, visit.session).text
    the_one(edition, "visit_incomplete", Severity.INFORMATION, silent.session)
    the_one(edition, "visit_back_late", Severity.INFORMATION, late.session)


def test_a_visit_waits_for_whoever_has_not_answered(edition):
    visit = a_visit(edition, verdict_french="kept")
    a_visit(edition, verdict_french="kept", verdict_chinese="kept", is_kept=True)

    assert "chinoise" in the_one(edition, "visit_undecided", Severity.WARNING, visit.session).text


def test_open_points_without_a_date_or_an_owner_warn_and_closed_ones_are_silent(edition):
    session = a_session(edition, "10:00-11:00")
    an_open_point(session)
    an_open_point(session, due_on=None)
    an_open_point(session, owner_side="")
    an_open_point(session, status="decided", settled_on=FIRST, outcome_fr="Fait")
    an_open_point(session, kind="warning", status="under_study")

    the_one(edition, "open_point", Severity.INFORMATION, session)
    the_one(edition, "open_point_undated", Severity.WARNING, session)
    the_one(edition, "open_point_unowned", Severity.WARNING, session)


# --- Visibility -------------------------------------------------------------------------------------------


def speeches(edition: Edition, **minutes: int) -> dict[str, Any]:
    """A session with a speech of each territory; names in capitals are Chinese."""
    session = a_session(edition, "09:00-20:00")
    found: dict[str, Any] = {}
    for name, n in minutes.items():
        side = "CN" if name.isupper() else "FR"
        found[name] = an_organisation(name, side=side, kind="province" if side == "CN" else "commune")
        a_part(session, n, speaker=a_speaker(edition, organisation=found[name]))
    return found


def test_the_guest_of_honour_may_have_half_and_no_more(edition):
    territories = speeches(edition, SICHUAN=60, lyon=30, nantes=30)
    edition.guest_of_honour = territories["SICHUAN"]
    edition.save()
    assert found(edition, "visibility_of_one") == []

    a_part(Session.objects.get(), 10, speaker=a_speaker(edition, organisation=territories["SICHUAN"]))
    assert found(edition, "visibility_of_one")[0].severity == Severity.WARNING


def test_another_territory_that_has_more_than_a_third_is_told(edition):
    speeches(edition, LYON=41, lyon=40, nantes=39)

    [finding] = found(edition, "visibility_of_one")
    assert finding.severity == Severity.INFORMATION
    assert finding.text.startswith("LYON")


def test_a_side_with_less_than_a_third_is_told(edition):
    speeches(edition, CHENGDU=20, lyon=25, nantes=25, brest=25)

    [finding] = found(edition, "visibility_of_a_side")
    assert "chinoise" in finding.text


def test_with_less_than_an_hour_there_is_nothing_to_compare(edition):
    speeches(edition, lyon=59)

    assert found(edition, "visibility_of_one") == []
    assert found(edition, "visibility_of_a_side") == []


def test_who_leads_has_half_of_the_workshop(edition):
    from program.visibility import balance

    a_workshop(edition, "14:00-16:00")

    whole = balance(drafting.load(edition).sessions, None)
    assert [(t.leading, t.speaking, t.sessions) for t in whole.territories] == [(60, 0, 1), (60, 0, 1)]


# --- Queries ----------------------------------------------------------------------------------------------


def a_full_session(edition: Edition, hour: int) -> None:
    workshop = a_workshop(edition, f"{hour:02}:00-{hour:02}:50", room=a_room(edition))
    a_part(workshop, speaker=a_speaker(edition, organisation=an_organisation()))
    a_part(workshop, kind="contribution", contribution=a_contribution(edition))
    a_report(workshop, workshop)
    an_open_point(workshop)
    a_visit(edition)


def queries_of(do: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        do()
    return len(queries)


def test_a_programme_is_read_in_as_many_queries_however_long_and_looked_at_in_none(edition):
    a_full_session(edition, 9)
    with_one = queries_of(lambda: drafting.load(edition))
    a_full_session(edition, 10)
    a_full_session(edition, 11)
    edition = Edition.objects.current().get()

    draft: list[checks.Draft] = []
    with_three = queries_of(lambda: draft.append(drafting.load(edition)))

    assert with_three == with_one
    assert queries_of(lambda: checks.find(draft[0])) == 0


def test_what_is_abandoned_is_not_looked_at(edition):
    a_session(edition, status="abandoned", status_reason_fr="Trop complexe")

    with translation.override("fr"):
        assert checks.find(drafting.load(edition)) == []
    assert dt.date(2018, 12, 12) == SECOND


def test_each_check_has_something_to_say_of_the_demonstration():
    draft = drafting.load(loading.load(loading.DATA / "toulouse-2018", with_people=True))

    silent = [check.__name__ for check in checks.CHECKS if not list(check(draft))]
    # What it warns of is a mistake of a composer; the minutes have no such uncertainty.
    assert silent == ["parallel_without_a_common_group"]
