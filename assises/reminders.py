"""Those who prepare the Assises, and whom a reminder can reach: who owes something, who answers for a side."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from django.contrib.auth.models import Group
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assises import accounts
from assises.enums import CreditRole, MinutesState, OwnerSide, Side, WorkState
from assises.minutes.links import minutes_path
from assises.models import Contact, Edition, Milestone, Minutes, MinutesLine, RegisterItem, Task, User
from assises.register import item_url
from assises.reminding.audiences import About, Recipient, audience
from assises.sides import speakers

CHINESE, FRENCH = "zh-hans", "fr"


@audience("assises.owner", _("whoever owes what it is about"))
def owner(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    if about is None:
        return []
    known = _addresses_of_accounts()
    return [_contact(person, _link(about), known) for person in owners_of(about, at)]


@audience("assises.overdue", _("whoever owes an overdue point or task"))
def overdue(edition: Edition, at: dt.datetime, about: About | None) -> Iterable[Recipient]:
    """Each once, however much they owe; their link leads to what has been due longest."""
    today = edition.day_of(at)
    points = RegisterItem.objects.filter(edition=edition).overdue(today)
    tasks = Task.objects.filter(
        milestone__edition=edition, due_on__lt=today, state__in=[WorkState.TO_DO, WorkState.IN_PROGRESS]
    )
    late: list[RegisterItem | Task] = [
        *points.select_related("person__organisation", "organisation"),
        *tasks.select_related("person__organisation", "organisation", "milestone"),
    ]
    seen: set[int] = set()
    known = _addresses_of_accounts()
    for what in sorted(late, key=lambda row: (row.due_on or today, row.pk)):
        for person in owners_of(what, at):
            if person.pk not in seen:
                seen.add(person.pk)
                yield _contact(person, _link(what), known)


@audience("assises.red", _("organisers, while points have no owner or no date"))
def red(edition: Edition, at: dt.datetime, about: About | None) -> Iterator[Recipient]:
    """D-16."""
    if not RegisterItem.objects.filter(edition=edition).red().exists():
        return
    for group in Group.objects.filter(name=accounts.ORGANISERS):
        for user in User.objects.filter(groups=group, is_active=True, is_staff=True).order_by("pk"):
            yield _user(user, f"{reverse('admin:register')}?state=red")


@audience("assises.minutes_unanswered", _("whoever speaks for a side that has not answered minutes"))
def minutes_unanswered(edition: Edition, at: dt.datetime, about: About | None) -> Iterator[Recipient]:
    """S-141. Whoever owes an answer on any line, with a link to the first of these minutes."""
    sent = Minutes.objects.filter(meeting__edition=edition, state=MinutesState.SENT).select_related("meeting")
    told: set[int] = set()
    for minutes in sent.prefetch_related("lines__verdicts").order_by("deadline_at"):
        for side in Side:
            if all(_answered(line, side) for line in minutes.lines.all()):
                continue
            for user in speakers(side):
                if user.pk not in told:
                    told.add(user.pk)
                    yield _user(user, minutes_path(minutes))


def owners_of(about: About, at: dt.datetime) -> list[Contact]:
    """Who owes it: the person while in charge, else those in charge of the organisation, else of the side's organisers.

    Empty where nobody is known: the page of the reminder says so.
    """
    serving = Contact.objects.serving(at.date()).select_related("organisation").order_by("pk")
    person = getattr(about, "person_id", None)
    if person and (found := list(serving.filter(pk=person))):
        return found
    stream = getattr(about, "workstream", "")
    if about.organisation_id:
        of_them = list(serving.filter(organisation=about.organisation_id))
        return [c for c in of_them if c.workstream == stream] or of_them
    sides = [about.owner_side] if about.owner_side in Side.values else Side.values if about.owner_side == OwnerSide.BOTH else []  # fmt: skip
    edition_id = about.milestone.edition_id if isinstance(about, Task) else about.edition_id
    credited = Q(
        organisation__credits__edition=edition_id, organisation__credits__role=CreditRole.CO_ORGANISER,
        organisation__side__in=sides,
    )  # fmt: skip
    of_side = list(serving.filter(credited).distinct())
    return [c for c in of_side if c.workstream == stream] or of_side


def _answered(line: MinutesLine, side: Side) -> bool:
    return any(v.side == side and v.revision == line.revision for v in line.verdicts.all())


def _link(about: About | None) -> str:
    if isinstance(about, RegisterItem):
        return item_url(about)
    milestone = about.milestone if isinstance(about, Task) else about
    return reverse("admin:milestone", args=[milestone.key]) if isinstance(milestone, Milestone) else ""


def _contact(person: Contact, link: str, with_account: Collection[str]) -> Recipient:
    side = person.organisation.side
    language = CHINESE if side == Side.CHINESE else FRENCH
    # The link opens for those who have an account; the others read in the letter what it is about.
    opens = link if person.email.casefold() in with_account else ""
    return Recipient(f"contact:{person.pk}", person.email, str(person), language, side, opens)


def _addresses_of_accounts() -> set[str]:
    found = User.objects.filter(is_active=True, is_staff=True).values_list("email", flat=True)
    return {email.casefold() for email in found}


def _user(user: User, link: str) -> Recipient:
    return Recipient(
        f"user:{user.pk}", user.email, user.get_full_name() or user.email, user.language, user.side, link
    )
