"""Why a member of the jury may not judge an application, as far as our lists tell. Pure: no database, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from awards.enums import InterestKind


@dataclass(frozen=True)
class Authorities:
    """What our lists know of authorities, by their keys."""

    #: The territory that each lies in: of a city, its métropole.
    parents: Mapping[int, int] = field(default_factory=dict)
    #: What each has succeeded.
    predecessors: Mapping[int, int] = field(default_factory=dict)
    #: Pairs of authorities that work together, in either order.
    partnerships: Collection[tuple[int, int]] = ()

    def territory(self, authority: int) -> frozenset[int]:
        """The authority, what it lies in, what lies in it, and what each of these was or has become."""
        return frozenset(self._same([*self._above(authority), *self._below(authority)]))

    def partners(self, authority: int) -> frozenset[int]:
        """Those that it works with, under whichever name it signed."""
        names = self._same([authority])
        return frozenset(
            self._same(
                [b for a, b in self.partnerships if a in names]
                + [a for a, b in self.partnerships if b in names]
            )
        )

    def _above(self, authority: int) -> set[int]:
        found: set[int] = set()
        while authority not in found:
            found.add(authority)
            authority = self.parents.get(authority, authority)
        return found

    def _below(self, authority: int) -> set[int]:
        found, added = {authority}, {authority}
        while added:
            added = {child for child, parent in self.parents.items() if parent in added} - found
            found |= added
        return found

    def _same(self, authorities: Iterable[int]) -> set[int]:
        """With what they were before, and what they are today."""
        found = set(authorities)
        added = found
        while added:
            before = {self.predecessors[a] for a in added if a in self.predecessors}
            after = {a for a, old in self.predecessors.items() if old in added}
            added = (before | after) - found
            found |= added
        return found


def ties(authority: int | None, pair: Collection[int], known: Authorities) -> list[InterestKind]:
    """What ties a member of this authority to the application of these, the closest first; empty where nothing does.

    A member without an authority is tied to nothing that we could know of: they say it themselves.
    """
    if authority is None:
        return []
    territory, partners = known.territory(authority), known.partners(authority)
    found = []
    if authority in pair:
        found.append(InterestKind.AUTHORITY)
    if any(one != authority and one in territory for one in pair):
        found.append(InterestKind.TERRITORY)
    if any(one in partners for one in pair):
        found.append(InterestKind.PARTNERSHIP)
    return found
