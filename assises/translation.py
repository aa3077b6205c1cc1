from modeltranslation.translator import TranslationOptions, register

from assises.models import Contact, Edition, Milestone, Organisation, OrganiserCredit, Reminder, Theme


@register(Edition)
class EditionTranslation(TranslationOptions):
    fields = ["name", "short_name", "city", "slogan", "thread", "venue_name"]
    required_languages = {"default": (), "fr": ("name", "short_name", "city")}


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = ["fr"]


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ["name"]
    required_languages = ["fr"]


@register(OrganiserCredit)
class OrganiserCreditTranslation(TranslationOptions):
    fields = ["title"]


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ["role"]
    required_languages = ["fr"]


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ["label"]
    required_languages = ["fr"]


@register(Reminder)
class ReminderTranslation(TranslationOptions):
    fields = ["subject", "text"]
    required_languages = ["fr"]
