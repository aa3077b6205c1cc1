"""The running order of a session: what is said in it, in which order, and for how many minutes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assises import journal
from assises.exceptions import Refusal
from assises.models import User
from assises.rules import differences, write
from program import letters
from program.enums import RETAINED, PartKind
from program.models import Contribution, Session, SessionPart, Speaker
from program.services.sessions import held, turn


@dataclass(frozen=True)
class Part:
    """One part as it shall be; ``id`` where it stands already."""

    kind: PartKind
    minutes: int
    title_fr: str = ""
    title_zh: str = ""
    speaker: Speaker | None = None
    contribution: Contribution | None = None
    workshop: Session | None = None
    id: int | None = None

    def values(self, order: int) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "minutes": self.minutes,
            "title_fr": self.title_fr,
            "title_zh_hans": self.title_zh,
            "speaker": self.speaker,
            "contribution": self.contribution,
            "workshop": self.workshop,
            "order": order,
        }


@transaction.atomic
def set_running_order(
    session: Session, parts: Sequence[Part], *, version: int, at: dt.datetime, by: User | None
) -> Session:
    """Give the session these parts in this order; those that are not named any more are taken out.

    A part that stays keeps its number, so that the address of its timer stays. A contribution that comes from another
    session is told to its speaker and its author. Refuses what the rules of a part refuse, and a contribution that
    stands in another session; raises ``Conflict`` as ``change_session`` does.
    """
    # Contributions before sessions: in this order whoever answers one of them takes the locks, too.
    wanted = Contribution.objects.filter(pk__in=[p.contribution.pk for p in parts if p.contribution])
    before = dict(
        (wanted | Contribution.objects.filter(part__session=session))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", "session")
    )
    current = held(session, version)
    standing = {part.pk: part for part in current.parts.all()}
    kept = {p.id: p for p in parts if p.id in standing}
    changed = False
    for pk, row in list(standing.items()):
        # A contribution is told once: one that passes from part to part is free before it is given anew.
        if pk not in kept or row.contribution != kept[pk].contribution:
            row.delete()
            del standing[pk]
            changed = True
    for order, part in enumerate(parts, start=1):
        changed |= _write(current, standing.get(part.id or 0), part, order)
    if changed:
        minutes = sum(part.minutes for part in parts)
        turn(current, "parts_changed", at=at, by=by, parts=len(parts), minutes=minutes)
        _tell_moved([pk for pk, place in before.items() if place != current.pk], current, at=at, by=by)
    return current


def _tell_moved(contributions: list[int], session: Session, *, at: dt.datetime, by: User | None) -> None:
    """Who counts on another session, or on none any more, hears where the contribution stands now."""
    rows = Contribution.objects.filter(pk__in=contributions, session=session, state__in=RETAINED)
    for row in rows.select_related("speaker", "session", "edition").order_by("pk"):
        journal.write([journal.entry(row, "contribution_moved", at=at, by=by, session=session.code)])
        if row.speaker_declined_at is None:
            letters.to_speaker("speech_moved", row, at=at)
        if row.speaker_declined_at is not None or not letters.one_reader(row):
            letters.to_proposer("speech_moved", row, at=at)


def _write(session: Session, row: SessionPart | None, part: Part, order: int) -> bool:
    values = part.values(order)
    if row is not None and not differences(row, values):
        return False
    if part.contribution and part.contribution.edition_id != session.edition_id:
        raise Refusal(_("This contribution was proposed for another edition."))
    row = row or SessionPart(session=session)
    for name, value in values.items():
        setattr(row, name, value)
    write(row)
    return True
