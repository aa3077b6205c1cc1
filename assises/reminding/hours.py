"""When a reminder is due, until when it is of use, and when its reader is at work. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

from assises.enums import Side
from assises.models import Edition, Reminder
from assises.working_time import is_working_day

#: Hours of the day in which letters leave for somebody, on the clocks of that side.
OPENS, CLOSES = dt.time(9), dt.time(18)
#: What comes after its milestone is still of use so many days after it was due.
OF_USE = dt.timedelta(days=3)
#: Days looked at for the next working day; no holiday of either country is as long.
FAR = 30


def due_at(reminder: Reminder) -> dt.datetime:
    """The instant at which it is due: so many days from the milestone, at the same hour on the clocks of the place.

    A day is a day of the calendar: the hour on the wall stays through the change of hour of March or October.
    """
    zone = ZoneInfo(reminder.edition.time_zone)
    wall = reminder.milestone.starts_at.astimezone(zone).replace(tzinfo=None)
    return (wall + dt.timedelta(days=reminder.offset_days)).replace(tzinfo=zone).astimezone(dt.UTC)


def of_use_until(reminder: Reminder) -> dt.datetime:
    """What announces a milestone is of use until it comes; what follows one, for some days."""
    due = due_at(reminder)
    return reminder.milestone.starts_at if reminder.offset_days < 0 else due + OF_USE


def next_at_work(at: dt.datetime, side: str, edition: Edition) -> dt.datetime:
    """``at``, or the next instant at which offices of that side are open; UTC."""
    zone = ZoneInfo(edition.partner_time_zone if side == Side.CHINESE else edition.time_zone)
    wall = at.astimezone(zone).replace(tzinfo=None)
    if is_working_day(wall.date(), Side(side)) and wall.time() < CLOSES:
        opens = dt.datetime.combine(wall.date(), OPENS)
        return max(wall, opens).replace(tzinfo=zone).astimezone(dt.UTC)
    days = (wall.date() + dt.timedelta(days=n) for n in range(1, FAR))
    day = next(day for day in days if is_working_day(day, Side(side)))
    return dt.datetime.combine(day, OPENS, zone).astimezone(dt.UTC)
