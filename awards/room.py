"""Who is in the room of a sitting, who is out of it for some applications, and who votes on them."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from assises.enums import Side
from awards.enums import InterestKind, JuryRole
from awards.judges import FEWEST
from awards.models import Call, Calling, Interest, JuryMember, Presence, Sitting
from awards.models.sitting import AWAY_AFTER
from awards.quorum import Quorum, quorum_of


@dataclass(frozen=True)
class Room:
    """The jury at a moment: its members, who is here, and what each may hear of ``applications``."""

    call: Call
    members: list[JuryMember]
    #: Keys of the members who are here now; of those who have come, and were not seen lately.
    present: frozenset[int]
    away: frozenset[int]
    #: Member and application, where the member has said that nothing ties them to it.
    free: frozenset[tuple[int, int]]
    called: frozenset[tuple[int, int]]

    def hears(self, member: JuryMember, applications: Collection[int]) -> bool:
        """Whether a member is in the room while the jury speaks of these: of all of them, or not at all.

        Secretaries hear everything. A substitute hears what it was called for.
        """
        if member.is_secretary or not applications:
            return True
        return all(
            (member.pk, row) in self.free and (member.votes or (member.pk, row) in self.called)
            for row in applications
        )

    def votes_on(self, member: JuryMember, applications: Collection[int]) -> bool:
        """Whether a member votes on something about these; on what is about none, substitutes do not."""
        if member.is_secretary or not member.has_pledged:
            return False
        return self.hears(member, applications) and (member.votes or bool(applications))

    def voters(self, applications: Collection[int]) -> list[JuryMember]:
        return [member for member in self.members if self.votes_on(member, applications)]

    def quorum(self, applications: Collection[int]) -> Quorum:
        """The quorum for a vote about these applications."""
        voters = self.voters(applications)
        return quorum_of(
            {side: sum(m.side == side for m in voters) for side in Side},
            {side: sum(m.side == side and m.pk in self.present for m in voters) for side in Side},
            per_side=self.call.quorum_per_side,
            percent=self.call.quorum_percent,
            least=min(FEWEST, self.call.jury_per_side),
        )

    def attendance(self, applications: Collection[int]) -> dict[str, Any]:
        """What is kept of the room with a motion: keys of members, and the quorum; plain values."""
        return {
            "present": sorted(self.present),
            "out": sorted(m.pk for m in self.members if not self.hears(m, applications)),
            "voters": sorted(m.pk for m in self.voters(applications)),
            "quorum": self.quorum(applications).as_plain(),
        }

    def presides(self, member: JuryMember, applications: Collection[int]) -> bool:
        """Whether a member opens and closes votes about these: a co-president who is in the room.

        Where both are recused, either of them does, and sees nothing of it: somebody must.
        """
        if not member.is_president:
            return False
        presidents = [m for m in self.members if m.is_president]
        return self.hears(member, applications) or not any(self.hears(m, applications) for m in presidents)


def room_of(call: Call, sitting: Sitting | None, applications: Iterable[int], *, at: dt.datetime) -> Room:
    """The room of a sitting at ``at``, as far as these applications go. Four queries, three without a sitting."""
    concerned = set(applications)
    members = list(call.jury.select_related("user", "pledge").order_by("-side", "pk"))
    seen = (
        dict(Presence.objects.filter(sitting=sitting, left_at=None).values_list("member", "seen_at"))
        if sitting
        else {}
    )
    here = frozenset(member for member, when in seen.items() if when > at - AWAY_AFTER)
    free = Interest.objects.filter(application__in=concerned, kind=InterestKind.NONE)
    called = Calling.objects.filter(application__in=concerned, member__role=JuryRole.SUBSTITUTE)
    return Room(
        call=call,
        members=members,
        present=here,
        away=frozenset(seen) - here,
        free=frozenset(free.values_list("member", "application")),
        called=frozenset(called.values_list("member", "application")),
    )
