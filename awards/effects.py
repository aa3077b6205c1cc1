"""What a motion would do, what stands in its way, and what it does."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.enums import ApplicationState, Effect, MotionState, ResultKind
from awards.models import AgendaItem, Application, Call, Category, Motion, Result


def concerned_by(
    item: AgendaItem, effect: Effect, category: Category | None, rows: Sequence[Application]
) -> frozenset[int]:
    """Keys of the applications that something moved under an item is about; see ``concerned``."""
    of_category: Iterable[int] = ()
    if effect == Effect.NO_PRIZE:
        of_category = (
            item.call.applications.admissible().filter(category=category).values_list("pk", flat=True)
        )
    of_item = item.lines.values_list("application", flat=True)
    return concerned(effect, of_item=of_item, own=[row.pk for row in rows], of_category=of_category)


def concerned(
    effect: str, *, of_item: Iterable[int], own: Iterable[int], of_category: Iterable[int]
) -> frozenset[int]:
    """What a motion is about: the applications of its item, its own, and where a category is to have no prize, all of
    that category, for each of them loses by it. Whoever is recused from one of them is out of the room.
    """
    return frozenset({*of_item, *own, *(of_category if effect == Effect.NO_PRIZE else ())})


def concerned_by_motion(call: Call, items: Iterable[AgendaItem]) -> dict[int, frozenset[int]]:
    """``concerned``, by the key of each motion under these items, whose lines and motions were fetched. One query."""
    of_category: dict[int, set[int]] = defaultdict(set)
    motions = [(item, motion) for item in items for motion in item.motions.all()]
    wanted = {motion.category_id for _item, motion in motions if motion.effect == Effect.NO_PRIZE}
    rows = call.applications.admissible().filter(category__in=wanted)
    for pk, category in rows.values_list("pk", "category"):
        of_category[category].add(pk)
    return {
        motion.pk: concerned(
            motion.effect,
            of_item=rows_of(item),
            own=[line.application_id for line in motion.lines.all()],
            of_category=of_category[motion.category_id or 0],
        )
        for item, motion in motions
    }


def rows_of(item: AgendaItem) -> frozenset[int]:
    """Keys of the applications that an item speaks of."""
    return frozenset(line.application_id for line in item.lines.all())


def obstacle(call: Call, effect: Effect, category: Category | None, rows: Sequence[Application]) -> str:
    """Why a motion cannot have its effect, in a sentence; empty where nothing stands in its way."""
    if effect == Effect.FREE:
        return (
            "" if not rows else _("A resolution in words decides on no application: choose another effect.")
        )
    if effect == Effect.COMMENTS:
        return "" if not rows else _("Comments go to all who applied, or to nobody.")
    if any(row.call_id != call.pk or row.state != ApplicationState.ADMISSIBLE for row in rows):
        return _("Only admissible applications have prizes.")
    if effect == Effect.PRIZES:
        if not rows:
            return _("Choose the applications that this is about.")
        counts: dict[Category, int] = {}
        for row in rows:
            counts[row.category] = counts.get(row.category, 0) + 1
        found = (_of_prize(category, rows, count) for category, count in counts.items())
        return next((why for why in found if why), "")
    if category is None:
        return _("Choose a category.")
    if category.call_id != call.pk:
        return _("Choose a category of this award.")
    if effect == Effect.NO_PRIZE:
        return _of_no_prize(category, rows)
    if category.theme_id is not None and any(row.category_id != category.pk for row in rows):
        return _("A prize of a theme, and its reserve list, are for applications in its category.")
    match effect:
        case Effect.PRIZE | Effect.MENTION:
            if len(rows) != 1:
                return _("Choose one application.")
            if (effect == Effect.MENTION) != (category.theme_id is None):
                return _("A mention is given in a category without a theme, a prize in one that has a theme.")
        case Effect.EX_AEQUO if len(rows) < 2:
            return _("Choose the applications that share the prize: two at least.")
        case Effect.RESERVE:
            return _of_reserve(category, rows)
    return _of_prize(category, rows, 1)


def _of_prize(category: Category, rows: Sequence[Application], wanted: int) -> str:
    if Motion.objects.passed().filter(effect=Effect.NO_PRIZE, category=category).exists():
        return _("The jury has decided to give no prize in “%(category)s”.") % {"category": category}
    if why := _twice(category, rows):
        return why
    left = category.prizes - len(_taken_places(category))
    if wanted > left:
        return ngettext(
            "“%(category)s” has %(count)d prize, and it is given.",
            "“%(category)s” has %(count)d prizes, and fewer are left than this would give.",
            category.prizes,
        ) % {"category": category, "count": category.prizes}
    return ""


def _of_no_prize(category: Category, rows: Sequence[Application]) -> str:
    if rows:
        return _("That there is no prize is decided for a category, not for an application.")
    if category.theme_id is None:
        return _("Mentions need not be given: nothing is to be decided.")
    if Result.objects.filter(category=category, kind=ResultKind.PRIZE).exists():
        return _("A prize is given in “%(category)s” already.") % {"category": category}
    return ""


def _of_reserve(category: Category, rows: Sequence[Application]) -> str:
    if category.theme_id is None:
        return _("Only categories with a theme have a reserve list.")
    if not rows:
        return _("Choose the applications that this is about.")
    if Result.objects.filter(category=category, kind=ResultKind.RESERVE).exists():
        return _("The reserve list of “%(category)s” is decided already.") % {"category": category}
    return _twice(category, rows)


def _twice(category: Category, rows: Sequence[Application]) -> str:
    has = (
        Result.objects.filter(
            category__in={category.pk, *(row.category_id for row in rows)}
            if category.theme_id
            else {category.pk},
            application__in=[row.pk for row in rows],
        )
        .select_related("application")
        .first()
    )
    if has is None:
        return ""
    return _("Application %(number)d has a prize or a place in this category already.") % {
        "number": has.application.number or 0
    }


def _taken_places(category: Category) -> set[int]:
    given = Result.objects.given().filter(category=category)
    return set(given.values_list("place", flat=True))


def apply(motion: Motion) -> list[Result]:
    """Write what a motion that has just passed gives. ``IntegrityError`` where something stands in its way."""
    assert motion.state == MotionState.PASSED
    rows = [line.application for line in motion.lines.select_related("application__category")]
    match Effect(motion.effect):
        case Effect.FREE | Effect.NO_PRIZE | Effect.COMMENTS:
            found: list[Result] = []
        case Effect.RESERVE:
            found = [
                _result(motion, row, motion.category, ResultKind.RESERVE, place)
                for place, row in enumerate(rows, 1)
            ]
        case Effect.PRIZES:
            found = []
            taken = {row.category: _taken_places(row.category) for row in rows}
            for row in rows:
                place = _free(taken[row.category])
                taken[row.category].add(place)
                found.append(_result(motion, row, row.category, ResultKind.PRIZE, place))
        case _:
            category = motion.category
            assert category is not None
            kind = ResultKind.MENTION if category.theme_id is None else ResultKind.PRIZE
            place = _free(_taken_places(category))
            found = [_result(motion, row, category, kind, place) for row in rows]
    return Result.objects.bulk_create(found)


def _free(taken: set[int]) -> int:
    """The first of the prizes of a category that nobody has; the database refuses one that there is not."""
    return next(place for place in range(1, len(taken) + 2) if place not in taken)


def _result(
    motion: Motion, row: Application, category: Category | None, kind: ResultKind, place: int
) -> Result:
    assert category is not None
    return Result(
        application=row, category=category, kind=kind, place=place, motion=motion,
        is_ex_aequo=motion.effect == Effect.EX_AEQUO,
    )  # fmt: skip
