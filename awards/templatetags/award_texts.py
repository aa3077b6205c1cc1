"""Texts of applications in one language, and of the award in the language of the page."""

from django import template
from django.utils.translation import get_language

from assises.templatetags.typography import write_number
from awards.models import Application
from awards.models.application import TEXTS

register = template.Library()


@register.filter
def in_language(application: Application, language: str) -> list[tuple[str, str]]:
    """Label and text of each answer in ``language``, after the title; what is not translated is empty."""
    return [
        (str(label), application.in_language(field, language))
        for field, label in TEXTS.items()
        if field != "title"
    ]


@register.filter
def figure(value: str) -> str:
    """A figure of the agenda, kept as ``0.396``, in the language of the page; whole ones without decimals."""
    return (
        write_number(int(float(value)) if float(value).is_integer() else float(value), get_language())
        if value
        else "–"
    )


@register.filter
def title_in(application: Application, language: str) -> str:
    return application.in_language("title", language) or str(application)
