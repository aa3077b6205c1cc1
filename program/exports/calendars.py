"""The programme as iCalendar files (RFC 5545, with the names and hints of RFC 7986)."""

import datetime as dt

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.calendars import new_calendar, written
from assises.enums import AgreementStatus
from assises.templatetags.typography import bcp47
from program.exports.words import address_of, lines_of, place_of, release_in_words, spoken
from program.programme import Programme, SessionFacts, Stamp, Words

#: How often a program that follows the calendar should ask again; 304 is the answer to most of them.
REFRESH = dt.timedelta(hours=1)


def calendar(programme: Programme, stamp: Stamp, *, language: str, only: str = "") -> bytes:
    """The whole programme, or the item of the code ``only``, in one language; French where Chinese is missing.

    An item keeps its UID in all releases and both languages, so that a program that follows the address moves it
    and, once it was dropped, crosses it out. An item without an hour is an entry of its day that leaves one free;
    an end that is open is not invented. Raises ``KeyError`` for a code that no release had.
    """
    with spoken(language):
        edition = programme.edition
        file = new_calendar("Programme", f"{edition.short_name} – {edition.city} {edition.starts_on.year}")
        file.add("name", str(edition.short_name), parameters=_tagged(edition.short_name))
        file.add("description", release_in_words(stamp))
        file.add("last-modified", stamp.date)
        file.add("url", settings.BASE_URL + reverse("program:programme"))
        file.add("x-wr-timezone", edition.time_zone)
        file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        file.add("x-published-ttl", icalendar.vDuration(REFRESH).to_ical().decode())
        # A new item may have the code of one that was dropped: whoever follows the address is told of both.
        kept = [s for s in programme.sessions if only in ("", s.code)]
        dropped = [s for s in programme.dropped if only in ("", s.code)]
        if only and not kept and not dropped:
            raise KeyError(only)
        for session in kept:
            file.add_component(_entry(programme, session, stamp))
        for session in dropped:
            file.add_component(_entry(programme, session, stamp, dropped=True))
        return written(file, edition.starts_on, edition.ends_on)


def _entry(
    programme: Programme, session: SessionFacts, stamp: Stamp, *, dropped: bool = False
) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", session.guid)
    # Of a published entry this is when its description was made: the same file each time it is made.
    event.add("dtstamp", stamp.date)
    event.add("last-modified", session.changed_at or stamp.date)
    event.add("sequence", session.sequence)
    event.add("status", _status(session, dropped))
    event.add("summary", str(session.title), parameters=_tagged(session.title))
    _put_hours(event, programme, session)
    place = place_of(programme, session)
    if place:
        event.add("location", place, parameters=_tagged_as_page())
    lines = [] if dropped else lines_of(session)
    if session.is_open_hour:
        lines.insert(0, _("Time to be defined"))
    elif session.ends_at is None:
        lines.insert(0, _("End to be defined"))
    event.add("description", "\n".join([*lines, release_in_words(stamp)]), parameters=_tagged_as_page())
    theme = programme.theme_of(session)
    event.add("categories", [session.kind_label, *([str(theme.name)] if theme else [])])
    if not dropped:
        event.add("url", address_of(session))
    return event


def _put_hours(event: icalendar.Event, programme: Programme, session: SessionFacts) -> None:
    starts, ends = programme.starts(session), programme.ends(session)
    if starts is None:
        event.add("dtstart", session.day)
        event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", starts)
    if ends is not None:
        event.add("dtend", ends)


def _status(session: SessionFacts, dropped: bool) -> str:
    if dropped:
        return "CANCELLED"
    return "CONFIRMED" if session.status == AgreementStatus.DECIDED else "TENTATIVE"


def _tagged(words: Words) -> dict[str, str]:
    """Which language this text is really in: the French stands where the Chinese is missing."""
    return {"LANGUAGE": words.lang}


def _tagged_as_page() -> dict[str, str]:
    return {"LANGUAGE": bcp47(get_language())}
