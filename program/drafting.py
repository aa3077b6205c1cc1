"""The programme in progress, read with all that the checks and the composing pages look at."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from assises.models import Edition
from program import translations
from program.checks import Draft
from program.enums import RETAINED, TranslationState
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
    return Draft(
        edition=edition,
        sessions=found,
        language=get_language() or "fr",
        guest_of_honour=edition.guest_of_honour,
        missing_texts=translations.by_session(texts, TranslationState.MISSING),
        stale_texts=translations.by_session(texts, TranslationState.STALE),
        nowhere=list(Contribution.objects.filter(edition=edition, state__in=RETAINED, part=None)),
    )
