"""Texts of applications in one language, and of the award in the language of the page."""

from django import template

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
def title_in(application: Application, language: str) -> str:
    return application.in_language("title", language) or str(application)
