"""By authority: who of it has a place, who waits, who has gone."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import clock
from assises.back_office import Task, page, show, working_edition
from assises.text import fold
from registration.rules import rules_of
from registration.statistics import by_authority


@page(
    "collectivites/",
    name="authorities",
    title=gettext_lazy("By authority"),
    permission="registration.view_registration",
    task=Task.REGISTRATIONS,
    order=30,
)
def authorities(request: HttpRequest) -> HttpResponse:
    """Every authority that registered anybody; each number leads to the people it counts."""
    edition = working_edition()
    title = _("By authority")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    rules = rules_of(edition, clock.now())
    found = by_authority(edition)
    asked = request.GET.get("q", "").strip()
    sort = request.GET.get("tri", "")
    everybody = len(found)
    if asked:
        words = fold(asked).split()
        found = [a for a in found if all(w in fold(f"{a.name} {a.name_zh} {a.key} {a.kind}") for w in words)]
    if sort in ("seated", "waiting", "gone"):
        found.sort(key=lambda a: -getattr(a, sort))
    return show(
        request,
        "registration/back_office/authorities.html",
        {
            "title": title,
            "authorities": found,
            "everybody": everybody,
            "asked": asked,
            "sort": sort,
            "rules": rules,
            "totals": {name: sum(getattr(a, name) for a in found) for name in ("seated", "waiting", "gone")},
        },
    )
