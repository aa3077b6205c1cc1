"""How many SQL statements a request takes: the same for one person and for many."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assises.models import Edition
from registration import links, services
from registration.rules import rules_of
from registration.services import places
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition
from tests.load.crowd import FORM, answers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_october(monkeypatch):
    monkeypatch.setattr(settings, "CLOCK_OFFSET", NOW - timezone.now())


@pytest.fixture
def edition() -> Edition:
    return an_edition(elected=3)


def statements(ask: Callable[[], Any]) -> list[str]:
    """What was asked of the database; the marks of transactions apart, they are no questions."""
    with CaptureQueriesContext(connection) as seen:
        ask()
    return [
        q["sql"]
        for q in seen.captured_queries
        if not re.match(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", q["sql"])
    ]


def send(client: Client, number: int, **more: str) -> str:
    """Send the form; the path of the own page."""
    page = client.get(FORM).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = client.post(FORM, {**answers(number), "form_key": key, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def colleague(n: int) -> dict[str, str]:
    fields = {
        "given_name": "A",
        "family_name": "B",
        "job_title": "C",
        "email": f"c{n}@example.org",
        "language": "fr",
    }
    return {f"colleague-{n}-{name}": value for name, value in fields.items()}


def test_the_empty_form_asks_nothing_once_it_was_drawn(client, edition):
    client.get(FORM)

    assert statements(lambda: client.get(FORM)) == []


def test_a_registration_with_a_place_takes_at_most_twelve_statements(client, edition):
    client.get(FORM)
    path: list[str] = []

    asked = statements(lambda: path.append(send(client, 1)))
    page = statements(lambda: client.get(path[0]))

    assert len(page) == 1
    assert len(asked) + len(page) <= 12, asked


def test_a_registration_onto_the_waiting_list_takes_at_most_thirteen_statements(client, edition):
    for _unused in range(4):
        a_registration(edition)
    client.get(FORM)
    path: list[str] = []

    asked = statements(lambda: path.append(send(client, 1)))
    page = statements(lambda: client.get(path[0]))

    assert len(page) == 2
    assert len(asked) + len(page) <= 13, asked


def test_six_people_take_as_many_statements_as_two(client):
    an_edition(elected=20)
    client.get(FORM)

    two = statements(lambda: send(client, 1, **colleague(1)))
    six = statements(lambda: send(client, 2, **{k: v for n in range(2, 7) for k, v in colleague(n).items()}))

    assert len(six) == len(two)


def test_the_own_page_of_a_request_takes_as_many_statements_for_one_as_for_three(client):
    edition = an_edition(elected=9)
    alone, three = a_booking(edition), a_booking(edition, *[a_person(is_contact=n == 0) for n in range(3)])
    client.get(FORM)

    counts = [
        len(statements(lambda b=b: client.get(links.own_page(links.booking_token(b)))))
        for b in (alone, three)
    ]

    assert counts[0] == counts[1]


def test_settling_takes_one_statement_more_for_each_person_more():
    counts = []
    for people in (1, 3):
        edition = an_edition(elected=people)
        category = edition.categories.get()
        seated = [a_registration(edition) for _unused in range(people)]
        for _unused in range(4):
            a_registration(edition)
        for person in seated:
            person.move_to("cancelled", at=NOW)  # as if nobody had settled
        counts.append(len(statements(lambda e=edition: services.settle(e, at=NOW))))
        assert places.waiting_for(edition, category, rules_of(edition, NOW)).count() == 4 - people

    assert counts[1] == counts[0] + 2
