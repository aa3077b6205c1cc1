"""What the jury of the demonstration has signed, answered and marked, at the hours that the files say."""

import datetime as dt

from assises.canonical import hash_of
from assises.exceptions import Refusal
from assises.loading.files import Load, Row
from awards import services
from awards.enums import Phase
from awards.loading import applications
from awards.models import Application, Call, Criterion, JuryMember
from awards.pledges import text_of
from awards.services import Entry
from awards.sheets import EXPLAINED, FILM, has_film

CONFLICTS = ["email", "pledged_at", "answered_at", "application", "words"]


def answer(run: Load, call: Call, _opens: dt.datetime, at: dt.datetime) -> None:
    """Pledges, and what ties members to applications, until ``at``; a member with two ties has two lines."""
    members = _members(call)
    for row in run.rows("award_conflicts.csv", CONFLICTS, optional=True):
        assert run.edition is not None
        member = row.reference("email", members, required=True)
        pledged = row.moment("pledged_at", run.edition.time_zone)
        answered = row.moment("answered_at", run.edition.time_zone)
        try:
            if member and pledged and pledged <= at:
                services.sign_pledge(member, digest=hash_of(text_of(call)), at=pledged)
            if member and answered and answered <= at:
                _answer(call, row, JuryMember.objects.get(pk=member.pk), answered)
        except Refusal as refused:
            row.fault("email", str(refused))
    scoring = call.date_of(Phase.SCORING)
    if scoring is not None and scoring <= at:
        applications.translate_the_rest(run, call, scoring - dt.timedelta(hours=1))


def mark(run: Load, call: Call, _opens: dt.datetime, at: dt.datetime) -> None:
    """The sheets that were sealed until ``at``."""
    members = _members(call)
    criteria = list(call.criteria.all())
    columns = [
        "email",
        "application",
        "abstains",
        "reason",
        *(c.code for c in criteria),
        "comment",
        "sealed_at",
    ]
    for row in run.rows("award_sheets.csv", columns, optional=True):
        assert run.edition is not None
        member = row.reference("email", members, required=True)
        sealed = row.moment("sealed_at", run.edition.time_zone)
        application = _application(call, row)
        if not (member and sealed and application) or sealed > at:
            continue
        try:
            sheet = services.open_file(member, application, at=sealed - dt.timedelta(minutes=30))
            if not sheet.is_sealed:
                sheet = services.save_sheet(
                    sheet, _entry(row, application, criteria), version=sheet.version, at=sealed
                )
                services.seal_sheet(sheet, version=sheet.version, at=sealed)
        except Refusal as refused:
            row.fault("application", str(refused))


def _answer(call: Call, row: Row, member: JuryMember, at: dt.datetime) -> None:
    """Nothing ties the member to any, but for what the line says, and for what our lists have told already."""
    tied = _application(call, row) if row.text("application") else None
    words = {tied.pk: row.text("words")} if tied else {}
    asked = Application.objects.named_to_juror(member).values_list("pk", flat=True)
    services.answer_conflicts(member, {pk: words.get(pk, "") for pk in asked}, at=at)


def _entry(row: Row, application: Application, criteria: list[Criterion]) -> Entry:
    if row.flag("abstains"):
        return Entry(abstains=True, reason=row.text("reason"))
    marks = {c.code: row.number(c.code) for c in criteria}
    if not has_film(application):
        marks.pop(FILM, None)
    comment = row.text("comment")
    explained = [code for code, value in marks.items() if value in EXPLAINED] or [criteria[0].code]
    return Entry(marks=marks, comments=dict.fromkeys(explained, comment) if comment else {})


def _members(call: Call) -> dict[str, JuryMember]:
    return {m.user.email: m for m in call.jury.select_related("user", "call__edition")}


def _application(call: Call, row: Row) -> Application | None:
    code = Row(row.file, row.line, {"code": row.text("application")}, row.faults)
    found = (
        call.applications.select_related("film", "call").filter(key=applications.key_of(call, code)).first()
    )
    if found is None:
        row.fault("application", row.text("application"))
    return found
