"""The decision register: what is noted, decided, abandoned, chosen among candidates, and who speaks for a side."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from assises import accounts, journal
from assises.enums import AgreementStatus, Side
from assises.exceptions import Conflict, Refusal
from assises.models import Candidate, Contact, Edition, Preference, RegisterItem, User
from assises.register import (
    abandon,
    add,
    add_candidate,
    change,
    choose,
    decide,
    give_preference,
    remove_candidate,
    reopen,
    subject_choices,
    subject_of,
    subject_url,
)
from tests.factories import NOW
from tests.register_factories import TODAY, a_candidate, a_meeting, an_item
from tests.reminder_factories import a_milestone

Somebody = Callable[..., User]
BY_NOBODY: dict[str, Any] = {"at": NOW, "by": None}


def test_items_are_numbered_one_after_the_other(edition: Edition) -> None:
    numbers = [an_item(edition).number for _n in range(3)]

    assert numbers == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_who_note_something_at_once_get_two_numbers() -> None:
    from tests.factories import an_edition

    edition = an_edition(elected=1)
    together = threading.Barrier(4)

    def note() -> None:
        together.wait()
        try:
            an_item(edition)
        finally:
            connection.close()

    threads = [threading.Thread(target=note) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(RegisterItem.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("open_point", AgreementStatus.TO_BE_DEFINED),
        ("request", AgreementStatus.REQUESTED),
        ("warning", AgreementStatus.UNDER_STUDY),
        ("decision", AgreementStatus.PROPOSED),
    ],
)
def test_each_kind_begins_in_the_words_of_the_minutes(edition: Edition, kind: str, begins: str) -> None:
    assert an_item(edition, kind=kind).status == begins


@pytest.mark.parametrize(
    ("fields", "is_red"),
    [
        ({}, False),
        ({"due_on": None}, True),
        ({"owner_side": ""}, True),
        ({"kind": "request", "due_on": None}, True),
        ({"kind": "warning", "due_on": None, "owner_side": ""}, False),
    ],
    ids=["owner and date", "no date", "no owner", "a request without a date", "a warning owes nothing"],
)
def test_an_open_point_without_owner_or_date_is_red(edition: Edition, fields: dict, is_red: bool) -> None:
    """D-16."""
    item = an_item(edition, **fields)

    assert item.is_red is is_red
    assert RegisterItem.objects.red().exists() is is_red


def test_what_is_closed_is_neither_red_nor_late(edition: Edition) -> None:
    item = an_item(edition, due_on=None)

    decide(item, outcome_fr="À l’Hôtel de Région", on=TODAY, version=item.version, **BY_NOBODY)

    assert not RegisterItem.objects.red().exists()
    assert not RegisterItem.objects.overdue(TODAY + dt.timedelta(days=400)).exists()


def test_overdue_is_what_was_due_before_today(edition: Edition) -> None:
    yesterday = an_item(edition, due_on=TODAY - dt.timedelta(days=1))
    an_item(edition, due_on=TODAY)

    assert list(RegisterItem.objects.overdue(TODAY)) == [yesterday]


def test_a_decision_closes_the_point_and_is_journalled(edition: Edition, somebody: Somebody) -> None:
    item, meeting, organiser = an_item(edition), a_meeting(edition), somebody(accounts.ORGANISERS)

    decide(
        item, outcome_fr="À l’Hôtel de Région", outcome_zh="大区政府大楼", on=TODAY, meeting=meeting,
        version=1, at=NOW, by=organiser,
    )  # fmt: skip

    item.refresh_from_db()
    assert (item.status, item.settled_on, item.settled_at_meeting) == ("decided", TODAY, meeting)
    assert (item.outcome_fr, item.outcome_zh_hans) == ("À l’Hôtel de Région", "大区政府大楼")
    latest = journal.of(item)[0]
    assert (latest.action, latest.actor) == ("item_decided", organiser)


@pytest.mark.parametrize("service", [decide, abandon], ids=["decided", "abandoned"])
def test_nothing_is_closed_without_saying_how(edition: Edition, service: Callable[..., Any]) -> None:
    item = an_item(edition)
    words = {"outcome_fr": ""} if service is decide else {"reason_fr": ""}

    with pytest.raises(Refusal):
        service(item, **words, on=TODAY, version=1, **BY_NOBODY)

    item.refresh_from_db()
    assert (item.status, item.version) == ("to_be_defined", 1)


def test_what_is_abandoned_stays_with_its_reason(edition: Edition) -> None:
    """S-052."""
    item = an_item(edition, kind="decision")

    abandon(item, reason_fr="Problèmes complexes", on=TODAY, version=1, **BY_NOBODY)

    assert RegisterItem.objects.get(pk=item.pk).outcome_fr == "Problèmes complexes"
    with pytest.raises(IntegrityError, match="abandoned_with_a_reason"), transaction.atomic():
        RegisterItem.objects.filter(pk=item.pk).update(outcome_fr="", outcome_zh_hans="")


def test_what_is_closed_is_opened_again_before_it_is_closed_otherwise(edition: Edition) -> None:
    item = decide(an_item(edition), outcome_fr="Oui", on=TODAY, version=1, **BY_NOBODY)
    with pytest.raises(Refusal):
        abandon(item, reason_fr="Non", on=TODAY, version=item.version, **BY_NOBODY)

    again = reopen(item, version=item.version, **BY_NOBODY)

    assert (again.status, again.settled_on, again.outcome_fr) == ("to_be_defined", None, "Oui")


def test_a_change_on_an_older_version_is_refused_with_how_it_stands(edition: Edition) -> None:
    item = an_item(edition)
    change(item, {"text_fr": "Le lieu du dîner de gala"}, version=1, **BY_NOBODY)

    with pytest.raises(Conflict) as conflict:
        change(item, {"source": "S-048"}, version=1, **BY_NOBODY)

    assert conflict.value.current.text_fr == "Le lieu du dîner de gala"


def test_a_change_that_changes_nothing_is_none(edition: Edition) -> None:
    item = an_item(edition)

    change(item, {"text_fr": item.text_fr, "blocks_items": []}, version=1, **BY_NOBODY)

    assert RegisterItem.objects.get(pk=item.pk).version == 1


def test_a_change_does_not_close_by_the_way(edition: Edition) -> None:
    item = an_item(edition)

    with pytest.raises(Refusal):
        change(item, {"status": "decided"}, version=1, **BY_NOBODY)

    change(item, {"status": "under_study"}, version=1, **BY_NOBODY)
    assert RegisterItem.objects.get(pk=item.pk).status == "under_study"


def test_what_it_blocks_is_of_the_same_edition_and_not_itself(edition: Edition) -> None:
    from tests.factories import an_edition

    item, other = an_item(edition), an_item(edition)
    milestone = a_milestone(edition, NOW)
    foreign = an_item(an_edition(elected=1))

    change(item, {"blocks_items": [other], "blocks_milestones": [milestone]}, version=1, **BY_NOBODY)

    assert list(other.blocked_by.all()) == [item]
    assert list(milestone.blocked_by.all()) == [item]
    for wrong in (foreign, item):
        with pytest.raises(Refusal):
            change(item, {"blocks_items": [wrong]}, version=2, **BY_NOBODY)


def test_the_subject_is_any_object_that_an_app_declares(edition: Edition) -> None:
    milestone = a_milestone(edition, NOW)
    keys = [key for _label, rows in subject_choices(edition) for key, _name in rows]

    about = subject_of(edition, f"assises.milestone:{milestone.pk}")
    item = an_item(edition, subject=about)

    assert f"assises.milestone:{milestone.pk}" in keys
    assert about == milestone
    assert list(RegisterItem.objects.about(milestone)) == [item]
    assert list(milestone.points.all()) == [item]
    assert subject_url(about).startswith("/admin/")


@pytest.mark.parametrize(
    "key", ["", "x", "auth.user:1", "assises.milestone:", "assises.milestone:9" * 9, "a:b:c"]
)
def test_a_key_of_nothing_is_no_subject(edition: Edition, key: str) -> None:
    assert subject_of(edition, key) is None


# --- Candidates and voices -------------------------------------------------------------------


def test_one_side_has_one_voice_and_may_change_it(edition: Edition, somebody: Somebody) -> None:
    item = an_item(edition)
    first, second = a_candidate(item), a_candidate(item)
    speaker = somebody(accounts.FRENCH_APPROVAL)

    give_preference(item, side=Side.FRENCH, candidate=first, at=NOW, by=speaker)
    give_preference(item, side=Side.FRENCH, candidate=second, comment="Plus court", at=NOW, by=speaker)

    assert [(p.side, p.candidate, p.comment) for p in item.preferences.all()] == [
        ("FR", second, "Plus court")
    ]


def test_nobody_speaks_for_the_other_side(edition: Edition, somebody: Somebody) -> None:
    item = an_item(edition)
    candidate = a_candidate(item)
    for roles in ([accounts.FRENCH_APPROVAL], [accounts.ORGANISERS]):
        with pytest.raises(Refusal):
            give_preference(item, side=Side.CHINESE, candidate=candidate, at=NOW, by=somebody(*roles))

    assert not Preference.objects.exists()


def test_a_voice_is_for_a_candidate_of_its_point(edition: Edition, somebody: Somebody) -> None:
    item, other = an_item(edition), an_item(edition)
    foreign = a_candidate(other)
    speaker = somebody(accounts.FRENCH_APPROVAL)

    with pytest.raises(Refusal):
        give_preference(item, side=Side.FRENCH, candidate=foreign, at=NOW, by=speaker)
    Preference.objects.create(item=item, side="FR", candidate=foreign, at=NOW)
    with pytest.raises(IntegrityError, match="for_its_candidate"):
        connection.check_constraints()


def test_choosing_a_candidate_closes_the_point_with_its_words(edition: Edition) -> None:
    item = an_item(edition)
    a_candidate(item)
    wanted = a_candidate(item, text_fr="Avant le dîner", text_zh_hans="晚宴之前")

    choose(wanted, on=TODAY, version=1, **BY_NOBODY)

    item.refresh_from_db()
    assert (item.status, item.outcome_fr, item.outcome_zh_hans) == ("decided", "Avant le dîner", "晚宴之前")
    assert list(Candidate.objects.filter(is_chosen=True)) == [wanted]
    with pytest.raises(Refusal):
        add_candidate(item, text_fr="Trop tard", **BY_NOBODY)


def test_the_chosen_slogan_is_that_of_the_edition(edition: Edition) -> None:
    """S-079 to S-083."""
    item = an_item(edition, text_fr="Un slogan", subject=edition, subject_field="slogan")
    wanted = a_candidate(item, text_fr="Une coopération innovante", text_zh_hans="创新型地方合作")

    choose(wanted, on=TODAY, version=1, **BY_NOBODY)

    edition.refresh_from_db()
    assert (edition.slogan_fr, edition.slogan_zh_hans) == ("Une coopération innovante", "创新型地方合作")


def test_a_candidate_with_a_voice_is_not_taken_back(edition: Edition, somebody: Somebody) -> None:
    item = an_item(edition)
    with_voice, without = a_candidate(item), a_candidate(item)
    speaker = somebody(accounts.CHINESE_APPROVAL, side="CN")
    give_preference(item, side=Side.CHINESE, candidate=with_voice, at=NOW, by=speaker)

    remove_candidate(without, **BY_NOBODY)
    with pytest.raises(Refusal):
        remove_candidate(with_voice, **BY_NOBODY)

    assert list(item.candidates.all()) == [with_voice]


def test_opening_a_point_again_frees_the_choice(edition: Edition) -> None:
    item = an_item(edition)
    wanted = a_candidate(item)
    closed = choose(wanted, on=TODAY, version=1, **BY_NOBODY)

    reopen(closed, version=closed.version, **BY_NOBODY)

    assert not item.candidates.filter(is_chosen=True).exists()


# --- What the database holds -----------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_fr": "", "text_zh_hans": ""},
        {"status": "decided"},
        {"status": "decided", "settled_on": TODAY},
        {"status": "abandoned", "settled_on": TODAY},
        {"settled_on": TODAY},
        {"subject_id": 1},
    ],
    ids=["says nothing", "decided on no day", "closed without an answer", "abandoned without a reason",
         "open with a day", "half a subject"],
)  # fmt: skip
def test_the_database_refuses_what_the_register_must_not_say(edition: Edition, wrong: dict) -> None:
    item = an_item(edition)

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        RegisterItem.objects.filter(pk=item.pk).update(**wrong)


def test_one_candidate_is_chosen_at_most(edition: Edition) -> None:
    item = an_item(edition)
    a_candidate(item, is_chosen=True)

    with pytest.raises(IntegrityError, match="one_is_chosen"), transaction.atomic():
        a_candidate(item, is_chosen=True)


def test_each_side_may_note_in_its_own_language(edition: Edition) -> None:
    item = add(edition, kind="request", text_zh_hans="请提供酒店清单", **BY_NOBODY)

    assert item.text_fr in ("", None)
    assert str(item) == "请提供酒店清单" or item.text_zh_hans == "请提供酒店清单"


def test_whoever_leaves_takes_no_item_along(edition: Edition) -> None:
    person = Contact.objects.create(
        organisation=edition.host, role_fr="Chargé de mission", given_name="Bastien", family_name="Passation",
        email="bastien.passation@example.org", workstream="assises",
    )  # fmt: skip
    item = an_item(edition, person=person)

    person.delete()

    item.refresh_from_db()
    assert item.person is None
