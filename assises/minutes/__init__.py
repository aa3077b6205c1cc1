"""Minutes of conclusions: written from the register, sent to both sides, validated line by line, frozen (S-141)."""

from django.utils.translation import gettext_lazy as _

from assises import constraints
from assises.minutes.content import digest_of, verify
from assises.minutes.silence import escalate
from assises.minutes.validating import Answer, Stale, give_verdicts
from assises.minutes.writing import introduce, refresh, reword, send, write

# What only the migrations know.
constraints.declare(
    {
        "assises_minutes_stay": _("These minutes are validated: nothing of them changes any more."),
        "assises_minutes_validated_by_both": _(
            "Minutes are validated once both sides have accepted every line of them."
        ),
        "assises_minutesline_new_wording": _("Another wording of a line has another number."),
        "assises_verdict_on_what_was_sent": _("Verdicts are given on minutes that were sent."),
        "assises_verdict_on_the_present_wording": _("This line was worded anew meanwhile: read it again."),
        "assises_verdict_keeps_its_line": _("A verdict stays with its line."),
        "assises_verdict_for_one_side": _("One person does not speak for both sides."),
        "assises_meeting_stays": _(
            "The minutes of this meeting were sent: what they say of the meeting stays as both sides read it. What is wrong with it is said in the introduction of a correction."
        ),
        "assises_minutes_stay_as_sent": _(
            "These minutes were sent: both sides answer what they were sent. Word single lines anew."
        ),
        "assises_verdict_of_that_side": _("This account does not belong to that side."),
        "assises_edition_keeps_its_code": _("Validated minutes name the edition by its code: it stays."),
    }
)

__all__ = [
    "Answer",
    "Stale",
    "digest_of",
    "escalate",
    "give_verdicts",
    "introduce",
    "refresh",
    "reword",
    "send",
    "verify",
    "write",
]
