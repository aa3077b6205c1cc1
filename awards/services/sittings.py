"""The jury meets: sittings are opened and closed, members come and go, the agenda is written."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.exceptions import Refusal
from assises.models import User
from awards import wording
from awards.agenda import agenda_of
from awards.enums import AgendaKind, Phase
from awards.models import AgendaItem, AgendaLine, Application, Call, Category, JuryMember, Presence, Sitting
from awards.rights import seat_of
from awards.services.phases import held
from awards.standings import facts_of, rankings_of
from awards.wording import Wording

#: How old a glimpse of somebody may be before it is written down anew: pages ask every few seconds.
SEEN_EVERY = dt.timedelta(seconds=20)

constraints.declare(
    {
        "awards_sitting_stays": gettext_lazy("A sitting that is closed stays as it is."),
        "awards_sitting_by_a_president": gettext_lazy(
            "A co-president of the jury opens and closes its sittings, while it deliberates."
        ),
        "awards_presence_of_the_jury": gettext_lazy(
            "Members of this jury come to its sittings while they are open."
        ),
        "awards_agenda_stays": gettext_lazy("What stands on the agenda stays as it is."),
    }
)


@transaction.atomic
def open_sitting(call: Call, *, at: dt.datetime, by: User) -> Sitting:
    """A co-president, either of them, opens a sitting. The agenda is written when the first one opens.

    Refuses anybody else, any phase but the deliberation, and a second sitting beside one that is open.
    """
    call = held(call)
    member = presiding(call, by)
    if call.phase != Phase.DELIBERATION:
        raise Refusal(
            _("The jury sits in the phase “%(phase)s”, and not before or after.")
            % {"phase": Phase.DELIBERATION.label}
        )
    if Sitting.objects.open().filter(call=call).exists():
        raise Refusal(_("A sitting of the jury is open already."))
    number = call.sittings.count() + 1
    if not call.agenda.exists():
        _write_agenda(call, at=at)
    first = call.agenda.first()
    sitting = Sitting.objects.create(
        call=call, number=number, opened_at=at, opened_by=member, current=first if number == 1 else None
    )
    journal.write([journal.entry(sitting, "sitting_opened", at=at, by=by, number=number, side=member.side)])
    _come(sitting, member, at=at)
    return sitting


@transaction.atomic
def close_sitting(call: Call, *, at: dt.datetime, by: User) -> Sitting:
    """A co-president closes the sitting that is open. Refuses anybody else, and while a motion is open to vote."""
    call = held(call)
    member = presiding(call, by)
    sitting = open_one(call)
    motion = sitting.motions.open().first()
    if motion is not None:
        raise Refusal(
            _("Motion %(number)d is open to vote: close the vote before the sitting.")
            % {"number": motion.number}
        )
    sitting.closed_at, sitting.closed_by, sitting.current = at, member, None
    sitting.version += 1
    sitting.save()
    journal.write(
        [journal.entry(sitting, "sitting_closed", at=at, by=by, number=sitting.number, side=member.side)]
    )
    return sitting


@transaction.atomic
def enter(member: JuryMember, *, at: dt.datetime) -> Presence:
    """“I am here.” Refuses without an open sitting, and without the pledge. Saying it twice changes nothing."""
    sitting = open_one(held(member.call))
    if not member.has_pledged:
        raise Refusal(_("Sign the pledge first."))
    return _come(sitting, member, at=at)


@transaction.atomic
def leave(member: JuryMember, *, at: dt.datetime) -> None:
    """The member goes; their page no longer keeps them in the room. Saying it twice changes nothing."""
    sitting = open_one(held(member.call))
    if sitting.presences.filter(member=member, left_at=None).update(left_at=at, seen_at=at):
        _count(sitting)
        journal.write([journal.entry(sitting, "jury_left", at=at, by=member.user, side=member.side)])


def see(member: JuryMember, sitting: Sitting, *, at: dt.datetime) -> None:
    """Note that the page of a member asks: it keeps them in the room. Of whoever has not come, or has left, nothing.

    One query, most of the time; no version is counted: who is here is looked at each time.
    """
    if sitting.is_open:
        sitting.presences.filter(member=member, left_at=None, seen_at__lte=at - SEEN_EVERY).update(seen_at=at)


@transaction.atomic
def add_item(
    call: Call,
    text: Wording,
    rows: Sequence[Application],
    *,
    category: Category | None = None,
    at: dt.datetime,
    by: User,
) -> AgendaItem:
    """A co-president puts something on the agenda, in both languages, about some applications or about none.

    Refuses anybody else, one language alone, without an open sitting, and a co-president recused from one of them.
    """
    call = held(call)
    member = presiding(call, by)
    sitting = open_one(call)
    text = in_two_languages(text)
    # The secretary's and the member's own way to an application: what they are recused from, they do not put on it.
    judged = set(Application.objects.visible_to_juror(member).values_list("pk", flat=True))
    if any(row.pk not in judged for row in rows):
        raise Refusal(_("You do not judge this application."))
    item = _write_item(call, AgendaKind.ADDED, category, text, [(row, {}) for row in rows], at=at, by=member)
    _count(sitting)
    journal.write([journal.entry(sitting, "agenda_added", at=at, by=by, number=item.number)])
    return item


@transaction.atomic
def take_up(item: AgendaItem, *, at: dt.datetime, by: User) -> Sitting:
    """A co-president calls an item: it is discussed now, and whoever is recused from it is out of the room.

    Refuses anybody else, and while a motion is open to vote.
    """
    call = held(item.call)
    presiding(call, by)
    sitting = open_one(call)
    if sitting.motions.open().exists():
        raise Refusal(_("A motion is open to vote: close the vote before you go on."))
    if sitting.current_id != item.pk:
        sitting.current = item
        sitting.save(update_fields=["current"])
        _count(sitting)
        journal.write([journal.entry(sitting, "agenda_taken_up", at=at, by=by, number=item.number)])
    return sitting


# --- What motions need too -------------------------------------------------------------------------------


def presiding(call: Call, user: User) -> JuryMember:
    """The co-president behind this account, with the pledge. Refuses everybody else."""
    member = seat_of(call, user)
    if member is None or not member.is_president or not member.has_pledged:
        raise Refusal(_("Only the two co-presidents of the jury do this."))
    return member


def open_one(call: Call) -> Sitting:
    """The sitting that is open. Refuses where none is. The caller holds the call."""
    sitting = Sitting.objects.open().filter(call=call).first()
    if sitting is None:
        raise Refusal(_("No sitting of the jury is open: a co-president opens one."))
    sitting.call = call
    return sitting


def in_two_languages(text: Wording, *, most: int = 1000) -> Wording:
    """The text without blanks around it. Refuses one language alone, and more than ``most`` characters in one."""
    # A byte of nought is no letter, and PostgreSQL keeps none.
    said = Wording(text.fr.replace("\x00", "").strip(), text.zh_hans.replace("\x00", "").strip())
    if not said.fr or not said.zh_hans:
        raise Refusal(_("Write it in both languages."))
    if max(len(said.fr), len(said.zh_hans)) > most:
        raise Refusal(_("Say it in %(most)d characters in each language, at most.") % {"most": most})
    return said


def _count(sitting: Sitting) -> None:
    Sitting.objects.filter(pk=sitting.pk).count_up()


def _come(sitting: Sitting, member: JuryMember, *, at: dt.datetime) -> Presence:
    presence = sitting.presences.filter(member=member).first()
    if presence is not None and presence.left_at is None:
        presence.seen_at = max(at, presence.seen_at)
        presence.save(update_fields=["seen_at"])
        return presence
    if presence is None:
        presence = Presence(sitting=sitting, member=member, entered_at=at)
    presence.seen_at, presence.left_at = at, None
    presence.save()
    _count(sitting)
    journal.write([journal.entry(sitting, "jury_entered", at=at, by=member.user, side=member.side)])
    return presence


def _write_agenda(call: Call, *, at: dt.datetime) -> None:
    mentions = list(call.categories.filter(theme=None))
    for point in agenda_of(rankings_of(call), mentions):
        text = wording.of_item(point.kind, point.category, [row for row, _standing in point.lines])
        lines = [(row, facts_of(standing)) for row, standing in point.lines]
        _write_item(call, point.kind, point.category, text, lines, at=at, by=None)


def _write_item(
    call: Call,
    kind: AgendaKind,
    category: Category | None,
    text: Wording,
    lines: Sequence[tuple[Application, dict[str, object]]],
    *,
    at: dt.datetime,
    by: JuryMember | None,
) -> AgendaItem:
    item = AgendaItem.objects.create(
        call=call, number=call.agenda.count() + 1, kind=kind, category=category, text_fr=text.fr, text_zh_hans=text.zh_hans,
        added_by=by, at=at,
    )  # fmt: skip
    AgendaLine.objects.bulk_create(
        AgendaLine(item=item, application=row, place=place, facts=facts)
        for place, (row, facts) in enumerate(lines, start=1)
    )
    return item
