from program.models.contribution import Contribution
from program.models.release import ProgrammeRelease, ReleaseApproval, ReleaseFile
from program.models.session import CoLead, FieldVisit, Session, SessionPart
from program.models.speaker import ProtocolRank, Speaker
from program.models.translation import TranslatedText
from program.models.venue import Room, Venue

__all__ = [
    "CoLead",
    "Contribution",
    "FieldVisit",
    "ProgrammeRelease",
    "ProtocolRank",
    "ReleaseApproval",
    "ReleaseFile",
    "Room",
    "Session",
    "SessionPart",
    "Speaker",
    "TranslatedText",
    "Venue",
]
