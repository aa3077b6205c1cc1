"""The programme as it stands: who is in it and who is not, how its changes are counted, how many queries it takes."""

import dataclasses
import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assises.enums import Side
from program import snapshot
from program.content import to_content
from program.models import FieldVisit, Speaker
from tests.factories import NOW, an_edition, an_organisation
from tests.program_factories import (
    a_contribution,
    a_lead,
    a_part,
    a_room,
    a_session,
    a_speaker,
    a_theme,
    a_venue,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


def everything(edition) -> str:
    """All that a release would hold, as text."""
    return json.dumps(to_content(snapshot.read(edition)), ensure_ascii=False)


# --- Who is in it -------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "named"), [("asked", False), ("confirmed", True), ("declined", False)])
@pytest.mark.parametrize("how", ["speaks", "contributes"])
def test_only_who_has_confirmed_is_named(edition, state, named, how):
    speaker = a_speaker(edition, state=state, family_name="Secrète", given_name="Zoé", name_zh="密密")
    session = a_session(edition)
    if how == "speaks":
        a_part(session, speaker=speaker)
    else:
        # What counts is the answer to this contribution, whatever was said to another.
        answer = {
            "asked": {"state": "accepted"},
            "confirmed": {"state": "confirmed"},
            "declined": {"state": "accepted", "speaker_declined_at": NOW},
        }[state]
        Speaker.objects.filter(pk=speaker.pk).update(state="confirmed")
        a_part(session, kind="contribution", contribution=a_contribution(edition, speaker=speaker, **answer))

    text = everything(edition)

    assert ("Secrète" in text, "Zoé" in text, "密密" in text) == (named, named, named)
    assert speaker.email not in text
    # By function, as somebody who was asked; not at all, as somebody who said no.
    assert ("Directrice" in text) is (state != "declined")


@pytest.mark.parametrize(
    ("state", "retained"),
    [
        ("proposed", False),
        ("changes_asked", False),
        ("accepted", True),
        ("confirmed", True),
        ("declined", False),
        ("withdrawn", False),
    ],
)
def test_only_what_was_retained_is_told(edition, state, retained):
    contribution = a_contribution(
        edition,
        state=state,
        title_fr="Cantines locales",
        message="Pas cette fois.",
        speaker=a_speaker(edition, family_name="Confirmée"),
    )
    a_part(a_session(edition), kind="contribution", title_fr="", title_zh_hans="", contribution=contribution)

    text = everything(edition)

    assert ("Cantines locales" in text, "Confirmée" in text) == (retained, state == "confirmed")
    assert contribution.email not in text
    assert "Auteur" not in text
    assert "Pas cette fois" not in text


def test_what_was_abandoned_is_in_no_release_nor_its_reason(edition):
    a_session(
        edition, code="parade", title_fr="Déambulation", status="abandoned", status_reason_fr="Trop complexe"
    )

    text = everything(edition)

    assert "Déambulation" not in text
    assert "complexe" not in text
    assert "parade" not in text


def test_nobody_reports_on_a_workshop_that_was_abandoned(edition):
    workshop = a_session(edition, code="atelier-perdu", status="abandoned", status_reason_fr="Sans binôme")
    closing = a_session(edition)
    a_part(closing, kind="report", workshop=workshop)

    assert snapshot.read(edition).session_by_code[closing.code].parts == ()


def test_what_organisers_note_for_themselves_stays_with_them(edition):
    a_session(edition, status_reason_fr="Entre nous", source="S-094", expected=123)

    text = everything(edition)

    assert "Entre nous" not in text
    assert "S-094" not in text
    assert "123" not in text


def test_an_authority_that_is_not_listed_stands_in_the_language_it_was_typed_in(edition):
    for original, name in (("fr", "Ville d’Exemple"), ("zh-hans", "示例市")):
        contribution = a_contribution(edition, original=original, organisation_name=name)
        a_part(a_session(edition, code=original), kind="contribution", contribution=contribution)

    programme = snapshot.read(edition)

    names = {code: programme.session_by_code[code].parts[0].authority for code in ("fr", "zh-hans")}
    assert (names["fr"].fr, names["zh-hans"].zh) == ("Ville d’Exemple", "示例市")
    assert (names["fr"].zh, names["zh-hans"].fr) == ("", "")


def test_a_chinese_family_name_is_printed_first_and_in_capitals(edition):
    speaker = a_speaker(
        edition,
        side=Side.CHINESE,
        given_name="",
        family_name="",
        name_zh="李示例",
        family_pinyin="Li",
        given_pinyin="Shili",
    )
    session = a_session(edition)
    a_part(session, speaker=speaker)

    voice = snapshot.read(edition).session_by_code[session.code].parts[0].voice

    assert (voice.name, voice.name_zh) == ("LI Shili", "李示例")


def test_sessions_stand_in_the_order_of_the_day_those_without_an_hour_last(edition):
    late = a_session(edition, starts_at=dt.time(14), ends_at=None)
    open_hour = a_session(edition, starts_at=None, ends_at=None)
    early = a_session(edition)
    day_before = a_session(edition, day=dt.date(2018, 12, 11), starts_at=None, ends_at=None)

    codes = [s.code for s in snapshot.read(edition).sessions]

    assert codes == [day_before.code, early.code, late.code, open_hour.code]


def test_another_edition_is_not_in_it(edition):
    other = an_edition()
    a_session(other, title_fr="Ailleurs")
    a_room(other, name_fr="Salle d’ailleurs")

    assert "Ailleurs" not in everything(edition)
    assert "ailleurs" not in everything(edition)


def a_full_session(edition) -> None:
    """With all that hangs from a session."""
    session = a_session(
        edition, kind="visit", room=a_room(edition, venue=a_venue(edition)), theme=a_theme(edition)
    )
    FieldVisit.objects.create(session=session, place_fr="Cahors")
    for side in Side:
        a_lead(session, side)
    organisation = an_organisation()
    a_part(session, speaker=a_speaker(edition, organisation=organisation))
    contribution = a_contribution(
        edition,
        organisation=organisation,
        counterpart=an_organisation(),
        speaker=a_speaker(edition, organisation=organisation),
    )
    a_part(session, kind="contribution", contribution=contribution)
    a_part(session, kind="report", workshop=session)


def test_three_sessions_and_forty_take_as_many_queries(edition):
    counts = []
    for so_many in (3, 37):
        for _unused in range(so_many):
            a_full_session(edition)
        fresh = type(edition).objects.get(pk=edition.pk)
        with CaptureQueriesContext(connection) as queries:
            snapshot.read(fresh)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


# --- How its changes are counted ----------------------------------------------------------------


@pytest.fixture
def first(edition):
    """A first release with two items."""
    a_session(edition, code="stays")
    a_session(edition, code="other", room=a_room(edition, code="salle"))
    return snapshot.since(snapshot.read(edition), None, at=NOW)


def counts(programme):
    return {s.code: (s.sequence, s.changed_at) for s in programme.sessions}


def change(edition, **fields):
    edition.sessions.filter(code="other").update(**fields)


def test_the_first_time_nothing_has_changed(first):
    assert counts(first) == {"stays": (0, NOW), "other": (0, NOW)}


def test_what_stays_keeps_its_count_and_its_date(edition, first):
    again = snapshot.since(snapshot.read(edition), first, at=LATER)

    assert counts(again) == counts(first)
    assert to_content(again) == to_content(first)


def test_what_changes_counts_one_on_once(edition, first):
    change(edition, title_fr="Autre titre")

    second = snapshot.since(snapshot.read(edition), first, at=LATER)
    third = snapshot.since(snapshot.read(edition), second, at=LATER + dt.timedelta(days=1))

    assert counts(second) == {"stays": (0, NOW), "other": (1, LATER)}
    assert counts(third) == counts(second)


def test_a_room_with_another_sign_is_a_change_of_what_is_in_it(edition, first):
    room = edition.rooms.get()
    room.name_fr = "Salle Malraux"
    room.save()

    assert counts(snapshot.since(snapshot.read(edition), first, at=LATER))["other"] == (1, LATER)


def test_what_is_dropped_is_kept_as_dropped_and_counts_one_on_once(edition, first):
    a_part(edition.sessions.get(code="other"), speaker=a_speaker(edition, family_name="Nommée"))
    with_speaker = snapshot.since(snapshot.read(edition), first, at=NOW)
    change(edition, status="abandoned", status_reason_fr="Non")

    second = snapshot.since(snapshot.read(edition), with_speaker, at=LATER, read=[first])
    third = snapshot.since(
        snapshot.read(edition), second, at=LATER + dt.timedelta(days=1), read=[with_speaker]
    )

    (dropped,) = second.dropped
    assert (dropped.code, dropped.sequence, dropped.changed_at) == ("other", 2, LATER)
    assert third.dropped == second.dropped
    # It is cancelled under its title and hour; who was to speak is told no more.
    assert "Nommée" not in json.dumps(to_content(second), ensure_ascii=False)


def test_what_comes_back_counts_on_and_is_dropped_no_more(edition, first):
    change(edition, status="abandoned", status_reason_fr="Non")
    second = snapshot.since(snapshot.read(edition), first, at=LATER, read=[first])
    change(edition, status="decided")

    third = snapshot.since(snapshot.read(edition), second, at=LATER + dt.timedelta(days=1), read=[second])

    assert third.dropped == ()
    assert counts(third)["other"] == (2, LATER + dt.timedelta(days=1))


def test_what_nobody_has_read_is_not_told_to_be_dropped(edition, first):
    change(edition, status="abandoned", status_reason_fr="Non")

    second = snapshot.since(snapshot.read(edition), first, at=LATER, read=[])

    assert second.dropped == ()


def test_counting_leaves_everything_else_as_it_is(edition, first):
    now = snapshot.read(edition)
    plain = [dataclasses.replace(s, sequence=0, changed_at=None) for s in first.sessions]

    assert plain == list(now.sessions)


def test_a_visit_that_is_not_on_offer_is_nothing_to_choose(edition):
    offered, other = a_session(edition, kind="visit", on_form=True), a_session(edition, kind="visit")

    groups = {session.code: session.choice_group for session in snapshot.read(edition).sessions}

    assert groups == {offered.code: "visits", other.code: ""}
