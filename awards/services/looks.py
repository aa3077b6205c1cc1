"""Every look at results before their release is noted (S-117)."""

import datetime as dt

from assises import journal
from awards.enums import Look, Phase
from awards.models import JuryMember


def note_look(member: JuryMember, what: Look, *, at: dt.datetime) -> None:
    """Note that this member looks at results by ``what``; once they are published nothing is noted any more."""
    if member.call.phase != Phase.PUBLISHED:
        journal.write(
            [journal.entry(member.call, "results_seen", at=at, by=member.user, what=what, side=member.side)]
        )
