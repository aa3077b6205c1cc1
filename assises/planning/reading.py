"""The planning of an edition, read in a constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType

from assises.enums import MilestoneKind, WorkState
from assises.models import Dependency, Edition, Milestone, RegisterItem, Task
from assises.planning.graph import Edge, Graph, Key, Node
from assises.planning.two_calendars import Event, Remark, external, remarks, with_days


@dataclass(frozen=True)
class Plan:
    """All milestones of an edition and what waits for what, with what hangs from them."""

    edition: Edition
    milestones: Mapping[Key, Milestone]
    dependencies: tuple[Dependency, ...]
    tasks: Mapping[Key, list[Task]]
    #: Unsettled points about a milestone, by its key: it is to be arbitrated if one has dated candidates.
    points: Mapping[Key, list[RegisterItem]]

    @cached_property
    def standing(self) -> list[Milestone]:
        """Without those given up or replaced, in the order of time."""
        return [m for m in self.milestones.values() if m.is_standing]

    @cached_property
    def events(self) -> list[Milestone]:
        """What others organise."""
        return external(list(self.milestones.values()))

    @cached_property
    def graph(self) -> Graph:
        """Standing milestones of the preparation; what is done, or others organise, cannot move."""
        nodes = {
            m.pk: Node(m.pk, m.first_day, m.last_day, m.is_open and m.kind == MilestoneKind.PREPARATION)
            for m in self.standing
        }
        edges = tuple(Edge(d.before_id, d.after_id, d.lag_days) for d in self.dependencies)
        return Graph(nodes, edges)

    @cached_property
    def _events(self) -> list[Event]:
        return with_days(self.events)

    def remarks_of(self, milestone: Milestone) -> list[Remark]:
        """What is to be known of its date, while it is not done."""
        open_still = milestone.is_standing and milestone.is_open
        return remarks(milestone, self._events, self.edition) if open_still else []

    @cached_property
    def to_arbitrate(self) -> set[Key]:
        """Milestones for which sources give several dates, and nobody has decided."""
        return {
            key
            for key, points in self.points.items()
            if any(c.starts_on for point in points for c in point.candidates.all())
        }

    @cached_property
    def margins(self) -> dict[Key, int]:
        """Days by which each of the preparation may slip before the edition is touched."""
        return self.graph.margins(self.edition.starts_on)

    @cached_property
    def critical(self) -> list[Milestone]:
        """The chain with the least days to spare."""
        return [self.milestones[key] for key in self.graph.critical_path(self.edition.starts_on)]

    def late(self, today: dt.date) -> list[Milestone]:
        """Open ones whose last day has passed; what others organise is not ours to do."""
        return [
            m
            for m in self.standing
            if m.is_open and m.kind == MilestoneKind.PREPARATION and m.last_day < today
        ]


def plan_of(edition: Edition) -> Plan:
    """The planning of this edition; six queries, whatever it holds."""
    rows = Milestone.objects.filter(edition=edition).select_related("organisation", "replaced_by")
    milestones = {}
    for milestone in rows:
        milestone.edition = edition
        milestones[milestone.pk] = milestone
    tasks: dict[Key, list[Task]] = defaultdict(list)
    found = Task.objects.filter(milestone__edition=edition).exclude(state=WorkState.DROPPED)
    for task in found.select_related("organisation"):
        task.milestone = milestones[task.milestone_id]
        tasks[task.milestone_id].append(task)
    points: dict[Key, list[RegisterItem]] = defaultdict(list)
    kind = ContentType.objects.get_for_model(Milestone)
    about = RegisterItem.objects.filter(edition=edition, subject_type=kind).unsettled()
    for item in about.prefetch_related("candidates"):
        if item.subject_id is not None:
            points[item.subject_id].append(item)
    dependencies = tuple(Dependency.objects.filter(before__edition=edition))
    return Plan(edition, milestones, dependencies, tasks, points)
