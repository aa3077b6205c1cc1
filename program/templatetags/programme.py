"""How pages say what a programme is made of."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from assises import clock
from assises.enums import AgreementStatus
from assises.templatetags.components import icon
from assises.templatetags.typography import bcp47, french_spaces, is_chinese, write_time
from program import current
from program.changes import Spot
from program.current import Shown
from program.enums import SessionKind, Verdict
from program.exports import linked_data as written
from program.programme import Lead, SessionFacts, Words

register = template.Library()

STATUS_ICONS = {
    AgreementStatus.DECIDED: "check",
    AgreementStatus.PROPOSED: "pencil",
    AgreementStatus.UNDER_STUDY: "search",
    AgreementStatus.TO_BE_DEFINED: "hourglass",
    AgreementStatus.REQUESTED: "hand",
    AgreementStatus.ABANDONED: "cross",
}
VERDICT_ICONS = {
    Verdict.NONE: "clock",
    Verdict.KEPT: "check",
    Verdict.NOT_KEPT: "cross",
    Verdict.TO_SPECIFY: "hourglass",
}
#: As Django's own ``json_script`` does: nothing in the data can end the element that holds it.
NOT_IN_A_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def said(words: Words | None) -> SafeString | str:
    """``{{ session.title|said }}``: the text in the language of the page; tagged where it is another one."""
    if not words:
        return ""
    text = str(words)
    shown = french_spaces(text) if words.lang == "fr" else text
    if words.lang == bcp47(get_language()):
        return shown
    return format_html('<span lang="{}">{}</span>', words.lang, shown)


@register.filter
def other(words: Words) -> SafeString | str:
    """``{{ session.title|other }}``: the same in the other language, tagged; empty where there is none."""
    text, language = (words.fr, "fr") if is_chinese(get_language()) else (words.zh, "zh-Hans")
    if not text or text == str(words):
        return ""
    return format_html(
        '<span lang="{}">{}</span>', language, french_spaces(text) if language == "fr" else text
    )


@register.simple_tag
def hours(session: SessionFacts) -> SafeString | str:
    """``{% hours session %}``: ``9 h – 10 h 30``; what is open is said."""
    if session.starts_at is None:
        return _("time to be defined")
    starts = _time(session.starts_at)
    if session.ends_at is None:
        return format_html(_("from {starts}"), starts=starts)
    dash = "—" if is_chinese(get_language()) else "\u00a0– "
    return format_html("{}{}{}", starts, dash, _time(session.ends_at))


def _time(hour: Any) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', f"{hour:%H:%M}", write_time(hour, get_language()))


@register.filter
def minutes_long(minutes: int | None) -> str:
    """``{{ visit.duration_minutes|minutes_long }}``: ``45 min``, ``1 h 30``."""
    if minutes is None:
        return ""
    long, rest = divmod(minutes, 60)
    if is_chinese(get_language()):
        return (f"{long}小时" if long else "") + (f"{rest}分钟" if rest or not long else "")
    if not long:
        return f"{rest}\u00a0min"
    return f"{long}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


@register.simple_tag
def status(session: SessionFacts) -> SafeString:
    """``{% status session %}``: how firm the item is: word, sign and colour."""
    sign = icon(STATUS_ICONS[AgreementStatus(session.status)])
    return format_html(
        '<span class="state state-{}">{}{}</span>',
        session.status.replace("_", "-"),
        sign,
        session.status_label,
    )


@register.simple_tag
def verdict(code: str, label: str) -> SafeString:
    """``{% verdict code label %}``: what a side says of a visit: word, sign and colour."""
    return format_html(
        '<span class="state verdict-{}">{}{}</span>',
        code.replace("_", "-") or "none",
        icon(VERDICT_ICONS[Verdict(code)]),
        label,
    )


@register.inclusion_tag("program/_pair.html")
def pair(session: SessionFacts) -> dict[str, Any]:
    """``{% pair session %}``: the seal of those who lead, and their names; one's own side comes first."""
    french = (
        "fr",
        pgettext("half of a seal", "FR"),
        session.lead_french,
        _("French authority to be defined"),
    )
    chinese = (
        "cn",
        pgettext("half of a seal", "CN"),
        session.lead_chinese,
        _("Chinese authority to be defined"),
    )
    halves = [chinese, french] if is_chinese(get_language()) else [french, chinese]
    return {"halves": [_half(*half) for half in halves], "is_complete": session.pair_is_complete}


def _half(side: str, mark: str, lead: Lead | None, missing: str) -> dict[str, Any]:
    return {"side": side, "mark": mark, "lead": lead, "missing": missing}


@register.simple_tag
def url_of(shown: Shown, session: SessionFacts) -> str:
    """``{% url_of shown session %}``: the item's page among the pages of the programme that is shown."""
    return shown.url_of(session)


@register.simple_tag
def theme_of(shown: Shown, session: SessionFacts) -> Any:
    """``{% theme_of shown session as theme %}``"""
    return shown.programme.theme_of(session)


@register.simple_tag
def room_of(shown: Shown, session: SessionFacts) -> Any:
    """``{% room_of shown session as room %}``"""
    return shown.programme.room_of(session)


@register.simple_tag
def venue_of(shown: Shown, session: SessionFacts) -> Any:
    """``{% venue_of shown session as venue %}``"""
    return shown.programme.venue_of(session)


@register.simple_tag
def linked_programme(shown: Shown, sessions: Iterable[SessionFacts]) -> SafeString:
    """``{% linked_programme shown sessions %}``: the edition with these items, for search engines."""
    return _data_block(written.programme(shown.programme, sessions))


@register.simple_tag
def linked_item(shown: Shown, session: SessionFacts) -> SafeString:
    """``{% linked_item shown session %}``: one item, for search engines."""
    return _data_block(written.item(shown.programme, session))


def _data_block(data: dict[str, Any]) -> SafeString:
    """A ``script`` element that holds data.

    Its type is not that of a script, so browsers run nothing of it and the policy against inline scripts does not
    speak of it (HTML: "prepare the script element"); crawlers read no other place, also not a file that ``src``
    would name. What could end the element is written otherwise, so it cannot become a script either.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(NOT_IN_A_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.simple_tag
def subscribe_url() -> str:
    """``{% subscribe_url %}``: the address that a calendar program follows, in the language of the page."""
    # Not the host of the request: this page is kept for others.
    host = settings.BASE_URL.partition("://")[2]
    return f"webcal://{host}{reverse('program_files:ics')}"


@register.simple_tag
def kinds_of(shown: Shown) -> list[tuple[str, str]]:
    """``{% kinds_of shown as kinds %}``: the kinds of items that there are, with their words."""
    there = {session.kind for session in shown.programme.sessions}
    return [(kind.value, str(kind.label)) for kind in SessionKind if kind.value in there]


@register.simple_tag
def spot(place: Spot | None) -> str:
    """``{% spot change.after %}``: a day, an hour and a place in one line."""
    return place.in_words(get_language()) if place else ""


@register.simple_tag
def next_sessions(count: int) -> dict[str, Any] | None:
    """``{% next_sessions 4 as next %}``: what comes next by the latest public release; None if there is none."""
    shown = current.latest()
    if shown is None:
        return None
    now = clock.now()
    coming = [s for s in shown.programme.sessions if (start := shown.programme.starts(s)) and start >= now]
    return {"shown": shown, "sessions": coming[:count], "total": len(shown.programme.sessions)}
