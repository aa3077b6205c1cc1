"""Open points that a database holds already become items of the register, and can go back."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assises import register
from assises.models import RegisterItem
from program.enums import TranslationState as State
from program.models import TranslatedText
from program.services import translate
from program.texts import Key
from tests.composing_factories import FIRST, a_session, an_open_point
from tests.factories import NOW, an_edition
from tests.translation_factories import text

pytestmark = pytest.mark.django_db
BY = {"at": NOW, "by": None}


def migrated_back():
    """The models as they were before the register took over."""
    before = [("program", "0010_answers_and_places_of_contributions")]
    call_command("migrate", "program", "0010", verbosity=0)
    return MigrationExecutor(connection).loader.project_state(before).apps


def test_points_are_numbered_after_what_the_register_holds_and_keep_what_is_known_of_their_translation():
    edition, other = an_edition(), an_edition()
    session, elsewhere = a_session(edition), a_session(other)
    old = migrated_back()
    decision = register.add(edition, kind="decision", text_fr="Trois ateliers", **BY)
    points = old.get_model("program", "OpenPoint").objects
    asked = points.create(
        session_id=session.pk, text="Le lieu", text_fr="Le lieu", text_zh_hans="地点", owner="both", source="S-060"
    )  # fmt: skip
    points.create(
        session_id=session.pk, text="L’heure", text_fr="L’heure", owner="CN", due_on=dt.date(2018, 10, 26),
        closed_on=FIRST, answer="À 19 h", answer_fr="À 19 h", answer_zh_hans="19时",
    )  # fmt: skip
    points.create(session_id=elsewhere.pk, text="Le vin", text_fr="Le vin", owner="FR")
    TranslatedText.objects.create(
        model="openpoint", object_id=asked.pk, field="text", source="Le lieu", text="地点", is_reviewed=True, at=NOW
    )  # fmt: skip

    call_command("migrate", "program", verbosity=0)

    assert decision.number == 1
    place, hour = session.open_points.all()
    assert (place.number, place.kind, place.status, place.text_fr, place.text_zh_hans) == (
        2, "open_point", "to_be_defined", "Le lieu", "地点",
    )  # fmt: skip
    assert (place.owner_side, place.due_on, place.source, place.code) == ("both", None, "S-060", "")
    assert (hour.number, hour.status, hour.settled_on, hour.due_on) == (
        3,
        "decided",
        FIRST,
        dt.date(2018, 10, 26),
    )
    assert (hour.outcome_fr, hour.outcome_zh_hans, hour.owner_side) == ("À 19 h", "19时", "CN")
    assert elsewhere.open_points.get().number == 1
    assert text(edition, place, "text").state == State.REVIEWED
    assert not TranslatedText.objects.filter(model="openpoint").exists()


def test_going_back_takes_along_what_sessions_knew_and_leaves_the_rest_in_the_register():
    edition = an_edition()
    session = a_session(edition)
    point = an_open_point(session, text_fr="Le lieu")
    given_up = an_open_point(
        session, text_fr="Le dîner", owner_side="", status="abandoned", settled_on=FIRST, outcome_fr="Trop cher"
    )  # fmt: skip
    chosen = an_open_point(session, text_fr="La date")
    register.add_candidate(chosen, text_fr="En mai", **BY)
    warning = an_open_point(session, kind="warning", status="under_study")
    general = register.add(edition, kind="open_point", text_fr="Le slogan", **BY)
    key = Key("registeritem", point.pk, "text")
    translate(key, translation="地点", reviewed=True, seen_original="Le lieu", **BY)

    old = migrated_back()

    rows = old.get_model("program", "OpenPoint").objects.order_by("pk")
    assert list(rows.values_list("text_fr", "text_zh_hans", "owner", "closed_on", "answer_fr")) == [
        ("Le lieu", "地点", "FR", None, ""),
        ("Le dîner", None, "both", FIRST, "Trop cher"),
    ]
    assert set(RegisterItem.objects.all()) == {chosen, warning, general}
    known = TranslatedText.objects.get(model="openpoint")
    assert (known.object_id, known.field, known.text) == (rows[0].pk, "text", "地点")
    assert not TranslatedText.objects.filter(model="registeritem").exists()

    call_command("migrate", "program", verbosity=0)
    assert session.open_points.count() == 4
    assert not RegisterItem.objects.filter(pk=given_up.pk).exists()
