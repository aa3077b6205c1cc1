from modeltranslation.translator import TranslationOptions, register

from program.models import Session


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ["title"]
    required_languages = ["fr"]
