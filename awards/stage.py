"""The ceremony on the big screen: what is shown, one slide after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from awards.laureates import Group, Laureate
from awards.models import Application


class SlideKind(models.TextChoices):
    """What a slide shows."""

    OPENING = "opening"
    CATEGORY = "category"
    NO_PRIZE = "no-prize"
    #: The film, or where there is none the first picture: before anybody knows whose it is.
    MEDIA = "media"
    LAUREATE = "laureate"
    CLOSING = "closing"


@dataclass(frozen=True)
class Slide:
    """One of them; nothing of another one is in it."""

    kind: SlideKind
    group: Group | None = None
    laureate: Laureate | None = None


def slides_of(groups: Iterable[Group]) -> list[Slide]:
    """All slides of the ceremony in their order; prizes of all categories come before mentions across the themes."""
    prizes_first = sorted(groups, key=lambda group: group.category.theme_id is None)
    return [
        Slide(SlideKind.OPENING),
        *(slide for group in prizes_first for slide in _of_group(group)),
        Slide(SlideKind.CLOSING),
    ]


def titles_of(row: Application) -> dict[str, str]:
    """The title in both languages; one that is not translated, or no longer, in its own alone."""
    said = [language for language in ("fr", "zh-hans") if language == row.original or row.is_translated]
    return {language[:2]: row.in_language("title", language) for language in said}


def _of_group(group: Group) -> Iterator[Slide]:
    yield Slide(SlideKind.CATEGORY, group)
    if not group.laureates:
        yield Slide(SlideKind.NO_PRIZE, group)
    for laureate in group.laureates:
        if laureate.film or laureate.picture:
            yield Slide(SlideKind.MEDIA, group, laureate)
        yield Slide(SlideKind.LAUREATE, group, laureate)
