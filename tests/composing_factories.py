"""A small programme, made in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.enums import AgreementStatus
from assises.models import Edition, Organisation, RegisterItem, Theme
from program.enums import ContributionState, PartKind, SessionKind, SpeakerState
from program.models import (
    CoLead,
    Contribution,
    FieldVisit,
    Room,
    Session,
    SessionPart,
    Speaker,
    Venue,
)
from tests.factories import NOW, NUMBERS, an_organisation

FIRST, SECOND, THIRD = (dt.date(2018, 12, d) for d in (11, 12, 13))


def a_venue(edition: Edition, **fields: Any) -> Venue:
    n = next(NUMBERS)
    return Venue.objects.create(
        **{
            "edition": edition,
            "code": f"venue-{n}",
            "name_fr": f"Lieu {n}",
            "name_zh_hans": f"{n}号会馆",
            **fields,
        }
    )


def a_room(edition: Edition, name: str | None = None, **fields: Any) -> Room:
    n = next(NUMBERS)
    venue = fields.pop("venue", None) or Venue.objects.filter(edition=edition).first() or a_venue(edition)
    defaults = {
        "venue": venue,
        "code": f"room-{n}",
        "name_fr": name or f"Salle {n}",
        "name_zh_hans": f"{n}号会场",
        "capacity": 100,
        "order": n,
    }
    return Room.objects.create(**{**defaults, **fields})


def a_theme(edition: Edition, **fields: Any) -> Theme:
    n = next(NUMBERS)
    defaults = {"code": f"theme-{n}", "name_fr": f"Thème {n}", "shape": "circle", "colour": "#1F4E8C"}
    return Theme.objects.create(edition=edition, **{**defaults, **fields})


def at(hours: str) -> dict[str, dt.time | None]:
    """``at("10:30-12:30")``, ``at("19:00")``: hours as fields of a session."""
    starts, _dash, ends = hours.partition("-")
    return {
        "starts_at": dt.time.fromisoformat(starts) if starts else None,
        "ends_at": dt.time.fromisoformat(ends) if ends else None,
    }


def a_session(edition: Edition, hours: str = "", **fields: Any) -> Session:
    """A decided ceremony on the second day, in French: nothing for the checks to say but where and when."""
    n = next(NUMBERS)
    defaults = {
        "edition": edition,
        "code": f"session-{n}",
        "title_fr": f"Séance {n}",
        "title_zh_hans": f"活动{n}",
        "kind": SessionKind.CEREMONY,
        "status": AgreementStatus.DECIDED,
        "day": SECOND,
        "languages": "fr",
        "order": n,
        **at(hours),
    }
    return Session.objects.create(**{**defaults, **fields})


def a_workshop(edition: Edition, hours: str = "", **fields: Any) -> Session:
    """A parallel workshop with its theme and its whole pair."""
    pair = fields.pop("pair", "FR CN")
    fields.setdefault("theme", Theme.objects.filter(edition=edition).first() or a_theme(edition))
    session = a_session(edition, hours, **{"kind": SessionKind.PARALLEL, **fields})
    for side in pair.split():
        a_lead(session, side=side)
    return session


def a_lead(session: Session, organisation: Organisation | None = None, **fields: Any) -> CoLead:
    side = fields.pop("side", organisation.side if organisation else "FR")
    kind = "city" if side == "CN" else "commune"
    organisation = organisation or an_organisation(side=side, kind=kind)
    fields.setdefault("confirmed_on", dt.date(2018, 9, 14))
    return CoLead.objects.create(session=session, side=side, organisation=organisation, **fields)


def a_speaker(edition: Edition, **fields: Any) -> Speaker:
    n = next(NUMBERS)
    defaults = {
        "edition": edition,
        "code": f"speaker-{n}",
        "side": "FR",
        "given_name": "Camille",
        "family_name": f"Exemple {n}",
        "function_fr": "Adjointe au maire",
        "state": SpeakerState.CONFIRMED,
    }
    return Speaker.objects.create(**{**defaults, **fields})


def a_part(session: Session, minutes: int = 10, **fields: Any) -> SessionPart:
    defaults = {"kind": PartKind.SPEECH, "title_fr": "Allocution", "order": next(NUMBERS)}
    return SessionPart.objects.create(session=session, minutes=minutes, **{**defaults, **fields})


def a_report(session: Session, workshop: Session, minutes: int = 5, **fields: Any) -> SessionPart:
    return a_part(
        session,
        minutes,
        kind=PartKind.REPORT,
        workshop=workshop,
        title_fr=f"Restitution : {workshop}",
        **fields,
    )


def a_contribution(edition: Edition, **fields: Any) -> Contribution:
    n = next(NUMBERS)
    speaker = fields.pop("speaker", None) or a_speaker(edition)
    defaults = {
        "edition": edition,
        "state": ContributionState.CONFIRMED,
        "state_since": NOW,
        "submitted_at": NOW,
        "theme": Theme.objects.filter(edition=edition).first() or a_theme(edition),
        "title_fr": f"Pratique {n}",
        "summary_fr": "Une pratique.",
        "minutes": 15,
        "original": "fr",
        "organisation": speaker.organisation,
        "organisation_name": "Montpellier",
        "side": "FR",
        "speaker": speaker,
        "given_name": "Camille",
        "family_name": "Exemple",
        "email": f"camille{n}@example.org",
        "language": "fr",
    }
    return Contribution.objects.create(**{**defaults, **fields})


def a_visit(edition: Edition, hours: str = "11:00", **fields: Any) -> FieldVisit:
    """A proposed field visit with its sheet; ``fields`` are those of the sheet."""
    session = a_session(
        edition, hours, kind=SessionKind.VISIT, day=THIRD, status=AgreementStatus.PROPOSED, seats=50
    )
    defaults = {"place_fr": "Carcassonne", "travel_minutes": 60, "duration_minutes": 90}
    return FieldVisit.objects.create(session=session, **{**defaults, **fields})


def an_open_point(session: Session, **fields: Any) -> RegisterItem:
    """An item of the register about the session: an open point that the French side owes by the end of October."""
    defaults = {
        "edition": session.edition,
        "number": next(NUMBERS),
        "kind": "open_point",
        "status": "to_be_defined",
        "text_fr": "Le lieu",
        "owner_side": "FR",
        "due_on": dt.date(2018, 10, 31),
        "subject": session,
    }
    return RegisterItem.objects.create(**{**defaults, **fields})
