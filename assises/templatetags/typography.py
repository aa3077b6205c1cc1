"""How dates, hours, numbers and names are written, in French and in Chinese.

The functions take the language and are pure; the filters and tags of the same names (without ``write_``)
use the language of the page. French is written when the language is not Chinese.
"""

import datetime as dt
import re
from decimal import Decimal

import phonenumbers
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assises.files import size_in_words

register = template.Library()

NARROW = "\u202f"  # narrow no-break space: before ; ! ? and between thousands
NO_BREAK = "\u00a0"  # no-break space: before : and inside « »

# fmt: off
MONTHS = [
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
]
# fmt: on
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
WEEKDAYS_ZH = "一二三四五六日"

_FRENCH_RULES = [
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"[ \u00a0\u202f]+([;!?])"), NARROW + r"\1"),
    (re.compile(r"[ \u00a0\u202f]+([:»])"), NO_BREAK + r"\1"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«" + NO_BREAK),
    (re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))"), NARROW),
    (re.compile(r"(?<=\d) (?=(?:[%€h°]|min|km|m²|ans)(?!\w))"), NO_BREAK),
    (re.compile(r"(?<=\dh) (?=\d\d(?!\d))|(?<=\d\u00a0h) (?=\d\d(?!\d))"), NO_BREAK),
    (re.compile(r"\b(n°|M\.|MM\.|Mme|Mmes|art\.|p\.) (?=\w)"), r"\1" + NO_BREAK),
]


def is_chinese(language: str | None) -> bool:
    """Whether a language code (``zh-hans``, ``zh_Hans``, ``zh-CN``) stands for Chinese."""
    return (language or "").lower().startswith("zh")


def bcp47(language: str | None) -> str:
    """The tag for ``lang`` attributes: ``fr``, ``zh-Hans``; script subtags take a capital."""
    parts = (language or "fr").replace("_", "-").split("-")
    return "-".join([parts[0].lower()] + [p.title() if len(p) == 4 else p.upper() for p in parts[1:]])


def french_spaces(text: str) -> str:
    """Typed spaces become the no-break spaces of French print; apostrophes and dots become curly ones.

    Only what was typed is changed: a mark without a space before it (in an address) is left alone.
    """
    for pattern, replacement in _FRENCH_RULES:
        text = pattern.sub(replacement, text)
    return text


def write_date(day: dt.date, language: str | None, *, weekday: bool = False) -> str:
    """``mardi 11 décembre 2018`` or ``2018年12月11日（星期二）``; the first of a month is ``1er`` in French."""
    if is_chinese(language):
        written = f"{day.year}年{day.month}月{day.day}日"
        return f"{written}（星期{WEEKDAYS_ZH[day.weekday()]}）" if weekday else written
    written = f"{_french_day(day)}{NO_BREAK}{MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]}{NO_BREAK}{written}" if weekday else written


def write_date_range(first: dt.date, last: dt.date, language: str | None) -> str:
    """``11-13 décembre 2018`` or ``2018年12月11日至13日``: what both days share is written once."""
    if first == last:
        return write_date(first, language)
    same_year = first.year == last.year
    same_month = same_year and first.month == last.month
    if is_chinese(language):
        end = f"{last.day}日" if same_month else f"{last.month}月{last.day}日"
        return f"{write_date(first, language)}至{'' if same_year else f'{last.year}年'}{end}"
    if same_month:
        return f"{_french_day(first)}-{write_date(last, language)}"
    start = (
        f"{_french_day(first)}{NO_BREAK}{MONTHS[first.month - 1]}"
        if same_year
        else write_date(first, language)
    )
    return f"{start}{NO_BREAK}– {write_date(last, language)}"


def write_time(hour: dt.time | dt.datetime, language: str | None) -> str:
    """``14 h 30`` and ``9 h`` in French, ``14:30`` and ``09:00`` in Chinese."""
    if is_chinese(language):
        return f"{hour:%H:%M}"
    minutes = f"{NO_BREAK}{hour.minute:02}" if hour.minute else ""
    return f"{hour.hour}{NO_BREAK}h{minutes}"


def write_moment(moment: dt.datetime, language: str | None) -> str:
    """Day and hour in one: ``mardi 11 décembre 2018 à 14 h 30`` or ``2018年12月11日（星期二）14:30``."""
    day, hour = write_date(moment, language, weekday=True), write_time(moment, language)
    return f"{day}{hour}" if is_chinese(language) else f"{day} à{NO_BREAK}{hour}"


def write_number(number: int | float | Decimal, language: str | None) -> str:
    """``1 250`` and ``2,5`` in French; ``1250`` and ``2.5`` in Chinese, where thousands are not parted; 2.0 is a 2."""
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if is_chinese(language):
        return f"{number}"
    return f"{number:,}".replace(",", NARROW).replace(".", ",")


def write_duration(seconds: float | Decimal) -> str:
    """``3 min``, ``2 min 30 s``, ``45 s``, in the active language; parts of a second are left out."""
    minutes, rest = divmod(int(seconds), 60)
    said = [_("%(minutes)d min") % {"minutes": minutes}] if minutes else []
    return ("" if is_chinese(get_language()) else "\u00a0").join(
        [*said, *([_("%(seconds)d s") % {"seconds": rest}] if rest or not minutes else [])]
    )


def write_phone(number: str, language: str | None) -> str:
    """A telephone number in groups that do not break: ``05 61 00 00 00`` in French, ``+33 5 61…`` in Chinese.

    A number of another country keeps its prefix; what cannot be read as a number comes back as it is.
    """
    parsed = _parse_phone(number)
    if parsed is None:
        return str(number)
    national = parsed.country_code == 33 and not is_chinese(language)
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form).replace(" ", NO_BREAK)


def _parse_phone(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(str(number), "FR")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


def _french_day(day: dt.date) -> str:
    return "1er" if day.day == 1 else str(day.day)


@register.filter(is_safe=True)
def typo(text: object) -> str:
    """``{{ text|typo }}``: the no-break spaces of French print; Chinese text is left alone."""
    written = str(text)
    return written if is_chinese(get_language()) else french_spaces(written)


@register.filter(name="bcp47")
def bcp47_filter(language: object) -> str:
    """``{{ LANGUAGE_CODE|bcp47 }}``: the value of a ``lang`` attribute."""
    return bcp47(str(language))


@register.filter(expects_localtime=True)
def plain_date(day: dt.date | None) -> str:
    """``{{ day|plain_date }}``: 11 décembre 2018."""
    return write_date(day, get_language()) if day else ""


@register.filter(expects_localtime=True)
def long_date(day: dt.date | None) -> str:
    """``{{ day|long_date }}``: mardi 11 décembre 2018."""
    return write_date(day, get_language(), weekday=True) if day else ""


@register.filter(expects_localtime=True)
def clock_time(hour: dt.time | dt.datetime | None) -> str:
    """``{{ hour|clock_time }}``: 14 h 30."""
    return write_time(hour, get_language()) if hour is not None else ""


@register.filter(expects_localtime=True)
def moment(value: dt.datetime | None) -> str:
    """``{{ at|moment }}``: mardi 11 décembre 2018 à 14 h 30, in the time zone of the page."""
    return write_moment(value, get_language()) if value else ""


@register.simple_tag
def date_range(first: dt.date, last: dt.date) -> str:
    """``{% date_range edition.starts_on edition.ends_on %}``: 11-13 décembre 2018."""
    return write_date_range(first, last, get_language())


@register.filter
def in_brackets(text: object) -> str:
    """``{{ place|in_brackets }}``: (Paris), in Chinese （巴黎）."""
    return f"（{text}）" if is_chinese(get_language()) else f"({text})"


@register.filter
def quoted(text: object) -> str:
    """``{{ words|quoted }}``: « mi-octobre », in Chinese “10月中旬”."""
    return f"“{text}”" if is_chinese(get_language()) else f"«{NO_BREAK}{text}{NO_BREAK}»"


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """``{{ count|number }}``: 1 250."""
    return "" if value is None else write_number(value, get_language())


@register.filter
def file_size(size: int) -> str:
    """The size of a file, in thousands, as the systems of most readers show it."""
    return size_in_words(size)


@register.filter
def duration(seconds: float | Decimal) -> str:
    """Seconds in words."""
    return write_duration(seconds)


@register.filter
def phone(value: object) -> SafeString:
    """``{{ edition.contact_phone|phone }}``: a link that dials, with groups that do not break."""
    parsed = _parse_phone(str(value)) if value else None
    if parsed is None:
        return format_html("{}", value or "")
    dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return format_html(
        '<a class="phone" href="tel:{}">{}</a>', dialled, write_phone(str(value), get_language())
    )


@register.filter
def phone_text(value: object) -> str:
    """``{{ edition.contact_phone|phone_text }}``: the same as text, for letters and documents."""
    return write_phone(str(value), get_language()) if value else ""


@register.simple_tag
def in_both(name_fr: str | None, name_zh: str | None) -> SafeString:
    """Both names, each tagged with its language, the language of the page first; a missing one is left out."""
    french = format_html('<span lang="fr">{}</span>', french_spaces(name_fr)) if name_fr else ""
    chinese = format_html('<span lang="zh-Hans">{}</span>', name_zh) if name_zh else ""
    names = [chinese, french] if is_chinese(get_language()) else [french, chinese]
    return format_html_join(" ", "{}", ((name,) for name in names if name))


@register.simple_tag
def in_own_script(name_fr: str | None, name_zh: str | None) -> SafeString:
    """The name in the language of the page; where it is missing, the other one, tagged with its language."""
    chinese_page = is_chinese(get_language())
    wanted, other = (name_zh, name_fr) if chinese_page else (name_fr, name_zh)
    if wanted:
        return format_html("{}", wanted if chinese_page else french_spaces(wanted))
    return format_html('<span lang="{}">{}</span>', "fr" if chinese_page else "zh-Hans", other or "")
