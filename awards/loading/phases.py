"""The demonstration as it went on: phase after phase, each with what was done in it until now."""

import datetime as dt
from collections.abc import Callable

from assises import clock
from assises.exceptions import Refusal
from assises.loading.files import Load, table
from awards import services
from awards.content import digest_of_rules
from awards.enums import Phase
from awards.loading import applications, deliberation, jury
from awards.loading.award import call_of
from awards.models import Call

#: What people have done since a phase opened, until now.
_DONE_IN: dict[Phase, Callable[[Load, Call, dt.datetime, dt.datetime], None]] = {
    Phase.CALL: applications.apply,
    Phase.ADMISSIBILITY: applications.decide,
    Phase.CONFLICTS: jury.answer,
    Phase.SCORING: jury.mark,
    Phase.DELIBERATION: deliberation.deliberate,
    Phase.SEALED: deliberation.sign,
}


@table(66)
def load_phases(run: Load) -> None:
    """With the invented people only, and not further than the clock of the demonstration.

    What is there already is left alone, so that loading twice changes nothing.
    """
    call, at = call_of(run), clock.now()
    rows = list(run.rows("award_phases.csv", ["phase", "at"], optional=True))
    if call is None or not run.with_people or run.edition is None:
        return
    for row in rows:
        phase = Phase(row.choice("phase", Phase.values))
        opens = row.moment("at", run.edition.time_zone)
        if opens is None or opens > at:
            return
        if not call.has_reached(phase):
            draft = call.rules.in_draft().first()
            digest = digest_of_rules(draft) if draft else ""
            try:
                for member in call.jury.presidents().select_related("user"):
                    call = services.agree_to_phase(call, phase, digest=digest, at=opens, by=member.user)
            except Refusal as refused:
                row.fault("phase", str(refused))
                return
        if call.phase == phase and phase in _DONE_IN:
            _DONE_IN[phase](run, call, opens, at)
            run.stop_if_broken()
