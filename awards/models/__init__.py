from awards.models.admissibility import SecretaryOpinion
from awards.models.application import Application, Editor, Partner
from awards.models.attachment import Attachment, Film
from awards.models.call import Anchor, Call, Category, Criterion
from awards.models.jury import JuryMember
from awards.models.rules import Agreement, Article, Rules

__all__ = [
    "Agreement",
    "Anchor",
    "Application",
    "Article",
    "Attachment",
    "Call",
    "Category",
    "Criterion",
    "Editor",
    "Film",
    "JuryMember",
    "Partner",
    "Rules",
    "SecretaryOpinion",
]
