from modeltranslation.translator import TranslationOptions, register

from assises.models import (
    Candidate,
    Contact,
    Edition,
    Meeting,
    Milestone,
    MilestoneMove,
    Minutes,
    MinutesLine,
    Organisation,
    OrganiserCredit,
    RegisterItem,
    Reminder,
    Task,
    Theme,
)


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
    fields = ["label", "wording"]
    required_languages = {"default": (), "fr": ("label",)}


@register(MilestoneMove)
class MilestoneMoveTranslation(TranslationOptions):
    fields = ["reason"]


@register(Task)
class TaskTranslation(TranslationOptions):
    fields = ["title"]
    required_languages = ["fr"]


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ["title", "place", "attendance"]
    required_languages = {"default": (), "fr": ("title",)}


# Each side may write in its own language first: a constraint asks for one of the two.
@register(RegisterItem)
class RegisterItemTranslation(TranslationOptions):
    fields = ["text", "detail", "outcome"]


@register(Candidate)
class CandidateTranslation(TranslationOptions):
    fields = ["text"]


@register(Minutes)
class MinutesTranslation(TranslationOptions):
    fields = ["introduction"]


@register(MinutesLine)
class MinutesLineTranslation(TranslationOptions):
    fields = ["text", "detail", "outcome"]


@register(Reminder)
class ReminderTranslation(TranslationOptions):
    fields = ["subject", "text"]
    required_languages = ["fr"]
