"""Minutes are written from the register, worded, and sent to both sides."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from assises import constraints, journal
from assises.enums import MinutesState, Side, Workstream
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.minutes import letters
from assises.minutes.content import LANGUAGES, TEXTS
from assises.models import Meeting, Minutes, MinutesLine, RegisterItem, User, Verdict
from assises.sides import speakers

#: What a line takes from its item as it stands.
_WORDING = [f"{field}_{suffix}" for field in TEXTS for suffix in LANGUAGES.values()]
_OF_BOTH = [*_WORDING, "owner_side", "due_on", "source"]
_COPIED = [*_OF_BOTH, "workstream", "kind", "status"]
#: What may be worded anew in a line; its kind stays what the register says.
WORDED = [*_OF_BOTH, "status"]
_PARTS = [*Workstream.values, ""]


@dataclass(frozen=True)
class Gap:
    """A text that one language lacks. ``line`` is None for what is said of the meeting and of the minutes."""

    line: MinutesLine | None
    field: str
    language: str


@transaction.atomic
def write(meeting: Meeting, *, at: dt.datetime, by: User) -> Minutes:
    """Begin the minutes of a meeting: a line for each item of the register raised or settled there, as it stands.

    After validated minutes, these are a correction under the next number. Refuses while others are not validated yet.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.minutes.exclude(state=MinutesState.VALIDATED).exists():
        raise Refusal(_("The minutes of this meeting are being written already."))
    last = meeting.minutes.aggregate(last=Max("number"))["last"] or 0
    minutes = Minutes.objects.create(meeting=meeting, number=last + 1)
    _take(minutes)
    journal.write([journal.entry(minutes, "minutes_written", at=at, by=by)])
    return minutes


@transaction.atomic
def refresh(minutes: Minutes, *, version: int, at: dt.datetime, by: User) -> Minutes:
    """Take the wording that the register has now, in place of what the lines said. Refuses once they are sent."""
    minutes = _draft_seen(minutes, version)
    _take(minutes)
    _touch(minutes)
    journal.write([journal.entry(minutes, "minutes_refreshed", at=at, by=by)])
    return minutes


@transaction.atomic
def introduce(
    minutes: Minutes, *, introduction_fr: str, introduction_zh: str, version: int, at: dt.datetime, by: User
) -> Minutes:
    """Keep the introduction, in both languages. Refuses once they are sent: nobody was asked about another one."""
    minutes = _draft_seen(minutes, version)
    minutes.introduction_fr, minutes.introduction_zh_hans = introduction_fr, introduction_zh
    minutes.save()
    _touch(minutes)
    journal.write([journal.entry(minutes, "minutes_introduced", at=at, by=by)])
    return minutes


@transaction.atomic
def reword(
    line: MinutesLine,
    words: Mapping[str, Any],
    *,
    revision: int,
    also_in_register: bool = False,
    at: dt.datetime,
    by: User,
) -> MinutesLine:
    """Word a line anew (see ``WORDED``); both sides answer this wording, whatever they said of the one before.

    The line is what the minutes say; with ``also_in_register`` its item says what was changed here too. Its status there
    is changed in the register only, where it has rules of its own. Refuses another wording than the one that was looked
    at in ``revision``, and, once sent, a text that one language lacks.
    """
    minutes = held(line.minutes)
    line = MinutesLine.objects.select_related("item").get(pk=line.pk)
    line.minutes = minutes
    if minutes.state == MinutesState.VALIDATED:
        raise Refusal(_("These minutes are validated: nothing of them changes any more."))
    if line.revision != revision:
        raise Refusal(
            _("Somebody else has worded this line anew. What you typed is kept: look, then save again.")
        )
    changed = [
        name for name in WORDED if name in words and _or_empty(words[name]) != _or_empty(getattr(line, name))
    ]
    for name in changed:
        setattr(line, name, words[name])
    if minutes.state == MinutesState.SENT and gaps_of(line, TEXTS, line):
        raise Refusal(_("The minutes were sent in both languages: write this line in both."))
    if not (line.text_fr or line.text_zh_hans):
        raise Refusal(_("Write it in French or in Chinese, better in both."))
    if changed:
        _keep(line, minutes, at=at, by=by)
    if also_in_register:
        _word_item(line, [name for name in changed if name in _OF_BOTH], at=at, by=by)
    return line


@transaction.atomic
def send(
    minutes: Minutes, *, deadline_at: dt.datetime, silent_days: int, version: int, at: dt.datetime, by: User
) -> Minutes:
    """Ask both sides to validate until ``deadline_at``; each of their speakers gets a letter.

    Refuses without lines, with a text that one language lacks, a day that has passed, a side for which nobody can
    speak, and what somebody has changed since it was looked at.
    """
    minutes = _draft_seen(minutes, version)
    lines = list(minutes.lines.all())
    if not lines:
        raise Refusal(_("There is no line: nothing in the register was raised or settled at this meeting."))
    if minutes.meeting.held_on is None:
        raise Refusal(_("Say on which day the meeting was held: the minutes name it."))
    if gaps(minutes, lines):
        raise Refusal(_("A text is missing in one language: both sides read the same minutes."))
    if deadline_at <= at:
        raise Refusal(_("The day until which they are to be validated has passed: choose a later one."))
    if silent_days < 1:
        raise Refusal(_("Give both sides one day at least."))
    for side in Side:
        if not speakers(side):
            raise Refusal(
                _("Nobody can speak for the %(side)s: give an account of that side the right to.")
                % {"side": side.label}
            )
    minutes.state, minutes.sent_at, minutes.sent_by = MinutesState.SENT, at, by
    minutes.deadline_at, minutes.silent_days = deadline_at, silent_days
    minutes.save()
    _touch(minutes)
    journal.write([journal.entry(minutes, "minutes_sent", at=at, by=by, lines=len(lines))])
    outbox.write(letters.about_sending(minutes, len(lines)), at=at)
    return minutes


def gaps(minutes: Minutes, lines: list[MinutesLine]) -> list[Gap]:
    """Every text that one language lacks: those of the meeting, of the introduction, of each line."""
    found = gaps_of(minutes.meeting, ["title", "place", "attendance"], None)
    found += gaps_of(minutes, ["introduction"], None)
    for line in lines:
        found += gaps_of(line, TEXTS, line)
    return found


def gaps_of(row: Any, fields: list[str], line: MinutesLine | None) -> list[Gap]:
    """Texts of ``row`` that stand in one language only; a line says something in both in any case."""
    found = []
    for field in fields:
        said = {tag: bool(getattr(row, f"{field}_{suffix}")) for tag, suffix in LANGUAGES.items()}
        if any(said.values()) or field == "text":
            found += [Gap(line, field, tag) for tag, there in said.items() if not there]
    return found


def held(minutes: Minutes) -> Minutes:
    """The minutes and their meeting as they are now, kept until the end of the transaction."""
    return (
        Minutes.objects.select_for_update(of=("self", "meeting"), no_key=True)
        .select_related("meeting__edition", "sent_by")
        .get(pk=minutes.pk)
    )


# --- What stands behind ------------------------------------------------------------------------------------


def _draft_seen(minutes: Minutes, version: int) -> Minutes:
    minutes = held(minutes)
    if minutes.state == MinutesState.VALIDATED:
        raise Refusal(_("These minutes are validated: nothing of them changes any more."))
    if minutes.state == MinutesState.SENT:
        raise Refusal(_("These minutes were sent: word single lines anew."))
    if minutes.version != version:
        raise Refusal(_("Somebody else has changed these minutes since you opened them. Look at them again."))
    return minutes


def _touch(minutes: Minutes) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(version=F("version") + 1)
    minutes.version += 1


def _items(meeting: Meeting) -> list[RegisterItem]:
    """In the order of the minutes."""
    found = RegisterItem.objects.filter(Q(meeting=meeting) | Q(settled_at_meeting=meeting))
    return sorted(found, key=lambda item: (_PARTS.index(item.workstream), item.order, item.number))


def _take(minutes: Minutes) -> None:
    """A line for each item of the meeting, saying what the register says; what is no longer of it goes."""
    items = _items(minutes.meeting)
    minutes.lines.exclude(item__in=items).delete()
    standing = {line.item_id: line for line in minutes.lines.all()}
    for order, item in enumerate(items, start=1):
        line = standing.get(item.pk)
        copied = {name: getattr(item, name) for name in _COPIED}
        if line is None:
            MinutesLine.objects.create(minutes=minutes, item=item, order=order, **copied)
            continue
        if any(_or_empty(getattr(line, name)) != _or_empty(value) for name, value in copied.items()):
            for name, value in copied.items():
                setattr(line, name, value)
            line.order, line.revision = order, line.revision + 1
            line.save()
        elif line.order != order:
            line.order = order
            line.save(update_fields=["order"])


def _keep(line: MinutesLine, minutes: Minutes, *, at: dt.datetime, by: User) -> None:
    """Save the new wording; tell the sides that had answered the one before."""
    answered = Verdict.objects.filter(line=line, revision=line.revision).values_list("side", flat=True)
    anew = [side for side in Side if side in set(answered)]
    line.revision += 1
    line.save()
    _touch(minutes)
    entry = journal.entry(minutes, "minutes_reworded", at=at, by=by, line=line.order, wording=line.revision)
    journal.write([entry])
    outbox.write(letters.about_rewording(line, anew), at=at)


def _word_item(line: MinutesLine, names: list[str], *, at: dt.datetime, by: User) -> None:
    """What the register has said since of anything else stays."""
    item = RegisterItem.objects.select_for_update(of=("self",)).get(pk=line.item_id)
    changed = [name for name in names if _or_empty(getattr(item, name)) != _or_empty(getattr(line, name))]
    if not changed:
        return
    for name in changed:
        setattr(item, name, getattr(line, name))
    item.version += 1
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise Refusal(constraints.sentence_of(error)) from error
    entry = journal.entry(item, "item_worded_by_minutes", at=at, by=by, version=item.version, fields=changed)
    journal.write([entry])


def _or_empty(value: Any) -> Any:
    return "" if value is None else value
