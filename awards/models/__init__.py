from awards.models.call import Anchor, Call, Category, Criterion
from awards.models.jury import JuryMember
from awards.models.rules import Agreement, Article, Rules

__all__ = ["Agreement", "Anchor", "Article", "Call", "Category", "Criterion", "JuryMember", "Rules"]
