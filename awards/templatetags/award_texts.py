"""Texts of applications in one language, and of the award in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assises.templatetags.typography import bcp47, french_spaces, write_number
from awards.models import Application

register = template.Library()


@register.filter
def figure(value: str) -> str:
    """A figure of the agenda, kept as ``0.396``, in the language of the page."""
    return write_number(float(value), get_language()) if value else "–"


@register.filter
def title_in(application: Application, language: str) -> str:
    return application.in_language("title", language) or str(application)


@register.simple_tag(takes_context=True)
def text_in_each(
    context: Mapping[str, Any], text: Mapping[str, str] | None, element: str = "span"
) -> SafeString:
    """``{% text_in_each name %}``: a text in each language of the document, tagged with it; as ``{% in_each %}`` for what was typed."""
    if not text:
        return SafeString("")
    texts = {"fr": french_spaces(text["fr"]), "zh-hans": text["zh"]}
    languages = [language for language in context["languages"] if texts[language]]
    if not languages:
        return SafeString("")
    if len(context["languages"]) == 1 or len(set(texts.values())) == 1:
        return format_html("<{0}>{1}</{0}>", element, texts[languages[0]])
    return format_html_join(
        " ",
        '<{0} class="in" lang="{1}">{2}</{0}>',
        ((element, bcp47(language), texts[language]) for language in languages),
    )
