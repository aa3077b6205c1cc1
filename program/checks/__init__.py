"""What the software has to say about a programme in progress: each finding with its weight and a sentence.

Pure: ``find`` looks at what ``drafting.load`` has read, and makes no query.
"""

from program.checks import day, places, sides, speech
from program.checks.finding import Draft, Finding, blocking
from program.enums import Severity

__all__ = ["CHECKS", "Draft", "Finding", "blocking", "find"]

CHECKS = [
    places.people_in_two_places,
    places.rooms_too_small,
    places.interpretation_missing,
    day.holes_and_overlaps,
    day.parallel_without_a_common_group,
    speech.reports_too_long,
    speech.running_order_too_long,
    sides.pairs_incomplete,
    sides.texts_to_translate,
    day.too_little_time_to_travel,
    places.places_open,
    day.visits_that_do_not_fit,
    sides.visits_undecided,
    speech.contributions_nowhere,
    speech.speakers_to_confirm,
    sides.open_points,
    sides.visibility_unequal,
]


def find(draft: Draft) -> list[Finding]:
    """All findings, the heaviest first, in the language of the reader."""
    found = [finding for check in CHECKS for finding in check(draft)]
    weight = {Severity.BLOCKS: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}
    return sorted(found, key=lambda f: weight[f.severity])
