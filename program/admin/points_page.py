"""What the decision register says of a session; the register's own pages are where it is changed."""

from django.http import HttpRequest, HttpResponse

from assises import register
from assises.back_office import staff
from assises.enums import ItemKind
from program.admin.common import page_of_a_session, show_session
from program.models import Session


@page_of_a_session("points/", name="session_points")
def points(request: HttpRequest, session: Session) -> HttpResponse:
    """All items about a session: what is not settled as a table, what is settled with its outcome."""
    user = staff(request)
    may_open = user.has_perm("assises.view_registeritem")
    rows = [
        {"item": item, "url": register.item_url(item) if may_open else ""}
        for item in session.open_points.all()
    ]
    may_add = may_open and user.has_perm("assises.add_registeritem")
    context = {
        "open": [row for row in rows if not row["item"].is_settled],
        "settled": [row for row in rows if row["item"].is_settled],
        "add_url": register.add_url(ItemKind.OPEN_POINT, session) if may_add else "",
    }
    return show_session(request, session, "program/back_office/points.html", "session_points", context)
