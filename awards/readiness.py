"""What is missing before the jury declares its conflicts of interest, before it marks, and before results are sealed
and published."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises.enums import Side
from awards.enums import Effect, Phase, ResultKind
from awards.judges import FEWEST, judges_of
from awards.models import Call, Calling, Interest, Motion, Result, Sitting


def gaps_before(call: Call, phase: Phase) -> list[str]:
    """What keeps ``phase`` from opening, a sentence each, with the numbers or names of what is missing."""
    match phase:
        case Phase.CONFLICTS:
            return list(_undecided(call))
        case Phase.SCORING:
            return [*_untranslated(call), *_of_jury(call)]
        case Phase.SEALED:
            return list(_of_deliberation(call))
        case Phase.PUBLISHED:
            return list(_of_minutes(call))
    return []


def _undecided(call: Call) -> Iterator[str]:
    undecided = [row.number for row in call.applications.undecided()]
    if undecided:
        yield ngettext(
            "Both secretaries have not decided this application yet: %(numbers)s.",
            "Both secretaries have not decided these applications yet: %(numbers)s.",
            len(undecided),
        ) % {"numbers": _list(undecided)}


def _untranslated(call: Call) -> Iterator[str]:
    """Ties are known by authorities and titles; to be marked, an application is read in both languages."""
    lacking = [row.number for row in call.applications.admissible() if not row.is_translated]
    if lacking:
        yield ngettext(
            "This application is not translated, or no longer as its original stands: %(numbers)s.",
            "These applications are not translated, or no longer as their originals stand: %(numbers)s.",
            len(lacking),
        ) % {"numbers": _list(lacking)}


def _of_jury(call: Call) -> Iterator[str]:
    rows = dict(call.applications.admissible().values_list("pk", "number"))
    owed = answers_owed(call)
    members = {m.pk: m for m in call.jury.select_related("user", "pledge")}
    unsigned = [str(m) for m in members.values() if (m.votes or m.pk in owed) and not m.has_pledged]
    if unsigned:
        yield _("They have not signed the pledge yet: %(names)s.") % {"names": _list(unsigned)}
    silent = [str(members[pk]) for pk in sorted(owed) if members[pk].has_pledged]
    if silent:
        yield _("They have not said of every application whether anything ties them to it: %(names)s.") % {
            "names": _list(silent)
        }
    least = min(FEWEST, call.jury_per_side)
    for pk, counts in judges_of(call).items():
        for side in Side:
            if counts[side] < least:
                yield ngettext(
                    "Application %(number)d has %(count)d judge left on this side: %(side)s. Call its substitute.",
                    "Application %(number)d has %(count)d judges left on this side: %(side)s. Call its substitute.",
                    counts[side],
                ) % {"number": rows[pk], "count": counts[side], "side": side.label}


def _of_deliberation(call: Call) -> Iterator[str]:
    for sitting in Sitting.objects.open().filter(call=call):
        for motion in sitting.motions.open():
            yield _("Motion %(number)d is open to vote: a co-president closes the vote.") % {
                "number": motion.number
            }
        yield _("Sitting %(number)d of the jury is open: a co-president closes it.") % {
            "number": sitting.number
        }
    given = Result.objects.filter(category__call=call, kind=ResultKind.PRIZE)
    none = Motion.objects.passed().filter(item__call=call, effect=Effect.NO_PRIZE)
    settled = {*given.values_list("category", flat=True), *none.values_list("category", flat=True)}
    for category in call.categories.exclude(theme=None).exclude(pk__in=settled):
        yield _("The jury has neither given a prize in “%(category)s” nor decided to give none.") % {
            "category": category
        }


def _of_minutes(call: Call) -> Iterator[str]:
    waiting = call.minutes.in_draft().first()
    if waiting is not None:
        waiting.call = call
        yield _("The minutes %(number)s are not signed yet by both co-presidents and both secretaries.") % {
            "number": waiting.label
        }
    elif not call.minutes.exists():
        yield _("The jury has no minutes yet: a secretary has them written, and all four sign them.")


def answers_owed(call: Call) -> dict[int, set[int]]:
    """For each member, by key, the applications of which they have not said whether anything ties them to it.

    Members who owe none are not in it.
    """
    rows = set(call.applications.admissible().values_list("pk", flat=True))
    owed: dict[int, set[int]] = {pk: set(rows) for pk in call.jury.voting().values_list("pk", flat=True)}
    for member, row in Calling.objects.filter(application__in=rows).values_list("member", "application"):
        owed.setdefault(member, set()).add(row)
    said = Interest.objects.filter(member__call=call, member__in=owed)
    for member, row in said.values_list("member", "application"):
        owed[member].discard(row)
    return {member: lacking for member, lacking in owed.items() if lacking}


def _list(items: Iterable[object]) -> str:
    return _(", ").join(map(str, items))
