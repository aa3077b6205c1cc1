"""A release is frozen, approved by both sides, published; and what each of the three refuses."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from assises import accounts
from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import JournalEntry, User
from program import services, snapshot
from program.changes import What
from program.content import from_content
from program.enums import ReleaseKind
from program.models import ProgrammeRelease, ReleaseApproval
from program.programme import Words
from tests.factories import NOW, a_member_of_staff, an_edition
from tests.program_factories import (
    a_lead,
    a_part,
    a_published_release,
    a_release,
    a_session,
    a_speaker,
    a_theme,
)
from tests.registration.test_concurrency import Someone, at_once

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


def actions():
    return list(
        JournalEntry.objects.filter(action__startswith="release_")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def content_of(release):
    return ProgrammeRelease.objects.get(pk=release.pk).content


# --- Prepared ------------------------------------------------------------------------------------


def test_a_release_holds_the_programme_of_its_moment_with_number_date_purpose_and_mark(edition):
    session = a_session(edition)
    staff = a_member_of_staff()

    release = services.prepare(
        edition, kind=ReleaseKind.TRAVEL_DRAFT, purpose=Words("Pour les visas", "供签证用"), at=NOW, by=staff
    )

    release.refresh_from_db()
    assert [s.guid for s in services.programme_of(release).sessions] == [str(session.guid)]
    assert release.content_hash == hash_of(release.content)
    stamp = services.stamp_of(release)
    assert (stamp.number, stamp.kind, stamp.date, stamp.purpose.zh) == (1, "travel_draft", NOW, "供签证用")
    assert stamp.approvals == ()
    assert actions() == ["release_prepared"]


def test_what_is_changed_later_is_not_in_a_release(edition):
    speaker = a_speaker(edition)
    session = a_session(edition, title_fr="Avant")
    a_part(session, speaker=speaker)
    release = a_release(edition)
    before = content_of(release)

    session.title_fr = "Après"
    session.save()
    type(speaker).objects.filter(pk=speaker.pk).update(family_name="Autrement", state="declined")

    assert content_of(release) == before
    assert services.programme_of(release).sessions[0].title.fr == "Avant"


def test_the_next_release_has_the_next_number_and_says_what_changed(edition):
    session = a_session(edition)
    a_release(edition)
    a_session(edition, starts_at=dt.time(11), ends_at=dt.time(12))
    edition.sessions.filter(pk=session.pk).update(starts_at=dt.time(9, 30))

    second = a_release(edition, at=LATER)

    assert second.number == 2
    assert [c.what for c in services.changes_of(second)] == [What.MOVED, What.ADDED]
    sequences = [s.sequence for s in services.programme_of(second).sessions]
    assert sequences == [1, 0]


def test_each_edition_counts_its_own_releases(edition):
    a_release(edition)

    assert a_release(an_edition()).number == 1


def test_what_changed_is_told_against_the_release_that_is_out(edition):
    """Release 2 was never published: whoever reads 3 has read 1."""
    session = a_session(edition)
    a_published_release(edition)
    edition.sessions.update(title_fr="Deuxième titre")
    a_release(edition)

    third = a_release(edition, at=LATER)

    assert services.before(third).number == 1
    (change,) = services.changes_of(third)
    assert change.guid == str(session.guid)


def test_what_changed_is_settled_when_a_release_comes_out(edition):
    """It was prepared while nothing was out; a draft that is not public came out before it."""
    a_session(edition)
    first = a_release(edition, approved=True, is_public=False)
    edition.sessions.update(title_fr="Autre")
    second = a_release(edition, approved=True, is_public=False)
    edition.sessions.update(title_fr="Encore un autre")
    third = a_release(edition, approved=True)

    services.publish(first, at=LATER, by=None)
    services.publish(third, at=LATER, by=None)

    third.refresh_from_db()
    assert services.before(third) == first
    assert [c.fields for c in services.changes_of(third)] == [("title",)]
    assert second.number == 2


def test_calendars_are_not_told_that_something_is_cancelled_which_they_never_held(edition):
    a_session(edition, title_fr="Reste")
    a_published_release(edition)
    inside = a_session(edition, title_fr="Entre nous")
    a_published_release(edition, is_public=False)
    edition.sessions.filter(pk=inside.pk).update(status="abandoned", status_reason_fr="Non")

    public, internal = a_release(edition), a_release(edition, is_public=False)

    assert services.programme_of(public).dropped == ()
    assert "Entre nous" not in str(public.content)
    assert [s.guid for s in services.programme_of(internal).dropped] == [str(inside.guid)]


@pytest.fixture
def gap(edition):
    """A workshop led by the French side alone: it blocks."""
    workshop = a_session(edition, kind="parallel", theme=a_theme(edition), title_fr="Ville durable")
    a_lead(workshop, Side.FRENCH, confirmed_on=NOW.date())
    return workshop


@pytest.mark.parametrize("kind", [ReleaseKind.PRELIMINARY, ReleaseKind.FINAL])
def test_a_gap_blocks_all_but_a_draft(edition, gap, kind):
    with pytest.raises(Refusal) as refused:
        a_release(edition, kind=kind)

    assert "Ville durable" in str(refused.value)
    assert not ProgrammeRelease.objects.exists()
    assert actions() == []


def test_a_draft_may_have_gaps_and_says_so(edition, gap):
    release = a_release(edition)

    (incomplete,) = services.programme_of(release).incomplete_pairs
    assert incomplete.title.fr == "Ville durable"


@pytest.mark.parametrize("kind", [ReleaseKind.PRELIMINARY, ReleaseKind.FINAL])
def test_when_the_gap_is_filled_it_blocks_no_more(edition, gap, kind):
    a_lead(gap, Side.CHINESE)

    assert a_release(edition, kind=kind).kind == kind


def test_nothing_else_is_frozen_than_what_was_looked_at(edition):
    session = a_session(edition)
    seen = services.fingerprint(snapshot.read(edition), None)
    edition.sessions.filter(pk=session.pk).update(starts_at=dt.time(8))

    with pytest.raises(services.Outdated):
        a_release(edition, seen=seen)

    assert not ProgrammeRelease.objects.exists()


def test_the_same_page_sent_twice_is_one_release(edition):
    a_session(edition)
    seen = services.fingerprint(snapshot.read(edition), None)
    a_release(edition, seen=seen)

    with pytest.raises(services.Outdated):
        a_release(edition, seen=seen)

    assert ProgrammeRelease.objects.count() == 1


# --- Frozen --------------------------------------------------------------------------------------

FROZEN = {
    "number": 9,
    "kind": "final",
    "content": {},
    "content_hash": "0" * 64,
    "changes": [{"what": "added"}],
    "prepared_at": LATER,
    "is_public": False,
    "purpose_fr": "Autre chose",
    "purpose_zh_hans": "别的",
}


@pytest.mark.parametrize("published", [False, True], ids=["prepared", "published"])
@pytest.mark.parametrize("field", FROZEN)
def test_what_a_release_says_cannot_be_changed(edition, field, published):
    a_session(edition)
    release = a_published_release(edition) if published else a_release(edition)

    with pytest.raises(DatabaseError, match="is_frozen"), transaction.atomic():
        ProgrammeRelease.objects.filter(pk=release.pk).update(**{field: FROZEN[field]})

    release.refresh_from_db()
    setattr(release, field, FROZEN[field])
    with pytest.raises(DatabaseError, match="is_frozen"), transaction.atomic():
        release.save()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE program_programmerelease SET content = '{}'",
        "UPDATE program_programmerelease SET content = jsonb_set(content, '{sessions,0,title,fr}', '\"X\"')",
        "UPDATE program_programmerelease SET published_at = NULL",
        "UPDATE program_programmerelease SET published_at = published_at + interval '1 day'",
        "DELETE FROM program_programmerelease",
        "UPDATE program_releaseapproval SET name = 'Quelqu’un d’autre'",
        "DELETE FROM program_releaseapproval",
    ],
)
def test_nor_by_sql_once_it_is_out(edition, sql):
    a_session(edition)
    a_published_release(edition)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_nobody_publishes_by_sql_what_one_side_has_not_approved(edition):
    release = a_release(edition)
    ReleaseApproval.objects.create(release=release, side="FR", name="Solène Référent", at=NOW)

    with pytest.raises(DatabaseError, match="approved_by_both"), transaction.atomic():
        ProgrammeRelease.objects.filter(pk=release.pk).update(published_at=NOW)


def test_nor_inserts_it_as_published(edition):
    release = a_release(edition)
    release.pk, release.number, release.published_at = None, 2, NOW

    with pytest.raises(DatabaseError, match="approved_by_both"), transaction.atomic():
        release.save()


@pytest.mark.parametrize("side", ["XX", "", "fr"])
def test_nobody_approves_for_a_side_that_is_none(edition, side):
    with pytest.raises(DatabaseError, match="program_releaseapproval_of_a_side"), transaction.atomic():
        ReleaseApproval.objects.create(release=a_release(edition), side=side, name="Personne", at=NOW)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE program_releasefile SET data = 'other'",
        "UPDATE program_releasefile SET data_hash = 'other'",
        "DELETE FROM program_releasefile",
    ],
)
def test_a_document_that_people_compare_by_its_hash_stays_as_it_was_made(edition, sql):
    release = a_published_release(edition)
    file = services.file_of(release, "schedule.json", at=NOW)

    stays = pytest.raises(DatabaseError, match="releasefile_stays")
    with stays, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert services.file_of(release, "schedule.json", at=LATER).made_at == file.made_at


def test_an_account_may_go_and_the_name_of_who_approved_stays(edition):
    user = a_member_of_staff(first_name="Solène", last_name="Référent")
    release = a_release(edition)
    services.approve(release, side=Side.FRENCH, by=user, at=NOW)
    ReleaseApproval.objects.create(release=release, side="CN", name="孙样例", at=NOW)
    services.publish(release, at=NOW, by=None)

    User.objects.filter(pk=user.pk).delete()

    approval = ReleaseApproval.objects.get(side="FR")
    assert (approval.by, approval.name) == (None, "Solène Référent")


# --- Approved ------------------------------------------------------------------------------------


@pytest.fixture
def french(somebody):
    return somebody(accounts.FRENCH_APPROVAL, first_name="Solène", last_name="Référent")


@pytest.fixture
def chinese(somebody):
    return somebody(accounts.APCAE, accounts.CHINESE_APPROVAL, first_name="样例", last_name="孙", side="CN")


def test_each_side_approves_by_a_named_person(edition, french, chinese):
    release = a_release(edition)

    services.approve(release, side=Side.FRENCH, by=french, at=NOW)
    services.approve(release, side=Side.CHINESE, by=chinese, at=LATER)

    # A Chinese name has its family name first, and no space.
    assert services.stamp_of(release).approvals == (("FR", "Solène Référent"), ("CN", "孙样例"))
    assert actions() == ["release_prepared", "release_approved", "release_approved"]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(
    "roles", [(accounts.ORGANISERS,), (accounts.PROGRAMME,), (accounts.APCAE,), (accounts.DESK,), ()]
)
def test_nobody_else_approves(edition, somebody, side, roles):
    release = a_release(edition)

    with pytest.raises(Refusal):
        services.approve(release, side=side, by=somebody(*roles), at=NOW)

    assert not ReleaseApproval.objects.exists()


def test_nobody_approves_for_the_other_side(edition, french, chinese):
    release = a_release(edition)

    for side, user in ((Side.CHINESE, french), (Side.FRENCH, chinese)):
        with pytest.raises(Refusal):
            services.approve(release, side=side, by=user, at=NOW)


def test_one_person_does_not_approve_for_both_whatever_the_rights(edition):
    release = a_release(edition)
    both = a_member_of_staff()
    services.approve(release, side=Side.FRENCH, by=both, at=NOW)

    with pytest.raises(Refusal):
        services.approve(release, side=Side.CHINESE, by=both, at=NOW)

    assert ReleaseApproval.objects.count() == 1


def test_a_side_approves_once(edition, french, somebody):
    release = a_release(edition)
    services.approve(release, side=Side.FRENCH, by=french, at=NOW)

    with pytest.raises(Refusal):
        services.approve(release, side=Side.FRENCH, by=somebody(accounts.FRENCH_APPROVAL), at=NOW)


def test_what_is_out_is_approved_no_more(edition, french):
    release = a_published_release(edition)

    with pytest.raises(Refusal):
        services.approve(release, side=Side.FRENCH, by=french, at=NOW)


# --- Published -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sides", [[], ["FR"], ["CN"]], ids=str)
def test_nothing_comes_out_without_both_sides(edition, sides):
    release = a_release(edition)
    for side in sides:
        ReleaseApproval.objects.create(release=release, side=side, name="Quelqu’un", at=NOW)

    with pytest.raises(Refusal):
        services.publish(release, at=NOW, by=None)

    release.refresh_from_db()
    assert release.published_at is None


def test_with_both_sides_it_comes_out_once(edition):
    release = a_release(edition, approved=True)

    services.publish(release, at=NOW, by=None)
    services.publish(release, at=LATER, by=None)

    release.refresh_from_db()
    assert release.published_at == NOW
    assert actions() == ["release_prepared", "release_published"]
    assert list(ProgrammeRelease.objects.public()) == [release]


def test_an_older_release_does_not_come_out_after_a_later_one(edition):
    older = a_release(edition, approved=True)
    a_published_release(edition)

    with pytest.raises(Refusal):
        services.publish(older, at=LATER, by=None)

    assert ProgrammeRelease.objects.public().first().number == 2


def test_what_was_prepared_before_people_read_another_one_is_prepared_again(edition):
    """It knows nothing of what that one showed: what was dropped in between would be cancelled in no calendar."""
    dropped = a_session(edition, title_fr="Abandonnée")
    a_session(edition, title_fr="Gardée")
    first = a_release(edition, approved=True)
    edition.sessions.filter(pk=dropped.pk).update(status="abandoned", status_reason_fr="Non")
    second = a_release(edition, approved=True)
    services.publish(first, at=LATER, by=None)

    why = services.why_passed(second)
    with pytest.raises(Refusal) as refused:
        services.publish(second, at=LATER, by=None)
    third = a_published_release(edition, at=LATER)

    assert why
    assert str(refused.value) == why
    second.refresh_from_db()
    assert second.published_at is None
    (told,) = services.programme_of(third).dropped
    assert (told.guid, told.sequence) == (str(dropped.guid), 1)


def test_nor_does_it_come_out_by_sql(edition):
    first, second = a_release(edition, approved=True), a_release(edition, approved=True)
    services.publish(first, at=LATER, by=None)

    with pytest.raises(DatabaseError, match="follows_what_is_read"), transaction.atomic():
        ProgrammeRelease.objects.filter(pk=second.pk).update(published_at=LATER)
    with pytest.raises(DatabaseError, match="is_frozen"), transaction.atomic():
        ProgrammeRelease.objects.filter(pk=second.pk).update(out_before=1)


def test_a_draft_that_is_not_public_is_not_in_the_way_of_a_public_release(edition):
    """Whoever is given the draft has an address of its own: nothing that the public reads turns back."""
    public = a_release(edition, approved=True)
    a_published_release(edition, is_public=False)

    assert services.why_passed(public) == ""
    services.publish(public, at=LATER, by=None)

    assert ProgrammeRelease.objects.public().first() == public


def test_a_draft_that_is_not_public_is_passed_by_a_public_release(edition):
    draft = a_release(edition, approved=True, is_public=False)
    a_published_release(edition)

    with pytest.raises(Refusal):
        services.publish(draft, at=LATER, by=None)


def test_whatever_the_order_each_release_tells_what_earlier_public_ones_held_and_it_has_not(edition):
    """A public release is prepared, then a draft, and comes out after it: the next draft knows both."""
    first, second = a_session(edition), a_session(edition)
    public = a_release(edition, approved=True)
    edition.sessions.filter(pk=first.pk).update(status="abandoned", status_reason_fr="Non")
    a_published_release(edition, is_public=False)
    services.publish(public, at=LATER, by=None)
    edition.sessions.filter(pk=second.pk).update(status="abandoned", status_reason_fr="Non")

    for is_public in (False, True):
        release = a_published_release(edition, at=LATER, is_public=is_public)

        dropped = {s.guid for s in services.programme_of(release).dropped}
        assert dropped == {str(first.guid), str(second.guid)}


def test_the_public_reads_the_latest_public_release(edition):
    public = a_published_release(edition)
    a_published_release(edition, is_public=False)
    a_release(edition, approved=True)

    assert ProgrammeRelease.objects.public().first() == public


# --- Discarded -----------------------------------------------------------------------------------


def test_what_was_never_out_is_discarded_and_its_number_is_given_again(edition):
    a_release(edition)
    release = a_release(edition, approved=True)

    services.discard(release, at=NOW, by=None)

    assert not ReleaseApproval.objects.exists()
    assert a_release(edition).number == 2
    assert actions()[-2:] == ["release_discarded", "release_prepared"]


def test_what_is_out_is_not_discarded(edition):
    release = a_published_release(edition)

    with pytest.raises(Refusal):
        services.discard(release, at=LATER, by=None)

    assert ProgrammeRelease.objects.filter(pk=release.pk).exists()


@pytest.mark.parametrize(
    "verb",
    [
        lambda r: services.publish(r, at=NOW, by=None),
        lambda r: services.discard(r, at=NOW, by=None),
        lambda r: services.approve(r, side=Side.FRENCH, by=a_member_of_staff(), at=NOW),
    ],
    ids=["publish", "discard", "approve"],
)
def test_what_somebody_has_discarded_meanwhile_is_refused_in_words(edition, verb):
    release = a_release(edition)
    services.discard(ProgrammeRelease.objects.get(pk=release.pk), at=NOW, by=None)

    with pytest.raises(Refusal):
        verb(release)


# --- At the same instant -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_prepare_at_once_get_one_number_each():
    edition = an_edition()
    a_session(edition)

    at_once(*[lambda: a_release(edition) for _unused in range(4)])

    assert sorted(edition.releases.values_list("number", flat=True)) == [1, 2, 3, 4]
    for release in edition.releases.all():
        assert from_content(release.content).sessions[0].sequence == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    edition = an_edition()
    release = a_release(edition, approved=True)

    at_once(*[lambda: services.publish(release, at=NOW, by=None) for _unused in range(3)])

    assert JournalEntry.objects.filter(action="release_published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_older_release_published_while_a_later_one_is_coming_out_is_refused():
    """The older one looks before the later one is there: it must wait, and look again."""
    edition = an_edition()
    older, later = a_release(edition, approved=True), a_release(edition, approved=True)

    with transaction.atomic():
        services.publish(later, at=NOW, by=None)
        other = Someone(lambda: services.publish(older, at=NOW, by=None))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert list(ProgrammeRelease.objects.published()) == [later]


@pytest.mark.django_db(transaction=True)
def test_one_person_who_clicks_for_both_sides_at_once_approves_for_one():
    edition = an_edition()
    release, both = a_release(edition), a_member_of_staff()
    outcomes = []
    lock = threading.Lock()

    def click(side):
        try:
            services.approve(release, side=side, by=both, at=NOW)
        except Refusal:
            with lock:
                outcomes.append(side)

    at_once(*[lambda side=side: click(side) for side in Side])

    assert len(outcomes) == 1
    assert ReleaseApproval.objects.count() == 1
