"""What ties members of the jury to applications, as our lists tell; and what follows where too few judges are left."""

import datetime as dt
from collections.abc import Iterable

from assises import journal
from assises.enums import Side
from assises.models import Organisation, Partnership
from awards import letters, sealing
from awards.conflicts import Authorities, ties
from awards.enums import InterestKind, JuryRole, SealKind
from awards.judges import FEWEST, judges_of
from awards.models import Application, Call, Interest, JuryMember, Sitting


def find_ties(call: Call, *, at: dt.datetime, among: Iterable[JuryMember] | None = None) -> int:
    """Recuse members from the applications that our lists tie them to; how many times. May run twice.

    All members but the secretaries, unless told ``among`` whom. What is found binds, whatever the member has answered.
    The caller holds the call.
    """
    chosen = call.jury.exclude(role=JuryRole.SECRETARY) if among is None else among
    members = [member for member in chosen if member.organisation_id and not member.is_secretary]
    if not members:
        return 0
    organisations = Organisation.objects.in_bulk({m.organisation_id for m in members if m.organisation_id})
    known = _known()
    said = {
        (interest.member_id, interest.application_id): interest
        for interest in Interest.objects.filter(member__in=members)
    }
    found = 0
    for row in call.applications.admissible().prefetch_related("partners"):
        partners = list(row.partners.all())
        for member in members:
            own = organisations[member.organisation_id or 0]
            pair = {
                partner.organisation_id or (own.pk if own.is_called(partner.name) else 0)
                for partner in partners
            }
            reasons = ties(own.pk, pair, known)
            interest = said.get((member.pk, row.pk))
            if reasons and (interest is None or interest.kind == InterestKind.NONE):
                recuse(call, member, row, interest, kind=reasons[0], words="", at=at)
                found += 1
    if found:
        tell_where_few(call, at=at)
    return found


def recuse(
    call: Call,
    member: JuryMember,
    row: Application,
    interest: Interest | None,
    *,
    kind: InterestKind,
    words: str,
    at: dt.datetime,
) -> Interest:
    """Write down and seal that this member does not judge this application. The caller holds the call."""
    interest = interest or Interest(member=member, application=row)
    interest.kind, interest.words, interest.at = kind, words, at
    interest.save()
    sealing.seal(
        call, kind=SealKind.RECUSAL, subject=interest.pk, content=sealing.recusal_content(interest), at=at
    )
    # Where the jury sits, the member is out of the room from now on.
    Sitting.objects.open().filter(call=call).count_up()
    journal.write(
        [
            journal.entry(
                row,
                "jury_recused",
                at=at,
                # What our lists tell, nobody has said.
                by=member.user if kind == InterestKind.DECLARED else None,
                member=member.pk,
                side=member.side,
                kind=kind,
                number=row.number,
            )
        ]
    )
    return interest


def tell_where_few(call: Call, *, at: dt.datetime) -> None:
    """Write to both secretaries, once, where an application has too few judges left on a side."""
    least, counts = min(FEWEST, call.jury_per_side), judges_of(call)
    recused = Interest.objects.recusals().filter(
        application__call=call, member__role__in=["president", "juror"]
    )
    touched = set(recused.values_list("application", "member__side"))
    for row in call.applications.admissible().filter(pk__in={pk for pk, _side in touched}):
        for side in Side:
            if (row.pk, side.value) in touched and counts[row.pk][side] < least:
                row.call = call
                letters.substitute_awaited(row, side, at=at)


def _known() -> Authorities:
    rows = list(Organisation.objects.order_by().values_list("pk", "parent", "predecessor"))
    return Authorities(
        parents={pk: parent for pk, parent, _old in rows if parent},
        predecessors={pk: old for pk, _parent, old in rows if old},
        partnerships=list(Partnership.objects.order_by().values_list("french", "chinese")),
    )
