"""What of the core an item of the register can be about."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assises.models import Edition, Milestone, Organisation
from assises.register.subjects import subject

subject(
    Edition,
    _("The edition"),
    of=lambda edition: Edition.objects.filter(pk=edition.pk),
    url=lambda edition: reverse("admin:assises_edition_change", args=[edition.pk]),
    name="edition",
    by_code=lambda edition, code: edition,
)
subject(
    Milestone,
    _("Milestones"),
    of=lambda edition: Milestone.objects.filter(edition=edition),
    url=lambda milestone: reverse("admin:milestone", args=[milestone.key]),
    name="milestone",
    by_code=lambda edition, code: Milestone.objects.filter(edition=edition, key=code).first(),
)
subject(
    Organisation,
    _("Organisations"),
    of=lambda edition: Organisation.objects.filter(credits__edition=edition).distinct(),
    url=lambda organisation: reverse("admin:assises_organisation_change", args=[organisation.pk]),
    name="organisation",
    by_code=lambda edition, code: Organisation.objects.filter(code=code).first(),
)
