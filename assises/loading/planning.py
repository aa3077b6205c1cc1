"""The planning: milestones and external events, what waits for what, tasks, moves.

What people have changed since a file was loaded is theirs: it is left alone.
"""

from typing import Any

from django.db.models import Model

from assises.enums import MilestoneKind, OwnerSide, WorkState
from assises.loading.files import Load, Row, table
from assises.models import Contact, Dependency, Edition, Milestone, MilestoneMove, Task

OWNERS = ["", *OwnerSide.values]


def is_of_people(model: type[Model], natural: dict[str, Any]) -> bool:
    """Whether somebody has changed this row since it was loaded."""
    return model._default_manager.filter(**natural, version__gt=1).exists()


def milestones_of(edition: Edition) -> dict[str, Milestone]:
    return {milestone.key: milestone for milestone in Milestone.objects.filter(edition=edition)}


def contacts_by_address() -> dict[str, Contact]:
    return {contact.email: contact for contact in Contact.objects.order_by("-pk")}


@table(24)
def load_milestones(run: Load) -> None:
    assert run.edition is not None
    zone = run.edition.time_zone
    columns = [
        "key", "kind", "label_fr", "label_zh_hans", "starts_at", "ends_at", "wording_fr", "wording_zh_hans",
        "offset_days", "owner_side", "organisation", "state", "done_on", "replaced_by", "verified_on", "note", "source",
    ]  # fmt: skip
    texts = ("label_zh_hans", "wording_fr", "wording_zh_hans", "note", "source")
    replaced: list[tuple[Row, dict[str, Any]]] = []
    for row in run.rows("milestones.csv", columns):
        natural = {"edition": run.edition, "key": row.text("key", required=True)}
        if is_of_people(Milestone, natural):
            continue
        row.upsert(
            Milestone,
            natural,
            {
                "kind": row.choice("kind", MilestoneKind.values, default=MilestoneKind.PREPARATION),
                "label_fr": row.text("label_fr", required=True),
                **{name: row.text(name) for name in texts},
                "starts_at": row.moment("starts_at", zone),
                "ends_at": row.moment("ends_at", zone),
                "offset_days": row.number("offset_days"),
                "owner_side": row.choice("owner_side", OWNERS),
                "organisation": row.reference("organisation", run.organisations),
                "state": row.choice("state", WorkState.values, default=WorkState.TO_DO),
                **{name: row.date(name) for name in ("done_on", "verified_on")},
            },
        )
        replaced.append((row, natural))
    run.stop_if_broken()
    found = milestones_of(run.edition)
    for row, natural in replaced:
        row.upsert(Milestone, natural, {"replaced_by": row.reference("replaced_by", found)})


@table(25)
def load_dependencies(run: Load) -> None:
    assert run.edition is not None
    found = milestones_of(run.edition)
    for row in run.rows("dependencies.csv", ["before", "after", "lag_days", "reason"], optional=True):
        before, after = (row.reference(name, found, required=True) for name in ("before", "after"))
        if before and after:
            row.upsert(
                Dependency,
                {"before": before, "after": after},
                {"lag_days": row.number("lag_days") or 0, "reason": row.text("reason")},
            )


@table(26)
def load_tasks(run: Load) -> None:
    assert run.edition is not None
    found, people = milestones_of(run.edition), contacts_by_address()
    columns = [
        "milestone", "order", "title_fr", "title_zh_hans", "owner_side", "organisation", "person", "due_on", "state",
        "done_on", "source",
    ]  # fmt: skip
    for row in run.rows("tasks.csv", columns, optional=True):
        milestone = row.reference("milestone", found, required=True)
        if milestone is None:
            continue
        natural = {"milestone": milestone, "title_fr": row.text("title_fr", required=True)}
        if is_of_people(Task, natural):
            continue
        row.upsert(
            Task,
            natural,
            {
                "order": row.number("order") or 0,
                **{name: row.text(name) for name in ("title_zh_hans", "source")},
                "owner_side": row.choice("owner_side", OWNERS),
                "organisation": row.reference("organisation", run.organisations),
                "person": row.reference("person", people),
                "state": row.choice("state", WorkState.values, default=WorkState.TO_DO),
                **{name: row.date(name) for name in ("due_on", "done_on")},
            },
        )


@table(27)
def load_moves(run: Load) -> None:
    assert run.edition is not None
    found, zone = milestones_of(run.edition), run.edition.time_zone
    moments = ["from_starts_at", "from_ends_at", "to_starts_at", "to_ends_at"]
    columns = ["milestone", *moments, "reason_fr", "reason_zh_hans", "at"]
    for row in run.rows("moves.csv", columns, optional=True):
        milestone = row.reference("milestone", found, required=True)
        if milestone:
            row.upsert(
                MilestoneMove,
                {"milestone": milestone, "at": row.moment("at", zone)},
                {
                    **{name: row.moment(name, zone) for name in moments},
                    "reason_fr": row.text("reason_fr", required=True),
                    "reason_zh_hans": row.text("reason_zh_hans"),
                },
            )
