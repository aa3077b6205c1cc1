"""What tests need, made in one line each. Nothing here is random."""

import datetime as dt
import itertools
from typing import Any

from assises.enums import MilestoneKey
from assises.models import Edition, Milestone, Organisation, User
from registration import services
from registration.models import Booking, Category, Registration
from registration.services import BookingRequest, PersonDetails

NUMBERS = itertools.count(1)
OPENS = dt.datetime(2018, 9, 3, 7, tzinfo=dt.UTC)
RELEASED = dt.datetime(2018, 10, 8, 7, tzinfo=dt.UTC)
CLOSES = dt.datetime(2018, 11, 30, 17, tzinfo=dt.UTC)
NOW = dt.datetime(2018, 10, 15, 8, tzinfo=dt.UTC)


def an_organisation(name: str | None = None, **fields: Any) -> Organisation:
    n = next(NUMBERS)
    name = name or f"Ville {n}"
    defaults = {"code": f"organisation-{n}", "name_fr": name, "side": "FR", "kind": "commune"}
    return Organisation.objects.create(**{**defaults, **fields})


def an_edition(*, reserve: int = 0, ceiling: int | None = None, **quotas: int) -> Edition:
    """An edition with a category per keyword and so many places in each."""
    n = next(NUMBERS)
    edition = Edition.objects.create(
        code=f"edition-{n}",
        number=n,
        name_fr="Assises de la coopération décentralisée franco-chinoise",
        name_zh_hans="中法地方政府合作高层论坛",
        short_name_fr="Assises",
        short_name_zh_hans="高层论坛",
        city_fr="Toulouse",
        city_zh_hans="图卢兹",
        host=an_organisation(f"Région {n}", kind="region"),
        starts_on=dt.date(2018, 12, 11),
        ends_on=dt.date(2018, 12, 13),
        capacity_total=500,
        capacity_french=0,
        capacity_chinese=300,
        authority_ceiling=ceiling,
        is_current=not Edition.objects.filter(is_current=True).exists(),
    )
    for key, when in (
        (MilestoneKey.REGISTRATION_OPENS, OPENS),
        (MilestoneKey.QUOTAS_RELEASED, RELEASED),
        (MilestoneKey.AUTHORITY_CEILING_ENDS, RELEASED),
        (MilestoneKey.REGISTRATION_CLOSES, CLOSES),
    ):
        Milestone.objects.create(edition=edition, key=key, label_fr=key.label, starts_at=when)
    kinds = {"elected": ["commune", "region", "departement"], "tourism": ["tourism"], "press": ["press"]}
    numbers = {}
    for order, (code, quota) in enumerate({**quotas, **({"reserve": reserve} if reserve else {})}.items()):
        category = Category.objects.create(
            edition=edition,
            code=code,
            name_fr=code,
            order=order,
            is_reserve=code == "reserve",
            organisation_kinds=kinds.get(code, []),
        )
        numbers[category.pk] = quota
    services.set_capacity(edition, numbers, at=OPENS, by=None, reason="")
    edition.refresh_from_db()
    return edition


def a_person(**fields: Any) -> PersonDetails:
    n = next(NUMBERS)
    defaults = {
        "given_name": "Camille",
        "family_name": f"Exemple {n}",
        "email": f"camille{n}@example.org",
        "job_title": "Adjointe au maire",
    }
    return PersonDetails(**{**defaults, **fields})


def a_request(
    edition: Edition, *people: PersonDetails, category: str | None = None, **fields: Any
) -> BookingRequest:
    people = people or (a_person(is_contact=True),)
    organisation = fields.pop("organisation", None)
    chosen = edition.categories.get(code=category) if category else edition.categories.first()
    assert chosen is not None
    return BookingRequest(
        edition=edition,
        category=chosen,
        organisation=organisation,
        organisation_name=fields.pop(
            "organisation_name", organisation.name if organisation else f"Ville {next(NUMBERS)}"
        ),
        organisation_kind="commune",
        given_name=fields.pop("given_name", people[0].given_name),
        family_name=people[0].family_name,
        email=people[0].email,
        language=fields.pop("language", people[0].language),
        people=people,
        **fields,
    )


def a_booking(edition: Edition, *people: PersonDetails, at: dt.datetime = NOW, **fields: Any) -> Booking:
    return services.register(a_request(edition, *people, **fields), at=at)


def a_registration(edition: Edition, *, at: dt.datetime = NOW, **fields: Any) -> Registration:
    """One person, registered by the public form at ``at``."""
    return a_booking(edition, at=at, **fields).registrations.get()


def a_member_of_staff(**fields: Any) -> User:
    defaults = {"email": f"staff{next(NUMBERS)}@example.org", "is_staff": True, "is_superuser": True}
    fields = {**defaults, **fields}
    return User.objects.create_user(fields.pop("email"), "a long password", **fields)
