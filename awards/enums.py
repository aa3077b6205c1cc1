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


#: They vote on every application that nothing ties them to.
VOTING = [JuryRole.PRESIDENT, JuryRole.JUROR]
#: Of each side: they sign the minutes, and prepare the ceremony.
SIGNING = [JuryRole.PRESIDENT, JuryRole.SECRETARY]
#: Of these, each side has one.
ONE_PER_SIDE = [JuryRole.PRESIDENT, JuryRole.SUBSTITUTE, JuryRole.SECRETARY]


class ApplicationState(models.TextChoices):
    """Where an application stands. The moves between them are in ``APPLICATION_MOVES``."""

    DRAFT = "draft", pgettext_lazy("application for the award", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application for the award", "submitted")
    TO_COMPLETE = "to_complete", pgettext_lazy("application for the award", "to be completed")
    ADMISSIBLE = "admissible", pgettext_lazy("application for the award", "admissible")
    INADMISSIBLE = "inadmissible", pgettext_lazy("application for the award", "not admissible")
    WITHDRAWN = "withdrawn", pgettext_lazy("application for the award", "withdrawn")


APPLICATION_MOVES: dict[ApplicationState, set[ApplicationState]] = {
    ApplicationState.DRAFT: {ApplicationState.SUBMITTED},
    # Until the deadline it may be taken back, and submitted again.
    ApplicationState.SUBMITTED: {
        ApplicationState.DRAFT,
        ApplicationState.TO_COMPLETE,
        ApplicationState.ADMISSIBLE,
        ApplicationState.INADMISSIBLE,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.TO_COMPLETE: {
        ApplicationState.SUBMITTED,
        ApplicationState.INADMISSIBLE,
        ApplicationState.WITHDRAWN,
    },
    ApplicationState.ADMISSIBLE: {ApplicationState.WITHDRAWN},
    ApplicationState.INADMISSIBLE: set(),
    ApplicationState.WITHDRAWN: set(),
}

#: Its pair may write in it; in any other state a trigger keeps what was submitted.
WRITABLE = [ApplicationState.DRAFT, ApplicationState.TO_COMPLETE]
#: It has arrived, and takes the place of its partnership.
ARRIVED = [ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE, ApplicationState.ADMISSIBLE]


class AttachmentKind(models.TextChoices):
    LETTER = "letter", pgettext_lazy("of an application", "letter of a partner")
    PICTURE = "picture", pgettext_lazy("of an application", "picture")
    SUBTITLES = "subtitles", pgettext_lazy("of a film", "subtitles")


class MusicRights(models.TextChoices):
    """What the pair says of the music in its film (S-122: it is shown if it wins)."""

    NONE = "none", pgettext_lazy("music of a film", "there is no music")
    OWN = "own", pgettext_lazy("music of a film", "the music was made for this film, and its authors agree")
    LICENSED = "licensed", pgettext_lazy("music of a film", "the music is licensed for public showing")


class Opinion(models.TextChoices):
    """What a secretary of the jury finds of an application."""

    ADMISSIBLE = "admissible", pgettext_lazy("application for the award", "admissible")
    TO_COMPLETE = "to_complete", pgettext_lazy("application for the award", "to be completed")
    INADMISSIBLE = "inadmissible", pgettext_lazy("application for the award", "not admissible")


class InterestKind(models.TextChoices):
    """What ties a member of the jury to an application: found by the system, or declared by the member."""

    NONE = "none", pgettext_lazy("conflict of interest", "none")
    AUTHORITY = "authority", pgettext_lazy("conflict of interest", "member of an authority of the pair")
    TERRITORY = (
        "territory",
        pgettext_lazy("conflict of interest", "same territory as an authority of the pair"),
    )
    PARTNERSHIP = (
        "partnership",
        pgettext_lazy("conflict of interest", "authority in partnership with one of the pair"),
    )
    DECLARED = "declared", pgettext_lazy("conflict of interest", "declared by the member")


class SealKind(models.TextChoices):
    """What is sealed in the chain of an award."""

    PLEDGE = "pledge", pgettext_lazy("what is sealed", "pledge")
    RECUSAL = "recusal", pgettext_lazy("what is sealed", "recusal")
    SHEET = "sheet", pgettext_lazy("what is sealed", "sheet")
    MOTION = "motion", pgettext_lazy("what is sealed", "motion")
    MINUTES = "minutes", pgettext_lazy("what is sealed", "minutes")
    RELEASE = "release", pgettext_lazy("what is sealed", "release")


class AgendaKind(models.TextChoices):
    """Why something stands on the agenda of the deliberation, in the order in which it is discussed."""

    BOUNDARY = "boundary", pgettext_lazy("agenda of the jury", "close at the boundary of the prizes")
    DISAGREEMENT = "disagreement", pgettext_lazy("agenda of the jury", "seen differently by the two sides")
    WINNERS = "winners", pgettext_lazy("agenda of the jury", "clear winners")
    MENTION = "mention", pgettext_lazy("agenda of the jury", "mention")
    RESERVE = "reserve", pgettext_lazy("agenda of the jury", "reserve list")
    ADDED = "added", pgettext_lazy("agenda of the jury", "added by a co-president")


class Effect(models.TextChoices):
    """What a motion does when it passes."""

    PRIZE = "prize", pgettext_lazy("effect of a motion", "give a prize")
    PRIZES = "prizes", pgettext_lazy("effect of a motion", "give several prizes at once")
    MENTION = "mention", pgettext_lazy("effect of a motion", "give a mention")
    EX_AEQUO = "ex_aequo", pgettext_lazy("effect of a motion", "share one prize, ex aequo")
    NO_PRIZE = "no_prize", pgettext_lazy("effect of a motion", "give no prize in a category")
    RESERVE = "reserve", pgettext_lazy("effect of a motion", "order of the reserve list")
    COMMENTS = "comments", pgettext_lazy("effect of a motion", "send the comments to those who applied")
    FREE = "free", pgettext_lazy("effect of a motion", "a resolution in words")


class MotionState(models.TextChoices):
    """Where a motion stands. From the third on it stays."""

    MOVED = "moved", pgettext_lazy("motion of the jury", "moved")
    OPEN = "open", pgettext_lazy("motion of the jury", "open to vote")
    PASSED = "passed", pgettext_lazy("motion of the jury", "passed")
    LOST = "lost", pgettext_lazy("motion of the jury", "lost")
    VOID = "void", pgettext_lazy("motion of the jury", "void")


#: A motion that one of these is said of was voted on.
DECIDED = [MotionState.PASSED, MotionState.LOST, MotionState.VOID]


class Choice(models.TextChoices):
    YES = "yes", pgettext_lazy("vote", "yes")
    NO = "no", pgettext_lazy("vote", "no")
    ABSTAIN = "abstain", pgettext_lazy("vote", "abstention")


class ResultKind(models.TextChoices):
    """What an application has in the end, in a category."""

    PRIZE = "prize", pgettext_lazy("result of the award", "prize")
    MENTION = "mention", pgettext_lazy("result of the award", "mention")
    RESERVE = "reserve", pgettext_lazy("result of the award", "reserve list")


class Look(models.TextChoices):
    """What shows results before their release; each look at it is noted (S-117)."""

    CEREMONY = "ceremony", pgettext_lazy("looked at", "the page of the ceremony")
    DELIBERATION = (
        "deliberation",
        pgettext_lazy("looked at", "what is decided, on the page of the deliberation"),
    )
    DIPLOMAS = "diplomas", pgettext_lazy("looked at", "the diplomas")
    ENGRAVING = "engraving", pgettext_lazy("looked at", "the sheet for the engraver")
    MINUTES = "minutes", pgettext_lazy("looked at", "the minutes")
    RANKING = "ranking", pgettext_lazy("looked at", "the ranking")
    STAGE = "stage", pgettext_lazy("looked at", "the pages of the stage")


class Step(models.TextChoices):
    """The pages of an application, in their order; the words stand in their addresses."""

    PAIR = "binome", pgettext_lazy("step of an application", "the pair")
    PROJECT = "projet", pgettext_lazy("step of an application", "the project")
    FILES = "pieces", pgettext_lazy("step of an application", "letters and pictures")
    FILM = "film", pgettext_lazy("step of an application", "the film")
    RIGHTS = "droits", pgettext_lazy("step of an application", "rights")
    SUBMIT = "depot", pgettext_lazy("step of an application", "read over and submit")
