"""The programme in the words of schema.org (JSON-LD), for search engines and assistants."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from assises.templatetags.typography import bcp47
from program.enums import Languages
from program.exports.words import address_of
from program.programme import Programme, SessionFacts

CONTEXT = "https://schema.org"
SPOKEN = {Languages.FRENCH: ["fr"], Languages.CHINESE: ["zh-Hans"], Languages.BOTH: ["fr", "zh-Hans"]}


def programme(shown: Programme, sessions: Iterable[SessionFacts]) -> dict[str, Any]:
    """The edition as an Event, with these items as its ``subEvent``s; in the language that is active."""
    return {
        "@context": CONTEXT,
        **_edition(shown),
        "subEvent": [_in_brief(shown, session) for session in sessions],
    }


def item(shown: Programme, session: SessionFacts) -> dict[str, Any]:
    """One item as an Event of its own, part of the edition."""
    return {
        "@context": CONTEXT,
        **_item(shown, session),
        "description": str(session.summary) or str(session.title),
        "organizer": _organisers(shown),
        "superEvent": {"@id": _key(), "@type": "Event", "name": str(shown.edition.name), "url": _page()},
    }


def _in_brief(shown: Programme, session: SessionFacts) -> dict[str, Any]:
    """What a list says of an item; its address stands once in the edition, the rest on the item's own page."""
    found = _item(shown, session)
    found["location"] = {"@type": "Place", "name": found["location"]["name"]}
    found.pop("maximumAttendeeCapacity", None)
    return found


def _edition(shown: Programme) -> dict[str, Any]:
    edition = shown.edition
    return {
        "@type": "Event",
        "@id": _key(),
        "name": str(edition.name),
        "startDate": edition.starts_on.isoformat(),
        "endDate": edition.ends_on.isoformat(),
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "inLanguage": bcp47(get_language()),
        "location": _place(str(edition.venue_name), edition.venue_address, str(edition.city)),
        "organizer": _organisers(shown),
        "url": _page(),
    }


def _item(shown: Programme, session: SessionFacts) -> dict[str, Any]:
    """Without hours it is on its day; an end that is open is left out, as nothing else would be true."""
    starts, ends = shown.starts(session), shown.ends(session)
    found: dict[str, Any] = {
        "@type": "Event",
        "name": str(session.title),
        "startDate": (starts or session.day).isoformat(),
        "inLanguage": SPOKEN[Languages(session.languages)],
        "location": _location(shown, session),
        "url": address_of(session),
    }
    if ends is not None:
        found["endDate"] = ends.isoformat()
    if session.seats is not None:
        found["maximumAttendeeCapacity"] = session.seats
    return found


def _location(shown: Programme, session: SessionFacts) -> dict[str, Any]:
    room, venue, city = shown.room_of(session), shown.venue_of(session), str(shown.edition.city)
    if room is not None and venue is not None:
        return _place(f"{room.name}, {venue.name}", venue.address, city)
    if session.visit is not None:
        return {"@type": "Place", "name": str(session.visit.place)}
    return _place(str(shown.edition.venue_name), shown.edition.venue_address, city)


def _place(name: str, street: str, city: str) -> dict[str, Any]:
    address = {"@type": "PostalAddress", "addressLocality": city} | (
        {"streetAddress": street} if street else {}
    )
    return {"@type": "Place", "name": name or city, "address": address}


def _organisers(shown: Programme) -> list[dict[str, str]]:
    names = [str(credit.name) for credit in shown.edition.credited("co_organiser")]
    return [{"@type": "Organization", "name": name} for name in names or [str(shown.edition.host)]]


def _page() -> str:
    return settings.BASE_URL + reverse("program:programme")


def _key() -> str:
    return f"{settings.BASE_URL}/#assises"
