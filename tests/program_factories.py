"""What tests of the programme need, made in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.enums import Side
from assises.models import Edition, Organisation, Theme
from program import services
from program.enums import ReleaseKind, SessionKind
from program.models import (
    CoLead,
    Contribution,
    ProgrammeRelease,
    ReleaseApproval,
    Room,
    Session,
    SessionPart,
    Speaker,
    Venue,
)
from tests.factories import NOW, NUMBERS, an_organisation

DAY = dt.date(2018, 12, 12)


def a_venue(edition: Edition, **fields: Any) -> Venue:
    n = next(NUMBERS)
    return Venue.objects.create(
        **{
            "edition": edition,
            "code": f"lieu-{n}",
            "name_fr": f"Hôtel {n}",
            "name_zh_hans": f"{n}号楼",
            **fields,
        }
    )


def a_room(edition: Edition, **fields: Any) -> Room:
    n = next(NUMBERS)
    venue = fields.pop("venue", None) or a_venue(edition)
    return Room.objects.create(
        **{
            "venue": venue,
            "code": f"salle-{n}",
            "name_fr": f"Salle {n}",
            "name_zh_hans": f"{n}号厅",
            **fields,
        }
    )


def a_session(edition: Edition, **fields: Any) -> Session:
    """A decided item of 12 December from 9:00 to 10:00, without a room, spoken in French."""
    n = next(NUMBERS)
    defaults = {
        "code": f"seance-{n}",
        "title_fr": f"Séance {n}",
        "title_zh_hans": f"第{n}场",
        "kind": SessionKind.INFORMAL,
        "day": DAY,
        "starts_at": dt.time(9),
        "ends_at": dt.time(10),
        "status": "decided",
        "languages": "fr",
    }
    return Session.objects.create(edition=edition, **{**defaults, **fields})


def a_theme(edition: Edition, **fields: Any) -> Theme:
    n = next(NUMBERS)
    defaults = {
        "code": f"theme-{n}",
        "name_fr": f"Thème {n}",
        "name_zh_hans": f"主题{n}",
        "order": n,
        "shape": "circle",
        "colour": "#1e6b57",
    }
    return Theme.objects.create(edition=edition, **{**defaults, **fields})


def a_speaker(edition: Edition, **fields: Any) -> Speaker:
    n = next(NUMBERS)
    defaults = {
        "side": Side.FRENCH,
        "given_name": "Oriane",
        "family_name": f"Parcours {n}",
        "function_fr": "Directrice",
        "function_zh_hans": "局长",
        "state": "confirmed",
        "email": f"oratrice{n}@example.org",
    }
    return Speaker.objects.create(edition=edition, **{**defaults, **fields})


def a_part(session: Session, **fields: Any) -> SessionPart:
    defaults = {"kind": "speech", "title_fr": "Allocution", "title_zh_hans": "致辞", "minutes": 10}
    return SessionPart.objects.create(session=session, **{**defaults, **fields})


def a_contribution(edition: Edition, **fields: Any) -> Contribution:
    n = next(NUMBERS)
    texts = dict.fromkeys(("exemplary", "existing", "concrete", "reproducible"), "Parce que.")
    defaults = {
        **texts,
        "theme": fields.pop("theme", None) or a_theme(edition),
        "state": "accepted",
        "state_since": NOW,
        "submitted_at": NOW,
        "title_fr": f"Pratique {n}",
        "summary_fr": "Une pratique.",
        "minutes": 15,
        "original": "fr",
        "organisation_name": f"Ville {n}",
        "side": Side.FRENCH,
        "given_name": "Ana",
        "family_name": f"Auteur {n}",
        "email": f"auteur{n}@example.org",
        "language": "fr",
    }
    return Contribution.objects.create(edition=edition, **{**defaults, **fields})


def a_lead(session: Session, side: Side, organisation: Organisation | None = None, **fields: Any) -> CoLead:
    kind = "commune" if side == Side.FRENCH else "city"
    organisation = organisation or an_organisation(side=side, kind=kind)
    return CoLead.objects.create(session=session, side=side, organisation=organisation, **fields)


def a_release(
    edition: Edition, *, approved: bool = False, at: dt.datetime = NOW, **fields: Any
) -> ProgrammeRelease:
    """A draft of the programme as it is now; with ``approved`` by both sides."""
    release = services.prepare(edition, **{"kind": ReleaseKind.TRAVEL_DRAFT, "at": at, "by": None, **fields})
    if approved:
        for side, name in ((Side.FRENCH, "Solène Référent"), (Side.CHINESE, "孙样例")):
            ReleaseApproval.objects.create(release=release, side=side, name=name, at=at)
    return release


def a_published_release(edition: Edition, *, at: dt.datetime = NOW, **fields: Any) -> ProgrammeRelease:
    release = a_release(edition, approved=True, at=at, **fields)
    services.publish(release, at=at, by=None)
    release.refresh_from_db()
    return release
