"""Sessions with seats, visits and meeting rooms, made in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.models import Edition
from program.models import FieldVisit, Room, Session, Venue
from registration import services
from registration.models import Registration, SessionChoice
from tests.factories import NOW, NUMBERS, a_booking, a_person

DAY = dt.date(2018, 12, 12)


def a_session(edition: Edition, seats: int | None = None, **fields: Any) -> Session:
    """A session on the form, in no choice group, with rows for its seats."""
    n = next(NUMBERS)
    defaults: dict[str, Any] = {
        "code": f"session-{n}",
        "title_fr": f"Séance {n}",
        "title_zh_hans": f"场次{n}",
        "kind": "seminar",
        "day": DAY,
        "starts_at": dt.time(14),
        "ends_at": dt.time(16, 30),
        "on_form": True,
    }
    session = Session.objects.create(edition=edition, seats=seats, **{**defaults, **fields})
    services.ensure_seats(edition, at=NOW)
    return session


def two_workshops(edition: Edition, *seats: int | None) -> list[Session]:
    """Sessions at the same hour, of which a person chooses one."""
    titles = [("Agriculture", "农业与食品"), ("Ville durable", "可持续城市"), ("Tourisme", "旅游")]
    return [
        a_session(
            edition,
            n,
            kind="parallel",
            choice_group="workshops",
            code=f"workshop-{index}",
            title_fr=titles[index][0],
            title_zh_hans=titles[index][1],
            order=index,
        )
        for index, n in enumerate(seats)
    ]


def a_visit(
    edition: Edition, seats: int | None = None, *, chinese: int = 0, reserved: int = 0, **fields: Any
) -> Session:
    """A field visit with its sheet."""
    n = next(NUMBERS)
    names = {"code": f"visit-{n}", "title_fr": f"Visite {n}", "title_zh_hans": f"考察{n}"}
    hours = {"day": dt.date(2018, 12, 13), "starts_at": dt.time(11), "ends_at": None}
    sheet = {name: fields.pop(name) for name in ("is_kept",) if name in fields}
    visit = Session.objects.create(
        edition=edition,
        seats=seats,
        **{"kind": "visit", "on_form": True, **names, **hours, **fields},
    )
    FieldVisit.objects.create(
        session=visit, place_fr="Toulouse", seats_chinese=chinese, seats_reserved=reserved, **sheet
    )
    services.ensure_seats(edition, at=NOW)
    return visit


def a_meeting_room(edition: Edition, name: str = "Salon Ariège", **fields: Any) -> Session:
    """A room that is open for informal meetings from 14:00 to 16:00."""
    n = next(NUMBERS)
    venue = Venue.objects.filter(edition=edition).first() or Venue.objects.create(
        edition=edition, code=f"venue-{n}", name_fr="Hôtel de Région", name_zh_hans="大区议会大厦"
    )
    room = Room.objects.create(
        edition=edition,
        venue=venue,
        code=f"room-{n}",
        name_fr=name,
        name_zh_hans=f"会谈室{n}",
        capacity=8,
        order=n,
    )
    hours = {"day": DAY, "starts_at": dt.time(14), "ends_at": dt.time(16)}
    return Session.objects.create(
        edition=edition,
        **{
            "code": f"salon-{n}", "title_fr": name, "title_zh_hans": "非正式会谈", "kind": "informal", "room": room,
            **hours, **fields,
        },
    )  # fmt: skip


def somebody_in(edition: Edition, *sessions: Session, at: dt.datetime = NOW, **person: Any) -> Registration:
    """One person who chooses these sessions, by the public form."""
    return a_booking(
        edition, a_person(is_contact=True, sessions=sessions, **person), at=at
    ).registrations.get()


def stands(registration: Registration) -> dict[str, str]:
    """``{code of session: "seat" | "waits" | "chosen"}``"""
    return {
        c.session.code: "waits" if c.is_waiting else "seat" if c.seat_id else "chosen"
        for c in SessionChoice.objects.filter(registration=registration).select_related("session")
    }
