"""Each side accepts or comments on each line; when both have accepted all of them, the minutes are frozen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assises import constraints, journal
from assises.enums import LineVerdict, MinutesState, Side
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.minutes import letters
from assises.minutes.content import digest_of
from assises.minutes.writing import held
from assises.models import Minutes, MinutesLine, User, Verdict
from assises.sides import speaks_for


@dataclass(frozen=True)
class Answer:
    """What somebody says of a line, having read its wording number ``revision``."""

    verdict: LineVerdict
    revision: int
    comment: str = ""


class Stale(Refusal):
    """Some lines were worded anew after somebody had opened the page; ``lines`` are their keys."""

    def __init__(self, lines: Iterable[int]) -> None:
        super().__init__(
            _(
                "A line was worded anew since you opened this page. Nothing is noted yet, and what you typed is kept: read the line, then send again."
            )
        )
        self.lines = frozenset(lines)


@transaction.atomic
def give_verdicts(
    minutes: Minutes, side: Side, answers: Mapping[int, Answer], *, at: dt.datetime, by: User
) -> Minutes:
    """Note what ``side`` says of the lines with these keys; freeze the minutes if that was the last acceptance.

    What says the same as before stays as it was given. Refuses whoever does not speak for that side or has spoken for
    the other one, a comment without text, and, all together, answers to a wording that is no longer the present one.
    """
    minutes = held(minutes)
    if not speaks_for(by, side):
        raise Refusal(_("Your account does not speak for the %(side)s.") % {"side": side.label})
    if minutes.state == MinutesState.VALIDATED:
        raise Refusal(_("These minutes are validated: nothing of them changes any more."))
    if minutes.state == MinutesState.DRAFT:
        raise Refusal(_("These minutes were not sent yet."))
    lines = {line.pk: line for line in minutes.lines.all()}
    _refuse(lines, answers)
    given = _note(minutes, side, [(lines[pk], answer) for pk, answer in answers.items()], at=at, by=by)
    if given and _accepted_by_both(minutes):
        _freeze(minutes, at=at)
    return minutes


def _refuse(lines: Mapping[int, MinutesLine], answers: Mapping[int, Answer]) -> None:
    if any(pk not in lines for pk in answers):
        raise Refusal(_("One of these lines is not of these minutes."))
    stale = [pk for pk, answer in answers.items() if answer.revision != lines[pk].revision]
    if stale:
        raise Stale(stale)
    if any(a.verdict == LineVerdict.COMMENTED and not a.comment.strip() for a in answers.values()):
        raise Refusal(_("Say what should be changed in this line."))


def _note(
    minutes: Minutes, side: Side, answers: list[tuple[MinutesLine, Answer]], *, at: dt.datetime, by: User
) -> int:
    """Write what is new; how many that were."""
    current = Verdict.objects.filter(line__in=[line for line, _answer in answers], side=side)
    standing = {(v.line_id, v.revision): v for v in current}
    entries, written, accepted = [], [], 0
    for line, answer in answers:
        comment = answer.comment.strip() if answer.verdict == LineVerdict.COMMENTED else ""
        verdict = standing.get((line.pk, line.revision)) or Verdict(
            line=line, side=side, revision=line.revision
        )
        if (verdict.verdict, verdict.comment) == (answer.verdict, comment):
            continue
        verdict.verdict, verdict.comment, verdict.at, verdict.by = answer.verdict, comment, at, by
        written.append(verdict)
        if comment:
            # The journal keeps a comment also after its side has accepted.
            entries.append(
                journal.entry(
                    minutes, "minutes_commented", at=at, by=by, reason=comment, side=side, line=line.order
                )
            )
        else:
            accepted += 1
    if accepted:
        entries.append(
            journal.entry(minutes, "minutes_lines_accepted", at=at, by=by, side=side, lines=accepted)
        )
    _save(written)
    journal.write(entries)
    return len(written)


def _save(verdicts: list[Verdict]) -> None:
    try:
        with transaction.atomic():
            for verdict in verdicts:
                verdict.save()
    except IntegrityError as error:
        raise Refusal(constraints.sentence_of(error)) from error


def _accepted_by_both(minutes: Minutes) -> bool:
    accepted = {
        (v.line_id, v.side, v.revision)
        for v in Verdict.objects.filter(line__minutes=minutes, verdict=LineVerdict.ACCEPTED)
    }
    lines = minutes.lines.all()
    return all((line.pk, side, line.revision) in accepted for line in lines for side in Side)


def _freeze(minutes: Minutes, *, at: dt.datetime) -> None:
    minutes.state, minutes.validated_at = MinutesState.VALIDATED, at
    minutes.digest = digest_of(minutes)
    minutes.version += 1
    minutes.save()
    journal.write([journal.entry(minutes, "minutes_validated", at=at, digest=minutes.digest)])
    outbox.write(letters.about_validation(minutes), at=at)
