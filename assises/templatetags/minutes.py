"""What the pages of minutes need."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assises.enums import Side
from assises.templatetags.typography import french_spaces

register = template.Library()
HANZI = re.compile(r"[\u3400-\u9fff]")


@register.filter
def side_name(code: str) -> str:
    """``{{ entry.details.side|side_name }}``: a side as the journal keeps it, in words."""
    return str(Side(code).label) if code in Side.values else code


@register.simple_tag
def in_its_script(text: str) -> SafeString:
    """``{% in_its_script verdict.comment %}``: what somebody wrote in one language, tagged as what it looks like."""
    if HANZI.search(text):
        return format_html('<span lang="zh-Hans">{}</span>', text)
    return format_html('<span lang="fr">{}</span>', french_spaces(text))
