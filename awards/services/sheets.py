"""A juror opens an application, marks it, and seals the sheet."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.exceptions import Conflict, Refusal
from awards import sealing
from awards.enums import Phase, SealKind
from awards.models import Application, Call, Criterion, JuryMember, Score, Sheet
from awards.services.phases import held
from awards.sheets import FILM, gaps_of_sheet, has_film

constraints.declare(
    {
        "awards_sheet_stays": gettext_lazy("A sealed sheet stays as it is."),
        "awards_sheet_by_a_judge": gettext_lazy(
            "Only whoever judges this application marks it, while the jury marks."
        ),
        "awards_sheet_sealed_complete": gettext_lazy(
            "A sheet is sealed once every criterion has its mark, and a comment where it is 1 or 5."
        ),
        "awards_score_of_its_call": gettext_lazy("This criterion is of another award."),
        "awards_seal_stays": gettext_lazy("What was sealed stays."),
        "awards_seal_chains": gettext_lazy("A seal follows the one before it."),
    }
)


@dataclass(frozen=True)
class Entry:
    """What a juror has written in a sheet: marks and comments by the codes of criteria; both may lack."""

    marks: Mapping[str, int | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    abstains: bool = False
    reason: str = ""


@transaction.atomic
def open_file(member: JuryMember, row: Application, *, at: dt.datetime) -> Sheet:
    """The sheet of a juror for an application, begun when they first open its file.

    With the very first one the numbers of the award stay (D-15). Refuses an application that the member does not
    judge, and a new sheet once the jury has ceased to mark.
    """
    sheet = Sheet.objects.filter(member=member, application=row).first()
    if not Application.objects.visible_to_juror(member).filter(pk=row.pk).exists():
        raise Refusal(_("You do not judge this application."))
    if sheet is not None:
        return sheet
    _refuse_time(member.call)
    # Before the sheet: two who open their first files at once wait for one another here, and not crosswise.
    Call.objects.filter(pk=row.call_id, first_opened_at=None).update(first_opened_at=at)
    sheet, _made = Sheet.objects.get_or_create(member=member, application=row, defaults={"opened_at": at})
    return sheet


@transaction.atomic
def save_sheet(
    sheet: Sheet, entry: Entry, *, version: int, page: uuid.UUID | None = None, at: dt.datetime
) -> Sheet:
    """Keep what was written so far. Saving the same twice changes nothing.

    ``version`` is that of the sheet which the juror wrote on, ``page`` the page in the browser that it comes from: the
    same page may repeat what it has sent. Raises ``Conflict`` where another page has saved something else meanwhile.
    Refuses a sealed sheet, an application that the juror does not judge any more, and any time but that of scoring.
    """
    row = Sheet.objects.held(sheet.pk)
    _refuse_closed(row)
    criteria = list(row.application.call.criteria.all())
    now = entry_of(row, criteria)
    written = _cleaned(entry, row.application, criteria)
    if written == now:
        return row
    if version != row.version and (page is None or page != row.page):
        raise Conflict(row)
    row.abstains, row.reason = written.abstains, written.reason
    row.version, row.page, row.changed_at = row.version + 1, page, at
    row.save()
    Score.objects.bulk_create(
        [
            Score(sheet=row, criterion=c, mark=written.marks[c.code], comment=written.comments[c.code])
            for c in criteria
        ],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["mark", "comment"],
    )
    return row


@transaction.atomic
def seal_sheet(sheet: Sheet, *, version: int, at: dt.datetime) -> Sheet:
    """Seal a sheet as its juror has read it over: it stays, and its hash joins the chain. Asking twice changes nothing.

    Refuses a sheet that was changed since it was read, one that lacks something, and what ``save_sheet`` refuses.
    """
    call = held(sheet.member.call)
    row = Sheet.objects.held(sheet.pk)
    if row.is_sealed:
        return row
    _refuse_closed(row)
    if version != row.version:
        raise Conflict(row)
    criteria = list(call.criteria.all())
    if row.abstains:
        row.scores.all().delete()
    elif not has_film(row.application):
        # Article 7 of the rules: without a film that mark is 1, whoever marks.
        film = next((c for c in criteria if c.code == FILM), None)
        if film is not None:
            Score.objects.update_or_create(sheet=row, criterion=film, defaults={"mark": 1, "comment": ""})
    gaps = gaps_of_sheet(row, criteria)
    if gaps:
        raise Refusal(gaps[0])
    row.sealed_at = at
    row.save(update_fields=["sealed_at"])
    row = Sheet.objects.select_related("member__user", "application").get(pk=row.pk)
    sealing.seal(call, kind=SealKind.SHEET, subject=row.pk, content=sealing.sheet_content(row), at=at)
    journal.write(
        [
            journal.entry(
                row.application, "sheet_sealed", at=at, by=row.member.user, number=row.application.number
            )
        ]
    )
    return row


def entry_of(sheet: Sheet, criteria: list[Criterion]) -> Entry:
    """What stands in a sheet; what was never written is empty."""
    scores = {score.criterion_id: score for score in sheet.scores.all()}
    return Entry(
        marks={c.code: scores[c.pk].mark if c.pk in scores else None for c in criteria},
        comments={c.code: scores[c.pk].comment if c.pk in scores else "" for c in criteria},
        abstains=sheet.abstains,
        reason=sheet.reason,
    )


def _cleaned(entry: Entry, row: Application, criteria: list[Criterion]) -> Entry:
    marks: dict[str, int | None] = {}
    for criterion in criteria:
        mark = entry.marks.get(criterion.code)
        if mark is not None and not 1 <= mark <= 5:
            raise Refusal(_("A mark goes from 1 to 5."))
        marks[criterion.code] = None if criterion.code == FILM and not has_film(row) else mark
    comments = {c.code: entry.comments.get(c.code, "").strip() for c in criteria}
    return Entry(marks, comments, entry.abstains, entry.reason.strip())


def _refuse_closed(row: Sheet) -> None:
    if row.is_sealed:
        raise Refusal(_("This sheet is sealed: it stays as it is."))
    _refuse_time(row.application.call)
    member = row.member
    member.call = row.application.call
    if not Application.objects.visible_to_juror(member).filter(pk=row.application_id).exists():
        raise Refusal(_("You do not judge this application."))


def _refuse_time(call: Call) -> None:
    if call.phase != Phase.SCORING:
        raise Refusal(_("The jury does not mark now: nothing is written in sheets any more."))
