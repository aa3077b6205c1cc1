"""What one can do to a programme. Each function is a promise; see its docstring."""

from program.services.contributions import ChangedMeanwhile, Practice, Proposal, propose, revise, withdraw
from program.services.files import file_of
from program.services.judging import accept, ask_for_changes, decline, judge, reopen, send_link
from program.services.keeping import forget_proposers
from program.services.releases import approve, discard, prepare, publish
from program.services.sessions import Conflict, change_session, create_session
from program.services.speaking import SpeakerDetails, confirm, decline_to_speak, write_speaker

__all__ = [
    "ChangedMeanwhile",
    "Conflict",
    "Practice",
    "Proposal",
    "SpeakerDetails",
    "accept",
    "approve",
    "ask_for_changes",
    "change_session",
    "confirm",
    "create_session",
    "decline",
    "decline_to_speak",
    "discard",
    "file_of",
    "forget_proposers",
    "judge",
    "prepare",
    "propose",
    "publish",
    "reopen",
    "revise",
    "send_link",
    "withdraw",
    "write_speaker",
]
