"""A release is prepared (frozen), approved by both sides, published; whose session moved is told, once."""

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assises import journal
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.locks import Lock
from assises.mail import outbox
from assises.models import Edition, User
from program import checks, drafting, snapshot
from program.changes import Change, compare, from_plain, to_plain
from program.content import from_content, to_content
from program.enums import ReleaseKind
from program.models import ProgrammeRelease, ReleaseApproval
from program.programme import Programme, Stamp, Words
from program.services.telling import letters_about

APPROVERS = {
    Side.FRENCH: "program.approve_for_french_side",
    Side.CHINESE: "program.approve_for_chinese_side",
}


class Outdated(Refusal):
    """The programme is not any more what somebody has looked at."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The programme has changed, or a release was prepared, since this page was shown. Nothing is frozen: look at it again."
            )
        )


@transaction.atomic
def prepare(
    edition: Edition,
    *,
    kind: ReleaseKind,
    at: dt.datetime,
    by: User | None,
    purpose: Words | None = None,
    is_public: bool = True,
    seen: str = "",
) -> ProgrammeRelease:
    """Freeze the programme as it is now under the next number, with what changed since the release before.

    Refuses a preliminary or final release while a finding blocks it; only a draft for travel authorisation may
    have gaps (S-075), and says so. With ``seen`` (see ``fingerprint``) it refuses to freeze anything else than what
    the person has looked at.
    """
    _one_at_a_time(edition)
    now = snapshot.read(edition)
    last = ProgrammeRelease.objects.filter(edition=edition).order_by("-number").first()
    if seen and seen != fingerprint(now, last):
        raise Outdated
    if kind != ReleaseKind.TRAVEL_DRAFT:
        _refuse_if_blocked(edition)
    earlier = programme_of(last) if last else None
    programme = snapshot.since(now, earlier, at=at, read=_read_before(edition, is_public))
    content = to_content(programme)
    purpose = purpose or Words()
    release = ProgrammeRelease(
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
        out_before=ProgrammeRelease.objects.read_by(is_public=is_public).filter(edition=edition).count(),
    )
    release.changes = to_plain(_changes(release))
    release.save()
    journal.write(
        [journal.entry(release, "release_prepared", at=at, by=by, number=release.number, kind=kind)]
    )
    return release


@transaction.atomic
def approve(release: ProgrammeRelease, *, side: Side, by: User, at: dt.datetime) -> ReleaseApproval:
    """Note that a named person approves for a side. Refuses without the right, twice, or for both sides by one."""
    release = _held(release)
    if not by.has_perm(APPROVERS[side]):
        raise Refusal(_("Your account does not approve for the %(side)s.") % {"side": side.label})
    if release.published_at is not None:
        raise Refusal(_("This release is published already."))
    if any(a.by_id == by.pk for a in release.approvals.all()):
        raise Refusal(_("You have approved already: the other side is another person."))
    try:
        with transaction.atomic():
            approval = ReleaseApproval.objects.create(release=release, side=side, by=by, name=str(by), at=at)
    except IntegrityError as error:
        raise Refusal(_("This side has approved already.")) from error
    journal.write(
        [journal.entry(release, "release_approved", at=at, by=by, number=release.number, side=side)]
    )
    return approval


@transaction.atomic
def publish(release: ProgrammeRelease, *, by: User | None, at: dt.datetime) -> int:
    """Publish what both sides have approved; returns how many letters were written about what moved.

    Many of them wait for approval, as every mailing does. Refuses while an approval is missing, and what was prepared before the release that its readers have read last:
    it would not tell them what was dropped since. Asking twice changes nothing.
    """
    # Two releases at once: the one must see that the other is out.
    _one_at_a_time(release.edition)
    release = _held(release)
    if release.published_at is not None:
        return 0
    _refuse_unless_approved(release)
    passed = why_passed(release)
    if passed:
        raise Refusal(passed)
    letters = letters_about(release, at)
    # Another one may have come out since this one was prepared: what differs is told against that.
    ProgrammeRelease.objects.filter(pk=release.pk).update(
        published_at=at, changes=to_plain(_changes(release))
    )
    journal.write([journal.entry(release, "release_published", at=at, by=by, number=release.number)])
    outbox.write(letters, at=at, by=by, is_mailing=True)
    return len(letters)


@transaction.atomic
def discard(release: ProgrammeRelease, *, by: User | None, at: dt.datetime) -> None:
    """Take back a release that was never published; its number is given to the next one if it was the last."""
    _one_at_a_time(release.edition)
    release = _held(release)
    if release.published_at is not None:
        raise Refusal(_("A published release stays: prepare another one."))
    journal.write([journal.entry(release.edition, "release_discarded", at=at, by=by, number=release.number)])
    release.delete()


# --- What a release says -----------------------------------------------------------------------------------


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


def programme_of(release: ProgrammeRelease) -> Programme:
    return from_content(release.content)


def changes_of(release: ProgrammeRelease) -> list[Change]:
    """What differs from the release before it (see ``before``); none in the first."""
    return from_plain(release.changes) if release.published_at else _changes(release)


def before(release: ProgrammeRelease) -> ProgrammeRelease | None:
    """The release that this one follows: the one that was out last; while none was, the one prepared before."""
    earlier = ProgrammeRelease.objects.filter(edition=release.edition, number__lt=release.number)
    return (earlier.published().order_by("-number").first()) or earlier.order_by("-number").first()


def why_passed(release: ProgrammeRelease) -> str:
    """Why it can only be discarded, in words; empty while it may still be published, and once it is.

    A draft that is not public does not stand in the way of a public release: nobody reads one instead of the other.
    """
    if not ProgrammeRelease.objects.passed().filter(pk=release.pk).exists():
        return ""
    read = ProgrammeRelease.objects.read_by(is_public=release.is_public).filter(edition=release.edition)
    if read.filter(number__gt=release.number).exists():
        return _("A later release is published: this one would turn the programme back.")
    return _("The programme that people read has changed since this release was prepared: prepare it again.")


def fingerprint(programme: Programme, last: ProgrammeRelease | None) -> str:
    """Tells whether the programme in progress, and the release that the next one follows, are still the same."""
    return f"{last.number if last else 0}:{hash_of(to_content(programme))}"


# --- What stands behind ------------------------------------------------------------------------------------


def _one_at_a_time(edition: Edition) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.RELEASES, edition.pk])


def _held(release: ProgrammeRelease) -> ProgrammeRelease:
    """The release as it is now, kept until the end of the transaction."""
    held = ProgrammeRelease.objects.select_for_update(of=("self",)).filter(pk=release.pk).first()
    if held is None:
        raise Refusal(_("This release has been discarded meanwhile."))
    return held


def _changes(release: ProgrammeRelease) -> list[Change]:
    earlier = before(release)
    return compare(programme_of(earlier), programme_of(release)) if earlier else []


def _read_before(edition: Edition, is_public: bool) -> list[Programme]:
    """What the readers of such a release have read last, the latest at the end.

    Whoever is given a draft has read the last draft, and the last public release: that may have come out before it
    or, prepared earlier, after.
    """
    read = ProgrammeRelease.objects.read_by(is_public=is_public).filter(edition=edition).order_by("-number")
    last = {r.number: r for r in (read.first(), read.public().first()) if r is not None}
    return [programme_of(last[number]) for number in sorted(last)]


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


def _refuse_unless_approved(release: ProgrammeRelease) -> None:
    approved = {a.side for a in release.approvals.all()}
    missing = [side for side in Side if side not in approved]
    if len(missing) > 1:
        raise Refusal(_("Neither side has approved this release."))
    if missing:
        raise Refusal(_("The %(side)s has not approved this release.") % {"side": missing[0].label})
