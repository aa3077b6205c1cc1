"""Who speaks for which side."""

from django.db.models import Q

from assises.enums import Side
from assises.models import User

PERMISSIONS = {
    Side.FRENCH: "assises.speak_for_french_side",
    Side.CHINESE: "assises.speak_for_chinese_side",
}


def speaks_for(user: User, side: Side) -> bool:
    """Whether this account answers for ``side``: it has the right, and is of that side."""
    return user.side == side and user.has_perm(PERMISSIONS[side])


def speakers(side: Side) -> list[User]:
    """The accounts that letters to ``side`` go to: those named for it, not whoever may do everything."""
    codename = PERMISSIONS[side].partition(".")[2]
    own = Q(user_permissions__codename=codename, user_permissions__content_type__app_label="assises")
    of_groups = Q(
        groups__permissions__codename=codename, groups__permissions__content_type__app_label="assises"
    )
    found = User.objects.filter(own | of_groups, side=side, is_active=True, is_staff=True)
    return list(found.distinct().order_by("pk"))
