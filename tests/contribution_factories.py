"""What tests of the call for contributions need, made in one line each. Nothing here is random."""

import datetime as dt
import uuid
from typing import Any

from assises.enums import MilestoneKey, Side
from assises.models import Edition, Milestone, Theme
from program import services
from program.models import Contribution, Session, Speaker
from program.services import Practice, Proposal, SpeakerDetails
from tests.factories import NOW, NUMBERS

CALL_OPENS = dt.datetime(2018, 9, 3, 7, tzinfo=dt.UTC)
CALL_CLOSES = dt.datetime(2018, 10, 26, 16, tzinfo=dt.UTC)


def open_call(edition: Edition) -> Theme:
    """The call with its dates, and one theme."""
    for key, when in (
        (MilestoneKey.CONTRIBUTIONS_OPEN, CALL_OPENS),
        (MilestoneKey.CONTRIBUTIONS_CLOSE, CALL_CLOSES),
    ):
        Milestone.objects.create(edition=edition, key=key, label_fr=key.label, starts_at=when)
    return Theme.objects.create(
        edition=edition,
        code="tourism",
        name_fr="Tourisme",
        name_zh_hans="旅游",
        shape="circle",
        colour="#1F6E8C",
    )


def a_workshop(edition: Edition, **fields: Any) -> Session:
    defaults = {
        "code": f"atelier-{next(NUMBERS)}",
        "title_fr": "Atelier : tourisme",
        "title_zh_hans": "分论坛：旅游",
        "kind": "plenary",
        "day": edition.starts_on,
        "starts_at": dt.time(10, 30),
        "ends_at": dt.time(12, 30),
        "theme": edition.themes.first(),
    }
    return Session.objects.create(edition=edition, **{**defaults, **fields})


def some_speaker(**fields: Any) -> SpeakerDetails:
    n = next(NUMBERS)
    defaults = {
        "given_name": "Oriane",
        "family_name": f"Parcours {n}",
        "function": "Directrice du tourisme",
        "email": f"oriane{n}@example.org",
        "language": "fr",
    }
    return SpeakerDetails(**{**defaults, **fields})


def a_practice(edition: Edition, **fields: Any) -> Practice:
    theme = edition.themes.first()
    assert theme is not None
    defaults = {
        "theme": theme,
        "title": f"Pratique {next(NUMBERS)}",
        "summary": "Une pratique partagée.",
        "exemplary": "Décidée ensemble.",
        "existing": "Depuis 2014.",
        "concrete": "Deux fois plus d’achats.",
        "reproducible": "Contrats types publiés.",
        "minutes": 15,
        "counterpart": None,
        "speaker": some_speaker(),
    }
    return Practice(**{**defaults, **fields})


def a_proposal(edition: Edition, **fields: Any) -> Proposal:
    n = next(NUMBERS)
    defaults = {
        "practice": fields.pop("practice", None) or a_practice(edition),
        "original": "fr",
        "organisation": None,
        "organisation_name": f"Ville {n}",
        "side": Side.FRENCH,
        "given_name": "Inès",
        "family_name": f"Brouillon {n}",
        "email": f"ines{n}@example.org",
        "language": "fr",
        "key": uuid.uuid4(),
    }
    return Proposal(edition=edition, **{**defaults, **fields})


def a_proposed(edition: Edition, *, at: dt.datetime = NOW, **fields: Any) -> Contribution:
    """A contribution proposed by the public form at ``at``."""
    return services.propose(a_proposal(edition, **fields), at=at)


def an_accepted(edition: Edition, *, at: dt.datetime = NOW, **fields: Any) -> Contribution:
    """A contribution accepted into a workshop; its speaker has not answered."""
    session = fields.pop("session", None) or a_workshop(edition)
    return services.accept(a_proposed(edition, at=at, **fields), session=session, at=at, by=None)


def the_speaker(row: Contribution) -> Speaker:
    row.refresh_from_db()
    assert row.speaker is not None
    return row.speaker
