"""When a reminder is due, until when it is of use, and when its reader is at work. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

from assises.enums import Side
from assises.models import Edition, Milestone, RegisterItem, Reminder
from assises.working_time import is_working_day

#: Hours of the day in which letters leave for somebody, on the clocks of that side.
OPENS, CLOSES = dt.time(9), dt.time(18)
#: What comes after its milestone is still of use so many days after it was due.
OF_USE = dt.timedelta(days=3)
#: What announces something leaves this long before it at the latest, where it can: the software comes by each minute.
LEAD = dt.timedelta(minutes=30)
#: Days looked at for the next working day; no holiday of either country is as long.
FAR = 30


def date_of(reminder: Reminder) -> dt.datetime | None:
    """The moment that its days count from: that of the milestone, or the start of the day on which a point or a task is
    due, on the clocks of the place. None where there is no such day yet.
    """
    about = reminder.about
    if isinstance(about, Milestone):
        return about.starts_at
    zone = ZoneInfo(reminder.edition.time_zone)
    return dt.datetime.combine(about.due_on, dt.time.min, zone) if about.due_on else None


def due_at(reminder: Reminder, occurrence: int | None = None) -> dt.datetime | None:
    """The instant at which it is due: so many days from that moment, at the same hour on the clocks of the place.

    A day is a day of the calendar: the hour on the wall stays through the change of hour of March or October. What
    announces something is due some days earlier where nobody would be at work before it comes. Of what is repeated, the
    time that comes next, or the one asked for (the first is 0). None while it waits for a date.
    """
    date = date_of(reminder)
    if date is None:
        return None
    zone = ZoneInfo(reminder.edition.time_zone)
    times = reminder.occurrence if occurrence is None else occurrence
    days = reminder.offset_days + times * (reminder.repeat_days or 0)
    wall = date.astimezone(zone).replace(tzinfo=None) + dt.timedelta(days=days)
    due = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    return _while_at_work(due, _end_of(reminder, date), reminder.edition) if _announces(reminder) else due


def _announces(reminder: Reminder) -> bool:
    return reminder.offset_days < 0 and not reminder.repeat_days


def _end_of(reminder: Reminder, date: dt.datetime) -> dt.datetime:
    """When there is nothing to announce any more; a point or a task may be settled on the whole of its day."""
    return date if reminder.milestone_id else date + dt.timedelta(days=1)


def _while_at_work(due: dt.datetime, end: dt.datetime, edition: Edition) -> dt.datetime:
    """``due``, or so many days earlier that both sides are at work after it and before ``end``."""
    for days in range(FAR):
        earlier = due - dt.timedelta(days=days)
        if all(next_at_work(earlier, side, edition) + LEAD <= end for side in Side):
            return earlier
    return due


def of_use_until(reminder: Reminder, occurrence: int | None = None) -> dt.datetime | None:
    """What announces something is of use until it comes; what follows it, for some days, or until it is said again."""
    date, due = date_of(reminder), due_at(reminder, occurrence)
    if date is None or due is None:
        return None
    return _end_of(reminder, date) if _announces(reminder) else due + OF_USE


def pointless_after(reminder: Reminder) -> dt.datetime | None:
    """When what it announces has come; None for what follows, which its readers still need in the morning."""
    date = date_of(reminder)
    return _end_of(reminder, date) if date is not None and _announces(reminder) else None


def latest_due(reminder: Reminder, at: dt.datetime) -> int | None:
    """The latest time at which it was due by ``at``, not before the one that comes next; None if that lies ahead."""
    found = None
    for occurrence in range(reminder.occurrence, reminder.repeat_times):
        due = due_at(reminder, occurrence)
        if due is None or due > at:
            break
        found = occurrence
    return found


def is_settled(reminder: Reminder) -> bool:
    """Whether what it is about is settled, so that nobody needs to be reminded.

    A milestone that is done still has what follows it; one that was given up or replaced has not.
    """
    about = reminder.about
    if isinstance(about, Milestone):
        return not about.is_standing or (reminder.offset_days < 0 and not about.is_open)
    if isinstance(about, RegisterItem):
        return about.is_settled
    return not about.is_open or not about.milestone.is_standing


def next_at_work(at: dt.datetime, side: str, edition: Edition) -> dt.datetime:
    """``at``, or the next instant at which offices of that side are open; UTC."""
    zone = ZoneInfo(edition.zone_of(side))
    wall = at.astimezone(zone).replace(tzinfo=None)
    if is_working_day(wall.date(), Side(side)) and wall.time() < CLOSES:
        opens = dt.datetime.combine(wall.date(), OPENS)
        return max(wall, opens).replace(tzinfo=zone).astimezone(dt.UTC)
    return tomorrow_at_work(at, side, edition)


def tomorrow_at_work(at: dt.datetime, side: str, edition: Edition) -> dt.datetime:
    """When offices of that side open on the next day on which they work; UTC."""
    zone = ZoneInfo(edition.zone_of(side))
    today = at.astimezone(zone).date()
    days = (today + dt.timedelta(days=n) for n in range(1, FAR))
    day = next(day for day in days if is_working_day(day, Side(side)))
    return dt.datetime.combine(day, OPENS, zone).astimezone(dt.UTC)


def hour_of(reminder: Reminder, side: str, at: dt.datetime) -> dt.datetime:
    """The next hour at which that side works; at once, also at night, what would come too late in the morning."""
    opens, end = next_at_work(at, side, reminder.edition), pointless_after(reminder)
    return opens if end is None or opens + LEAD <= end else at
