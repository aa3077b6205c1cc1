from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    """Who answers for something: the Assises have two sides."""

    FRENCH = "FR", _("French side")
    CHINESE = "CN", _("Chinese side")


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
