"""One room, one session at a time: on two real connections, and by SQL that no form has seen."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import resolve
from django.utils import translation

from assises import register
from assises.exceptions import Refusal
from assises.models import Edition, RegisterItem
from assises.rules import write
from program.models import Session
from program.models.session import TAKEN
from program.services import change_session, delete_session, move_session
from tests.composing_factories import FIRST, SECOND, a_room, a_session, a_workshop
from tests.factories import NOW, an_edition, an_organisation
from tests.registration.test_concurrency import Someone

ROOM_IS_TAKEN = "Une autre séance occupe cette salle à cette heure-là."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_wait_for_one_another_one_is_told_and_the_other_goes_on() -> None:
    edition = an_edition()
    mine, theirs = a_session(edition, title_fr="Un"), a_session(edition, title_fr="Deux")

    with transaction.atomic():
        # Not this one: whoever looks first for a circle is the one to give way.
        by_sql("SET LOCAL deadlock_timeout = '20s'")
        by_sql("UPDATE program_session SET title_fr = 'Un bis' WHERE id = %s", mine.pk)
        other = Someone(lambda: _change_both(theirs, mine))
        other.until_blocked()
        by_sql("UPDATE program_session SET title_fr = 'Deux bis' WHERE id = %s", theirs.pk)

    with pytest.raises(Refusal, match="instant"):
        other.result()
    assert sorted(Session.objects.values_list("title_fr", flat=True)) == ["Deux bis", "Un bis"]


def _change_both(first: Session, second: Session) -> None:
    with transaction.atomic():
        for session in (first, second):
            session.title_fr = f"{session.title_fr} ter"
            write(session)


@pytest.mark.django_db(transaction=True)
def test_a_session_about_which_somebody_notes_a_point_is_not_taken_back_meanwhile() -> None:
    session = a_session(an_edition())

    with transaction.atomic():
        _note_a_point(session)
        other = Someone(lambda: delete_session(session, version=1, at=NOW, by=None))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert Session.objects.get().open_points.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_point_is_noted_about_a_session_that_somebody_takes_back_meanwhile() -> None:
    session = a_session(an_edition())

    with transaction.atomic():
        delete_session(session, version=1, at=NOW, by=None)
        other = Someone(lambda: _note_a_point(session))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert not RegisterItem.objects.exists()


def _note_a_point(session: Session) -> None:
    register.add(session.edition, kind="open_point", text_fr="Le lieu", subject=session, at=NOW, by=None)


# --- By SQL -----------------------------------------------------------------------------------------------


def by_sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_no_session_ends_before_it_starts(edition: Edition) -> None:
    session = a_session(edition, "10:00-11:00")

    with pytest.raises(IntegrityError, match="program_session_starts_before_it_ends"):
        by_sql("UPDATE program_session SET ends_at = '09:00' WHERE id = %s", session.pk)


@pytest.mark.django_db
def test_no_session_is_outside_the_days_of_the_edition(edition: Edition) -> None:
    session = a_session(edition)

    with pytest.raises(IntegrityError, match="program_session_within_the_edition"):
        by_sql("UPDATE program_session SET day = '2018-12-14' WHERE id = %s", session.pk)
    with pytest.raises(IntegrityError, match="program_session_within_the_edition"):
        by_sql("UPDATE assises_edition SET ends_on = '2018-12-11' WHERE id = %s", edition.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("taken", TAKEN)
def test_no_session_takes_the_address_of_another_page(edition: Edition, taken: str) -> None:
    session = a_session(edition)
    with translation.override("fr"):
        page = resolve(f"/fr/programme/{taken}/" + ("x/1/" if taken == "minuteur" else ""))

    assert page.url_name != "session"
    with pytest.raises(IntegrityError, match="program_session_code_leaves_pages_alone"):
        by_sql("UPDATE program_session SET code = %s WHERE id = %s", taken, session.pk)


@pytest.mark.django_db
def test_a_chinese_authority_is_not_the_french_half_of_a_pair(edition: Edition) -> None:
    workshop = a_workshop(edition, pair="")
    chengdu = an_organisation("Chengdu", side="CN", kind="city")

    with pytest.raises(IntegrityError, match="program_colead_of_that_side"):
        by_sql(
            "INSERT INTO program_colead (session_id, side, organisation_id) VALUES (%s, 'FR', %s)",
            workshop.pk, chengdu.pk,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_room_of_another_edition_takes_no_session_of_this_one(edition: Edition) -> None:
    session = a_session(edition)
    elsewhere = a_room(an_edition())

    with pytest.raises(IntegrityError, match="program_session_room_same_edition"):
        by_sql("UPDATE program_session SET room_id = %s WHERE id = %s", elsewhere.pk, session.pk)


@pytest.mark.django_db
def test_two_sessions_may_follow_one_another_and_what_is_abandoned_takes_no_room(edition: Edition) -> None:
    room = a_room(edition)
    a_session(edition, "10:00-11:00", room=room)
    a_session(edition, "10:00-11:00", room=room, status="abandoned", status_reason_fr="Trop cher")

    a_session(edition, "11:00-12:00", room=room)
    with pytest.raises(IntegrityError, match="program_session_one_per_room_at_once"), transaction.atomic():
        a_session(edition, "10:59-11:01", room=room)


# --- On two connections -----------------------------------------------------------------------------------


def at_once(*things: Callable[[], Any]) -> list[Any]:
    """What came of each, or the refusal; all start at the same instant, on connections of their own."""
    line = threading.Barrier(len(things))
    outcomes: list[Any] = [None] * len(things)

    def run(index: int, do: Callable[[], Any]) -> None:
        try:
            line.wait(20)
            outcomes[index] = do()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return outcomes


def two_into_one_room(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Session]]:
    """Two organisers move two sessions into one room at one hour; both have looked before either writes."""
    edition = an_edition()
    room = a_room(edition)
    sessions = [a_session(edition, "09:00-10:00"), a_session(edition, "14:00-15:00")]
    looked = threading.Barrier(2)
    save = Session.save

    def save_after_both_have_looked(self: Session, *args: Any, **kwargs: Any) -> None:
        looked.wait(20)
        save(self, *args, **kwargs)

    monkeypatch.setattr(Session, "save", save_after_both_have_looked)

    def move(session: Session) -> Callable[[], Session]:
        return lambda: move_session(
            session, day=FIRST, starts_at=dt.time(11), room=room, version=1, at=NOW, by=None
        )

    return at_once(*[move(session) for session in sessions]), sessions


@pytest.fixture
def without_the_constraint(transactional_db: None) -> Iterator[None]:
    """The exclusion constraint is gone, for one test."""
    from django.apps import apps

    constraint = next(
        c
        for c in apps.get_model("program.Session")._meta.constraints
        if c.name == "program_session_one_per_room_at_once"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Session, constraint)
    yield
    Session.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Session, constraint)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_room_at_one_hour_one_is_told_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes, sessions = two_into_one_room(monkeypatch)

    refused = [o for o in outcomes if isinstance(o, Refusal)]
    assert [str(r) for r in refused] == [ROOM_IS_TAKEN]
    assert Session.objects.filter(pk__in=[s.pk for s in sessions], room__isnull=False).count() == 1
    # Whoever was refused has moved nothing, nor the version.
    assert sorted(Session.objects.values_list("version", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_would_have_the_room(
    monkeypatch: pytest.MonkeyPatch, without_the_constraint: None
) -> None:
    """The test above stands on the constraint, and on nothing else."""
    outcomes, _sessions = two_into_one_room(monkeypatch)

    assert [type(o) for o in outcomes] == [Session, Session]
    assert Session.objects.filter(room__isnull=False, day=FIRST).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_session_the_second_is_shown_the_first(edition: Edition) -> None:
    session = a_session(edition, "09:00-10:00")

    def write(title: str) -> Callable[[], Session]:
        return lambda: change_session(session, {"title_fr": title}, version=1, at=NOW, by=None)

    outcomes = at_once(write("Ouverture"), write("Accueil"))

    saved = [o for o in outcomes if isinstance(o, Session)]
    refused = [o for o in outcomes if isinstance(o, Refusal)]
    assert len(saved) == len(refused) == 1
    assert refused[0].current.title_fr == saved[0].title_fr  # type: ignore[attr-defined]
    assert Session.objects.get().version == 2
    assert Session.objects.get().day == SECOND
