"""Places and quotas, changed together."""

import pytest

from assises import accounts
from assises.models import JournalEntry, OutgoingEmail
from registration.models import Place
from tests.factories import a_registration, an_edition

pytestmark = pytest.mark.django_db

PAGE = "/admin/places/"


def quotas(edition, reason="comité du 12 octobre", **numbers):
    fields = {f"quota-{c.pk}": numbers.get(c.code, c.places.count()) for c in edition.categories.all()}
    return {**fields, "reason": reason}


def test_the_effect_is_shown_and_nothing_is_written(organiser):
    edition = an_edition(elected=1, tourism=1)
    for _unused in range(3):
        a_registration(edition, category="elected")
    letters = OutgoingEmail.objects.count()

    response = organiser.post(PAGE, {**quotas(edition, elected=2), "preview": "1"})

    effect = response.context["effect"]
    assert (effect.before.capacity, effect.after.capacity) == (2, 3)
    assert len(effect.offered) == 1
    assert Place.objects.filter(edition=edition).count() == 2
    assert OutgoingEmail.objects.count() == letters


def test_saved_the_new_places_go_along_the_waiting_list(organiser):
    edition = an_edition(elected=1)
    a_registration(edition)
    waiting = a_registration(edition)

    response = organiser.post(PAGE, {**quotas(edition, elected=2), "save": "1"})

    assert response.status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "offered"
    entry = JournalEntry.objects.filter(action="capacity").first()
    assert (entry.reason, entry.details["before"], entry.details["after"]) == ("comité du 12 octobre", 1, 2)


@pytest.mark.parametrize("button", ["preview", "save"])
def test_never_below_what_is_held_and_nothing_typed_is_lost(organiser, button):
    edition = an_edition(elected=2)
    a_registration(edition), a_registration(edition)

    response = organiser.post(PAGE, {**quotas(edition, elected=1, reason="moins de chaises"), button: "1"})

    assert response.context["form"].non_field_errors()
    assert "moins de chaises" in response.text
    assert Place.objects.filter(edition=edition).count() == 2


def test_never_above_the_building(organiser):
    """300 and 200 make the 500 of the building (S-065)."""
    edition = an_edition(elected=2)

    response = organiser.post(PAGE, {**quotas(edition, elected=201), "save": "1"})

    assert response.context["form"].non_field_errors()


def test_without_a_reason_it_is_not_saved(organiser):
    edition = an_edition(elected=2)

    response = organiser.post(PAGE, {**quotas(edition, elected=3, reason=""), "save": "1"})

    assert "reason" in response.context["form"].errors
    assert Place.objects.filter(edition=edition).count() == 2


def test_the_apcae_looks_and_changes_nothing(as_role):
    edition = an_edition(elected=2)
    client = as_role(accounts.APCAE)

    client.post(PAGE, {**quotas(edition, elected=5), "save": "1"})

    assert client.get(PAGE).status_code == 200
    assert Place.objects.filter(edition=edition).count() == 2
