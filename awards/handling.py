"""Who handles applications before the jury judges them: organisers, and the secretaries of the jury."""

from assises.models import User
from awards.models import Call, JuryMember

READ, WRITE = "awards.view_application", "awards.change_application"


def may_read_all(user: User, call: Call) -> bool:
    """Whether this account reads every application that has arrived. Jurors do not: they read those that they judge."""
    return user.has_perm(READ) or secretary_of(call, user) is not None


def may_translate(user: User, call: Call) -> bool:
    return user.has_perm(WRITE) or secretary_of(call, user) is not None


def secretary_of(call: Call, user: User) -> JuryMember | None:
    """The secretary behind this account; None for everybody else."""
    return call.jury.secretaries().filter(user=user).first()
