"""Where the translated texts of a programme stand: which models, which of their objects, how these are called.

A text belongs to what is used: sessions that are kept, what hangs from them, and who speaks in them. What a release
says is not here: once prepared it is approved as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from modeltranslation.translator import translator

from assises import register
from assises.enums import AgreementStatus
from assises.models import Edition, RegisterItem
from program.enums import RETAINED, SpeakerState
from program.models import (
    Contribution,
    FieldVisit,
    ProtocolRank,
    Room,
    Session,
    SessionPart,
    Speaker,
    Venue,
)
from program.programme import Words
from program.snapshot import words

#: Read by organisers of both sides only; a release does not print them.
ORGANISERS_ONLY = {
    ("session", "status_reason"),
    ("registeritem", "text"),
    ("registeritem", "detail"),
    ("registeritem", "outcome"),
}


class Key(NamedTuple):
    """Which text: the name of a model, the key of an object, the name of a field without its language."""

    model: str
    object_id: int
    field: str


@dataclass(frozen=True)
class Source:
    """A model with texts: which objects of an edition are used, and what each is called."""

    model: type[Model]
    used: Callable[[Edition], QuerySet[Any]]
    name: Callable[[Any], Words]
    #: What stands for the object in a file; where it has no code, its key does.
    code: Callable[[Any], str] = lambda instance: getattr(instance, "code", "")
    #: Where the object names the session whose version counts its changes; empty if none does.
    session_column: str = ""
    #: Its page in the back office, where that is not the one of its model there.
    page: Callable[[Any], str] = lambda instance: ""
    #: What is read along, so that all its objects are named in a constant number of queries.
    with_names: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    #: Whether one object belongs to a programme; a model of the core has others too.
    concerns: Callable[[Any], bool] = lambda instance: True

    @property
    def model_name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def fields(self) -> list[str]:
        """The translated fields, without their languages."""
        return list(translator.get_options_for_model(self.model).get_field_names())

    def session_id(self, instance: Any) -> int | None:
        return int(getattr(instance, self.session_column)) if self.session_column else None

    def label(self, field: str) -> Any:
        return self.model._meta.get_field(field).verbose_name  # type: ignore[union-attr]

    def reference(self, instance: Any, field: str) -> str:
        """The same in each export: ``session/tourism/title``, ``sessionpart/#12/title``."""
        return f"{self.model_name}/{self.code(instance) or f'#{instance.pk}'}/{field}"


def _kept(edition: Edition) -> QuerySet[Session]:
    return Session.objects.kept().filter(edition=edition)


def _contributions(edition: Edition) -> QuerySet[Contribution]:
    found = Contribution.objects.filter(edition=edition, state__in=RETAINED)
    return found.exclude(session__status=AgreementStatus.ABANDONED)


def _of_kept(model: type[Model], *related: str) -> Callable[[Edition], QuerySet[Any]]:
    """What hangs from the sessions that are kept, in their order."""

    def used(edition: Edition) -> QuerySet[Any]:
        order = ("session__day", "session__starts_at", "session__order", *(model._meta.ordering or ()), "pk")
        found = model._default_manager.filter(session__in=_kept(edition))
        return found.select_related("session", *related).order_by(*order)

    return used


def _speakers(edition: Edition) -> QuerySet[Speaker]:
    parts = SessionPart.objects.filter(session__in=_kept(edition), speaker__isnull=False)
    contributions = _contributions(edition).filter(speaker__isnull=False)
    return Speaker.objects.filter(
        Q(pk__in=parts.values("speaker")) | Q(pk__in=contributions.values("speaker")), edition=edition
    ).exclude(state=SpeakerState.DECLINED)


def _rooms(edition: Edition) -> QuerySet[Room]:
    used = _kept(edition).filter(room__isnull=False)
    return Room.objects.filter(edition=edition, pk__in=used.values("room"))


def _part_name(part: SessionPart) -> Words:
    """A part has no name of its own that helps: the session's, and which part it is."""
    of = words(part.session, "title")
    return Words(f"{of.fr}, {part.order}", f"{of.zh}，{part.order}" if of.zh else "")


def _speaker_name(speaker: Speaker) -> Words:
    names = Words(speaker.full_name, speaker.name_zh)
    return names or words(speaker, "function")


def _items(edition: Edition) -> QuerySet[RegisterItem]:
    """What the register says of sessions that are kept."""
    found = RegisterItem.objects.filter(session__in=_kept(edition))
    order = ("session__day", "session__starts_at", "session__order", "number")
    return _with_subject(found).order_by(*order)


def _with_subject(rows: QuerySet[RegisterItem]) -> QuerySet[RegisterItem]:
    return rows.prefetch_related("subject")


def _with_session(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("session")


def _is_about_a_session(item: RegisterItem) -> bool:
    return item.subject_type_id == ContentType.objects.get_for_model(Session).pk


def _of_its_subject(item: RegisterItem) -> Words:
    return words(item.subject, "title")


def _name(field: str) -> Callable[[Any], Words]:
    return lambda instance: words(instance, field)


def _of_its_session(instance: Any) -> Words:
    return words(instance.session, "title")


#: In the order in which they are worked through, and in which their rows are locked.
SOURCES: dict[str, Source] = {
    source.model_name: source
    for source in (
        Source(Session, _kept, _name("title"), session_column="pk"),
        Source(
            SessionPart,
            _of_kept(SessionPart),
            _part_name,
            session_column="session_id",
            with_names=_with_session,
        ),
        Source(
            FieldVisit,
            _of_kept(FieldVisit),
            _of_its_session,
            code=lambda visit: str(visit.session.code),
            session_column="session_id",
            with_names=_with_session,
        ),
        Source(
            RegisterItem,
            _items,
            _of_its_subject,
            code=lambda item: item.code or f"#{item.number}",
            page=register.item_url,
            with_names=_with_subject,
            concerns=_is_about_a_session,
        ),
        Source(Contribution, _contributions, _name("title")),
        Source(Speaker, _speakers, _speaker_name),
        Source(
            ProtocolRank,
            lambda edition: ProtocolRank.objects.filter(
                edition=edition, pk__in=_speakers(edition).filter(rank__isnull=False).values("rank")
            ),
            _name("title"),
        ),
        Source(
            Venue,
            lambda edition: Venue.objects.filter(
                edition=edition, pk__in=_rooms(edition).order_by().values("venue")
            ),
            _name("name"),
        ),
        Source(Room, _rooms, _name("name")),
    )
}
