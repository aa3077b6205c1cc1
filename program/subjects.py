"""What of the programme the decision register can be about."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from assises.models import Edition
from assises.register import subject
from program.models import Session


def _sessions(edition: Edition) -> QuerySet[Session]:
    """Abandoned ones too: why they were abandoned is a conclusion."""
    return Session.objects.filter(edition=edition)


def _by_code(edition: Edition, code: str) -> Session | None:
    return _sessions(edition).filter(code=code).first()


subject(
    Session,
    pgettext_lazy("of the programme", "Session"),
    of=_sessions,
    url=lambda session: reverse("admin:session", args=[session.code]),
    name="session",
    by_code=_by_code,
)
