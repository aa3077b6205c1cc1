"""Who may do what: groups for the roles of the organisation."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

ORGANISERS = "Organisers"
ACCESS_NEEDS = "Access needs"
DESK = "Desk"
APCAE = "APCAE"
PROGRAMME = "Programme"
FRENCH_APPROVAL = "Approval for the French side"
CHINESE_APPROVAL = "Approval for the Chinese side"
TRANSLATORS = "Translators"
JURY = "Jury"

#: Everything but the accounts themselves, and but what only one role may see by name.
_ORGANISERS = (
    Q(content_type__app_label__in=["assises", "program", "registration", "awards"])
    & ~Q(content_type__app_label="assises", content_type__model="user")
    & ~Q(codename="view_access_needs")
    # Whoever prepares a release does not approve it, unless a side says so by name.
    & ~Q(codename__startswith="approve_for_")
    # Nor does whoever writes the minutes validate them.
    & ~Q(codename__startswith="speak_for_")
    # Administrators alone name the jury.
    & ~Q(codename__in=["add_jurymember", "change_jurymember", "delete_jurymember"])
    # What the jury signs, declares, marks and seals is for whoever has a seat in it.
    & ~Q(
        content_type__app_label="awards",
        content_type__model__in=["pledge", "interest", "calling", "assignment", "sheet", "score", "seal"],
    )
    # What services write is never deleted by hand.
    & ~Q(
        codename__in=[
            "delete_registration", "delete_booking", "delete_journalentry", "delete_outgoingemail", "delete_mailing",
            "delete_programmerelease", "delete_releaseapproval", "delete_releasefile",
            "delete_rules", "delete_agreement", "delete_contribution", "delete_minutes", "delete_minutesline",
            "delete_verdict",
        ]
    )
)  # fmt: skip
#: Counts, never a name of somebody French.
_APCAE = Q(content_type__app_label="registration") & Q(
    codename__in=["view_delegationallotment", "view_invitationletterrequest", "view_place"]
)
#: To approve a release one reads it; nobody is seen by name.
_READS_PROGRAMME = Q(content_type__app_label="program") & Q(codename="view_session")
#: To speak for a side one reads the register, the minutes that are written from it, and the planning (S-007).
_READS_REGISTER = Q(content_type__app_label="assises") & Q(
    codename__in=[
        "view_meeting", "view_registeritem", "view_candidate", "view_preference",
        "view_minutes", "view_minutesline", "view_verdict", "view_milestone", "view_task", "view_dependency",
    ]
)  # fmt: skip
#: What is open about the programme stands in the decision register.
_WRITES_REGISTER = Q(content_type__app_label="assises", content_type__model="registeritem") & Q(
    codename__in=["view_registeritem", "add_registeritem", "change_registeritem"]
)
_GROUPS = {
    ORGANISERS: _ORGANISERS,
    ACCESS_NEEDS: Q(content_type__app_label="registration", codename="view_access_needs"),
    DESK: Q(content_type__app_label="registration", codename="check_in"),
    # It reads the register (S-007), and notes there what it asks for; it closes nothing by itself.
    APCAE: _APCAE | _READS_REGISTER | Q(codename="add_registeritem"),
    PROGRAMME: _ORGANISERS & (Q(content_type__app_label="program") | _WRITES_REGISTER),
    FRENCH_APPROVAL: _READS_PROGRAMME
    | _READS_REGISTER
    | Q(codename__in=["approve_for_french_side", "speak_for_french_side"]),
    CHINESE_APPROVAL: _READS_PROGRAMME
    | _READS_REGISTER
    | Q(codename__in=["approve_for_chinese_side", "speak_for_chinese_side"]),
    # It reads what it judges by; what it judges, and who opens what, is not told by rights but by the jury itself.
    JURY: Q(content_type__app_label="awards", codename="view_call"),
    # They read the programme, and write its translations; who attends is not theirs to see.
    TRANSLATORS: Q(content_type__app_label="program", codename__in=["translate_programme", "view_session"]),
}


@transaction.atomic
def ensure_groups() -> None:
    """Make the groups of the house, each with its permissions. Asking again brings them up to date."""
    for name, permissions in _GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(permissions))
