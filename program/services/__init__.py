"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.contributions import (
    ChangedMeanwhile,
    Practice,
    Proposal,
    SentAlready,
    propose,
    revise,
    withdraw,
)
from program.services.files import KINDS, file_of
from program.services.judging import (
    accept,
    ask_for_changes,
    decline,
    judge,
    name_speaker,
    reopen,
    send_link,
    send_links_again,
)
from program.services.keeping import forget_proposers
from program.services.leads import Half, set_leads
from program.services.parts import Part, set_running_order
from program.services.releases import (
    APPROVERS,
    Outdated,
    approve,
    before,
    changes_of,
    discard,
    fingerprint,
    prepare,
    programme_of,
    publish,
    stamp_of,
    why_passed,
)
from program.services.sessions import (
    abandon_session,
    change_session,
    create_session,
    delete_session,
    is_released,
    move_session,
)
from program.services.speaking import SpeakerDetails, confirm, decline_to_speak, write_speaker
from program.services.telling import readers_told
from program.services.translations import Outcome, TextChanged, Translation, translate, translate_all
from program.services.visits import decide_visit, give_verdict, may_give_verdict, write_sheet

__all__ = [
    "APPROVERS",
    "KINDS",
    "ChangedMeanwhile",
    "Half",
    "Outcome",
    "Outdated",
    "Part",
    "Practice",
    "Proposal",
    "SentAlready",
    "SpeakerDetails",
    "TextChanged",
    "Translation",
    "abandon_session",
    "accept",
    "approve",
    "ask_for_changes",
    "before",
    "change_session",
    "changes_of",
    "confirm",
    "create_session",
    "decide_visit",
    "decline",
    "decline_to_speak",
    "delete_session",
    "discard",
    "file_of",
    "fingerprint",
    "forget_proposers",
    "give_verdict",
    "is_released",
    "judge",
    "may_give_verdict",
    "move_session",
    "name_speaker",
    "prepare",
    "programme_of",
    "propose",
    "publish",
    "readers_told",
    "reopen",
    "revise",
    "send_link",
    "send_links_again",
    "set_leads",
    "set_running_order",
    "stamp_of",
    "translate",
    "translate_all",
    "why_passed",
    "withdraw",
    "write_sheet",
    "write_speaker",
]
