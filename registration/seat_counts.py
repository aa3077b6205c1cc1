"""How many seats of each session are left: for the form, the programme's pages, and the organisers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.memory import remember
from assises.models import Edition
from registration.summary import SECONDS


@dataclass(frozen=True)
class SeatCount:
    """One session whose seats are counted."""

    session: int
    #: Seats to choose from; those of a visit that are kept for others are not among them.
    total: int
    held: int
    #: Everybody on the session's waiting list, those without a place at the Assises too.
    waiting: int

    @property
    def left(self) -> int:
        return max(self.total - self.held, 0)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def next_rank(self) -> int:
        """The rank of whoever chooses the session now, if it is full."""
        return self.waiting + 1


_COUNT = """
SELECT session.code, session.id,
  (SELECT count(*) FROM registration_seat seat WHERE seat.session_id = session.id),
  (SELECT count(seat_id) FROM registration_sessionchoice held WHERE held.session_id = session.id),
  (SELECT count(*) FROM registration_sessionchoice queue WHERE queue.session_id = session.id AND queue.is_waiting)
FROM program_session session WHERE session.edition_id = %s AND session.seats IS NOT NULL
"""


def count_seats(edition: Edition) -> dict[str, SeatCount]:
    """The numbers as they are in the database, by code of session; in one query. Sessions without a limit are not among them."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [edition.pk])
        return {code: SeatCount(*numbers) for code, *numbers in cursor.fetchall()}


def seat_counts(edition: Edition) -> dict[str, SeatCount]:
    """The numbers now, at most two seconds old, shared by all processes."""
    key = f"registration:seats:{edition.pk}"

    def shared() -> dict[str, SeatCount]:
        found = cache.get(key)
        if found is None:
            found = count_seats(edition)
            cache.set(key, found, SECONDS)
        return found

    return remember(key, SECONDS / 2, shared)


def full_sessions(counts: Mapping[str, SeatCount]) -> list[int]:
    """Sessions that whoever chooses them now will wait for."""
    return [count.session for count in counts.values() if count.is_full]


def in_words(count: SeatCount) -> str:
    """“12 seats left”, or what choosing a full session means; in the active language."""
    if not count.is_full:
        return ngettext("%(left)d seat left", "%(left)d seats left", count.left) % {"left": count.left}
    if not count.waiting:
        return _("full, nobody waits: choose it and you wait, with rank 1")
    return ngettext(
        "full, %(waiting)d person waits: choose it and you wait too, with rank %(rank)d",
        "full, %(waiting)d people wait: choose it and you wait too, with rank %(rank)d",
        count.waiting,
    ) % {"waiting": count.waiting, "rank": count.next_rank}
