"""What the pages of minutes need."""

from django import template

from assises.enums import Side

register = template.Library()


@register.filter
def side_name(code: str) -> str:
    """``{{ entry.details.side|side_name }}``: a side as the journal keeps it, in words."""
    return str(Side(code).label) if code in Side.values else code
