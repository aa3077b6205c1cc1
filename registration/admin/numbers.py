"""Numbers and drawings: by state, category, region and day; each number leads to the people it counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock
from assises.back_office import Task, page, show, working_edition
from registration import statistics
from registration.statistics import Number
from registration.summary import count


@page(
    "chiffres/",
    name="numbers",
    title=gettext_lazy("Numbers"),
    permission="registration.view_place",
    task=Task.FOLLOWING,
    order=10,
)
def numbers(request: HttpRequest) -> HttpResponse:
    """Drawn by the server, each drawing with its table; no name, so the APCAE may look too."""
    edition = working_edition()
    title = _("Numbers")
    if edition is None:
        return show(request, "registration/back_office/no_edition.html", {"title": title})
    at = clock.now()
    leads = request.user.has_perm("registration.view_registration")
    people = reverse("admin:registration_registration_changelist")

    def to_people(query: str) -> str:
        return f"{people}?{query}" if leads and query else ""

    def parts(numbers: list[Number]) -> dict[str, Any]:
        drawn = statistics.bars(numbers, lambda n: to_people(n.query))
        return {"numbers": numbers, "bars": drawn, "height": 44 * len(drawn)}

    days = statistics.by_day(edition, at=at)
    return show(
        request,
        "registration/back_office/numbers.html",
        {
            "title": title,
            "working_edition": edition,
            "summary": count(edition, at=at),
            "leads": leads,
            "people": people,
            "states": [
                {"status": status, "count": n, "url": to_people(urlencode({"state": status.value}))}
                for status, n in statistics.by_state(edition)
            ],
            "categories": parts(statistics.by_category(edition)),
            "regions": parts(statistics.by_region(edition)),
            "days": [
                {"column": column, "url": to_people(urlencode({"day": column.day.isoformat()}))}
                for column in statistics.columns(days, language=get_language() or "fr")
            ],
            "letters": statistics.letter_requests(edition),
            "chinese": statistics.chinese_places(edition),
        },
    )
