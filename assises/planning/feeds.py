"""Calendars of the planning: what a side owes, or one person, behind a private address that can be revoked."""

import datetime as dt

import icalendar
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assises.calendars import new_calendar, written
from assises.enums import MilestoneKind, OwnerSide
from assises.models import CalendarFeed, Contact, Edition, Milestone, Organisation, RegisterItem, Task, User
from assises.planning.reading import Plan, plan_of
from assises.planning.wording import in_both_calendars
from assises.rules import write
from assises.signed_links import Tokens

#: Of the addresses; other signed links are not read here.
_tokens = Tokens("planning", {"c": "calendar"})
_NOBODYS = (OwnerSide.BOTH, "")
READ = "assises.view_milestone"


def address_of(feed: CalendarFeed) -> str:
    """The private address: signed, so that nothing of it is stored; it dies with the row that is revoked."""
    return settings.BASE_URL.rstrip("/") + reverse("agenda", args=[_tokens.write("calendar", feed.pk, "")])


def feed_of(token: str) -> CalendarFeed | None:
    """The calendar behind an address; None if it was not signed here, or is revoked, or its account may no longer."""
    link = _tokens.read(token)
    if link is None:
        return None
    feed = CalendarFeed.objects.alive().select_related("edition", "user").filter(pk=link.pk).first()
    may = feed is not None and feed.user.is_staff and feed.user.has_perm(READ)
    return feed if may else None


def note_read(feed: CalendarFeed, *, at: dt.datetime) -> None:
    """Keep when it was last read; once an hour is enough."""
    if feed.last_read_at is None or at - feed.last_read_at > dt.timedelta(hours=1):
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)


@transaction.atomic
def make_feed(user: User, edition: Edition, *, side: str, language: str, at: dt.datetime) -> CalendarFeed:
    """Make a calendar of a side, or with an empty ``side`` of this person. Refuses a second one of the same, in the
    words of the rule.
    """
    feed = CalendarFeed(edition=edition, user=user, side=side, language=language, created_at=at)
    write(feed)
    return feed


def revoke_feed(user: User, pk: int, *, at: dt.datetime) -> bool:
    """Let an address of one's own die; False if there is none of this number."""
    return bool(CalendarFeed.objects.alive().filter(user=user, pk=pk).update(revoked_at=at))


def calendar_of(feed: CalendarFeed, *, at: dt.datetime) -> bytes:
    """The file, in the language of the feed: milestones, dated points and tasks, whole days as days. ``at`` says who is
    in charge by now.
    """
    with translation.override(feed.language):
        plan = plan_of(feed.edition)
        owner = feed.get_side_display() if feed.side else str(feed.user)
        calendar = new_calendar(
            "Planning", _("Assises: what %(owner)s owes") % {"owner": owner} if owner else _("Planning")
        )
        mine = _mine(feed, feed.edition.day_of(at))
        events = [
            *(_milestone(milestone) for milestone in _milestones(plan, feed, mine)),
            *(_task(task) for task in _tasks(plan, feed, mine)),
            *(_point(item) for item in _points(feed, mine)),
        ]
        for event in events:
            # The same bytes as long as nothing changes: readers are answered with 304.
            event.add("dtstamp", feed.created_at)
            calendar.add_component(event)
        days = [feed.edition.starts_on, feed.edition.ends_on]
        days += [day for m in plan.standing for day in (m.first_day, m.last_day)]
        return written(calendar, min(days), max(days))


#: Contacts that are this person, and the organisations that they speak for.
Mine = tuple[set[int], set[int]]


def _mine(feed: CalendarFeed, today: dt.date) -> Mine:
    if feed.side:
        return set(), set()
    contacts = Contact.objects.serving(today).filter(email__iexact=feed.user.email)
    return {c.pk for c in contacts}, {c.organisation_id for c in contacts}


def _milestones(plan: Plan, feed: CalendarFeed, mine: Mine) -> list[Milestone]:
    ours = [m for m in plan.standing if m.is_open or m.kind == MilestoneKind.EXTERNAL]
    if feed.side == OwnerSide.BOTH:
        return ours
    if feed.side:
        return [m for m in ours if m.owner_side in (feed.side, *_NOBODYS)]
    _contacts, organisations = mine
    return [m for m in ours if m.organisation_id in organisations]


def _tasks(plan: Plan, feed: CalendarFeed, mine: Mine) -> list[Task]:
    tasks = [
        t
        for found in plan.tasks.values()
        for t in found
        if t.is_open and t.due_on and t.milestone.is_standing
    ]
    if feed.side == OwnerSide.BOTH:
        return tasks
    if feed.side:
        return [t for t in tasks if t.owner_side in (feed.side, *_NOBODYS)]
    contacts, organisations = mine
    return [
        t
        for t in tasks
        if t.person_id in contacts or (t.person_id is None and t.organisation_id in organisations)
    ]


def _points(feed: CalendarFeed, mine: Mine) -> list[RegisterItem]:
    rows = RegisterItem.objects.filter(edition=feed.edition, due_on__isnull=False).owed()
    rows = rows.select_related("organisation")
    if feed.side == OwnerSide.BOTH:
        return list(rows)
    if feed.side:
        return list(rows.filter(owner_side__in=[feed.side, OwnerSide.BOTH]))
    contacts, organisations = mine
    return list(rows.filter(Q(person__in=contacts) | Q(person=None, organisation__in=organisations)))


def _event(uid: str, version: int, summary: str, lines: list[str], path: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{uid}@{settings.BASE_URL.partition('://')[2].partition('/')[0]}")
    event.add("sequence", version)
    event.add("summary", summary)
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", settings.BASE_URL.rstrip("/") + path)
    event.add("transp", "TRANSPARENT")
    return event


def _days(event: icalendar.Event, first: dt.date, last: dt.date) -> icalendar.Event:
    event.add("dtstart", first)
    event.add("dtend", last + dt.timedelta(days=1))
    return event


def _milestone(milestone: Milestone) -> icalendar.Event:
    dates = [
        f"{place}{_(': ')}{words}"
        for place, words in in_both_calendars(milestone, translation.get_language())
    ]
    owner = _owner(milestone.owner_side, milestone.organisation)
    path = reverse("admin:milestone", args=[milestone.key])
    event = _event(
        f"milestone-{milestone.pk}",
        milestone.version,
        str(milestone),
        [*dates, owner, milestone.source],
        path,
    )
    if milestone.is_whole_day:
        return _days(event, milestone.first_day, milestone.last_day)
    starts, ends = milestone.on_clocks(milestone.edition.time_zone)
    event.add("dtstart", starts)
    if ends > starts:
        event.add("dtend", ends)
    return event


def _task(task: Task) -> icalendar.Event:
    assert task.due_on is not None
    path = reverse("admin:milestone", args=[task.milestone.key])
    lines = [str(task.milestone), _owner(task.owner_side, task.organisation), task.source]
    summary = _("Task: %(what)s") % {"what": task}
    return _days(_event(f"task-{task.pk}", task.version, summary, lines, path), task.due_on, task.due_on)


def _point(item: RegisterItem) -> icalendar.Event:
    assert item.due_on is not None
    path = reverse("admin:register_item", args=[item.number])
    lines = [_owner(item.owner_side, item.organisation), item.source]
    summary = _named(item.get_kind_display(), str(item))
    return _days(_event(f"item-{item.pk}", item.version, summary, lines, path), item.due_on, item.due_on)


def _named(name: str, words: str) -> str:
    return _("%(name)s: %(words)s") % {"name": capfirst(name), "words": words}


def _owner(side: str, organisation: Organisation | None) -> str:
    words = [str(OwnerSide(side).label) if side else _("nobody yet"), str(organisation or "")]
    return ", ".join(word for word in words if word)
