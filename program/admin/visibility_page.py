"""How much of the programme each territory gets (S-059): a drawing, and the table that says the same."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.back_office import Task, page, show, working_edition
from program import drafting
from program.admin.common import READ, no_edition
from program.visibility import balance, bars, by_side


@page(
    "visibilite/",
    name="visibility",
    title=gettext_lazy("Visibility of territories"),
    permission=READ,
    task=Task.PROGRAMME,
    order=40,
)
def visibility(request: HttpRequest) -> HttpResponse:
    """Minutes of speech and of leading for each territory, who has most first."""
    edition = working_edition()
    title = _("Visibility of territories")
    if edition is None:
        return no_edition(request, title)
    draft = drafting.load(edition)
    whole = balance(draft.sessions, draft.guest_of_honour)
    drawn = bars(whole)
    return show(
        request,
        "program/back_office/visibility.html",
        {
            "title": title,
            "working_edition": edition,
            "bars": drawn,
            "height": 46 * len(drawn),
            "sides": by_side(whole),
            "minutes": whole.minutes,
            "guest": draft.guest_of_honour,
        },
    )
