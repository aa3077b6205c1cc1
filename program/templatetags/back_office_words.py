"""Words of the back office for our own pages of it."""

from django import template

from assises.back_office import action_name

register = template.Library()


@register.filter
def action_words(action: str) -> str:
    """``{{ entry.action|action_words }}``: what the journal notes, in words."""
    return action_name(action)
