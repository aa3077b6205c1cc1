from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    """Who answers for something: the Assises have two sides."""

    FRENCH = "FR", _("French side")
    CHINESE = "CN", _("Chinese side")


class OwnerSide(models.TextChoices):
    """Who owes something: one side, or both together."""

    FRENCH = "FR", _("French side")
    CHINESE = "CN", _("Chinese side")
    BOTH = "both", _("both sides")


class AgreementStatus(models.TextChoices):
    """How far the two sides are with something, in the words of their minutes."""

    DECIDED = "decided", pgettext_lazy("item of the programme", "decided")
    PROPOSED = "proposed", pgettext_lazy("item of the programme", "proposed")
    UNDER_STUDY = "under_study", pgettext_lazy("item of the programme", "under study")
    TO_BE_DEFINED = "to_be_defined", pgettext_lazy("item of the programme", "to be defined")
    REQUESTED = "requested", pgettext_lazy("item of the programme", "requested")
    # It stays visible, with its reason (S-052).
    ABANDONED = "abandoned", pgettext_lazy("item of the programme", "abandoned")


class ItemKind(models.TextChoices):
    """What the minutes of the two sides contain."""

    DECISION = "decision", pgettext_lazy("of the register", "decision")
    OPEN_POINT = "open_point", pgettext_lazy("of the register", "open point")
    WARNING = "warning", pgettext_lazy("of the register", "warning")
    REQUEST = "request", pgettext_lazy("of the register", "request")


class WorkState(models.TextChoices):
    """How far the work on a milestone or a task is."""

    TO_DO = "to_do", pgettext_lazy("work", "to do")
    IN_PROGRESS = "in_progress", pgettext_lazy("work", "in progress")
    DONE = "done", pgettext_lazy("work", "done")
    DROPPED = "dropped", pgettext_lazy("work", "given up")


class MilestoneKind(models.TextChoices):
    PREPARATION = "preparation", _("milestone of the preparation")
    # Others organise it; what is planned may clash with it (S-125, S-154).
    EXTERNAL = "external", _("external event")


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "draft")
    SENT = "sent", pgettext_lazy("minutes", "being validated")
    VALIDATED = "validated", pgettext_lazy("minutes", "validated by both sides")


class LineVerdict(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("line of the minutes", "accepted")
    COMMENTED = "commented", pgettext_lazy("line of the minutes", "commented on")


class LetterState(models.TextChoices):
    """What has become of a letter of the outbox."""

    # One of a mailing that nobody has approved yet.
    HELD = "held", pgettext_lazy("a letter", "waits for approval")
    WAITING = "waiting", pgettext_lazy("a letter", "waiting to leave")
    FAILED = "failed", pgettext_lazy("a letter", "failed, to be tried again")
    BOUNCED = "bounced", pgettext_lazy("a letter", "came back: refused for good")
    SENT = "sent", pgettext_lazy("a letter", "sent")
    CANCELLED = "cancelled", pgettext_lazy("a letter", "cancelled")


class OrganisationKind(models.TextChoices):
    REGION = "region", _("French region")
    DEPARTEMENT = "departement", _("French département")
    METROPOLE = "metropole", _("métropole")
    EPCI = "epci", _("intercommunal body")
    COMMUNE = "commune", _("town or commune")
    STATE = "state", _("State service")
    OPERATOR = "operator", _("State operator")
    UNIVERSITY = "university", _("university or research")
    ASSOCIATION = "association", _("association")
    TOURISM = "tourism", _("tourism professional")
    PRESS = "press", pgettext_lazy("kind of organisation", "press")
    PROVINCE = "province", _("Chinese province")
    MUNICIPALITY = "municipality", _("Chinese municipality under central government")
    CITY = "city", _("Chinese city")
    DISTRICT = "district", _("Chinese district or county")
    TOWN = "town", _("Chinese town")


FRENCH_KINDS = [
    OrganisationKind.COMMUNE,
    OrganisationKind.EPCI,
    OrganisationKind.METROPOLE,
    OrganisationKind.DEPARTEMENT,
    OrganisationKind.REGION,
    OrganisationKind.TOURISM,
    OrganisationKind.STATE,
    OrganisationKind.OPERATOR,
    OrganisationKind.UNIVERSITY,
    OrganisationKind.ASSOCIATION,
    OrganisationKind.PRESS,
]


class CreditRole(models.TextChoices):
    """Co-organisers decide; supporters support: they are never in one list (S-085, S-086)."""

    CO_ORGANISER = "co_organiser", _("co-organiser")
    SUPPORTER = "supporter", _("with the support of")


class PartnershipStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    INTENT = "intent", _("declared intention")
    TO_CONFIRM = "to_confirm", _("to be confirmed")


class Workstream(models.TextChoices):
    """The minutes have two parts, each with its contact points (S-003, S-064, S-140)."""

    SHOWCASE = "showcase", _("showcase of the guest of honour")
    ASSISES = "assises", _("steering of the Assises")


class MilestoneKey(models.TextChoices):
    """The milestones on which the software itself opens and closes things."""

    REGISTRATION_OPENS = "registration_opens", _("registration opens")
    QUOTAS_RELEASED = "quotas_released", _("places of all categories are open to all")
    AUTHORITY_CEILING_ENDS = "authority_ceiling_ends", _("ceiling per authority ends")
    SESSION_CHOICES_CLOSE = "session_choices_close", _("session choices close")
    REGISTRATION_CLOSES = "registration_closes", _("registration closes")
    CONTRIBUTIONS_OPEN = "contributions_open", _("the call for contributions opens")
    CONTRIBUTIONS_CLOSE = "contributions_close", _("the call for contributions closes")
    AWARD_CALL_OPENS = "award_call_opens", _("the call for the award opens")
    AWARD_CALL_CLOSES = "award_call_closes", _("the call for the award closes")
    AWARD_JURY_OPENS = "award_jury_opens", _("the jury declares its conflicts of interest")
    AWARD_SCORING_OPENS = "award_scoring_opens", _("the jury begins to mark")
    AWARD_SCORING_CLOSES = "award_scoring_closes", _("the marks are closed, the jury deliberates")
    AWARD_CEREMONY = "award_ceremony", _("the results may be released")
