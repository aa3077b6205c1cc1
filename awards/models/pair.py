from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy, pgettext_lazy

from assises.enums import Side
from assises.models import Organisation
from assises.text import fold
from awards.models.application import Application
from program.names import is_hanzi


class Partner(models.Model):
    """An authority of the pair. The first one of each side leads; others may join them."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("authority"),
    )
    #: As it was written, for an authority that is not in our list.
    name = models.CharField(gettext_lazy("name of the authority"), max_length=200)
    side = models.CharField(gettext_lazy("side"), max_length=2, choices=Side)
    leads = models.BooleanField(gettext_lazy("leads its side"), default=False)

    objects: ClassVar[models.Manager["Partner"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("of an application", "partner")
        verbose_name_plural = pgettext_lazy("of an application", "partners")
        # The French side first, and on each side whoever leads.
        ordering = ["-side", "-leads", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "side"],
                condition=Q(leads=True),
                name="awards_partner_one_leads_a_side",
            ),
            models.UniqueConstraint(
                fields=["application", "organisation"],
                name="awards_partner_once",
                violation_error_message=gettext_lazy("This authority is a partner already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="awards_partner_has_a_name"),
        ]

    def __str__(self) -> str:
        return str(self.organisation) if self.organisation else self.name

    @property
    def names(self) -> list[str]:
        """All names that it may be looked for by."""
        organisation = self.organisation
        if organisation is None:
            return [self.name]
        return [n for n in (organisation.name_fr, organisation.name_zh_hans) if n]

    def in_both(self) -> dict[str, str]:
        """Its name by the tags of both languages: as it was written, where our list has no other."""
        organisation = self.organisation
        if organisation is None:
            return {"fr": self.name, "zh-Hans": self.name}
        french = organisation.name_fr
        return {"fr": french, "zh-Hans": organisation.name_zh_hans or french}

    @property
    def identity(self) -> str:
        """The same for the same authority, whoever wrote its name, and however."""
        return str(self.organisation_id or fold(self.name))


class Editor(models.Model):
    """Somebody of the pair who writes in the application, by a link of their own; they receive our letters."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="editors")
    given_name = models.CharField(gettext_lazy("given name"), max_length=80)
    family_name = models.CharField(gettext_lazy("family name"), max_length=80)
    email = models.EmailField(gettext_lazy("e-mail address"))
    language = models.CharField(gettext_lazy("language of letters"), max_length=7, choices=settings.LANGUAGES)
    side = models.CharField(gettext_lazy("side"), max_length=2, choices=Side)
    #: Whoever began the application; that one is not removed by the others.
    began = models.BooleanField(default=False)
    added_at = models.DateTimeField(gettext_lazy("added at"))

    objects: ClassVar[models.Manager["Editor"]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("of an application", "person of the pair")
        verbose_name_plural = pgettext_lazy("of an application", "people of the pair")
        ordering = ["-began", "id"]
        constraints = [
            models.UniqueConstraint(
                "application",
                Lower("email"),
                name="awards_editor_once",
                violation_error_message=gettext_lazy("This address is among those of your pair already."),
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(began=True), name="awards_editor_one_began"
            ),
        ]

    def __str__(self) -> str:
        if is_hanzi(self.family_name + self.given_name):
            return f"{self.family_name}{self.given_name}"
        return f"{self.given_name} {self.family_name}"
