"""The rules as their readers see them: from what was frozen, in one language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from assises.current import current_edition
from assises.templatetags.typography import bcp47
from awards.models import Application, Call, Rules


def call_of(edition: Any) -> Call | None:
    """The award of an edition that came with its milestones; None where it has none."""
    call = Call.objects.filter(edition=edition).first()
    if call is not None:
        call.edition = edition
    return call


def with_edition(row: Application) -> Application:
    """The application with the edition of the public site, which came with its milestones: no query for its dates."""
    edition = current_edition()
    if edition is not None and edition.pk == row.call.edition_id:
        row.call.edition = edition
    return row


def said(texts: Mapping[str, str]) -> str:
    """A text of the rules in the language of the page; French where the other is empty."""
    return texts.get(bcp47(get_language())) or texts["fr"]


def in_one_language(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a version says, in the language of the page."""
    return {
        **content,
        "name": said(content["name"]),
        "reason": said(content["reason"]),
        "articles": [
            {**article, "title": said(article["title"]), "text": said(article["text"])}
            for article in content["articles"]
        ],
        "categories": [{**category, "name": said(category["name"])} for category in content["categories"]],
        "criteria": [
            {
                **criterion,
                "name": said(criterion["name"]),
                "question": said(criterion["question"]),
                "marks": [{**mark, "meaning": said(mark["meaning"])} for mark in criterion["marks"]],
            }
            for criterion in content["criteria"]
        ],
        "dates": {
            name: dt.datetime.fromisoformat(value) if value else None
            for name, value in content["dates"].items()
        },
    }


def versions_of(call: Call) -> list[Rules]:
    """Every version that is or was in force, the latest first."""
    return list(call.rules.in_force())
