"""The marks of the composing pages: how firm a session is, what the checks say of it, who leads it."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from assises.enums import AgreementStatus, Side
from assises.models import RegisterItem
from assises.templatetags.components import icon
from assises.templatetags.typography import plain_date, write_time
from program.enums import Severity, Verdict
from program.models import Session

register = template.Library()

STATUS_ICONS = {
    AgreementStatus.DECIDED: "check",
    AgreementStatus.PROPOSED: "hand",
    AgreementStatus.UNDER_STUDY: "search",
    AgreementStatus.TO_BE_DEFINED: "hourglass",
    AgreementStatus.REQUESTED: "mail",
    AgreementStatus.ABANDONED: "cross",
}
VERDICT_ICONS = {
    Verdict.NONE: "clock",
    Verdict.KEPT: "check",
    Verdict.NOT_KEPT: "cross",
    Verdict.TO_SPECIFY: "hourglass",
}
SEVERITY_ICONS = {Severity.BLOCKS: "stop", Severity.WARNING: "warning", Severity.INFORMATION: "info"}
SIDE_LETTERS = {Side.FRENCH: "FR", Side.CHINESE: "CN"}


@register.simple_tag
def session_status(session: Session) -> SafeString:
    """``{% session_status session %}``: how firm it is, in the words of the minutes."""
    return agreement(session.status)


@register.simple_tag
def agreement(code: str) -> SafeString:
    """``{% agreement item.status %}``: how far both sides are with something, in the words of the minutes."""
    status = AgreementStatus(code)
    return format_html(
        '<span class="firm firm-{}">{}{}</span>',
        status.value.replace("_", "-"),
        icon(STATUS_ICONS[status]),
        status.label,
    )


@register.simple_tag
def verdict_mark(code: str) -> SafeString:
    """``{% verdict_mark visit.verdict_french %}``: what a side says of a visit."""
    verdict = Verdict(code)
    return format_html(
        '<span class="firm verdict-{}">{}{}</span>',
        (verdict.value or "none").replace("_", "-"),
        icon(VERDICT_ICONS[verdict]),
        verdict.label,
    )


@register.simple_tag
def severity_mark(severity: str, count: int | None = None) -> SafeString:
    """``{% severity_mark "blocks" 2 %}``: sign, number, and in words for who does not see the sign."""
    kind = Severity(severity)
    if count is None:
        return format_html(
            '<span class="mark mark-{}">{}{}</span>', kind.value, icon(SEVERITY_ICONS[kind]), kind.label
        )
    return format_html(
        '<span class="mark mark-{}" title="{}">{}<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        kind.value,
        _points(kind, count),
        icon(SEVERITY_ICONS[kind]),
        count,
        _points(kind, count),
    )


def _points(kind: Severity, count: int) -> str:
    if kind == Severity.BLOCKS:
        return ngettext("%(count)d point blocks a release", "%(count)d points block a release", count) % {
            "count": count
        }
    if kind == Severity.WARNING:
        return ngettext("%(count)d warning", "%(count)d warnings", count) % {"count": count}
    return ngettext("%(count)d remark", "%(count)d remarks", count) % {"count": count}


@register.simple_tag
def pair_seal(session: Session) -> SafeString:
    """``{% pair_seal session %}``: the two halves that lead a workshop, hollow where one is missing; else nothing."""
    leads = {lead.side: lead for lead in session.leads.all()}
    if not leads and not session.is_workshop:
        return SafeString("")
    halves = []
    for side in Side:
        lead = leads.get(side)
        if lead is None:
            state, words = "missing", _("%(side)s: nobody yet") % {"side": side.label}
        elif lead.confirmed_on is None:
            state = "asked"
            words = _("%(side)s: %(who)s, not confirmed") % {"side": side.label, "who": lead.organisation}
        else:
            state = "confirmed"
            words = _("%(side)s: %(who)s, confirmed") % {"side": side.label, "who": lead.organisation}
        halves.append((state, words, SIDE_LETTERS[side], words))
    return format_html(
        '<span class="pair">{}</span>',
        format_html_join(
            "",
            '<span class="half half-{}" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{} </span></span>',
            halves,
        ),
    )


@register.filter
def hours_of(session: Session) -> str:
    """``{{ session|hours_of }}``: 10 h 30 – 12 h 30; an open end is said."""
    return hours_in_words(session)


@register.simple_tag(takes_context=True)
def due_mark(context: template.Context, item: RegisterItem) -> SafeString:
    """``{% due_mark item %}``: until when, red where it is late or nobody said (D-16). The page gives ``today``."""
    today: dt.date = context["today"]
    if item.due_on is None:
        return _red(_("no date")) if item.is_owed else SafeString("–")
    day = plain_date(item.due_on)
    if item.is_owed and item.due_on < today:
        return _red(_("overdue since %(date)s") % {"date": day})
    return format_html("{}", day)


@register.simple_tag
def owner_mark(item: RegisterItem) -> SafeString:
    """``{% owner_mark item %}``: who owes the answer, red where nobody does (D-16)."""
    if not item.owner_side:
        return _red(pgettext("who owes the answer", "nobody")) if item.is_owed else SafeString("–")
    return format_html("{}", item.get_owner_side_display())


def _red(words: str) -> SafeString:
    return format_html('<span class="late">{}{}</span>', icon("warning"), words)


def hours_in_words(session: Session) -> str:
    language = get_language()
    if session.starts_at is None:
        return _("hour open")
    if session.ends_at is None:
        return _("from %(hour)s") % {"hour": write_time(session.starts_at, language)}
    return _("%(from)s – %(to)s") % {
        "from": write_time(session.starts_at, language),
        "to": write_time(session.ends_at, language),
    }
