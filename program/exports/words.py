"""What an item is, said in lines of plain text: for programs that show text only.

Everything speaks the language that is active; ``spoken`` makes one so.
"""

from contextlib import AbstractContextManager

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assises.templatetags.typography import write_date
from program.enums import Audience
from program.programme import Lead, Part, Programme, SessionFacts, Stamp, Voice


def spoken(language: str) -> AbstractContextManager[None]:
    """Within, all words are those of ``language``."""
    return translation.override(language)


def address_of(session: SessionFacts) -> str:
    """The whole address of the item's page."""
    return f"{settings.BASE_URL}{reverse('program:session', args=[session.code])}"


def place_of(programme: Programme, session: SessionFacts) -> str:
    """Room, venue and town in one line; empty while the room is open."""
    room, venue = programme.room_of(session), programme.venue_of(session)
    if session.visit is not None and room is None:
        return str(session.visit.place)
    if room is None or venue is None:
        return ""
    parts = [str(room.name), str(venue.name), venue.address, str(programme.edition.city)]
    return comma().join(dict.fromkeys(part for part in parts if part))


def comma() -> str:
    return pgettext("between the parts of a place and time", ", ")


def lines_of(session: SessionFacts) -> list[str]:
    """Summary, status, for whom, languages, who leads and who speaks: one line each, without what is unknown."""
    lines = [str(session.summary), _("Status: %(status)s") % {"status": session.status_label}]
    if session.time_is_flexible:
        lines.append(_("The hour may still move."))
    lines += [
        _("For whom: %(audience)s") % {"audience": _audience(session)},
        _("Languages: %(languages)s") % {"languages": session.languages_label},
    ]
    if session.is_workshop:
        lines.append(_("Led by: %(pair)s") % {"pair": pair_in_words(session)})
    lines += [part_in_words(part) for part in session.parts]
    return [line for line in lines if line]


def _audience(session: SessionFacts) -> str:
    invited = str(session.invited)
    if session.audience != Audience.PUBLIC and invited:
        return f"{session.audience_label} – {invited}"
    return session.audience_label


def pair_in_words(session: SessionFacts) -> str:
    """Both leading authorities, the own side first in each language; who is missing is said."""
    french = _lead(session.lead_french, _("French authority to be defined"))
    chinese = _lead(session.lead_chinese, _("Chinese authority to be defined"))
    pair = [chinese, french] if translation.get_language().startswith("zh") else [french, chinese]
    return pgettext("between the two who lead", " and ").join(pair)


def _lead(lead: Lead | None, missing: str) -> str:
    if lead is None:
        return missing
    return str(lead.name) if lead.confirmed else _("%(name)s (to be confirmed)") % {"name": lead.name}


def part_in_words(part: Part) -> str:
    """``10 min – Speech: title – speaker``."""
    what = str(part.title) or part.kind_label
    who = [name_of(part.voice)] if part.voice else []
    if part.authority:
        who.append(str(part.authority))
    minutes = ngettext("%(count)d min", "%(count)d min", part.minutes) % {"count": part.minutes}
    return " – ".join([minutes, what, *dict.fromkeys(w for w in who if w)])


def name_of(voice: Voice) -> str:
    """Name and function; the function alone until the person has confirmed."""
    name = (
        voice.name_zh or voice.name
        if translation.get_language().startswith("zh")
        else voice.name or voice.name_zh
    )
    return comma().join(part for part in (name, str(voice.function), str(voice.organisation)) if part)


def release_in_words(stamp: Stamp) -> str:
    """``Version 2, 1 octobre 2018: preliminary programme``."""
    return _("Version %(number)d of %(date)s: %(kind)s") % {
        "number": stamp.number,
        "date": write_date(stamp.date, translation.get_language()),
        "kind": stamp.kind_label,
    }
