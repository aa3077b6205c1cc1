"""The formats that conference apps read: frab/voc schedule.xml and schedule.json (c3voc.de/wiki/schedule).

They are in French, the reference, with the Chinese title as subtitle. What these formats cannot tell (see
``events``) is left out, and the version of the schedule, which apps show, says how many items that are.
"""

import json as json_writer
import xml.etree.ElementTree as ET
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from assises.characters import without
from program.exports.events import REFERENCE, Day, Event, acronym, days_of, left_out, rooms_of, slug_of
from program.exports.words import release_in_words, spoken
from program.programme import Programme, Stamp

GENERATOR = "Assises"
SLOT = "00:15"


def xml(programme: Programme, stamp: Stamp) -> bytes:
    """``schedule.xml``, valid by the published schema."""
    with spoken(REFERENCE):
        root = ET.Element("schedule")
        ET.SubElement(root, "generator", name=GENERATOR, version="1")
        _text(root, "url", _base() + "schedule.xml")
        _text(root, "version", _version(programme, stamp))
        conference = ET.SubElement(root, "conference")
        edition = programme.edition
        for name, value in (
            ("title", str(edition.name)),
            ("acronym", acronym(programme)),
            ("start", edition.starts_on.isoformat()),
            ("end", edition.ends_on.isoformat()),
            ("days", str(len(programme.days))),
            ("timeslot_duration", SLOT),
            ("base_url", _base()),
            ("url", _page()),
            ("time_zone_name", edition.time_zone),
        ):
            _text(conference, name, value)
        for theme in programme.themes:
            track = ET.SubElement(conference, "track", name=without(str(theme.name)), color=theme.colour)
            track.text = without(str(theme.name))
        for day in days_of(programme):
            _day_as_xml(root, day)
        ET.indent(root)
        return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def json(programme: Programme, stamp: Stamp) -> bytes:
    """``schedule.json``, valid by the published schema."""
    with spoken(REFERENCE):
        edition, names = programme.edition, rooms_of(programme)
        conference = {
            "acronym": acronym(programme),
            "title": str(edition.name),
            "start": edition.starts_on.isoformat(),
            "end": edition.ends_on.isoformat(),
            "daysCount": len(programme.days),
            "timeslot_duration": SLOT,
            "time_zone_name": edition.time_zone,
            "url": _page(),
            "tracks": [
                {"name": str(t.name), "slug": slug_of(t.code), "color": t.colour} for t in programme.themes
            ],
            "rooms": [
                {
                    "name": names[room.code].name,
                    "slug": slug_of(room.code),
                    "guid": names[room.code].guid,
                    "description": {"fr": room.equipment.fr, "zh-Hans": room.equipment.zh},
                    "capacity": room.capacity,
                }
                for room in programme.rooms
            ],
            "days": [_day_as_json(day) for day in days_of(programme)],
        }
        schedule = {"version": _version(programme, stamp), "base_url": _base(), "conference": conference}
        written = {
            "$schema": "https://c3voc.de/schedule/schema.json",
            "generator": {"name": GENERATOR, "version": "1"},
            "schedule": schedule,
        }
        return json_writer.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _version(programme: Programme, stamp: Stamp) -> str:
    text = release_in_words(stamp)
    missing = len(left_out(programme))
    if not missing:
        return text
    return f"{text} – " + ngettext(
        "%(count)d item without an hour is not listed here",
        "%(count)d items without an hour are not listed here",
        missing,
    ) % {"count": missing}


def _base() -> str:
    return f"{settings.BASE_URL}/"


def _page() -> str:
    return settings.BASE_URL + reverse("program:programme")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = without(text)
    return element


def _day_as_xml(root: ET.Element, day: Day) -> None:
    element = ET.SubElement(
        root, "day",
        index=str(day.index), date=day.date.isoformat(), start=day.starts.isoformat(), end=day.ends.isoformat(),
    )  # fmt: skip
    for room, events in day.rooms.items():
        holder = ET.SubElement(element, "room", name=without(room.name), guid=room.guid)
        for event in events:
            _event_as_xml(holder, event)


def _event_as_xml(room: ET.Element, event: Event) -> None:
    session = event.session
    element = ET.SubElement(room, "event", id=str(event.number), guid=session.guid, code=session.short_code)
    for name, value in (
        ("room", event.room.name),
        ("title", session.title.fr or session.title.zh),
        ("subtitle", session.title.zh),
        ("type", session.kind),
        ("date", event.starts.isoformat()),
        ("start", f"{event.starts:%H:%M}"),
        ("duration", event.duration),
        ("abstract", event.abstract),
        ("slug", event.slug),
        ("track", event.track),
    ):
        _text(element, name, value)
    persons = ET.SubElement(element, "persons")
    for guid, name in event.persons:
        ET.SubElement(persons, "person", guid=guid).text = without(name)
    _text(element, "language", event.language)
    _text(element, "description", event.description)
    ET.SubElement(element, "links")
    ET.SubElement(element, "attachments")
    _text(element, "url", event.url)


def _day_as_json(day: Day) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.starts.isoformat(),
        "day_end": day.ends.isoformat(),
        "rooms": {
            room.name: [_event_as_json(event) for event in events] for room, events in day.rooms.items()
        },
    }


def _event_as_json(event: Event) -> dict[str, Any]:
    session = event.session
    return {
        "guid": session.guid,
        "code": session.short_code,
        "id": event.number,
        "date": event.starts.isoformat(),
        "start": f"{event.starts:%H:%M}",
        "end": event.ends.isoformat(),
        "duration": event.duration,
        "room": event.room.name,
        "slug": event.slug,
        "url": event.url,
        "title": session.title.fr or session.title.zh,
        "subtitle": session.title.zh,
        "track": event.track or None,
        "type": session.kind,
        "language": event.language,
        "abstract": event.abstract,
        "description": event.description,
        "persons": [{"guid": guid, "name": name} for guid, name in event.persons],
        "links": [],
        "attachments": [],
    }
