from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assises.enums import MilestoneKey


class Phase(models.TextChoices):
    """The eight steps of an award, in their order. Opening one closes the one before."""

    RULES = "rules", pgettext_lazy("phase of the award", "rules")
    CALL = "call", pgettext_lazy("phase of the award", "call for applications")
    ADMISSIBILITY = "admissibility", pgettext_lazy("phase of the award", "admissibility")
    CONFLICTS = "conflicts", pgettext_lazy("phase of the award", "conflicts of interest")
    SCORING = "scoring", pgettext_lazy("phase of the award", "scoring")
    DELIBERATION = "deliberation", pgettext_lazy("phase of the award", "deliberation")
    SEALED = "sealed", pgettext_lazy("phase of the award", "sealed results")
    PUBLISHED = "published", pgettext_lazy("phase of the award", "published")


#: A phase does not open before its milestone; without an entry here, only the two co-presidents say when.
MILESTONES: dict[Phase, MilestoneKey] = {
    Phase.CALL: MilestoneKey.AWARD_CALL_OPENS,
    Phase.ADMISSIBILITY: MilestoneKey.AWARD_CALL_CLOSES,
    Phase.CONFLICTS: MilestoneKey.AWARD_JURY_OPENS,
    Phase.SCORING: MilestoneKey.AWARD_SCORING_OPENS,
    Phase.DELIBERATION: MilestoneKey.AWARD_SCORING_CLOSES,
    Phase.PUBLISHED: MilestoneKey.AWARD_CEREMONY,
}


class JuryRole(models.TextChoices):
    """What somebody is in the jury. Co-presidents and jurors vote; a substitute once called; secretaries never."""

    PRESIDENT = "president", _("co-president")
    JUROR = "juror", _("juror")
    SUBSTITUTE = "substitute", _("substitute")
    SECRETARY = "secretary", pgettext_lazy("of the jury", "secretary")


#: Of these, each side has one.
ONE_PER_SIDE = [JuryRole.PRESIDENT, JuryRole.SUBSTITUTE, JuryRole.SECRETARY]
