"""A programme with texts to translate, made in one line each. Nothing here is random."""

import datetime as dt
from typing import Any

from assises.models import Edition, RegisterItem, Theme
from program.models import Contribution, Session, TranslatedText
from program.texts import Key
from program.translations import Text, texts_of
from tests.factories import NOW, NUMBERS


def a_session(edition: Edition, title_fr: str = "Atelier", title_zh_hans: str = "", **fields: Any) -> Session:
    n = next(NUMBERS)
    defaults = {
        "code": f"session-{n}",
        "kind": "ceremony",
        "day": dt.date(2018, 12, 12),
        "starts_at": dt.time(9),
        "ends_at": dt.time(10),
        "order": n,
    }
    titles = {"title_fr": title_fr, "title_zh_hans": title_zh_hans}
    return Session.objects.create(edition=edition, **{**defaults, **titles, **fields})


def an_open_point(session: Session, text_fr: str = "Le lieu", **fields: Any) -> RegisterItem:
    """An item of the register about the session."""
    defaults = {"kind": "open_point", "status": "to_be_defined", "number": next(NUMBERS), "owner_side": "FR"}
    words = {"text_fr": text_fr, "edition": session.edition, "subject": session}
    return RegisterItem.objects.create(**{**defaults, **words, **fields})


def a_contribution(edition: Edition, **fields: Any) -> Contribution:
    """Accepted, from the Chinese side, written in Chinese."""
    theme, _made = Theme.objects.get_or_create(
        edition=edition, code="city", defaults={"name_fr": "Ville durable"}
    )
    words = dict.fromkeys(("exemplary", "existing", "concrete", "reproducible"), "–")
    defaults = {
        "theme": theme,
        "state": "accepted",
        "original": "zh-hans",
        "title_zh_hans": "节水温室",
        "title_fr": "",
        "summary_zh_hans": "",
        "summary_fr": "",
        "minutes": 15,
        "side": "CN",
        "organisation_name": "Chengdu",
        "given_name": "Shili",
        "family_name": "Li",
        "email": "li@example.org",
        "language": "zh-hans",
        "submitted_at": NOW,
        "state_since": NOW,
    }
    return Contribution.objects.create(edition=edition, **{**words, **defaults, **fields})


def known(
    session: Session, source: str, text: str, *, field: str = "title", reviewed: bool = True
) -> TranslatedText:
    """Somebody translated ``source`` by ``text``."""
    said, _made = TranslatedText.objects.update_or_create(
        model="session",
        object_id=session.pk,
        field=field,
        defaults={"source": source, "text": text, "is_reviewed": reviewed, "at": NOW},
    )
    return said


def text(edition: Edition, instance: Any, field: str = "title") -> Text:
    """The text as the translations page sees it."""
    key = Key(instance._meta.model_name, instance.pk, field)
    return next(t for t in texts_of(edition) if t.key == key)
