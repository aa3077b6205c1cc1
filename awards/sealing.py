"""The chain of seals of an award: whatever is changed afterwards, by whomever and however, is found out.

Each link holds what was decided as plain values, and the hash of the link before it. Triggers keep the chain from being
changed; where they are switched off, what does not fit is found here. Whoever adds a kind of thing that is sealed says
with ``compare`` how its rows are read, in the very form in which it is sealed.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from assises import files, journal
from assises.canonical import hash_of
from assises.models import JournalEntry
from awards.enums import Phase, SealKind
from awards.models import Call, Interest, JuryMinutes, Motion, Pledge, Seal, Sheet
from awards.models.motion import MotionQuerySet

#: What is sealed of one kind, as it stands now: by the key of its row.
Rows = dict[int, Any]
_READERS: dict[str, Callable[[Call], Rows]] = {}


def compare(kind: str, read: Callable[[Call], Rows]) -> None:
    """Say how all rows of an award that must be sealed as ``kind`` are read, to be compared with what was sealed."""
    _READERS[kind] = read


def seal(call: Call, *, kind: str, subject: int, content: Any, at: dt.datetime) -> Seal:
    """Add a link to the chain of an award. ``content`` are plain values; the caller holds the call (``phases.held``).

    ``IntegrityError`` where this row is sealed already.
    """
    last = Seal.objects.filter(call=call).order_by("-number").values_list("number", "digest").first()
    number, previous = last or (0, "")
    link = Seal(
        call=call, number=number + 1, kind=kind, subject=subject, content=content, salt=secrets.token_hex(16),
        at=at, previous=previous,
    )  # fmt: skip
    link.digest = _digest_of(link)
    link.save(force_insert=True)
    # A chain that is cut at its end would fit: how long it was stands in the journal too.
    journal.write(
        [
            journal.entry(
                link, "sealed", at=at, call=call.pk, number=link.number, kind=kind, digest=link.digest
            )
        ]
    )
    return link


@dataclass(frozen=True)
class Finding:
    """Something that does not fit, as a sentence in whatever language it is read."""

    sentence: Promise
    words: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.sentence) % {name: _written(word) for name, word in self.words.items()}


def _written(word: Any) -> Any:
    """Names of kinds begin a sentence."""
    return capfirst(str(word)) if isinstance(word, Promise) else word


def findings(call: Call) -> list[Finding]:
    """What does not fit in the chain of an award; empty where everything is as it was sealed."""
    call = Call.objects.select_related("edition").get(pk=call.pk)
    chain = list(Seal.objects.filter(call=call).order_by("number"))
    return [*_of_chain(call, chain), *_of_rows(call, chain), *_of_signatures(call)]


def _of_chain(call: Call, chain: list[Seal]) -> Iterator[Finding]:
    previous, expected = "", 1
    for link in chain:
        if link.number != expected:
            yield Finding(_("Seal %(number)d is missing."), {"number": expected})
        elif link.previous != previous:
            yield Finding(_("Seal %(number)d does not follow the one before it."), {"number": link.number})
        if link.digest != _digest_of(link):
            yield Finding(_("Seal %(number)d was changed after it was given."), {"number": link.number})
        previous, expected = link.digest, link.number + 1
    last = (chain[-1].number, chain[-1].digest) if chain else (0, "")
    if last != (call.seals, call.seal_digest):
        yield Finding(
            _("The chain has %(found)d seals; the award counts %(counted)d, and another end."),
            {
                "found": len(chain),
                "counted": call.seals,
            },
        )
    there = {link.number: link.digest for link in chain}
    noted = JournalEntry.objects.filter(
        subject_type=Seal._meta.label_lower, action="sealed", details__call=call.pk
    ).values_list("details", flat=True)
    for details in noted:
        if there.get(details["number"]) != details["digest"]:
            yield Finding(
                _("Seal %(number)d is not the one that the journal notes."), {"number": details["number"]}
            )


def _of_rows(call: Call, chain: list[Seal]) -> Iterator[Finding]:
    for kind, read in _READERS.items():
        now = read(call)
        for link in chain:
            if link.kind != kind:
                continue
            stands = now.pop(link.subject, None)
            words = {"what": _label(kind), "subject": link.subject, "number": link.number}
            if stands is None:
                yield Finding(_("%(what)s %(subject)d (seal %(number)d) is not there any more."), words)
            elif stands != link.content:
                yield Finding(
                    _("%(what)s %(subject)d is no longer as it was sealed (seal %(number)d)."), words
                )
        for subject in now:
            yield Finding(
                _("%(what)s %(subject)d was never sealed."), {"what": _label(kind), "subject": subject}
            )


def _of_signatures(call: Call) -> Iterator[Finding]:
    """Minutes that somebody has signed with the hash of other words, and documents that are not those that were made."""
    noted = dict(
        JournalEntry.objects.filter(subject_type=JuryMinutes._meta.label_lower, action="minutes_document")
        .order_by("pk")
        .values_list("subject_id", "details__digest")
    )
    for minutes in JuryMinutes.objects.signed().filter(call=call).prefetch_related("signatures"):
        minutes.call = call
        now, words = hash_of(minutes.content), {"number": minutes.label}
        if {minutes.digest, *(signature.digest for signature in minutes.signatures.all())} != {now}:
            yield Finding(_("The minutes %(number)s are not those that were signed."), words)
        if minutes.document is not None and noted.get(minutes.pk) != files.digest_of(minutes.document):
            yield Finding(_("The document of the minutes %(number)s is not the one that was made."), words)


def _label(kind: str) -> str | Promise:
    return SealKind(kind).label if kind in SealKind.values else kind


def _digest_of(link: Seal) -> str:
    return hash_of(
        {
            "call": link.call_id,
            "number": link.number,
            "kind": link.kind,
            "subject": link.subject,
            "content": link.content,
            "salt": link.salt,
            "at": instant(link.at),
            "previous": link.previous,
        }
    )


def instant(at: dt.datetime | None) -> str:
    """A moment as it is sealed: in UTC, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds") if at else ""


# --- What the jury seals ---------------------------------------------------------------------------------


def pledges(call: Call) -> Rows:
    return {row.pk: pledge_content(row) for row in Pledge.objects.filter(member__call=call)}


def pledge_content(pledge: Pledge) -> dict[str, Any]:
    return {
        "member": pledge.member_id,
        "content": pledge.content,
        "digest": pledge.digest,
        "at": instant(pledge.at),
    }


def recusals(call: Call) -> Rows:
    rows = Interest.objects.recusals().filter(member__call=call)
    return {row.pk: recusal_content(row) for row in rows}


def recusal_content(interest: Interest) -> dict[str, Any]:
    return {
        "member": interest.member_id,
        "application": interest.application_id,
        "kind": str(interest.kind),
        "words": interest.words,
        "at": instant(interest.at),
    }


def sheets(call: Call) -> Rows:
    """With whether it may count but for a tie, which has a seal of its own: the seat, or the call of the substitute."""
    found = Sheet.objects.sealed().filter(member__call=call).select_related("member")
    return {
        sheet.pk: sheet_content(sheet)
        for sheet in found.prefetch_related("scores__criterion", "member__callings")
    }


def sheet_content(sheet: Sheet) -> dict[str, Any]:
    member = sheet.member
    called = any(calling.application_id == sheet.application_id for calling in member.callings.all())
    return {
        "member": member.pk,
        "side": member.side,
        "votes": member.votes or called,
        "application": sheet.application_id,
        "abstains": sheet.abstains,
        "reason": sheet.reason,
        "marks": {
            score.criterion.code: {"mark": score.mark, "comment": score.comment}
            for score in sheet.scores.all()
        },
        "opened_at": instant(sheet.opened_at),
        "sealed_at": instant(sheet.sealed_at),
    }


def motions(call: Call) -> Rows:
    return {motion.pk: motion_content(motion) for motion in motions_of(call)}


def motions_of(call: Call) -> MotionQuerySet:
    """Those that were voted on, with all that ``motion_content`` reads; five queries."""
    found = Motion.objects.decided().filter(item__call=call).select_related("item", "category")
    return found.prefetch_related("lines", "votes", "ballots", "results__category")


def motion_content(motion: Motion) -> dict[str, Any]:
    """With its votes: by name what each member voted; secret who voted, and how many ballots say what on each side."""
    votes = {str(vote.member_id): vote.choice for vote in motion.votes.all()}
    return {
        "item": motion.item.number,
        "number": motion.number,
        "ballot": motion.ballot,
        "effect": str(motion.effect),
        "category": motion.category.code if motion.category else "",
        "applications": [line.application_id for line in motion.lines.all()],
        "texts": {"fr": motion.text_fr, "zh-Hans": motion.text_zh_hans},
        "moved": {"by": motion.moved_by_id, "at": instant(motion.moved_at)},
        "opened": {"by": motion.opened_by_id, "at": instant(motion.opened_at)},
        "closed": {"by": motion.closed_by_id, "at": instant(motion.closed_at)},
        "attendance": motion.attendance,
        "secret": motion.is_secret,
        "votes": votes,
        "ballots": sorted(f"{ballot.side} {ballot.choice}" for ballot in motion.ballots.all()),
        "tally": motion.tally,
        "state": str(motion.state),
        "why_void": motion.why_void,
        "results": sorted(
            [result.application_id, result.category.code, str(result.kind), result.place, result.is_ex_aequo]
            for result in motion.results.all()
        ),
    }


def releases(call: Call) -> Rows:
    return {call.pk: release_content(call)} if call.phase == Phase.PUBLISHED else {}


def release_content(call: Call) -> dict[str, Any]:
    """Who has released the results of an award, and when."""
    given = call.agreements.filter(phase=Phase.PUBLISHED).order_by("side")
    return {
        agreement.side: {"member": agreement.member_id, "at": instant(agreement.at)} for agreement in given
    }


def signed_minutes(call: Call) -> Rows:
    found = (
        JuryMinutes.objects.signed()
        .filter(call=call)
        .select_related("amends__call__edition", "call__edition")
    )
    return {row.pk: minutes_content(row) for row in found.prefetch_related("signatures")}


def _judged(minutes: JuryMinutes) -> dict[str, str]:
    """Which application a number of the minutes means: a hash over its original and its partners, by that number."""
    numbers = [int(number) for number in (minutes.content or {}).get("titles", {})]
    rows = minutes.call.applications.filter(number__in=numbers).prefetch_related("partners")
    return {
        str(row.number): hash_of(
            [
                row.pk,
                row.original_texts(),
                sorted([p.side, p.organisation_id or 0, p.name] for p in row.partners.all()),
            ]
        )
        for row in rows
    }


def minutes_content(minutes: JuryMinutes) -> dict[str, Any]:
    """The hash of what they say now, beside the one that is printed and that which each has signed."""
    return {
        "applications": _judged(minutes),
        "printed": minutes.digest,
        "written_at": instant(minutes.written_at),
        "begun_by": minutes.begun_by_id,
        "words": [minutes.remarks_fr, minutes.remarks_zh_hans, minutes.reason_fr, minutes.reason_zh_hans],
        "number": minutes.label,
        "amends": minutes.amends.label if minutes.amends else "",
        "digest": hash_of(minutes.content),
        "signatures": [
            {"member": signature.member_id, "digest": signature.digest, "at": instant(signature.at)}
            for signature in minutes.signatures.all()
        ],
        "signed_at": instant(minutes.signed_at),
    }


compare(SealKind.PLEDGE, pledges)
compare(SealKind.RECUSAL, recusals)
compare(SealKind.SHEET, sheets)
compare(SealKind.MOTION, motions)
compare(SealKind.MINUTES, signed_minutes)
compare(SealKind.RELEASE, releases)
