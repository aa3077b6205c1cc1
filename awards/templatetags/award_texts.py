"""Texts of applications in one language, and of the award in the language of the page."""

from django import template
from django.utils.translation import get_language

from assises.templatetags.typography import write_number
from awards.models import Application

register = template.Library()


@register.filter
def figure(value: str) -> str:
    """A figure of the agenda, kept as ``0.396``, in the language of the page."""
    return write_number(float(value), get_language()) if value else "–"


@register.filter
def title_in(application: Application, language: str) -> str:
    return application.in_language("title", language) or str(application)
