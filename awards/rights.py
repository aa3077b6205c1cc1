"""Who may read and translate applications. A seat in the jury goes before any right; superusers have no seat."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import User
from awards.enums import SIGNING, ApplicationState, Phase
from awards.models import Application, Call, Interest, JuryMember

#: Rights of organisers. Members of the jury have their seat instead, whatever their rights.
READ, WRITE = "awards.view_application", "awards.change_application"


def may_read(user: User | AnonymousUser, row: Application) -> bool:
    """Whether an account may read an application: its texts, letters, pictures and film.

    A member of the jury reads by their seat alone, and only with the pledge signed: whoever votes what they judge
    (``Application.objects.visible_to_juror``), secretaries all that was submitted. Others need the right to look at
    applications; a draft is its pair's own.
    """
    member = seat_of(row.call, user)
    if member is not None and not member.is_secretary:
        return Application.objects.visible_to_juror(member).filter(pk=row.pk).exists()
    return row.state != ApplicationState.DRAFT and may_read_all(user, row.call)


def may_read_all(user: User | AnonymousUser, call: Call) -> bool:
    """Whether an account reads every application that was submitted: organisers, and secretaries with their pledge."""
    return _handles(user, call, READ)


def may_translate(user: User | AnonymousUser, call: Call) -> bool:
    return _handles(user, call, WRITE)


def may_prepare(member: JuryMember) -> bool:
    """Whether a member sees all results before their release, to prepare the ceremony: only with the pledge signed.

    Secretaries and co-presidents, unless something is kept from them (``hidden_from``).
    """
    return member.role in SIGNING and member.has_pledged and not hidden_from(member)


def why_not_prepared(member: JuryMember) -> str:
    """Why a co-president or a secretary sees nothing of what is prepared for the ceremony, in a sentence; empty where
    they do.
    """
    if not member.call.has_reached(Phase.SEALED):
        return _("What the ceremony needs is prepared once the results are sealed.")
    if not may_prepare(member):
        return _(
            "You do not judge every application: something ties you to one of them. What is prepared for the ceremony would tell you its result; the other co-president and the secretaries see to it. You have it too once the results are published."
        )
    return ""


def hidden_from(member: JuryMember) -> frozenset[int]:
    """Numbers of the admissible applications that this member may not know of yet. Three queries at most.

    None once the results are published. Of all but secretaries, those that they do not judge; of a secretary, those that
    they were recused from in another role.
    """
    call = member.call
    if call.phase == Phase.PUBLISHED:
        return frozenset()
    rows = call.applications.admissible()
    if member.is_secretary:
        own = Interest.objects.recusals().filter(member__user=member.user_id, application__in=rows)
        return frozenset(row.application.number or 0 for row in own.select_related("application"))
    judged = Application.objects.visible_to_juror(member).values("pk")
    return frozenset(row.number or 0 for row in rows.exclude(pk__in=judged).only("number"))


def seat_of(call: Call, user: User | AnonymousUser) -> JuryMember | None:
    """The seat of an account in the jury of an award, with its pledge; None where it has none."""
    if not user.is_authenticated:
        return None
    member = call.jury.filter(user=user).select_related("user", "pledge").first()
    if member is not None:
        member.call = call
    return member


def role_now(user: User) -> str:
    """The role of an account in the jury of the edition that is worked on, for its menu; empty where it has none.

    Whoever sits in a jury reads the award; for all others this costs no query, and one for a page.
    """
    if not user.has_perm("awards.view_call"):
        return ""
    role: str | None = getattr(user, "jury_role_now", None)
    if role is None:
        role = (
            user.jury_memberships.filter(call__edition__is_current=True)
            .values_list("role", flat=True)
            .first()
        )
        user.jury_role_now = role or ""  # type: ignore[attr-defined]
    return role or ""


def secretary(call: Call, user: User) -> JuryMember:
    """The secretary behind this account. Refuses everybody else."""
    member = seat_of(call, user)
    if member is None or not member.is_secretary:
        raise Refusal(_("Only the two secretaries of the jury do this."))
    return member


def _handles(user: User | AnonymousUser, call: Call, right: str) -> bool:
    member = seat_of(call, user)
    if member is not None:
        return member.is_secretary and member.has_pledged
    return user.is_authenticated and user.has_perm(right)
