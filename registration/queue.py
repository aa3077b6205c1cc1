"""Where somebody stands on the waiting list, and why: the same sentence for the organisers and for the person."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, prefetch_related_objects
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assises.models import Edition
from assises.templatetags.typography import write_moment
from registration.enums import SEATED
from registration.models import Category, Place, Registration
from registration.rules import Rules, rules_of


@dataclass(frozen=True)
class Waiting:
    """One person of the queue."""

    id: int
    booking: int
    category: int
    authority: str
    together: bool
    in_reserve: bool
    #: How many stand in the same queue up to this person; 1 is the next.
    rank: int
    #: How many of the same request wait.
    party: int


@dataclass(frozen=True)
class Supply:
    """What there is to give: places, and who holds them."""

    places: Mapping[int, int]
    free: Mapping[int, int]
    reserve: frozenset[int]
    names: Mapping[int, str]
    seated_by_authority: Mapping[str, int]

    def within_reach(self, person: Waiting, rules: Rules) -> frozenset[int]:
        """The categories whose places this person may have now."""
        if rules.released and not person.in_reserve:
            return frozenset(self.places) - self.reserve
        return frozenset({person.category})


def queue(edition: Edition, *, at: dt.datetime) -> list[Waiting]:
    """The waiting list in its order, with ranks; in one query beside the dates of the edition."""
    # Read once, and kept with the edition for whoever asks next.
    prefetch_related_objects([edition], "milestones")
    released = rules_of(edition, at).released
    rows = list(
        Registration.objects.filter(edition=edition)
        .waiting()
        .values_list(
            "pk", "booking", "category", "booking__authority_key", "booking__together", "category__is_reserve"
        )
    )
    parties = Counter(row[1] for row in rows)
    seen: Counter[int | None] = Counter()
    people = []
    for pk, booking, category, authority, together, in_reserve in rows:
        # Once the quotas are released all categories wait for the same places; the reserve for its own.
        line = None if released and not in_reserve else category
        seen[line] += 1
        people.append(
            Waiting(pk, booking, category, authority, together, in_reserve, seen[line], parties[booking])
        )
    return people


def rank_of(edition: Edition, *, at: dt.datetime) -> dict[int, int]:
    """The rank of everybody who waits, by the id of the registration."""
    return {person.id: person.rank for person in queue(edition, at=at)}


def explain(edition: Edition, registrations: Iterable[Registration], *, at: dt.datetime) -> dict[int, str]:
    """Why each of these people waits, in a sentence of the active language; who does not wait is left out.

    In five queries at most, however many people.
    """
    wanted = {registration.pk for registration in registrations}
    people = [person for person in queue(edition, at=at) if person.id in wanted]
    if not people:
        return {}
    rules = rules_of(edition, at)
    supply = supply_of(edition, with_authorities=rules.ceiling is not None)
    return {person.id: why_waiting(person, rules, supply) for person in people}


def supply_of(edition: Edition, *, with_authorities: bool = True) -> Supply:
    """The places of an edition as they stand, in two or three queries."""
    categories = list(Category.objects.filter(edition=edition).annotate(quota=Count("places")))
    free = Counter(Place.objects.filter(edition=edition).free().values_list("category", flat=True))
    seated: Mapping[str, int] = {}
    if with_authorities:
        holders = Registration.objects.filter(edition=edition, status__in=SEATED)
        seated = Counter(holders.values_list("booking__authority_key", flat=True))
    return Supply(
        places={c.pk: c.quota for c in categories},
        free=free,
        reserve=frozenset(c.pk for c in categories if c.is_reserve),
        names={c.pk: str(c) for c in categories},
        seated_by_authority=seated,
    )


def why_waiting(person: Waiting, rules: Rules, supply: Supply) -> str:
    """The first of the rules that keeps this person waiting, as one sentence."""
    at_once = person.party if person.together else 1
    if rules.closed:
        return _("Registration is closed: nothing is offered any more.")
    held = supply.seated_by_authority.get(person.authority, 0)
    if rules.ceiling is not None and held + at_once > rules.ceiling:
        return _at_the_ceiling(rules, rules.ceiling, held, at_once)
    reach = supply.within_reach(person, rules)
    free = sum(supply.free.get(category, 0) for category in reach)
    places = sum(supply.places.get(category, 0) for category in reach)
    if at_once > 1:
        return _(
            "%(count)d people go together: they wait until %(count)d places are free at once; %(free)d now."
        ) % {
            "count": at_once,
            "free": free,
        }
    if free >= person.rank:
        return _("A place is free for this person: it is offered within a minute.")
    if free:
        return ngettext(
            "%(free)d place is free, for those who wait before.",
            "%(free)d places are free, for those who wait before.",
            free,
        ) % {"free": free}
    if person.in_reserve or not rules.released:
        return _category_full(person, rules, supply)
    return _everything_taken(places, person.rank - 1)


def _at_the_ceiling(rules: Rules, ceiling: int, held: int, at_once: int) -> str:
    numbers = {"ceiling": ceiling, "held": held, "count": at_once, "until": _moment(rules.ceiling_ends_at)}
    if at_once > 1 and rules.ceiling_ends_at:
        return (
            _(
                "%(count)d people go together; until %(until)s an authority holds %(ceiling)d places at most,"
                " and this one holds %(held)d."
            )
            % numbers
        )
    if rules.ceiling_ends_at:
        return (
            ngettext(
                "This authority holds %(held)d place, the most until %(until)s.",
                "This authority holds %(held)d places, the most until %(until)s.",
                held,
            )
            % numbers
        )
    return (
        ngettext(
            "This authority holds %(held)d place; an authority holds %(ceiling)d at most.",
            "This authority holds %(held)d places; an authority holds %(ceiling)d at most.",
            held,
        )
        % numbers
    )


def _category_full(person: Waiting, rules: Rules, supply: Supply) -> str:
    places = supply.places.get(person.category, 0)
    numbers = {
        "category": supply.names.get(person.category, ""),
        "places": places,
        "ahead": person.rank - 1,
        "until": _moment(rules.released_at),
    }
    if rules.released_at and not rules.released and not person.in_reserve:
        return (
            ngettext(
                "The only place of “%(category)s” is taken, %(ahead)d before;"
                " places of other categories are open to all on %(until)s.",
                "All %(places)d places of “%(category)s” are taken, %(ahead)d before;"
                " places of other categories are open to all on %(until)s.",
                places,
            )
            % numbers
        )
    return (
        ngettext(
            "The only place of “%(category)s” is taken, %(ahead)d before.",
            "All %(places)d places of “%(category)s” are taken, %(ahead)d before.",
            places,
        )
        % numbers
    )


def _everything_taken(places: int, ahead: int) -> str:
    if ahead == 0:
        return _("All %(places)d places are taken; the next one that is free goes to this person.") % {
            "places": places
        }
    return ngettext(
        "All %(places)d places are taken, and %(ahead)d person waits before.",
        "All %(places)d places are taken, and %(ahead)d people wait before.",
        ahead,
    ) % {"places": places, "ahead": ahead}


def _moment(when: dt.datetime | None) -> str:
    return write_moment(localtime(when), get_language()) if when else ""
