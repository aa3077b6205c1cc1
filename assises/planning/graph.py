"""What waits for what. Pure: no database, no clock.

Days are those of the calendar of the place; a move is a number of whole days, so that hours on the wall stay.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

#: A key of a milestone.
Key = int


@dataclass(frozen=True)
class Node:
    """A milestone as the graph sees it: its first and last day, and whether it can still be moved."""

    key: Key
    first: dt.date
    last: dt.date
    is_movable: bool = True


@dataclass(frozen=True)
class Edge:
    """``after`` begins on the last day of ``before`` at the earliest, or ``lag`` days later."""

    before: Key
    after: Key
    lag: int = 0


@dataclass(frozen=True)
class Pushed:
    """One that has to move, or cannot: by how many days, and which one pushes it."""

    key: Key
    days: int
    by: Key


@dataclass(frozen=True)
class Effect:
    """What a move brings about: those that it pushes, in the order of time, and those that it runs into."""

    pushed: tuple[Pushed, ...] = ()
    clashes: tuple[Pushed, ...] = ()
    #: Those that it waits for itself, and would no longer: by how many days it stands too early.
    too_early: tuple[Pushed, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Milestones and what waits for what; without circles, which the database forbids."""

    nodes: Mapping[Key, Node]
    edges: tuple[Edge, ...] = field(default=())

    @cached_property
    def after(self) -> dict[Key, list[Edge]]:
        found: dict[Key, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            if edge.before in self.nodes and edge.after in self.nodes:
                found[edge.before].append(edge)
        return found

    @cached_property
    def before(self) -> dict[Key, list[Edge]]:
        found: dict[Key, list[Edge]] = defaultdict(list)
        for edges in self.after.values():
            for edge in edges:
                found[edge.after].append(edge)
        return found

    @cached_property
    def in_order(self) -> list[Key]:
        """Every key, each after all those that it waits for."""
        waiting = {key: len(self.before[key]) for key in self.nodes}
        ready = sorted((key for key, count in waiting.items() if not count), reverse=True)
        order = []
        while ready:
            key = ready.pop()
            order.append(key)
            for edge in self.after[key]:
                waiting[edge.after] -= 1
                if not waiting[edge.after]:
                    ready.append(edge.after)
        return order

    def effect_of(self, key: Key, first: dt.date, last: dt.date) -> Effect:
        """What follows when ``key`` stands from ``first`` to ``last``.

        Each that waits is moved by the days that it lacks, no more, and keeps its length. What is done, or others
        organise, cannot move: it is told as a clash, and nothing goes on from there.
        """
        spans = {k: (node.first, node.last) for k, node in self.nodes.items()}
        spans[key] = (first, last)
        moved = {key}
        pushed, clashes = [], []
        for current in self.in_order:
            if current not in moved:
                continue
            for edge in self.after[current]:
                earliest = spans[current][1] + dt.timedelta(days=edge.lag)
                begins, ends = spans[edge.after]
                lacking = (earliest - begins).days
                # What was short of days before the move is not its doing, unless the move makes it worse.
                was = (
                    self.nodes[current].last + dt.timedelta(days=edge.lag) - self.nodes[edge.after].first
                ).days
                if lacking <= max(0, was if begins == self.nodes[edge.after].first else 0):
                    continue
                effect = Pushed(edge.after, lacking, current)
                if not self.nodes[edge.after].is_movable:
                    clashes.append(effect)
                    continue
                shift = dt.timedelta(days=lacking)
                spans[edge.after] = (begins + shift, ends + shift)
                moved.add(edge.after)
                pushed.append(effect)
        return Effect(tuple(self._whole(pushed, spans)), tuple(clashes), tuple(self._too_early(key, first)))

    def _too_early(self, key: Key, first: dt.date) -> list[Pushed]:
        """What ``key`` waits for and would not any more, standing from ``first`` on."""
        edges = self.before[key]
        lacking = [(e.before, (self.nodes[e.before].last - first).days + e.lag) for e in edges]
        return [Pushed(before, days, key) for before, days in lacking if days > 0]

    def _whole(self, pushed: Iterable[Pushed], spans: Mapping[Key, tuple[dt.date, dt.date]]) -> list[Pushed]:
        """One line each, with all the days that it moves, by whichever pushed it last."""
        last = {effect.key: effect.by for effect in pushed}
        whole = [Pushed(k, (spans[k][0] - self.nodes[k].first).days, by) for k, by in last.items()]
        return sorted(whole, key=lambda effect: (spans[effect.key][0], effect.key))

    def margins(self, end: dt.date) -> dict[Key, int]:
        """By how many days each may slip before the day ``end`` is touched, all those behind it pushed along.

        Days; negative where it stands too late already. One that nothing waits for has the days until ``end``; any
        other, the least over those that wait for it of the days between them and of their own margin.
        """
        found: dict[Key, int] = {}
        for key in reversed(self.in_order):
            node = self.nodes[key]
            ways = [
                (self.nodes[e.after].first - node.last).days - e.lag + found[e.after] for e in self.after[key]
            ]
            found[key] = min([(end - node.last).days, *ways])
        return found

    def critical_path(self, end: dt.date) -> list[Key]:
        """The chain that has the least days to spare until ``end``, from its first to its last; none without chains.

        It begins with what waits for nothing, and goes on with the one that leaves the least margin.
        """
        margins = self.margins(end)
        begins = [key for key in self.in_order if self.after[key] and not self.before[key]]
        if not begins:
            return []
        key = min(begins, key=lambda k: (margins[k], self.nodes[k].first, k))
        chain = [key]
        while self.after[key]:
            key = min(
                (edge for edge in self.after[key]),
                key=lambda e: (
                    (self.nodes[e.after].first - self.nodes[e.before].last).days - e.lag + margins[e.after],
                    self.nodes[e.after].first,
                    e.after,
                ),
            ).after
            chain.append(key)
        return chain
