"""Who may read and translate applications. A seat in the jury goes before any right; superusers have no seat."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from assises.exceptions import Refusal
from assises.models import User
from awards.enums import ApplicationState, Phase
from awards.models import Application, Call, JuryMember

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

    Secretaries; a co-president who judges every admissible application, or any once the results are published.
    """
    if not member.has_pledged or not (member.is_secretary or member.is_president):
        return False
    if member.is_secretary or member.call.has_reached(Phase.PUBLISHED):
        return True
    judged = Application.objects.visible_to_juror(member)
    return not member.call.applications.admissible().exclude(pk__in=judged.values("pk")).exists()


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
