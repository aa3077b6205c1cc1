"""A jury and what it judges, in one line each. Nothing here is random."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from assises.canonical import hash_of
from assises.enums import Side
from assises.models import Edition, Organisation
from awards import services
from awards.enums import ApplicationState, AttachmentKind, JuryRole, Opinion, Phase
from awards.models import (
    Application,
    Attachment,
    Call,
    Criterion,
    JuryMember,
    Partner,
    SecretaryOpinion,
    Sheet,
)
from awards.models.application import TEXTS
from awards.pledges import text_of
from awards.services import Entry
from awards.services.translating import seen_of_translation
from tests.award_factories import CLOSES, OPENS, a_member, an_award, opened
from tests.factories import NUMBERS, a_member_of_staff, an_organisation

IN_CALL = OPENS + dt.timedelta(days=2)
IN_ADMISSIBILITY = CLOSES + dt.timedelta(days=1)
IN_CONFLICTS = dt.datetime(2018, 10, 12, 8, tzinfo=dt.UTC)
IN_SCORING = dt.datetime(2018, 10, 17, 8, tzinfo=dt.UTC)
IN_DELIBERATION = dt.datetime(2018, 10, 25, 8, tzinfo=dt.UTC)
WHEN = {
    Phase.CALL: OPENS,
    Phase.ADMISSIBILITY: CLOSES,
    Phase.CONFLICTS: IN_CONFLICTS,
    Phase.SCORING: IN_SCORING,
    Phase.DELIBERATION: IN_DELIBERATION,
}
FR, CN = Side.FRENCH, Side.CHINESE


@dataclass(frozen=True)
class Named:
    """A French authority that an application names in its own words, and that is not in our list."""

    name_fr: str
    side: str = "FR"


def a_jury(
    edition: Edition, *, jurors: int = 2, begin: Callable[[Call], object] | None = None, **fields: Any
) -> Call:
    """An award in its call: on each side a co-president, so many jurors, a substitute and a secretary.

    ``begin`` adds to it before its rules are frozen.
    """
    fields = {"jury_per_side": jurors + 1, "quorum_per_side": 1, **fields}
    call = an_award(edition, **fields)
    Criterion.objects.filter(call=call, code="results").update(code="film")
    if begin is not None:
        begin(call)
    for side in Side:
        for _juror in range(jurors):
            a_member(call, side)
        a_member(call, side, JuryRole.SUBSTITUTE)
        a_member(call, side, JuryRole.SECRETARY)
    return opened(call)


def members(call: Call, side: Side | None = None, *roles: JuryRole) -> list[JuryMember]:
    """Of a side, with these roles; without any, all who vote. Co-president first, then by their keys."""
    found = call.jury.filter(role__in=roles or [JuryRole.PRESIDENT, JuryRole.JUROR]).order_by("side", "pk")
    return [m for m in found.select_related("call__edition", "user") if side is None or m.side == side]


def juror(call: Call, side: Side = FR, place: int = 1) -> JuryMember:
    """The n-th voting member of a side, its co-president being 0."""
    return members(call, side)[place]


def secretary(call: Call, side: Side = FR) -> JuryMember:
    return members(call, side, JuryRole.SECRETARY)[0]


def substitute(call: Call, side: Side = FR) -> JuryMember:
    return members(call, side, JuryRole.SUBSTITUTE)[0]


def an_application(
    call: Call,
    french: Organisation | Named | None = None,
    chinese: Organisation | None = None,
    *,
    prepare: Callable[[Application], object] | None = None,
    **texts: str,
) -> Application:
    """Submitted while the call is open, in French, complete; ``prepare`` adds to it before."""
    french = french or an_organisation()
    chinese = chinese or an_organisation(f"市{next(NUMBERS)}", side="CN")
    category = call.categories.exclude(theme=None).first()
    assert category is not None
    # By rows: what a pair does to get here, and its letters, have tests of their own.
    row = Application.objects.create(
        call=call, category=category, original="fr", begun_at=IN_CALL, state_since=IN_CALL
    )
    for organisation in (french, chinese):
        Partner.objects.create(
            application=row,
            organisation=organisation if isinstance(organisation, Organisation) else None,
            name=organisation.name_fr,
            side=organisation.side,
            leads=True,
        )
    for side in Side:
        Attachment.objects.create(
            application=row, kind=AttachmentKind.LETTER, side=side, key=uuid.uuid4(), name="lettre.pdf",
            media_type="application/pdf", bytes=10, digest="0" * 64, added_at=IN_CALL,
        )  # fmt: skip
    for field in TEXTS:
        setattr(row, f"{field}_fr", texts.get(field, f"{field} {row.pk}"))
    row.number = call.applications.exclude(number=None).count() + 1
    if prepare is not None:
        prepare(row)
    row.rules = call.rules.in_force().first()
    row.submitted_at, row.deadline = IN_CALL, CLOSES
    row.move_to(ApplicationState.SUBMITTED, at=IN_CALL)
    row.fill_search_key()
    row.save()
    return row


def find_admissible(call: Call, rows: Iterable[Application], *, translated: bool = True) -> None:
    """Both secretaries find these admissible, and they are translated."""
    for row in rows:
        for side in Side:
            SecretaryOpinion.objects.create(
                application=row, round=1, side=side, member=secretary(call, side),
                opinion=Opinion.ADMISSIBLE, at=IN_ADMISSIBILITY,
            )  # fmt: skip
        row.move_to(ApplicationState.ADMISSIBLE, at=IN_ADMISSIBILITY)
        row.save()
        if translated:
            translate(call, row)


def translate(call: Call, row: Application) -> None:
    row = Application.objects.get(pk=row.pk)
    texts = {field: f"{field} 中文{row.pk}" for field in TEXTS}
    seen = seen_of_translation(row)
    services.translate(row, texts, seen=seen, at=IN_ADMISSIBILITY, by=a_member_of_staff())


def sign(member: JuryMember, *, at: dt.datetime = IN_CONFLICTS) -> JuryMember:
    services.sign_pledge(member, digest=hash_of(text_of(member.call)), at=at)
    return JuryMember.objects.select_related("call__edition", "user").get(pk=member.pk)


def answer(member: JuryMember, *tied: Application, at: dt.datetime = IN_CONFLICTS) -> JuryMember:
    """Nothing ties them to any application that is before them, but to these."""
    member = fresh(member)
    rows = Application.objects.named_to_juror(member)
    said = {row.pk: "Je le connais." if row in tied else "" for row in rows}
    services.answer_conflicts(member, said, at=at)
    return fresh(member)


def fresh(member: JuryMember) -> JuryMember:
    return JuryMember.objects.select_related("call__edition", "user").get(pk=member.pk)


def in_conflicts(
    edition: Edition,
    *,
    applications: int = 2,
    pairs: Iterable[tuple[Any, Any]] = (),
    prepare: Callable[[Application], object] | None = None,
    **fields: Any,
) -> Call:
    """The award in its phase of conflicts of interest, with so many admissible applications."""
    call = a_jury(edition, **fields)
    pairs = [*pairs, *[(None, None)] * applications][: max(applications, len(list(pairs)))]
    rows = [an_application(call, *pair, prepare=prepare) for pair in pairs]
    call = opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    find_admissible(call, rows)
    return opened(call, Phase.CONFLICTS, at=IN_CONFLICTS)


def in_scoring(edition: Edition, *, applications: int = 2, **fields: Any) -> Call:
    """The award while the jury marks: all have signed, and nothing ties anybody to anything."""
    call = in_conflicts(edition, applications=applications, **fields)
    for member in [*members(call), *members(call, None, JuryRole.SECRETARY)]:
        sign(member)
    for member in members(call):
        answer(member)
    return opened(call, Phase.SCORING, at=IN_SCORING)


def an_entry(**fields: Any) -> Entry:
    """Complete: 4 for innovation, 1 for the film by the rules."""
    return Entry(**{"marks": {"innovation": 4, "film": None}, "comments": {}, **fields})


def a_sheet(
    member: JuryMember, row: Application, *, sealed: bool = True, at: dt.datetime = IN_SCORING, **fields: Any
) -> Sheet:
    """Opened, written and, unless told otherwise, sealed."""
    sheet = services.open_file(fresh(member), row, at=at)
    sheet = services.save_sheet(sheet, an_entry(**fields), version=sheet.version, at=at)
    return services.seal_sheet(sheet, version=sheet.version, at=at) if sealed else sheet


def rows_of(call: Call) -> list[Application]:
    return list(call.applications.order_by("number"))
