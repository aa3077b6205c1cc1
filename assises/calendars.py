"""What every calendar file of the house has in common (RFC 5545, RFC 7986)."""

import datetime as dt

import icalendar


def new_calendar(product: str, name: str) -> icalendar.Calendar:
    """A calendar to be published: ``product`` as in ``Programme``, ``name`` as readers see it in their list."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Assises//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    return calendar


def written(calendar: icalendar.Calendar, first: dt.date, last: dt.date) -> bytes:
    """The file, with the rules of its time zones around these days."""
    # Without bounds the rules of every year since 1970 would be written out.
    calendar.add_missing_timezones(
        first_date=dt.date(first.year, 1, 1), last_date=dt.date(last.year + 1, 1, 1)
    )
    return bytes(calendar.to_ical())
