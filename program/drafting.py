"""The programme in progress, read with all that the checks and the composing pages look at."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import get_language

from assises.models import Edition
from program import translations
from program.checks import Draft
from program.enums import RETAINED, SpeakerState, TranslationState
from program.models import Contribution, Session, SessionPart


def sessions_of(edition: Edition) -> QuerySet[Session]:
    """Sessions with everything that hangs from them, in a constant number of queries."""
    parts = SessionPart.objects.select_related(
        "speaker__organisation",
        "workshop",
        "contribution__organisation",
        "contribution__speaker__organisation",
    )
    return (
        Session.objects.filter(edition=edition)
        .select_related("theme", "room__venue", "visit")
        .prefetch_related("leads__organisation", "open_points", Prefetch("parts", parts))
    )


def load(edition: Edition, *, sessions: Sequence[Session] | None = None) -> Draft:
    """What the checks need, for a reader of the active language."""
    found = list(sessions_of(edition).kept()) if sessions is None else list(sessions)  # type: ignore[attr-defined]
    texts = translations.texts_of(edition)
    printed = [(row, session) for session in found for row in _printed(session)]
    stands_in: dict[tuple[str, int], int] = {}
    for row, session in printed:
        stands_in.setdefault((str(row._meta.model_name), row.pk), session.pk)
    return Draft(
        edition=edition,
        sessions=found,
        language=get_language() or "fr",
        guest_of_honour=edition.guest_of_honour,
        missing_texts=translations.by_session(texts, TranslationState.MISSING, stands_in),
        stale_texts=translations.by_session(texts, TranslationState.STALE, stands_in),
        without_french=Counter(
            session.pk
            for row, session in printed
            if stands_in[str(row._meta.model_name), row.pk] == session.pk
            for _field in translations.without_french(row)
        ),
        nowhere=list(Contribution.objects.filter(edition=edition, state__in=RETAINED, part=None)),
    )


def _printed(session: Session) -> Iterator[Model]:
    """What a release prints of a session, and has texts."""
    yield session
    if hasattr(session, "visit"):
        yield session.visit
    if session.room is not None:
        yield session.room
        yield session.room.venue
    for part in session.parts.all():
        yield part
        if part.contribution is not None:
            yield part.contribution
        if part.voice is not None and part.voice[1] != SpeakerState.DECLINED:
            yield part.voice[0]
