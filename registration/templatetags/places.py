"""What pages of the core show of the registration."""

from django import template

from assises import clock
from assises.current import current_edition
from assises.models import Edition
from assises.templatetags.typography import write_date_range
from registration import links
from registration.models import Registration
from registration.rules import Rules, rules_of
from registration.summary import Summary, summary

register = template.Library()


@register.simple_tag
def places_left() -> Summary | None:
    """The public counter of the current edition: ``{% places_left as summary %}``."""
    edition = current_edition()
    return summary(edition, at=clock.now()) if edition else None


@register.simple_tag
def registration_rules() -> Rules | None:
    """The rules that hold now: ``{% registration_rules as rules %}``."""
    edition = current_edition()
    return rules_of(edition, clock.now()) if edition else None


@register.filter
def rank_of(registration: Registration, ranks: dict[int, int]) -> int | None:
    """The rank of a registration among ``ranks``, as the view counted them."""
    return ranks.get(registration.pk)


@register.filter
def moved_up(registration: Registration, ranks: dict[int, int]) -> int:
    """By how many ranks the person came nearer since joining the waiting list."""
    return max((registration.rank_at_entry or 0) - (ranks.get(registration.pk) or 0), 0)


@register.filter
def french_dates(edition: Edition) -> str:
    """The days of the edition in French, for a letter in French on a page of any language."""
    return write_date_range(edition.starts_on, edition.ends_on, "fr")


@register.filter
def chinese_dates(edition: Edition) -> str:
    """The days of the edition in Chinese, for a letter in Chinese on a page of any language."""
    return write_date_range(edition.starts_on, edition.ends_on, "zh-hans")


@register.filter
def reason_of(registration: Registration, reasons: dict[int, str]) -> str:
    """Why somebody waits, among the ``reasons`` that the view found; empty on a page that does not tell."""
    return reasons.get(registration.pk, "")


@register.filter
def person_token(registration: Registration) -> str:
    """The token of a colleague's own page, for the contact person who registered the colleague."""
    return links.person_token(registration)
