"""How much of the programme each territory gets (S-059): to honour one must not shut the others out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from assises.enums import Side
from assises.models import Organisation
from program.enums import RETAINED, SessionKind
from program.models import Session, SessionPart

#: With less of a programme there is nothing to compare; minutes.
LEAST_TO_COMPARE = 60
#: Of two territories that share a workshop none is too visible.
FEWEST_TO_COMPARE = 3
#: Above its share a territory is told: the guest of honour, and anybody else.
GUEST_SHARE, OTHER_SHARE = 1 / 2, 1 / 3
#: Below its share a whole side is told.
SIDE_SHARE = 1 / 3


@dataclass
class Territory:
    """What one territory gets: minutes of speech, minutes of leading (half of a workshop each), and in how many sessions."""

    organisation: Organisation
    speaking: int = 0
    leading: int = 0
    guids: set[object] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.organisation)

    @property
    def side(self) -> Side:
        return Side(self.organisation.side)

    @property
    def minutes(self) -> int:
        return self.speaking + self.leading

    @property
    def sessions(self) -> int:
        return len(self.guids)


@dataclass(frozen=True)
class Balance:
    """The territories of a programme, who gets most first."""

    territories: tuple[Territory, ...]

    @property
    def minutes(self) -> int:
        return sum(t.minutes for t in self.territories)

    def of(self, side: Side) -> int:
        return sum(t.minutes for t in self.territories if t.side == side)

    def share(self, minutes: int) -> float:
        """A part of the whole, from 0 to 1."""
        return minutes / self.minutes if self.minutes else 0.0

    @property
    def can_be_judged(self) -> bool:
        return self.minutes >= LEAST_TO_COMPARE

    def heaviest(self, guest: Organisation | None) -> Territory | None:
        """A territory that has more than its share: half of all minutes for the guest of honour, a third for others."""
        if not self.can_be_judged or len(self.territories) < FEWEST_TO_COMPARE:
            return None
        for territory in self.territories:
            is_guest = guest is not None and territory.organisation.pk == guest.pk
            if self.share(territory.minutes) > (GUEST_SHARE if is_guest else OTHER_SHARE):
                return territory
        return None

    def lighter_side(self) -> Side | None:
        """A side that has less than a third of all minutes."""
        if not self.can_be_judged:
            return None
        return next((side for side in Side if self.share(self.of(side)) < SIDE_SHARE), None)


def balance(sessions: Iterable[Session], guest: Organisation | None) -> Balance:
    """Count for each organisation: what its speakers and contributions say, the half of a workshop that it leads,
    and the promotion seminar, which is the guest of honour's."""
    found: dict[int, Territory] = {}

    def territory(organisation: Organisation, session: Session) -> Territory:
        row = found.setdefault(organisation.pk, Territory(organisation))
        row.guids.add(session.guid)
        return row

    for session in sessions:
        for part in session.parts.all():
            if who := _who_speaks(part):
                territory(who, session).speaking += part.minutes
        for lead in session.leads.all():
            territory(lead.organisation, session).leading += (session.minutes or 0) // 2
        if session.kind == SessionKind.SEMINAR and guest is not None:
            territory(guest, session).speaking += session.minutes or 0
    rows = sorted(found.values(), key=lambda t: (-t.minutes, t.name))
    return Balance(tuple(t for t in rows if t.minutes))


def _who_speaks(part: SessionPart) -> Organisation | None:
    contribution, speaker = part.contribution, part.speaker
    if contribution is not None and contribution.state not in RETAINED:
        return None
    if contribution is not None and contribution.organisation is not None:
        return contribution.organisation
    return speaker.organisation if speaker is not None else None


@dataclass(frozen=True)
class Bar:
    """A territory's bar; lengths are per cent of the drawing, ``y`` is pixels."""

    territory: Territory
    speaking: float
    leading: float
    percent: int
    y: int


def bars(whole: Balance, *, step: int = 46, longest: float = 72) -> list[Bar]:
    """Horizontal bars, one under the other; the longest is as long as ``longest`` says."""
    most = max((t.minutes for t in whole.territories), default=0) or 1
    return [
        Bar(
            territory=t,
            speaking=round(longest * t.speaking / most, 2),
            leading=round(longest * t.leading / most, 2),
            percent=round(100 * whole.share(t.minutes)),
            y=row * step,
        )
        for row, t in enumerate(whole.territories)
    ]


@dataclass(frozen=True)
class SideShare:
    """What one side has together: minutes, and per cent of all."""

    side: Side
    minutes: int
    percent: int


def by_side(whole: Balance) -> list[SideShare]:
    return [SideShare(side, n := whole.of(side), round(100 * whole.share(n))) for side in Side]
