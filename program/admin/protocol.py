"""The sheet of protocol of a ceremony: who comes first, who speaks when, who sits where."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises.back_office import Task, page, show, working_edition
from program.enums import SessionKind, SpeakerState
from program.models import Session, Speaker
from program.protocol import precedence, row, seating, speaking_order

CEREMONIES = [SessionKind.CEREMONY, SessionKind.AWARD, SessionKind.CLOSING]


@page(
    "protocole/",
    name="protocol",
    title=gettext_lazy("Protocol of the ceremonies"),
    permission="program.view_speaker",
    task=Task.PROGRAMME,
    order=60,
)
def ceremonies(request: HttpRequest) -> HttpResponse:
    """The ceremonies of the edition; each leads to its sheet."""
    edition = working_edition()
    sessions = (
        Session.objects.filter(edition=edition, kind__in=CEREMONIES).kept().order_by("day", "starts_at")
    )
    context = {"title": _("Protocol of the ceremonies"), "sessions": sessions}
    return show(request, "program/back_office/protocol.html", context)


@page(
    "protocole/<slug:code>/",
    name="protocol_sheet",
    title=gettext_lazy("Sheet of protocol"),
    permission="program.view_speaker",
)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A proposal by the decree, in both languages; the service of protocol confirms it."""
    edition = working_edition()
    session = Session.objects.filter(edition=edition, code=code, kind__in=CEREMONIES).first()
    if edition is None or session is None:
        raise Http404
    parts = session.parts.select_related("speaker__rank", "speaker__organisation", "speaker__counterpart")
    speakers: dict[int, Speaker] = {}
    gone = []
    for part in parts:
        speaker = part.speaker
        if speaker is not None and speaker.state == SpeakerState.DECLINED:
            gone.append(speaker)
        elif speaker is not None:
            speakers.setdefault(speaker.pk, speaker)
    order = precedence(list(speakers.values()), inviting=edition.host)
    minutes = {p.speaker_id: p.minutes for p in parts}
    seats, speeches = seating(order), speaking_order(order)
    return show(
        request,
        "program/back_office/protocol_sheet.html",
        {
            "title": _("Sheet of protocol: %(session)s") % {"session": session},
            "session": session,
            "order": order,
            "speeches": [(s, minutes.get(s.speaker.pk)) for s in speeches],
            # The running order of the programme is the organisers' own; the page says where it differs.
            "programme_differs": list(speakers) != [s.speaker.pk for s in speeches],
            "seats": seats,
            "row": row(seats),
            "declined": gone,
            "host": edition.host,
        },
    )
