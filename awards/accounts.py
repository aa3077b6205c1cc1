"""Whose accounts must have a second factor: whoever sits in a jury."""

from assises.accounts import requires_second_factor
from assises.models import User


@requires_second_factor
def jurors(user: User) -> bool:
    return user.jury_memberships.exists()
