"""Who has won, category by category: as everybody reads it once it is published, and as the stage shows it."""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language

from assises.enums import Side
from assises.models import User
from assises.templatetags.typography import is_chinese
from awards.completeness import film_of
from awards.enums import AttachmentKind, Effect, Phase
from awards.models import Application, Attachment, Call, Category, Film, Motion, Partner, Result
from awards.models.result import ResultQuerySet
from awards.presenting import AddressOf, Shown, Text, present


@dataclass(frozen=True)
class Laureate:
    """A prize or a mention, and what is shown of its application."""

    result: Result
    shown: Shown
    #: Where it stands on the page.
    anchor: str
    #: Where the same application stands already, for another prize; empty otherwise.
    told_at: str = ""

    @property
    def application(self) -> Application:
        return self.result.application

    @property
    def title(self) -> Text:
        return self.shown.texts[0]

    @property
    def summary(self) -> Text:
        return self.shown.texts[1]

    @property
    def halves(self) -> list[tuple[str, list[Partner]]]:
        """The authorities of each side; that of the reader's language comes first."""
        sides = sorted(Side, key=lambda side: is_chinese(get_language()) == (side == Side.FRENCH))
        partners = self.application.partners.all()
        return [(side.value, [p for p in partners if p.side == side]) for side in sides]

    @property
    def picture(self) -> tuple[Attachment, str] | None:
        return self.shown.pictures[0] if self.shown.pictures and may_show_pictures(self.application) else None

    @property
    def film(self) -> Film | None:
        return self.shown.film if may_show_film(self.application) else None

    @property
    def poster(self) -> str:
        """The address of what stands where the film will play: a picture that is not beside it; empty without one."""
        return self.shown.pictures[1][1] if self.picture and len(self.shown.pictures) > 1 else ""


@dataclass(frozen=True)
class Group:
    """A category with its laureates, prizes first; without any, the jury has decided to give none."""

    category: Category
    laureates: list[Laureate]


def may_show_pictures(row: Application) -> bool:
    """Whether the pair has said that those who are seen have agreed."""
    return row.people_agree


def may_show_film(row: Application) -> bool:
    """Whether the pair has said that those who are seen have agreed, and where the music comes from (S-122)."""
    return row.people_agree and bool(row.music)


def public_groups(call: Call, language: str) -> list[Group]:
    """What everybody reads; nothing before the results are published. As many queries whatever there is."""
    if not call.has_reached(Phase.PUBLISHED):
        return []
    return groups_of(call, AnonymousUser(), language, lambda _row: public_address)


def groups_of(
    call: Call, reader: User | AnonymousUser, language: str, address_of: Callable[[Application], AddressOf]
) -> list[Group]:
    """Categories in their order, with what this reader may know of.

    That a category has no prize is told too: whoever calls has seen that the reader may know it.
    """
    given: dict[int, list[Laureate]] = defaultdict(list)
    anchors: dict[int, str] = {}
    for result in _given(call, reader):
        row = result.application
        row.call = call
        anchor = f"{result.category.code}-{row.number}"
        told_at = anchors.setdefault(row.pk, anchor)
        shown = present(row, language, address_of(row))
        given[result.category_id].append(
            Laureate(result, shown, anchor, told_at if told_at != anchor else "")
        )
    none = set(
        Motion.objects.passed()
        .filter(item__call=call, effect=Effect.NO_PRIZE)
        .values_list("category", flat=True)
    )
    categories = call.categories.select_related("theme")
    return [Group(c, given[c.pk]) for c in categories if c.pk in given or c.pk in none]


def public_address(key: uuid.UUID) -> str:
    return reverse("awards:laureate_file", args=[key])


def public_file(key: uuid.UUID) -> tuple[Application, Attachment | Film] | None:
    """A picture, a film or its subtitles of whoever has a published prize or mention; None for anything else.

    No letter, and nothing whose rights the pair has not settled.
    """
    given = Result.objects.published().values("application")
    rows = Application.objects.filter(pk__in=given, people_agree=True)
    row = (
        rows.filter(Q(attachments__key=key) | Q(film__key=key))
        .select_related("call__edition", "film")
        .prefetch_related(_FILES)
        .first()
    )
    if row is None:
        return None
    film = film_of(row) if may_show_film(row) else None
    files = [file for file in row.attachments.all() if film or file.kind == AttachmentKind.PICTURE]
    return next(((row, file) for file in [film, *files] if file and file.key == key), None)


#: Letters are for the secretaries and the jury: they are not even read here.
_FILES = Prefetch("attachments", Attachment.objects.exclude(kind=AttachmentKind.LETTER))


def _given(call: Call, reader: User | AnonymousUser) -> ResultQuerySet:
    """Prizes and mentions that the reader may know of."""
    found: ResultQuerySet = Result.objects.given().visible_to(reader).filter(category__call=call)
    return found.select_related("application__film", "category").prefetch_related(
        "application__partners__organisation", Prefetch("application__attachments", _FILES.queryset)
    )
