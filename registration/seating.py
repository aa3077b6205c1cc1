"""Who gets which free seat of a session. A pure function, so that it can be tried on any sequence of events."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """The session that somebody attends until a better one comes free."""

    choice: int
    session: int
    #: None where seats are not counted.
    seat: int | None
    #: Whether it has left the programme since: it keeps nobody from another session then.
    is_abandoned: bool = False


@dataclass(frozen=True)
class Waiter:
    """Somebody on the waiting list of a session."""

    choice: int
    session: int
    #: Whether a seat may go to this person now. One who may not keeps the rank and is passed over.
    may_sit: bool
    #: The seat in another session of the same group, given up when this one comes.
    holds: Held | None = None


@dataclass(frozen=True)
class Move:
    """A person comes off a waiting list; the seat that she leaves passes on."""

    waiter: Waiter
    #: None where seats are not counted (any more).
    seat: int | None
    left: Held | None


def pass_on(
    free: Mapping[int, Sequence[int]], waiters: Iterable[Waiter], *, uncounted: Collection[int] = ()
) -> list[Move]:
    """Give the free seats, ``{session: seats}``, each to whoever has waited longest for that session.

    ``waiters`` come in the order of their choosing. Who leaves a seat for a better one frees it, and it passes on
    in its turn. Sessions that are ``uncounted`` have room for everybody who waits. The outcome does not depend on
    which session is looked at first: a person waits for one session of a group, and seats only come free.
    """
    lines: defaultdict[int, deque[Waiter]] = defaultdict(deque)
    for waiter in waiters:
        if waiter.may_sit:
            lines[waiter.session].append(waiter)
    seats = defaultdict(deque, {session: deque(of_it) for session, of_it in free.items()})
    moves: list[Move] = []
    open_ones = deque(sorted({*seats, *uncounted}))
    while open_ones:
        session = open_ones.popleft()
        while lines[session] and (session in uncounted or seats[session]):
            waiter = lines[session].popleft()
            seat = None if session in uncounted else seats[session].popleft()
            moves.append(Move(waiter, seat, waiter.holds))
            if waiter.holds and waiter.holds.seat is not None:
                seats[waiter.holds.session].append(waiter.holds.seat)
                open_ones.append(waiter.holds.session)
    return moves
