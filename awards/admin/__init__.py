"""The award in the back office: where it stands, its rules, and the lists of all that it is made of."""

from django.utils.translation import gettext_lazy

from assises.back_office import name_actions
from awards.admin import (  # noqa: F401
    applications,
    award,
    ceremony,
    deliberation,
    jury,
    lists,
    minutes,
    progress,
    ranking,
    rules,
    scoring,
    stage,
    translation,
)

name_actions(
    {
        "rules_begun": gettext_lazy("new version of the rules begun"),
        "rules_frozen": gettext_lazy("rules frozen with their hash"),
        "agreement_given": gettext_lazy("a co-president agrees"),
        "agreement_taken_back": gettext_lazy("a co-president no longer agrees"),
        "phase_opened": gettext_lazy("phase opened"),
        "rules_explained": gettext_lazy("what changes in the rules is said"),
        "rules_discarded": gettext_lazy("new version of the rules given up"),
        "jury_changed": gettext_lazy("jury changed"),
        "results_told": gettext_lazy("pairs told the results"),
    }
)
# Who judges what, and how far they are, is for whoever has a seat.
name_actions(
    {
        "pledge_signed": gettext_lazy("pledge signed"),
        "conflicts_answered": gettext_lazy("says that nothing ties them"),
        "jury_recused": gettext_lazy("recused"),
        "substitute_called": gettext_lazy("substitute called"),
        "applications_dealt": gettext_lazy("applications dealt among the jurors"),
        "sheet_sealed": gettext_lazy("sheet of a juror sealed"),
        "sitting_opened": gettext_lazy("sitting of the jury opened"),
        "sitting_closed": gettext_lazy("sitting of the jury closed"),
        "jury_entered": gettext_lazy("came to a sitting of the jury"),
        "jury_left": gettext_lazy("left a sitting of the jury"),
        "agenda_added": gettext_lazy("item added to the agenda of the jury"),
        "agenda_taken_up": gettext_lazy("item of the agenda discussed"),
        "motion_moved": gettext_lazy("motion moved"),
        "motion_worded": gettext_lazy("motion worded"),
        "vote_opened": gettext_lazy("vote opened"),
        "vote_closed": gettext_lazy("vote closed"),
        "sealed": gettext_lazy("added to the chain of seals"),
        "minutes_begun": gettext_lazy("minutes of the jury begun"),
        "minutes_worded": gettext_lazy("remarks in the minutes of the jury written"),
        "minutes_signed": gettext_lazy("minutes of the jury signed"),
        "minutes_concluded": gettext_lazy("minutes of the jury signed by all four"),
        "minutes_document": gettext_lazy("document of the minutes made"),
        "minutes_given_up": gettext_lazy("amendment of the minutes given up"),
        "results_seen": gettext_lazy("looked at the results before their release"),
    },
    hidden=True,
)
