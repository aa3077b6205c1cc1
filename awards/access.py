"""Who of the jury sees what: by a seat in the jury, never by a right. Superusers and organisers have no seat."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from assises import clock
from assises.accounts import led_elsewhere
from assises.back_office import Task, View, Words, link, page_of_edition, show, staff
from assises.models import Edition, User
from awards import services
from awards.enums import SIGNING, JuryRole, Look
from awards.models import Call, JuryMember
from awards.rights import role_now, seat_of, why_not_prepared


def jury_page(
    route: str,
    *,
    name: str,
    title: Words,
    roles: Collection[JuryRole] = tuple(JuryRole),
    pledged: bool = True,
    in_menu: bool = False,
) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Declare a page for members of the jury with one of these roles; its view is given the member.

    Nobody else has it, superusers neither. ``pledged``: whoever has not signed the pledge is led there first.
    ``in_menu``: it stands in the menu of those who have a seat.
    """

    def declare(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        def for_member(request: HttpRequest, edition: Edition, **kwargs: Any) -> HttpResponseBase:
            call = Call.objects.filter(edition=edition).first()
            if call is None:
                raise PermissionDenied
            call.edition = edition
            member = seat_of(call, staff(request))
            if member is None or member.role not in roles:
                raise PermissionDenied
            if elsewhere := led_elsewhere(request, factor=True, otherwise=reverse("admin:jury")):
                return elsewhere
            if pledged and not member.has_pledged:
                return redirect("admin:jury_pledge")
            return view(request, member, **kwargs)

        if in_menu:
            link(f"admin:{name}", title=title, permission=has_a_seat, task=Task.AWARD, order=5)
        return page_of_edition(route, name=name, title=title, permission=_anybody)(for_member)

    return declare


def ceremony_page(
    route: str, *, name: str, title: Words, look: Look
) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Declare a page that shows results before their release: to those who prepare the ceremony, each look noted.

    Others of the four are told why they do not have it.
    """

    def declare(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        def for_whoever_prepares(request: HttpRequest, member: JuryMember) -> HttpResponseBase:
            if why := why_not_prepared(member):
                context = {"title": title, "why": why}
                return show(request, "awards/back_office/jury_closed.html", context, status=403)
            services.note_look(member, look, at=clock.now())
            return view(request, member)

        return jury_page(route, name=name, title=title, roles=SIGNING)(for_whoever_prepares)

    return declare


def has_a_seat(user: User) -> bool:
    """Whether the menu shows an account the pages of the jury: it sits in that of the edition that is worked on."""
    return bool(role_now(user))


def _anybody(user: User) -> bool:
    """The seat is asked for with the award, in ``jury_page``."""
    return True
