"""Members of the jury say what ties them to applications; where too few are left, a substitute is called."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assises import constraints, journal
from assises.exceptions import Refusal
from assises.models import User
from awards import letters
from awards.enums import InterestKind, Phase
from awards.judges import FEWEST, judges_of
from awards.models import Application, Calling, Interest, JuryMember
from awards.rights import secretary
from awards.services.phases import held
from awards.services.recusals import find_ties, recuse, tell_where_few

constraints.declare(
    {
        "awards_interest_stays": gettext_lazy("What ties a member of the jury to an application stays so."),
        "awards_interest_of_the_jury": gettext_lazy(
            "Members of the jury say it, once they have signed the pledge, until the results are sealed."
        ),
        "awards_calling_stays": gettext_lazy("Whoever was called judges this application."),
        "awards_calling_by_a_secretary": gettext_lazy("The secretary of a side calls its substitute."),
    }
)
_SAID_IN = [Phase.CONFLICTS, Phase.SCORING, Phase.DELIBERATION]


@transaction.atomic
def answer_conflicts(member: JuryMember, answers: Mapping[int, str], *, at: dt.datetime) -> int:
    """Keep what a member says of applications, by their keys: nothing ties them, or what does in words; how many.

    An empty text is “nothing”. An application that the member was not shown is refused; one that is answered already
    stays, but that a tie may be found later. The system's findings are not asked about.
    """
    call = held(member.call)
    _refuse_time(member, call.phase)
    member.call = call
    rows = {row.pk: row for row in Application.objects.named_to_juror(member)}
    if not answers.keys() <= rows.keys():
        raise Refusal(_("One of these applications is not before you any more. Open the page again."))
    said = {interest.application_id: interest for interest in member.interests.all()}
    changed = 0
    nothing = []
    for pk in sorted(answers):
        words, interest = answers[pk].strip(), said.get(pk)
        if words and (interest is None or interest.kind == InterestKind.NONE):
            recuse(call, member, rows[pk], interest, kind=InterestKind.DECLARED, words=words, at=at)
            changed += 1
        elif not words and interest is None:
            nothing.append(Interest(member=member, application=rows[pk], kind=InterestKind.NONE, at=at))
    Interest.objects.bulk_create(nothing)
    if nothing:
        journal.write(
            [journal.entry(member, "conflicts_answered", at=at, by=member.user, without=len(nothing))]
        )
    if changed:
        tell_where_few(call, at=at)
    return changed + len(nothing)


@transaction.atomic
def declare_conflict(member: JuryMember, row: Application, *, words: str, at: dt.datetime) -> Interest:
    """A member finds out later what ties them to an application: from now on they do not judge it, and never did.

    A sheet stays as it is, sealed or not, and counts nowhere. Refuses it without words. Asking twice changes nothing.
    """
    if not words.strip():
        raise Refusal(_("Say in a few words what ties you to it: the secretaries read this."))
    answer_conflicts(member, {row.pk: words}, at=at)
    return Interest.objects.get(member=member, application=row)


@transaction.atomic
def call_substitute(row: Application, *, at: dt.datetime, by: User) -> Calling:
    """The secretary of a side calls its substitute for an application that too few of that side are left to judge.

    Refuses anybody else, an application with enough judges, and a substitute whom our lists or they themselves tie to
    it. Asking twice changes nothing.
    """
    call = held(row.call)
    caller = secretary(call, by)
    if call.phase not in (Phase.CONFLICTS, Phase.SCORING):
        raise Refusal(
            _("A substitute is called while conflicts of interest are declared, or while the jury marks.")
        )
    row = Application.objects.held(row.pk)
    member = call.jury.substitutes().filter(side=caller.side).select_related("user").first()
    if member is None:
        raise Refusal(_("Your side has no substitute: administrators name one."))
    called = Calling.objects.filter(application=row, member=member).first()
    if called is not None:
        return called
    counts = judges_of(call).get(row.pk)
    if counts is None or counts[caller.side] >= min(FEWEST, call.jury_per_side):
        raise Refusal(_("Enough of your side are left to judge this application."))
    find_ties(call, at=at, among=[member])
    if member.interests.recusals().filter(application=row).exists():
        raise Refusal(
            _("%(name)s is recused from this application too: administrators name another substitute.")
            % {"name": member}
        )
    called = Calling.objects.create(application=row, member=member, called_by=caller, at=at)
    journal.write(
        [journal.entry(row, "substitute_called", at=at, by=by, side=caller.side, number=row.number)]
    )
    letters.substitute_called(row, member, at=at)
    return called


def _refuse_time(member: JuryMember, phase: str) -> None:
    if phase not in _SAID_IN:
        raise Refusal(
            _(
                "Conflicts of interest are declared from the phase of that name on, until the results are sealed."
            )
        )
    if not member.has_pledged:
        raise Refusal(_("Sign the pledge first."))
