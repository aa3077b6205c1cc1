from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where a registration stands. The moves between them are in ``MOVES``."""

    HELD = "held", _("place held, address to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("registration", "confirmed")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("place offered, answer awaited")
    LAPSED = "lapsed", pgettext_lazy("registration", "lapsed")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")
    REFUSED = "refused", pgettext_lazy("registration", "refused")
    CHECKED_IN = "checked_in", pgettext_lazy("registration", "checked in")
    # The person has a live registration already. A letter says so to that person; the screen shows
    # whoever typed this what anybody would see; of what was typed only the name is kept, to show it
    # (see Registration.shown_as).
    DUPLICATE = "duplicate", _("already registered")


#: States that hold one of the places.
SEATED = [Status.HELD, Status.CONFIRMED, Status.OFFERED, Status.CHECKED_IN]
#: States of somebody who counts: one of these per person and edition.
LIVE = [*SEATED, Status.WAITING]

MOVES: dict[Status, set[Status]] = {
    Status.HELD: {Status.CONFIRMED, Status.LAPSED, Status.CANCELLED, Status.REFUSED},
    Status.CONFIRMED: {Status.CHECKED_IN, Status.CANCELLED, Status.REFUSED},
    Status.WAITING: {Status.OFFERED, Status.CONFIRMED, Status.CANCELLED, Status.REFUSED, Status.LAPSED},
    Status.OFFERED: {Status.CONFIRMED, Status.LAPSED, Status.CANCELLED, Status.REFUSED},
    Status.CHECKED_IN: {Status.CONFIRMED},
    Status.DUPLICATE: {Status.LAPSED, Status.CANCELLED},
    Status.LAPSED: set(),
    Status.CANCELLED: set(),
    Status.REFUSED: set(),
}


class Source(models.TextChoices):
    """By which door a request came."""

    FORM = "form", _("public form")
    STAFF = "staff", _("back office")
    IMPORT = "import", _("import")
    DESK = "desk", _("desk on the day")


class Honorific(models.TextChoices):
    MR = "mr", _("Mr")
    MS = "ms", _("Ms")


class Menu(models.TextChoices):
    """We ask for the menu, never for the reason."""

    VEGETARIAN = "vegetarian", _("vegetarian")
    NO_PORK_SEAFOOD = "no_pork_seafood", _("without pork or seafood")
    GLUTEN_FREE = "gluten_free", _("gluten-free")
    ALLERGEN = "allergen", _("without an allergen, to be named")


class Access(models.TextChoices):
    """We ask for the need, never for the disability."""

    WHEELCHAIR = "wheelchair", _("wheelchair space")
    COMPANION = "companion", _("place for a companion")
    HEARING_LOOP = "hearing_loop", _("hearing loop")
    SIGN_LANGUAGE = "sign_language", _("French sign language")
    CAPTIONING = "captioning", _("live captioning")
    PARKING = "parking", _("accessible parking space")
    OTHER = "other", _("another need")
