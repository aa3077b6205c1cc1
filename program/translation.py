from modeltranslation.translator import TranslationOptions, register

from program.models import (
    Contribution,
    FieldVisit,
    ProgrammeRelease,
    ProtocolRank,
    Room,
    Session,
    SessionPart,
    Speaker,
    Venue,
)


@register(Venue)
class VenueTranslation(TranslationOptions):
    fields = ["name", "directions"]
    required_languages = {"fr": ["name"], "default": []}


@register(Room)
class RoomTranslation(TranslationOptions):
    fields = ["name", "equipment"]
    required_languages = {"fr": ["name"], "default": []}


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ["title", "summary", "invited_by", "invited", "status_reason"]
    required_languages = {"fr": ["title"], "default": []}


@register(SessionPart)
class SessionPartTranslation(TranslationOptions):
    fields = ["title"]


@register(FieldVisit)
class FieldVisitTranslation(TranslationOptions):
    fields = ["place", "programme", "accessibility", "decision_note"]
    required_languages = {"fr": ["place"], "default": []}


@register(ProtocolRank)
class ProtocolRankTranslation(TranslationOptions):
    fields = ["title"]
    required_languages = {"fr": ["title"], "default": []}


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ["function"]
    required_languages = {"fr": ["function"], "default": []}


@register(Contribution)
class ContributionTranslation(TranslationOptions):
    fields = ["title", "summary"]


@register(ProgrammeRelease)
class ProgrammeReleaseTranslation(TranslationOptions):
    fields = ["purpose"]
