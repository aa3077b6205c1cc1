"""The parts that pages are made of. Their markup is in ``templates/components/``, their look in ``site.css``."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from assises.enums import LetterState, Side
from assises.models import Edition, Organisation, OutgoingEmail
from assises.templatetags.typography import bcp47

register = template.Library()

# The sign of each state of a registration, a contribution, a speaker: a state is always a word, a sign and a colour together.
STATE_ICONS = {
    "held": "clock",
    "confirmed": "check",
    "waiting": "queue",
    "offered": "hand",
    "lapsed": "hourglass",
    "cancelled": "cross",
    "refused": "stop",
    "checked_in": "seal",
    "duplicate": "copies",
    "proposed": "clock",
    "changes_asked": "pencil",
    "accepted": "hourglass",
    "declined": "stop",
    "withdrawn": "cross",
    "asked": "mail",
    # How far an application for the award is.
    "draft": "pencil",
    "submitted": "seal",
    "to_complete": "pencil",
    "admissible": "check",
    "inadmissible": "stop",
    # How far the two sides are with something.
    "decided": "check",
    "under_study": "search",
    "to_be_defined": "hourglass",
    "requested": "mail",
    "abandoned": "cross",
    # A letter that did not leave yet.
    "failed": "warning",
    # The states of a translated text.
    "text_missing": "cross",
    "text_stale": "hourglass",
    "text_draft": "pencil",
    "text_reviewed": "check",
}
MESSAGE_ICONS = {"success": "check", "warning": "warning", "error": "warning", "danger": "warning"}


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """``{% icon "check" %}``: a sign from ``icons.svg``, in the colour of the text, silent for screen readers."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static("assises/img/icons.svg"),
        name,
    )


@register.simple_tag
def state(code: str, label: str | Promise) -> SafeString:
    """``{% state registration.status registration.get_status_display %}``: word, sign and colour of a state."""
    sign = icon(STATE_ICONS.get(str(code), "info"))
    return format_html('<span class="state state-{}">{}{}</span>', str(code).replace("_", "-"), sign, label)


# The badge of a registration in the same standing gives sign and colour.
LETTER_BADGES = {
    LetterState.HELD: "offered",
    LetterState.WAITING: "held",
    LetterState.FAILED: "failed",
    LetterState.BOUNCED: "refused",
    LetterState.SENT: "confirmed",
    LetterState.CANCELLED: "cancelled",
}


@register.simple_tag
def letter_state(letter: OutgoingEmail, is_being_sent: bool = False) -> SafeString:
    """``{% letter_state letter %}``: what has become of a letter; its ``mailing`` was fetched with it."""
    if is_being_sent:
        return state("asked", pgettext("a letter", "being sent"))
    return state(LETTER_BADGES[letter.state], letter.state.label)


@register.simple_tag
def theme_mark(theme: Any) -> SafeString:
    """``{% theme_mark theme %}``: the shape of a theme in its colour; the name must stand beside it."""
    return format_html(
        '<svg class="theme-mark" aria-hidden="true" focusable="false" color="{}"><use href="{}#shape-{}"></use></svg>',
        theme.colour,
        static("assises/img/icons.svg"),
        theme.shape,
    )


@register.filter
def message_icon(tags: str) -> str:
    """The sign of a message of this level."""
    return next((MESSAGE_ICONS[tag] for tag in tags.split() if tag in MESSAGE_ICONS), "info")


@register.simple_tag(takes_context=True)
def switch_language_url(context: Context, language: str) -> str:
    """The address of the same page in ``language``, with the same query; of its home page if there is none.

    A page that does not exist (404) still has its twin: the language is the first part of each path.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"/{language}/"
    # A path that begins with two slashes would be read as the name of another host.
    here = escape_leading_slashes(request.get_full_path())
    there = str(translate_url(here, language))
    if there == here and language != get_language():
        prefix = f"/{get_language()}/"
        path = urlsplit(here).path
        return f"/{language}/" + (path.removeprefix(prefix) if path.startswith(prefix) else "")
    return there


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """Links to this page in each language, by the language's own name; the present one is not a link."""
    return {
        "languages": [
            {
                "name": name,
                "lang": bcp47(code),
                "url": switch_language_url(context, code),
                "current": code == get_language(),
            }
            for code, name in settings.LANGUAGES
        ]
    }


@register.simple_tag(takes_context=True)
def current_page(context: Context, *view_names: str) -> SafeString:
    """``<a href="…"{% current_page "registration:register" %}>``: says that the link leads to this very page."""
    match = getattr(context.get("request"), "resolver_match", None)
    return SafeString(' aria-current="page"' if match is not None and match.view_name in view_names else "")


@register.filter
def publisher(edition: Edition) -> Organisation:
    """Who publishes the site: the host when it is French, else the first French co-organiser."""
    french = [
        credit.organisation for credit in edition.co_organisers if credit.organisation.side == Side.FRENCH
    ]
    return edition.host if edition.host.side == Side.FRENCH or not french else french[0]


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | list[BaseForm]) -> dict[str, Any]:
    """``{% error_summary form people %}``: all errors of forms, formsets and lists of forms, each a link to its field.

    Place it before the form. It takes the focus when the page opens, so that it is heard first.
    """
    return {"errors": [error for form in forms if form is not None for error in _errors(form)]}


def _errors(form: BaseForm | BaseFormSet | list[BaseForm]) -> Iterable[dict[str, Any]]:
    if isinstance(form, list):
        for part in form:
            yield from _errors(part)
        return
    if isinstance(form, BaseFormSet):
        yield from ({"text": text, "target": "", "label": ""} for text in form.non_form_errors())
        for part in form.forms:
            yield from _errors(part)
        return
    yield from ({"text": text, "target": "", "label": ""} for text in form.non_field_errors())
    for bound in form:
        # A group of radio buttons has no field of its own: its first button is where one mends it.
        target = bound.id_for_label or f"{bound.auto_id}_0"
        # Where one page asks several people the same, the form says of whom it speaks.
        label = f"{title} – {bound.label}" if (title := getattr(form, "title", "")) else bound.label
        yield from ({"text": text, "target": target, "label": label} for text in bound.errors)


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """``{% pager page_obj %}``: previous, next and the numbers around; keeps the other parameters of the query."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
        "query": query.urlencode(),
    }


@register.inclusion_tag("components/gauge.html")
def gauge(total: int, label: str | Promise, **parts: int) -> dict[str, Any]:
    """``{% gauge 200 _("Places") confirmed=182 held=11 %}``: a bar; its words must stand beside it.

    The names of the parts are states and give their colours; what is left of the total stays empty.
    """
    return {"label": label, "bars": list(_bars(total, parts))}


def _bars(total: int, parts: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    start = 0.0
    for code, count in parts.items():
        width = min(100 * count / total, 100 - start) if total else 0.0
        # A single person among thousands still shows.
        if count and width:
            width = min(max(width, 0.5), 100 - start)
            yield {"code": code.replace("_", "-"), "x": f"{start:.2f}", "width": f"{width:.2f}"}
            start += width
