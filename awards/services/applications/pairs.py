"""Who applies: two authorities that lead, those that join them, and the people who write."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import Organisation
from assises.text import fold
from awards.models import Application, Call, Category, Partner


@dataclass(frozen=True)
class Authority:
    """An authority as it was given: one of our list, or by its name."""

    organisation: Organisation | None
    name: str
    side: str

    @property
    def said(self) -> tuple[int | None, str]:
        return (self.organisation.pk, "") if self.organisation else (None, self.name)


@dataclass(frozen=True)
class Person:
    """Somebody of the pair, who receives our letters."""

    given_name: str
    family_name: str
    email: str
    language: str
    side: str


@dataclass(frozen=True)
class Pair:
    """Who applies, and in which category. Others may join the two that lead."""

    category: Category
    french: Authority
    chinese: Authority
    others: Sequence[Authority] = ()

    def partners(self) -> list[tuple[Authority, bool]]:
        return [(self.french, True), (self.chinese, True), *((other, False) for other in self.others)]


def check_category(call: Call, category: Category) -> None:
    if category.call_id != call.pk or category.theme_id is None:
        raise Refusal(_("Nobody applies for a mention: choose the category of a theme."))


def given(pair: Pair) -> tuple[int, set[object]]:
    return pair.category.pk, {(a.side, leads, *a.said) for a, leads in pair.partners()}


def said(row: Application) -> tuple[int, set[object]]:
    partners = row.partners.all()
    return row.category_id, {
        (p.side, p.leads, p.organisation_id, "" if p.organisation_id else p.name) for p in partners
    }


def write_partners(row: Application, pair: Pair) -> None:
    for authority, side in ((pair.french, Side.FRENCH), (pair.chinese, Side.CHINESE)):
        if authority.side != side:
            raise Refusal(_("%(authority)s is of the other side.") % {"authority": authority.name})
    known: set[object] = set()
    for authority, leads in pair.partners():
        said = (authority.said[0], fold(authority.said[1]))
        if said in known:
            raise Refusal(_("%(authority)s is named twice.") % {"authority": authority.name})
        known.add(said)
        Partner.objects.create(
            application=row,
            organisation=authority.organisation,
            name=authority.name,
            side=authority.side,
            leads=leads,
        )


def find_in_our_list(row: Application) -> None:
    """An authority that was written by its name is the one of our list that is called so: ties and partnerships know it."""
    partners = list(row.partners.all())
    known = {partner.organisation_id for partner in partners}
    for partner in partners:
        if partner.organisation_id is None:
            found = Organisation.objects.called(partner.name, partner.side)
            if found is not None and found.pk not in known:
                partner.organisation = found
                partner.save(update_fields=["organisation"])
                known.add(found.pk)


def pair_key(row: Application) -> str:
    """The same for the same two leading authorities, whoever begins the application."""
    leading = {partner.side: partner.identity for partner in row.partners.all() if partner.leads}
    return hash_of([leading[side] for side in Side])
