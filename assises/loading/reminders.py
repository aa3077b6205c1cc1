"""Reminders of the demonstration: some approved, one held back, one that waits for somebody's approval."""

from django.db.models import Q

from assises.loading.files import Load, table
from assises.loading.planning import milestones_of
from assises.models import Reminder
from assises.reminding.audiences import audiences


@table(94)
def load_reminders(run: Load) -> None:
    edition = run.edition
    assert edition is not None
    milestones = milestones_of(edition)
    items = {item.code: item for item in edition.register_items.exclude(code="")}
    known = [audience.name for audience in audiences()]
    texts = ["subject_fr", "subject_zh_hans", "text_fr", "text_zh_hans"]
    columns = [
        "milestone", "item", "offset_days", "repeat_days", "repeat_times", "audience", "both_languages", "approved_at",
        "is_paused", *texts,
    ]  # fmt: skip
    for row in run.rows("reminders.csv", columns, optional=True):
        natural = {"edition": edition, "subject_fr": row.text("subject_fr", required=True)}
        # What somebody has changed, or what has left, is theirs.
        if Reminder.objects.filter(Q(version__gt=1) | Q(occurrence__gt=0), **natural).exists():
            continue
        row.upsert(
            Reminder,
            natural,
            {
                "milestone": row.reference("milestone", milestones),
                "item": row.reference("item", items),
                "offset_days": row.number("offset_days") or 0,
                "repeat_days": row.number("repeat_days"),
                "repeat_times": row.number("repeat_times") or 1,
                "audience": row.choice("audience", known),
                **{name: row.flag(name) for name in ("both_languages", "is_paused")},
                "approved_at": row.moment("approved_at", edition.time_zone),
                **{name: row.text(name, required=True) for name in texts},
            },
        )
