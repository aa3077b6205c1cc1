"""How items of the register are shown."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.enums import AgreementStatus, ItemKind
from assises.models import RegisterItem
from assises.register import item_url
from assises.templatetags.components import icon, state
from assises.templatetags.typography import plain_date

register = template.Library()

_KIND_ICONS = {
    ItemKind.DECISION: "check",
    ItemKind.OPEN_POINT: "queue",
    ItemKind.WARNING: "warning",
    ItemKind.REQUEST: "hand",
}


register.simple_tag(item_url)


@register.simple_tag
def item_kind(item: RegisterItem) -> SafeString:
    """``{% item_kind item %}``: word and sign of what it is."""
    return format_html(
        '<span class="kind">{}{}</span>', icon(_KIND_ICONS[ItemKind(item.kind)]), item.get_kind_display()
    )


@register.simple_tag
def item_status(item: RegisterItem) -> SafeString:
    """``{% item_status item %}``: word, sign and colour of how far the sides are."""
    return state(item.status, AgreementStatus(item.status).label)


@register.simple_tag
def item_due(item: RegisterItem, today: dt.date) -> SafeString:
    """``{% item_due item today %}``: until when; in red words where it is late or nobody said (D-16)."""
    if item.is_settled or item.kind not in (ItemKind.OPEN_POINT, ItemKind.REQUEST):
        return format_html("{}", plain_date(item.due_on) or "–")
    if item.due_on is None:
        return format_html('<span class="late">{}{}</span>', icon("warning"), _("no date"))
    if item.due_on < today:
        days = (today - item.due_on).days
        late = ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
        return format_html(
            '{} <span class="late">{}{}</span>', plain_date(item.due_on), icon("warning"), late
        )
    return format_html("{}", plain_date(item.due_on))


@register.simple_tag
def item_owner(item: RegisterItem) -> SafeString:
    """``{% item_owner item %}``: the side that owes it, the organisation and the person; in red where nobody does."""
    if not item.owner_side:
        if item.is_settled or item.kind not in (ItemKind.OPEN_POINT, ItemKind.REQUEST):
            return SafeString("–")
        return format_html('<span class="late">{}{}</span>', icon("warning"), _("nobody yet"))
    who = [str(part) for part in (item.organisation, item.person) if part]
    side = item.get_owner_side_display()
    return (
        format_html('{}<br><span class="quiet">{}</span>', side, " – ".join(who)) if who else SafeString(side)
    )
