"""The Assises in one's own calendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assises import clock
from assises.calendars import new_calendar, written
from assises.models import Edition
from program.models import Session
from registration.models import Registration


def calendar_file(registration: Registration, *, language: str) -> bytes:
    """The days of the edition and the sessions this person attends, as an iCalendar file (RFC 5545).

    A session that she only waits for is not among them.

    The days are one entry of whole days that leaves the person free; a session without an hour is an entry of its
    day. An entry keeps its UID, so that a file taken again replaces what the first one wrote.
    """
    edition = registration.edition
    with translation.override(language):
        calendar = new_calendar("Registration", str(edition))
        calendar.add_component(_days(edition))
        for session in Session.objects.filter(choices__registration=registration, choices__is_waiting=False):
            calendar.add_component(_entry(session, edition))
        return written(calendar, edition.starts_on, edition.ends_on)


def _days(edition: Edition) -> icalendar.Event:
    event = _event(f"edition-{edition.code}", edition)
    event.add("summary", edition.name)
    event.add("dtstart", edition.starts_on)
    event.add("dtend", edition.ends_on + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    contact = [value for value in (edition.contact_email, edition.contact_phone) if value]
    if contact:
        event.add("contact", " ".join(contact))
    return event


def _entry(session: Session, edition: Edition) -> icalendar.Event:
    event = _event(f"session-{edition.code}-{session.code}", edition)
    event.add("summary", session.title)
    if session.starts_at is None:
        event.add("dtstart", session.day)
        event.add("description", _("time to be defined"))
        event.add("transp", "TRANSPARENT")
        return event
    zone = ZoneInfo(edition.time_zone)
    event.add("dtstart", dt.datetime.combine(session.day, session.starts_at, zone))
    if session.ends_at is not None:
        event.add("dtend", dt.datetime.combine(session.day, session.ends_at, zone))
    return event


def _event(name: str, edition: Edition) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{name}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}")
    event.add("dtstamp", clock.now())
    place = [edition.venue_name, edition.venue_address, edition.city]
    event.add("location", ", ".join(part for part in place if part))
    return event
