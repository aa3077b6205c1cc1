"""The live page of the deliberation: forms and a plain refresh do everything; a small script looks for what is new."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assises import clock, constraints, memory
from assises.back_office import show, staff
from assises.exceptions import Refusal
from assises.text import whole_number
from awards import services
from awards.access import jury_page
from awards.enums import Choice, Effect, Look, Phase
from awards.live import CHOICES, deliberation_for, sitting_of
from awards.models import AgendaItem, Application, Category, JuryMember, Motion, Sitting
from awards.models.sitting import AWAY_AFTER
from awards.wording import Wording

#: Stands in what is drawn for the token of each answer, so that what is the same has the same hash.
TOKEN = "token-of-the-answer"
#: Seconds for which a process remembers what it has drawn for a member.
KEPT = 30


@dataclass(frozen=True)
class Part:
    """What changes on the page, as it is drawn for a member, and the tag by which a browser asks for it again."""

    html: str
    tag: str
    shows_results: bool


@jury_page("jury/deliberation/", name="jury_deliberation", title=gettext_lazy("Deliberation"))
def deliberation(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """Who is here, the quorum, the agenda, motions and votes, results; its forms act."""
    if request.method == "POST":
        try:
            if said := _act(request, member):
                messages.success(request, said)
        except Refusal as refused:
            messages.error(request, str(refused))
        except IntegrityError as refused:
            messages.error(request, constraints.sentence_of(refused))
        return redirect("admin:jury_deliberation")
    if not member.call.has_reached(Phase.DELIBERATION):
        return show(request, "awards/back_office/jury_deliberation.html", {"title": _("Deliberation")})
    part = _part(member, _seen(member))
    if part.shows_results:
        services.note_look(member, Look.DELIBERATION, at=clock.now())
    context = {
        "title": _("Deliberation"),
        "member": member,
        "part": part.html.replace(TOKEN, get_token(request)),
        "tag": part.tag,
    }
    return show(request, "awards/back_office/jury_deliberation.html", context)


@jury_page("jury/deliberation/suite/", name="jury_deliberation_part", title=gettext_lazy("Deliberation"))
def part(request: HttpRequest, member: JuryMember) -> HttpResponse:
    """What changes on the page, for its script; 304 where that is as the browser has it.

    The tag is a hash of what this member sees: whoever is recused from what is discussed learns nothing, not even
    that something has happened.
    """
    if not member.call.has_reached(Phase.DELIBERATION):
        return HttpResponse(status=404)
    drawn = _part(member, _seen(member))
    if request.headers.get("If-None-Match") == drawn.tag:
        response = HttpResponse(status=304)
    else:
        if drawn.shows_results:
            services.note_look(member, Look.DELIBERATION, at=clock.now())
        response = HttpResponse(drawn.html.replace(TOKEN, get_token(request)))
    response["ETag"] = drawn.tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _seen(member: JuryMember) -> Sitting | None:
    sitting = sitting_of(member.call)
    if sitting is not None:
        services.see(member, sitting, at=clock.now())
    return sitting


def _part(member: JuryMember, sitting: Sitting | None) -> Part:
    """Drawn once for each member, language, version of the sitting and room; nothing else changes what they see."""
    at, language = clock.now(), get_language() or "fr"
    room: tuple[tuple[int, bool], ...] = ()
    if sitting is not None and sitting.is_open:
        seen = sitting.presences.filter(left_at=None).order_by("member").values_list("member", "seen_at")
        room = tuple((pk, when > at - AWAY_AFTER) for pk, when in seen)
    version = (sitting.pk, sitting.version, sitting.is_open) if sitting else ()
    key = f"deliberation {member.pk} {member.role} {language} {member.call.phase} {version} {room}"

    def draw() -> Part:
        seen = deliberation_for(member, sitting, language, at=at)
        html = render_to_string(
            "awards/back_office/_deliberation.html",
            {
                "seen": seen,
                "member": member,
                "token": TOKEN,
                "choices": CHOICES,
                "effects": Effect.choices,
                "categories": list(member.call.categories.all()),
                "LANGUAGE_CODE": language,
            },
        )
        tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
        return Part(html, tag, shows_results=bool(seen.results))

    return memory.remember(key, KEPT, draw)


# --- What the buttons do ---------------------------------------------------------------------------------


def _act(request: HttpRequest, member: JuryMember) -> str:
    """Do what was asked, and say it. Raises ``Refusal``."""
    for name, do in _ACTS.items():
        if name in request.POST:
            return do(request, member)
    raise Refusal(_("Nothing was asked for. Press one of the buttons."))


def _open(request: HttpRequest, member: JuryMember) -> str:
    services.open_sitting(member.call, at=clock.now(), by=staff(request))
    return _("The sitting is open.")


def _close(request: HttpRequest, member: JuryMember) -> str:
    services.close_sitting(member.call, at=clock.now(), by=staff(request))
    return _("The sitting is closed.")


def _enter(_request: HttpRequest, member: JuryMember) -> str:
    services.enter(member, at=clock.now())
    return _("You are in the room.")


def _leave(_request: HttpRequest, member: JuryMember) -> str:
    services.leave(member, at=clock.now())
    return _("You have left the room.")


def _take_up(request: HttpRequest, member: JuryMember) -> str:
    item = services.take_up(_item(request, member, "take_up"), at=clock.now(), by=staff(request)).current
    return _("Item %(number)d is discussed now.") % {"number": item.number if item else 0}


def _add(request: HttpRequest, member: JuryMember) -> str:
    added = services.add_item(
        member.call,
        _text(request),
        _rows(request, member),
        category=_category(request, member),
        at=clock.now(),
        by=staff(request),
    )
    return _("Item %(number)d is on the agenda.") % {"number": added.number}


def _move(request: HttpRequest, member: JuryMember) -> str:
    effect = request.POST.get("effect", "")
    if effect not in Effect.values:
        raise Refusal(_("Choose what the motion does."))
    moved = services.move(
        _item(request, member, "move"), Effect(effect), _rows(request, member), category=_category(request, member),
        text=_text(request), at=clock.now(), by=staff(request),
    )  # fmt: skip
    return _("Motion %(number)d is moved. A co-president opens the vote.") % {"number": moved.number}


def _word(request: HttpRequest, member: JuryMember) -> str:
    worded = services.word_motion(
        _motion(request, member, "word"), _text(request), at=clock.now(), by=staff(request)
    )
    return _("Motion %(number)d has its new text.") % {"number": worded.number}


def _open_vote(request: HttpRequest, member: JuryMember) -> str:
    motion = services.open_vote(_motion(request, member, "open_vote"), at=clock.now(), by=staff(request))
    return _("Motion %(number)d is open to vote.") % {"number": motion.number}


def _close_vote(request: HttpRequest, member: JuryMember) -> str:
    motion = services.close_vote(_motion(request, member, "close_vote"), at=clock.now(), by=staff(request))
    return _("The vote on motion %(number)d is closed.") % {"number": motion.number}


def _vote(request: HttpRequest, member: JuryMember) -> str:
    choice = request.POST.get("choice", "")
    if choice not in Choice.values:
        raise Refusal(_("Say yes, no, or that you abstain."))
    motion = _motion(request, member, "vote")
    services.vote(motion, Choice(choice), at=clock.now(), by=staff(request))
    return _("Your vote on motion %(number)d is kept.") % {"number": motion.number}


_ACTS: dict[str, Callable[[HttpRequest, JuryMember], str]] = {
    "open": _open,
    "close": _close,
    "enter": _enter,
    "leave": _leave,
    "take_up": _take_up,
    "add": _add,
    "move": _move,
    "word": _word,
    "open_vote": _open_vote,
    "close_vote": _close_vote,
    "vote": _vote,
}


def _item(request: HttpRequest, member: JuryMember, name: str) -> AgendaItem:
    found = (
        member.call.agenda.select_related("call").filter(pk=whole_number(request.POST.get(name, ""))).first()
    )
    if found is None:
        raise Refusal(_("This item is not on the agenda."))
    return found


def _motion(request: HttpRequest, member: JuryMember, name: str) -> Motion:
    pk = whole_number(request.POST.get(name, ""))
    found = Motion.objects.select_related("item__call").filter(item__call=member.call, pk=pk).first()
    if found is None:
        raise Refusal(_("There is no such motion."))
    return found


def _rows(request: HttpRequest, member: JuryMember) -> list[Application]:
    """The applications by the numbers that were typed, in their order; only those that this member judges."""
    typed = [int(number) for number in re.findall(r"\d{1,6}", request.POST.get("numbers", "")[:500])]
    numbers = list(dict.fromkeys(typed))
    judged = (
        Application.objects.visible_to_juror(member).filter(number__in=numbers).select_related("category")
    )
    found = {row.number: row for row in judged}
    if len(found) < len(numbers):
        unknown = next(number for number in numbers if number not in found)
        raise Refusal(_("You do not judge an application with the number %(number)d.") % {"number": unknown})
    return [found[number] for number in numbers]


def _category(request: HttpRequest, member: JuryMember) -> Category | None:
    return member.call.categories.filter(pk=whole_number(request.POST.get("category", ""))).first()


def _text(request: HttpRequest) -> Wording:
    return Wording(request.POST.get("text_fr", ""), request.POST.get("text_zh_hans", ""))
