"""What of the programme the decision register can be about."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assises.models import Edition
from assises.register import subject
from program.models import Room, Session


def _sessions(edition: Edition) -> QuerySet[Session]:
    """Abandoned ones too: why they were abandoned is a conclusion."""
    return Session.objects.filter(edition=edition)


def _rooms(edition: Edition) -> QuerySet[Room]:
    return Room.objects.filter(venue__edition=edition)


subject(
    Session,
    _("Sessions"),
    of=_sessions,
    url=lambda session: reverse("admin:session", args=[session.code]),
    name="session",
    by_code=lambda edition, code: _sessions(edition).filter(code=code).first(),
)
subject(
    Room,
    _("Rooms"),
    of=_rooms,
    url=lambda room: reverse("admin:program_room_change", args=[room.pk]),
    name="room",
    by_code=lambda edition, code: _rooms(edition).filter(code=code).first(),
)
