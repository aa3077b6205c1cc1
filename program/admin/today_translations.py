"""What waits for a translator, on the first page of the back office."""

import datetime as dt
from typing import Any

from assises.back_office import panel
from assises.models import Edition
from program.admin.translations import numbers
from program.translations import texts_of


@panel("program/back_office/_panel_translations.html", permission="program.translate_programme", order=40)
def the_translations(edition: Edition, at: dt.datetime) -> dict[str, Any]:
    """How many texts are in each state; each number leads to the texts that it counts."""
    texts = texts_of(edition)
    return {"numbers": numbers(texts), "total": len(texts)}
