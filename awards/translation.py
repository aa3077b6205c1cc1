from modeltranslation.translator import TranslationOptions, register

from awards.models import Anchor, Article, Call, Category, Criterion, JuryMember, Rules


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ["name"]
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
