from modeltranslation.translator import TranslationOptions, register

from awards.models import (
    Anchor,
    Application,
    Article,
    Call,
    Category,
    Criterion,
    JuryMember,
    Rules,
)
from awards.models.application import TEXTS


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ["name", "trophy", "engraving"]
    required_languages = {"fr": ["name"], "default": []}


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = {"fr": ["name"], "default": []}


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ["name", "question"]
    required_languages = {"fr": ["name", "question"], "default": []}


@register(Anchor)
class AnchorTranslation(TranslationOptions):
    fields = ["meaning"]
    required_languages = {"fr": ["meaning"], "default": []}


@register(Rules)
class RulesTranslation(TranslationOptions):
    fields = ["reason"]


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ["title", "text"]
    required_languages = {"fr": ["title", "text"], "default": []}


@register(JuryMember)
class JuryMemberTranslation(TranslationOptions):
    fields = ["function"]


@register(Application)
class ApplicationTranslation(TranslationOptions):
    """Both languages may be empty: a draft is, and the other language comes later."""

    fields = list(TEXTS)
    # What is not translated yet is told as such, never shown in the other language as if it were.
    fallback_languages: dict[str, tuple[str, ...]] = {"default": ()}
