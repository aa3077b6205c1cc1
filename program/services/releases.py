"""A release is prepared (frozen), approved by both sides, published; whose session moved is told, once."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises import journal
from assises.enums import Side
from assises.exceptions import Refusal
from assises.mail import outbox
from assises.models import Edition, User
from program import audiences, checks, drafting, snapshot
from program.changes import Change, What, compare, from_plain, to_plain
from program.enums import ReleaseKind
from program.models import ProgrammeRelease, ReleaseApproval
from program.programme import Programme, Stamp, Words, from_content, hash_of, to_content

#: First key of our advisory locks, so that they meet no one else's.
LOCKS = 20181213

APPROVERS = {
    Side.FRENCH: "program.approve_for_french_side",
    Side.CHINESE: "program.approve_for_chinese_side",
}


@transaction.atomic
def prepare(
    edition: Edition,
    *,
    kind: ReleaseKind,
    at: dt.datetime,
    by: User | None,
    purpose: Words | None = None,
    is_public: bool = True,
) -> ProgrammeRelease:
    """Freeze the programme as it is now under the next number, with what changed since the release before.

    Refuses a preliminary or final release while a finding blocks it; only a draft for travel authorisation may
    have gaps (S-075), and says so.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, edition.pk])
    if kind != ReleaseKind.TRAVEL_DRAFT:
        _refuse_if_blocked(edition)
    last = ProgrammeRelease.objects.filter(edition=edition).order_by("-number").first()
    earlier = from_content(last.content) if last else None
    programme = snapshot.since(snapshot.read(edition), earlier, at=at)
    content = to_content(programme)
    purpose = purpose or Words()
    release = ProgrammeRelease.objects.create(
        edition=edition,
        number=last.number + 1 if last else 1,
        kind=kind,
        purpose_fr=purpose.fr,
        purpose_zh_hans=purpose.zh,
        is_public=is_public,
        prepared_at=at,
        prepared_by=by,
        content=content,
        content_hash=hash_of(content),
        changes=to_plain(compare(earlier, programme)),
    )
    journal.write(
        [journal.entry(release, "release_prepared", at=at, by=by, number=release.number, kind=kind)]
    )
    return release


def _refuse_if_blocked(edition: Edition) -> None:
    found = checks.blocking(checks.find(drafting.load(edition)))
    if found:
        raise Refusal(
            ngettext(
                "%(count)d point blocks this release; only a draft for travel authorisation can be made. %(first)s",
                "%(count)d points block this release; only a draft for travel authorisation can be made. The first: %(first)s",
                len(found),
            )
            % {"count": len(found), "first": found[0].text}
        )


@transaction.atomic
def approve(release: ProgrammeRelease, *, side: Side, by: User, at: dt.datetime) -> ReleaseApproval:
    """Note that a named person approves for a side. Refuses without the right, twice, or for both sides by one."""
    release = ProgrammeRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if not by.has_perm(APPROVERS[side]):
        raise Refusal(_("Your account does not approve for the %(side)s.") % {"side": side.label})
    if release.published_at is not None:
        raise Refusal(_("This release is published already."))
    if any(a.by_id == by.pk for a in release.approvals.all()):
        raise Refusal(_("You have approved already: the other side is another person."))
    try:
        with transaction.atomic():
            approval = ReleaseApproval.objects.create(
                release=release, side=side, by=by, name=by.get_full_name() or by.email, at=at
            )
    except IntegrityError as error:
        raise Refusal(_("This side has approved already.")) from error
    journal.write([journal.entry(release, "release_approved", at=at, by=by, side=side)])
    return approval


@transaction.atomic
def publish(release: ProgrammeRelease, *, by: User | None, at: dt.datetime) -> int:
    """Publish what both sides have approved; returns how many letters were written about what moved.

    Refuses while an approval is missing, and when a later release is out already.
    """
    release = ProgrammeRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if release.published_at is not None:
        return 0
    missing = [side for side in Side if side not in {a.side for a in release.approvals.all()}]
    if missing:
        raise Refusal(
            _("The %(side)s has not approved this release.") % {"side": missing[0].label}
            if len(missing) == 1
            else _("Neither side has approved this release.")
        )
    published = ProgrammeRelease.objects.published().filter(edition=release.edition)
    if published.filter(number__gt=release.number).exists():
        raise Refusal(_("A later release is published: this one would turn the programme back."))
    told_before = published.order_by("-number").filter(is_public=True).first()
    ProgrammeRelease.objects.filter(pk=release.pk).update(published_at=at)
    journal.write([journal.entry(release, "release_published", at=at, by=by, number=release.number)])
    if not release.is_public or told_before is None:
        return 0
    # Against what people have read, which may be older than the release just before.
    changes = compare(from_content(told_before.content), from_content(release.content))
    return _tell(release, changes, at)


@transaction.atomic
def discard(release: ProgrammeRelease, *, by: User | None, at: dt.datetime) -> None:
    """Take back a release that was never published; its number is given to the next one if it was the last."""
    release = ProgrammeRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if release.published_at is not None:
        raise Refusal(_("A published release stays: prepare another one."))
    journal.write([journal.entry(release.edition, "release_discarded", at=at, by=by, number=release.number)])
    release.delete()


def stamp_of(release: ProgrammeRelease) -> Stamp:
    """What the release says of itself on pages and documents."""
    return Stamp(
        number=release.number,
        kind=release.kind,
        purpose=snapshot.words(release, "purpose"),
        date=release.published_at or release.prepared_at,
        hash=release.content_hash,
        is_public=release.is_public,
        approvals=tuple((a.side, a.name) for a in release.approvals.all()),
    )


def changes_of(release: ProgrammeRelease) -> list[Change]:
    return from_plain(release.changes)


def programme_of(release: ProgrammeRelease) -> Programme:
    return from_content(release.content)


def _tell(release: ProgrammeRelease, changes: list[Change], at: dt.datetime) -> int:
    """Write to those whose sessions moved or were dropped; one letter each, however often this runs."""
    moved = {c.guid: c for c in changes if c.what in (What.MOVED, What.DROPPED)}
    if not moved:
        return 0
    letters = []
    for reader in audiences.readers(release.edition, set(moved), at):
        concerned = [moved[guid] for guid in moved if guid in reader.guids]
        letters.append(
            outbox.Letter(
                event="program/moved",
                key=f"program:moved:{release.pk}:{reader.email.lower()}"[:120],
                to_email=reader.email,
                to_name=reader.name,
                language=reader.language,
                context={
                    "edition": release.edition,
                    "lines": [_line(change, reader.language) for change in concerned],
                    "link": settings.BASE_URL + (reader.link or _programme_link(reader.language)),
                    "number": release.number,
                },
            )
        )
    outbox.write(letters, at=at)
    return len(letters)


def _line(change: Change, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "title": change.title.in_language(language),
            "dropped": change.what == What.DROPPED,
            "before": change.before.in_words(language) if change.before else "",
            "after": change.after.in_words(language) if change.after else "",
        }


def _programme_link(language: str) -> str:
    with translation.override(language):
        return reverse("program:programme")
