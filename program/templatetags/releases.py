"""How releases of the programme, and what changed in them, are shown."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy

from assises.templatetags.components import icon
from assises.templatetags.typography import bcp47, is_chinese, typo
from program.changes import Spot, What, write_hours
from program.programme import SessionFacts, Words

register = template.Library()

CHINESE = re.compile(r"[\u3400-\u9fff]")

# The sign of each kind of change, and the state whose colour it takes: word, sign and colour together.
CHANGES = {
    What.ADDED: ("plus", "confirmed", pgettext_lazy("item of the programme", "new")),
    What.RETURNED: ("check", "confirmed", pgettext_lazy("item of the programme", "back")),
    What.MOVED: ("clock", "offered", pgettext_lazy("item of the programme", "moved")),
    What.CHANGED: ("pencil", "held", pgettext_lazy("item of the programme", "changed")),
    What.DROPPED: ("cross", "refused", pgettext_lazy("item of the programme", "dropped")),
}


@register.simple_tag
def said(words: Words) -> SafeString:
    """``{% said session.title %}``: in the language of the page; where that is missing, the other, tagged as such."""
    language = get_language()
    own = bool(words.zh if is_chinese(language) else words.fr)
    if own or not words:
        return format_html("{}", typo(str(words)))
    return format_html('<span lang="{}">{}</span>', bcp47(words.lang), str(words))


@register.simple_tag
def person(name: str) -> SafeString:
    """``{% person approval.name %}``: never translated; in Chinese characters it is tagged as Chinese."""
    lang = mark_safe(' lang="zh-Hans"') if CHINESE.search(name) else ""
    return format_html('<span translate="no"{}>{}</span>', lang, name)


@register.simple_tag
def kind_of_change(what: What) -> SafeString:
    """``{% kind_of_change change.what %}``: word, sign and colour."""
    sign, colour, word = CHANGES[What(what)]
    return format_html('<span class="state state-{}">{}{}</span>', colour, icon(sign), word)


@register.filter
def spot(where: Spot) -> str:
    """``{{ change.before|spot }}``: day, hours and place in words."""
    return where.in_words(get_language() or "fr")


@register.simple_tag
def hours(session: SessionFacts) -> str:
    """``{% hours session %}``: 9 h – 10 h 30, or that they are open."""
    return write_hours(session.starts_at, session.ends_at, get_language() or "fr")
