from awards.models.admissibility import SecretaryOpinion
from awards.models.application import Application
from awards.models.attachment import Attachment, Film
from awards.models.call import Anchor, Call, Category, Criterion
from awards.models.interest import Assignment, Calling, Interest, Pledge
from awards.models.jury import JuryMember
from awards.models.minutes import JuryMinutes, MinutesSignature
from awards.models.motion import Ballot, Motion, MotionLine, Vote
from awards.models.pair import Editor, Partner
from awards.models.result import Result
from awards.models.rules import Agreement, Article, Rules
from awards.models.seal import Seal
from awards.models.sheet import Score, Sheet
from awards.models.sitting import AgendaItem, AgendaLine, Presence, Sitting

__all__ = [
    "AgendaItem",
    "AgendaLine",
    "Agreement",
    "Anchor",
    "Application",
    "Article",
    "Assignment",
    "Attachment",
    "Ballot",
    "Call",
    "Calling",
    "Category",
    "Criterion",
    "Editor",
    "Film",
    "Interest",
    "JuryMember",
    "JuryMinutes",
    "MinutesSignature",
    "Motion",
    "MotionLine",
    "Partner",
    "Pledge",
    "Presence",
    "Result",
    "Rules",
    "Score",
    "Seal",
    "SecretaryOpinion",
    "Sheet",
    "Sitting",
    "Vote",
]
