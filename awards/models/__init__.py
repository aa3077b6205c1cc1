from awards.models.admissibility import SecretaryOpinion
from awards.models.application import Application, Editor, Partner
from awards.models.attachment import Attachment, Film
from awards.models.call import Anchor, Call, Category, Criterion
from awards.models.interest import Assignment, Calling, Interest, Pledge
from awards.models.jury import JuryMember
from awards.models.rules import Agreement, Article, Rules
from awards.models.seal import Seal
from awards.models.sheet import Score, Sheet

__all__ = [
    "Agreement",
    "Anchor",
    "Application",
    "Article",
    "Assignment",
    "Attachment",
    "Call",
    "Calling",
    "Category",
    "Criterion",
    "Editor",
    "Film",
    "Interest",
    "JuryMember",
    "Partner",
    "Pledge",
    "Rules",
    "Score",
    "Seal",
    "SecretaryOpinion",
    "Sheet",
]
