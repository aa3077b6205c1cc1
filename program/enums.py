from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SessionKind(models.TextChoices):
    CEREMONY = "ceremony", _("ceremony")
    PLENARY = "plenary", _("plenary workshop")
    PARALLEL = "parallel", _("parallel workshop")
    SEMINAR = "seminar", _("promotion seminar")
    MEAL = "meal", _("meal")
    SHOW = "show", pgettext_lazy("kind of session", "show")
    AWARD = "award", _("award ceremony")
    CLOSING = "closing", _("closing")
    VISIT = "visit", _("field visit")
    INFORMAL = "informal", _("room for informal meetings")


#: Sessions with a theme, led by a pair of authorities, one of each side (S-100).
WORKSHOPS = [SessionKind.PLENARY, SessionKind.PARALLEL]


class Audience(models.TextChoices):
    PUBLIC = "public", _("all participants")
    INVITATION = "invitation", _("on invitation")
    DELEGATION = "delegation", _("delegation only")


class Languages(models.TextChoices):
    """What is spoken in a session."""

    FRENCH = "fr", _("in French")
    CHINESE = "zh", _("in Chinese")
    BOTH = "both", _("in French and Chinese")


class PartKind(models.TextChoices):
    """What a part of a session's running order is."""

    SPEECH = "speech", _("speech")
    CONTRIBUTION = "contribution", _("contribution")
    REPORT = "report", _("report back")
    MODERATION = "moderation", _("moderation")
    DISCUSSION = "discussion", _("discussion")
    OTHER = "other", pgettext_lazy("part of a session", "other")


class SpeakerState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("speaker", "asked")
    CONFIRMED = "confirmed", pgettext_lazy("speaker", "confirmed")
    DECLINED = "declined", pgettext_lazy("speaker", "declined")


class Criterion(models.TextChoices):
    """The four words of the minutes by which a contribution is judged (S-098)."""

    EXEMPLARY = "exemplary", pgettext_lazy("contribution", "exemplary")
    EXISTING = "existing", pgettext_lazy("contribution", "existing")
    CONCRETE = "concrete", pgettext_lazy("contribution", "concrete")
    REPRODUCIBLE = "reproducible", pgettext_lazy("contribution", "reproducible")


class ContributionState(models.TextChoices):
    """Where a contribution stands. The moves between them are in ``CONTRIBUTION_MOVES``."""

    PROPOSED = "proposed", pgettext_lazy("contribution", "proposed")
    CHANGES_ASKED = "changes_asked", pgettext_lazy("contribution", "changes asked for")
    #: The organisers want it; it is confirmed only when the speaker says so.
    ACCEPTED = "accepted", pgettext_lazy("contribution", "accepted, speaker to confirm")
    CONFIRMED = "confirmed", pgettext_lazy("contribution", "confirmed by the speaker")
    DECLINED = "declined", pgettext_lazy("contribution", "not retained")
    WITHDRAWN = "withdrawn", pgettext_lazy("contribution", "withdrawn")


#: What stands in the programme.
RETAINED = [ContributionState.ACCEPTED, ContributionState.CONFIRMED]

CONTRIBUTION_MOVES: dict[ContributionState, set[ContributionState]] = {
    ContributionState.PROPOSED: {
        ContributionState.CHANGES_ASKED,
        ContributionState.ACCEPTED,
        ContributionState.DECLINED,
        ContributionState.WITHDRAWN,
    },
    ContributionState.CHANGES_ASKED: {
        ContributionState.PROPOSED,
        ContributionState.ACCEPTED,
        ContributionState.DECLINED,
        ContributionState.WITHDRAWN,
    },
    ContributionState.ACCEPTED: {
        ContributionState.CONFIRMED,
        ContributionState.CHANGES_ASKED,
        ContributionState.DECLINED,
        ContributionState.WITHDRAWN,
    },
    # Somebody else is to speak after all.
    ContributionState.CONFIRMED: {
        ContributionState.ACCEPTED,
        ContributionState.WITHDRAWN,
        ContributionState.DECLINED,
    },
    ContributionState.DECLINED: {ContributionState.PROPOSED},
    ContributionState.WITHDRAWN: set(),
}


class VisitOrigin(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("field visit", "proposed")
    REQUESTED = "requested", pgettext_lazy("field visit", "requested")


class Verdict(models.TextChoices):
    """What one side says of a field visit (S-113)."""

    NONE = "", pgettext_lazy("field visit", "no answer yet")
    KEPT = "kept", pgettext_lazy("field visit", "kept")
    NOT_KEPT = "not_kept", pgettext_lazy("field visit", "not kept")
    TO_SPECIFY = "to_specify", pgettext_lazy("field visit", "to be specified")


class ReleaseKind(models.TextChoices):
    """What a release of the programme is for."""

    #: Chinese authorities file it with their request for leave to travel (S-075); may have gaps, and says so.
    TRAVEL_DRAFT = "travel_draft", _("draft for travel authorisation")
    PRELIMINARY = "preliminary", _("preliminary programme")
    FINAL = "final", _("final programme")


class Severity(models.TextChoices):
    """How much a finding about the programme matters."""

    INFORMATION = "information", _("information")
    WARNING = "warning", pgettext_lazy("severity", "warning")
    #: Only a draft for travel authorisation can be released with it.
    BLOCKS = "blocks", _("blocks a release")


class TranslationState(models.TextChoices):
    """Where a translated text stands; French is the reference."""

    MISSING = "missing", pgettext_lazy("translation", "missing")
    DRAFT = "draft", pgettext_lazy("translation", "draft")
    #: The French has changed since the Chinese was written.
    STALE = "stale", pgettext_lazy("translation", "to be reviewed")
    REVIEWED = "reviewed", pgettext_lazy("translation", "reviewed")


class PlacedBy(models.TextChoices):
    """Which rule gives somebody a place in the order of precedence."""

    RANK = "rank", _("rank of the decree (art. 3)")
    INVITING = "inviting", _("inviting authority, right after the State (art. 9)")
    COURTESY = "courtesy", _("by courtesy, beside the counterpart")
    ORGANISERS = "organisers", _("placed by the organisers")
    NONE = "none", _("no rank known")


class Seat(models.TextChoices):
    """Where somebody sits in a row, as that person sees it."""

    CENTRE = "centre", pgettext_lazy("seat", "centre")
    RIGHT = "right", pgettext_lazy("seat", "to the right")
    LEFT = "left", pgettext_lazy("seat", "to the left")
