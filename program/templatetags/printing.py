"""How the printed programme says things: in the language of a document, or in each of its languages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.enums import Side
from assises.templatetags.bilingual import french, in_each
from assises.templatetags.typography import (
    NO_BREAK,
    bcp47,
    french_spaces,
    is_chinese,
    write_moment,
    write_time,
)
from program.enums import Verdict
from program.programme import (
    Credit,
    EditionFacts,
    Lead,
    Part,
    Programme,
    RoomFacts,
    SessionFacts,
    ThemeFacts,
    VenueFacts,
    Visit,
    Voice,
    Words,
)

register = template.Library()
register.tag("in_each", in_each)
register.filter("french", french)


@register.filter
def words(text: Words | None) -> SafeString:
    """``{{ session.title|words }}``: in the language of the page; where it is missing, the other one, tagged."""
    if not text:
        return SafeString("")
    shown = french_spaces(str(text)) if text.lang == "fr" else str(text)
    if text.lang == bcp47(get_language()):
        return format_html("{}", shown)
    return format_html('<span lang="{}">{}</span>', text.lang, shown)


@register.simple_tag
def link_to(anchor: str, text: Words | str) -> SafeString:
    """``{% link_to anchor session.title %}``: a link within the document.

    It holds nothing but text, because each element within a link would become a link of its own in the PDF.
    """
    shown = str(text)
    lang = text.lang if isinstance(text, Words) else bcp47(get_language())
    if lang == "fr":
        shown = french_spaces(shown)
    attribute = "" if lang == bcp47(get_language()) else format_html(' lang="{}"', lang)
    return format_html('<a href="#{}" title="{}"{}>{}</a>', anchor, shown, attribute, shown)


@register.filter
def anchor(session: SessionFacts) -> str:
    return f"s-{session.short_code}"


@register.filter
def sheet_anchor(session: SessionFacts) -> str:
    return f"v-{session.short_code}"


@register.simple_tag
def page_of(anchor: str) -> SafeString:
    """``{% page_of day.anchor %}``: the number of the page on which this begins; the style sheet counts it."""
    return format_html('<a class="toc-page" href="#{}" title="{}"></a>', anchor, _("page"))


@register.filter
def is_untranslated(text: Words, languages: list[str]) -> bool:
    """Whether a document in these languages shows this text in another language than it should."""
    return any(not (text.zh if is_chinese(language) else text.fr) for language in languages) and bool(text)


@register.filter
def hours(item: Any) -> str:
    """``{{ session|hours }}``: 14 h – 16 h 30; the start alone where the end is open."""
    language = get_language()
    times = [write_time(time, language) for time in (item.starts_at, item.ends_at) if time is not None]
    return ("—" if is_chinese(language) else f"{NO_BREAK}– ").join(times)


@register.filter
def duration(minutes: int | None) -> str:
    """``{{ visit.travel_minutes|duration }}``: 1 h 10, 25 min; 1小时10分钟, 25分钟."""
    if minutes is None:
        return ""
    whole, rest = divmod(minutes, 60)
    if is_chinese(get_language()):
        return (f"{whole}小时" if whole else "") + (f"{rest}分钟" if rest or not whole else "")
    if not whole:
        return f"{rest}{NO_BREAK}min"
    return f"{whole}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02}" if rest else "")


@register.filter(expects_localtime=False)
def exact_moment(moment: dt.datetime) -> str:
    """``{{ in_beijing|exact_moment }}``: day, hour, and how far the clocks are from universal time."""
    zone = f"UTC{(moment.utcoffset() or dt.timedelta()).total_seconds() / 3600:+g}".replace("-", "−")
    written = write_moment(moment, get_language())
    return f"{written}（{zone}）" if is_chinese(get_language()) else f"{written}{NO_BREAK}({zone})"


@register.filter
def spoken_by(voice: Voice) -> SafeString:
    """``{{ part.voice|spoken_by }}``: who speaks, by name once confirmed, by function until then.

    French puts the name first; Chinese the organisation, then the function, then the name.
    """
    organisation = None if _names(voice.function, voice.organisation) else voice.organisation
    titles = [words(text) for text in (voice.function, organisation) if text]
    if is_chinese(get_language()):
        name = voice.name_zh or voice.name
        gap = " " if name and not voice.name_zh else ""
        titles = titles[::-1]
        return format_html("{}{}{}", format_html_join("", "{}", ((t,) for t in titles)), gap, _name(name))
    if voice.is_named:
        titles[0] = SafeString(titles[0][:1].lower() + titles[0][1:])
    said = [_name(voice.name or voice.name_zh), *titles] if voice.is_named else titles
    return format_html_join(", ", "{}", ((text,) for text in said))


@register.filter
def by_function(part: Part) -> bool:
    """Whether somebody speaks whose name is not fixed yet."""
    return part.voice is not None and not part.voice.is_named


@register.filter
def any_by_function(parts: Iterable[Part]) -> bool:
    return any(by_function(part) for part in parts)


@register.filter
def has_somebody(part: Part) -> bool:
    """Whether there is more to say of a part than its title."""
    return bool(part.voice or part.authority or part.counterpart) or not part.confirmed


def _name(name: str) -> SafeString:
    return format_html("<b>{}</b>", name.replace(" ", NO_BREAK)) if name else SafeString("")


def _names(function: Words, organisation: Words) -> bool:
    """Whether a function says of itself where it is held: *présidente du conseil régional d’Occitanie*."""
    if organisation.fr and function.fr:
        tokens = organisation.fr.replace("’", " ").replace("(", " ").replace(")", " ").split()
        proper = [
            token for token in tokens if token[0].isupper() and token not in ("Région", "Province", "Ville")
        ]
        return any(token in function.fr for token in proper)
    return bool(organisation.zh) and organisation.zh in function.zh


@register.filter
def lead_of(session: SessionFacts, side: str) -> Lead | None:
    """``{{ session|lead_of:side }}``: the half of the pair that this side gives; None while it is missing."""
    return next((lead for lead in session.leads if lead.side == side), None)


@register.filter
def seal_word(side: str) -> str:
    """What stands on one half of the seal of a pair: FR │ CN, in Chinese 中 │ 法."""
    if is_chinese(get_language()):
        return {"FR": "法", "CN": "中"}[side]
    return str(side)


@register.filter
def told_before(sessions: tuple[SessionFacts, ...], session: SessionFacts) -> bool:
    """Whether an earlier item of a group has this item's summary: it is not printed twice."""
    earlier = sessions[: sessions.index(session)]
    return any(other.summary == session.summary for other in earlier)


@register.simple_tag
def in_theme(programme: Programme, session: SessionFacts) -> ThemeFacts | None:
    """``{% in_theme programme session as theme %}``"""
    return programme.theme_of(session)


@register.simple_tag
def in_room(programme: Programme, session: SessionFacts) -> RoomFacts | None:
    """``{% in_room programme session as room %}``"""
    return programme.room_of(session)


@register.simple_tag
def rooms_of(programme: Programme, venue: VenueFacts) -> list[RoomFacts]:
    """``{% rooms_of programme venue as rooms %}``"""
    return [room for room in programme.rooms if room.venue == venue.code]


@register.simple_tag
def credited(edition: EditionFacts, role: str) -> list[Credit]:
    """``{% credited edition "supporter" as supporters %}``: in the order of protocol."""
    return edition.credited(role)


@register.simple_tag
def verdict_of(visit: Visit, side: str) -> Verdict:
    """``{% verdict_of visit side as verdict %}``"""
    return Verdict(visit.verdict_french if side == Side.FRENCH else visit.verdict_chinese)


@register.simple_tag
def script(name: str) -> SafeString:
    """A person's name, tagged by the script that it is written in, so that it is read aloud rightly."""
    hanzi = any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in name)
    return format_html('<span lang="{}">{}</span>', "zh-Hans" if hanzi else "fr", name)


@register.simple_tag
def theme_styles(themes: tuple[ThemeFacts, ...]) -> SafeString:
    """The rules that draw the mark of each theme: its shape in its colour, beside its name."""
    return format_html_join(
        "\n", ".mark-{} {{ background-image: url('{}'); }}", ((theme.code, _mark(theme)) for theme in themes)
    )


#: As in ``icons.svg``, for paper.
SHAPES = {
    "circle": "M10 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16z",
    "square": "M2.5 2.5h15v15h-15z",
    "triangle": "M10 1.5 18.8 17H1.2z",
}


def _mark(theme: ThemeFacts) -> str:
    shape = SHAPES.get(theme.shape, SHAPES["circle"])
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><path fill='{theme.colour}' d='{shape}'/></svg>"
    return "data:image/svg+xml," + quote(svg)
