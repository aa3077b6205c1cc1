"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.contributions import ChangedMeanwhile, Practice, Proposal, propose, revise, withdraw
from program.services.files import KINDS, file_of
from program.services.judging import accept, ask_for_changes, decline, judge, reopen, send_link
from program.services.keeping import forget_proposers
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
)
from program.services.sessions import Conflict, change_session, create_session
from program.services.speaking import SpeakerDetails, confirm, decline_to_speak, write_speaker
from program.services.telling import readers_told

__all__ = [
    "APPROVERS",
    "KINDS",
    "ChangedMeanwhile",
    "Conflict",
    "Outdated",
    "Practice",
    "Proposal",
    "SpeakerDetails",
    "accept",
    "approve",
    "ask_for_changes",
    "before",
    "change_session",
    "changes_of",
    "confirm",
    "create_session",
    "decline",
    "decline_to_speak",
    "discard",
    "file_of",
    "fingerprint",
    "forget_proposers",
    "judge",
    "prepare",
    "programme_of",
    "propose",
    "publish",
    "readers_told",
    "reopen",
    "revise",
    "send_link",
    "stamp_of",
    "withdraw",
    "write_speaker",
]
