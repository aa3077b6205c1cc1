"""How a document says things in each of its languages."""

import re
from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils import translation
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assises.templatetags.typography import bcp47, french_spaces

register = template.Library()

_HANZI, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-zÀ-ÿ]")


class InEach(template.Node):
    """``{% in_each %}…{% endin_each %}``: what is inside, once in each language of the document.

    Each is tagged with its language; what is the same in both (an address, a text without translation) stands
    once. ``{% in_each "p" %}`` makes paragraphs of them, not spans. A document in one language gets no tags.
    """

    def __init__(self, inside: NodeList, element: FilterExpression | None) -> None:
        self.nodelist = inside
        self.element = element

    def render(self, context: template.Context) -> SafeString:
        element: str = self.element.resolve(context) if self.element else "span"
        languages: list[str] = context["languages"]
        if len(languages) == 1:
            inside = self.nodelist.render(context)
            return inside if element == "span" else _wrap(element, "", inside)
        said: dict[str, SafeString] = {}
        for language in languages:
            with translation.override(language):
                html = self.nodelist.render(context).strip()
            said.setdefault(strip_tags(html), _wrap(element, bcp47(language), mark_safe(html)))
        return SafeString(" ".join(html for text, html in said.items() if text))


def _wrap(element: str, lang: str, inside: SafeString) -> SafeString:
    attributes = format_html(' class="in" lang="{}"', lang) if lang else ""
    return format_html("<{}{}>{}</{}>", element, attributes, inside, element)


@register.tag
def in_each(parser: Parser, token: Token) -> InEach:
    """A document gives its ``languages`` in the context, the first one first."""
    _name, *element = token.split_contents()
    inside = parser.parse(("endin_each",))
    parser.delete_first_token()
    return InEach(inside, parser.compile_filter(element[0]) if element else None)


@register.filter(is_safe=True)
def french(text: str | None) -> str:
    """``{{ edition.name.fr|french }}``: a text that is French whatever the language of the page."""
    return french_spaces(text or "")


@register.filter
def of_page(texts: Mapping[str, str]) -> str:
    """``{{ line|of_page }}``: of a text by the tags of both languages, that of the page, to the character."""
    return texts[bcp47(get_language())]


@register.filter
def said(texts: Mapping[str, str]) -> SafeString:
    """``{{ diploma.title|said }}``: the same, ``tagged``."""
    return tagged(of_page(texts))


@register.filter
def tagged(text: str) -> SafeString:
    """``{{ name|tagged }}``: a text as it was written, tagged with its language where its script is not the page's.

    A name without a letter of the language of the page is in the other one: 成都市 on a French page, Toulouse on a
    Chinese one.
    """
    page = bcp47(get_language())
    hanzi, latin = _HANZI.search(text), _LATIN.search(text)
    is_chinese = hanzi and (not latin or page == "zh-Hans")
    own = "zh-Hans" if is_chinese else "fr" if latin else page
    written = french_spaces(text) if own == "fr" else text
    return (
        format_html("{}", written) if own == page else format_html('<span lang="{}">{}</span>', own, written)
    )
