"""Votes by name and secret, several at once; what the database refuses; what is found in the chain of seals."""

import pytest
from django.db import IntegrityError, connection, transaction

from assises.exceptions import Refusal
from awards import sealing, services
from awards.enums import Choice, Effect, MotionState, Phase
from awards.models import Ballot, Category, Motion, Result, Seal, Sitting, Vote
from tests.award_factories import opened, president
from tests.deliberation_factories import (
    a_motion,
    a_sitting,
    an_open_vote,
    cast,
    decided,
    in_deliberation,
    item,
    recuse,
)
from tests.factories import an_edition
from tests.jury_factories import CN, FR, IN_DELIBERATION, juror, members, rows_of, secretary, substitute
from tests.registration.test_concurrency import Someone

TABLES = ["motion", "motionline", "vote", "ballot", "result", "agendaline", "agendaitem"]


def refused(statement, *values):
    """The rule by which the database refuses it; empty where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


def by_force(*statements):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE awards_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE awards_{table} ENABLE TRIGGER USER")


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


# --- By name, and secret ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_vote_by_name_may_be_changed_until_it_is_closed(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "ynn", "yyy")
    cast(motion, "yyy", "")

    motion = services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))

    assert motion.state == MotionState.PASSED
    assert Vote.objects.count() == 6
    with pytest.raises(Refusal):
        services.vote(motion, Choice.NO, at=IN_DELIBERATION, by=juror(call).user)


@pytest.mark.django_db
def test_who_votes(edition):
    call = in_deliberation(edition)
    a_sitting(call, *members(call, FR), juror(call, CN, 0), juror(call, CN, 1), juror(call, CN, 2))
    recuse(juror(call, CN, 2), rows_of(call)[0])
    motion = an_open_vote(call, 1)
    services.leave(juror(call, FR, 2), at=IN_DELIBERATION)

    for member in (juror(call, CN, 2), juror(call, FR, 2), secretary(call), substitute(call)):
        with pytest.raises(Refusal):
            services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=member.user)
    assert not Vote.objects.exists()


@pytest.mark.django_db
def test_a_secret_vote_is_given_once(edition):
    call = in_deliberation(edition, votes_are_secret=True)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    services.vote(motion, Choice.NO, at=IN_DELIBERATION, by=juror(call).user)

    with pytest.raises(Refusal):
        services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=juror(call).user)

    assert list(Ballot.objects.values_list("side", "choice")) == [("FR", "no")]


@pytest.mark.django_db(transaction=True)
def test_nobody_can_tell_who_gave_which_secret_vote_not_by_sql_either():
    """Each vote in a transaction of its own, in the order of the jury; then all that PostgreSQL knows of the rows."""
    call = in_deliberation(an_edition(elected=1), votes_are_secret=True)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    order = [(FR, 0, "yes"), (FR, 1, "no"), (CN, 0, "no"), (FR, 2, "yes"), (CN, 1, "yes"), (CN, 2, "yes")]
    for side, place, choice in order:
        services.vote(motion, Choice(choice), at=IN_DELIBERATION, by=juror(call, side, place).user)

    columns = {f.name for f in Ballot._meta.get_fields()}
    assert columns == {"id", "motion", "side", "choice"}
    assert set(Vote.objects.values_list("choice", flat=True)) == {""}
    # The transaction that wrote a row stands with it: it is one and the same for all ballots, and tells no voter.
    assert len(sql("SELECT DISTINCT xmin::text FROM awards_ballot")) == 1
    assert len(sql("SELECT DISTINCT xmin::text FROM awards_vote")) == 6
    services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    link = Seal.objects.get(kind="motion")
    assert set(link.content["votes"].values()) == {""}
    assert link.content["ballots"] == ["CN no", "CN yes", "CN yes", "FR no", "FR yes", "FR yes"]
    assert len(link.content["votes"]) == 6
    assert sealing.findings(call) == []


@pytest.mark.django_db
def test_secret_ballots_lie_in_no_order(edition, monkeypatch):
    """Written anew each time, in an order drawn by lot: here the lot is known, and is what stands in the table."""
    from awards.services import votes

    class Backwards:
        def shuffle(self, cast):
            cast.sort()

    monkeypatch.setattr(votes.secrets, "SystemRandom", Backwards)
    call = in_deliberation(edition, votes_are_secret=True)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "yny", "")

    assert sql("SELECT choice FROM awards_ballot ORDER BY ctid") == [("no",), ("yes",), ("yes",)]


@pytest.mark.django_db
def test_a_secret_vote_is_counted_by_side(edition):
    call = in_deliberation(edition, votes_are_secret=True)
    a_sitting(call)

    motion = decided(call, 1, french="yyn", chinese="ynn")

    assert motion.tally == {
        "FR": {"yes": 2, "no": 1, "abstain": 0},
        "CN": {"yes": 1, "no": 2, "abstain": 0},
    }
    assert motion.is_tied


# --- Several at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secret", [False, True])
def test_two_who_vote_at_once_both_count(secret):
    call = in_deliberation(an_edition(elected=1), votes_are_secret=secret)
    a_sitting(call)
    motion = an_open_vote(call, 1)
    one, two = juror(call).user, juror(call, CN).user

    with transaction.atomic():
        services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=one)
        other = Someone(lambda: services.vote(motion, Choice.NO, at=IN_DELIBERATION, by=two))
        other.until_blocked()
    other.result()

    closed = services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
    assert (closed.french_yes, closed.chinese_no) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_comes_in_while_it_is_closed_does_not_count_and_is_told():
    call = in_deliberation(an_edition(elected=1))
    a_sitting(call)
    motion = an_open_vote(call, 1)
    late = juror(call).user

    with transaction.atomic():
        closed = services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
        other = Someone(lambda: services.vote(motion, Choice.YES, at=IN_DELIBERATION, by=late))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert (closed.state, Vote.objects.count()) == (MotionState.LOST, 0)
    assert sealing.findings(call) == []


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_was_there_before_it_was_closed_counts():
    call = in_deliberation(an_edition(elected=1))
    a_sitting(call)
    motion = an_open_vote(call, 1)
    chair = president(call, FR)

    with transaction.atomic():
        cast(motion, "yyy", "yyy")
        other = Someone(lambda: services.close_vote(motion, at=IN_DELIBERATION, by=chair))
        other.until_blocked()

    assert other.result().state == MotionState.PASSED
    assert Result.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_both_co_presidents_who_close_at_once_close_it_once():
    call = in_deliberation(an_edition(elected=1))
    a_sitting(call)
    motion = an_open_vote(call, 1)
    cast(motion, "yyy", "yyy")
    chinese = president(call, CN)

    with transaction.atomic():
        services.close_vote(motion, at=IN_DELIBERATION, by=president(call, FR))
        other = Someone(lambda: services.close_vote(motion, at=IN_DELIBERATION, by=chinese))
        other.until_blocked()

    assert other.result().closed_by.side == FR
    assert (Result.objects.count(), Seal.objects.filter(kind="motion").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_both_co_presidents_who_open_a_sitting_at_once_open_one():
    call = in_deliberation(an_edition(elected=1))
    chinese = president(call, CN)

    with transaction.atomic():
        services.open_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
        other = Someone(lambda: services.open_sitting(call, at=IN_DELIBERATION, by=chinese))
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert Sitting.objects.count() == 1
    assert [i.number for i in call.agenda.all()] == [1, 2]


# --- By SQL ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_decided_stays_also_by_sql(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)

    for statement, rule in [
        ("UPDATE awards_motion SET state = 'lost'", "awards_motion_stays"),
        ("UPDATE awards_motion SET text_fr = 'x'", "awards_motion_stays"),
        ("UPDATE awards_motion SET french_yes = 9", "awards_motion_stays"),
        ("DELETE FROM awards_motion", "awards_motion_stays"),
        ("DELETE FROM awards_motionline", "awards_motion_stays"),
        ("UPDATE awards_vote SET choice = 'no'", "awards_vote_stays"),
        ("DELETE FROM awards_vote", "awards_vote_stays"),
        ("UPDATE awards_result SET place = 2", "awards_result_stays"),
        ("DELETE FROM awards_result", "awards_result_stays"),
        ("UPDATE awards_agendaitem SET text_fr = 'x'", "awards_agenda_stays"),
        ("DELETE FROM awards_agendaline", "awards_agenda_stays"),
        ("DELETE FROM awards_sitting", "awards_sitting_stays"),
        ("DELETE FROM awards_presence", "awards_presence_of_the_jury"),
        ("UPDATE awards_presence SET entered_at = now()", "awards_presence_of_the_jury"),
    ]:
        assert refused(statement) == rule, statement


@pytest.mark.django_db
def test_an_open_vote_is_only_voted_and_counted_also_by_sql(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call, CN, 2), rows_of(call)[0])
    motion = an_open_vote(call, 1)
    cast(motion, "y", "n")
    chair = juror(call, FR, 0).pk
    insert = "INSERT INTO awards_vote (motion_id, member_id, choice) VALUES (%s, %s, %s)"
    close = f"UPDATE awards_motion SET state = %s, closed_at = now(), closed_by_id = {chair}, french_yes = %s, chinese_yes = %s"

    assert refused(insert, motion.pk, juror(call, CN, 2).pk, "yes") == "awards_vote_by_a_voter"
    assert refused(insert, motion.pk, secretary(call).pk, "yes") == "awards_vote_by_a_voter"
    assert refused(insert, motion.pk, juror(call).pk, "") == "awards_vote_by_a_voter"
    assert refused(insert, motion.pk, juror(call).pk, "maybe") == "awards_vote_is_a_choice"
    assert refused(insert, motion.pk, chair, "no") == "awards_vote_once"
    assert (
        refused("INSERT INTO awards_ballot VALUES (gen_random_uuid(), 'FR', 'yes', %s)", motion.pk)
        == "awards_vote_stays"
    )
    assert refused("UPDATE awards_motion SET text_fr = 'x'") == "awards_motion_stays"
    assert refused(close, "passed", 1, 1) == "awards_motion_counted"
    assert refused(close, "passed", 1, 0) in ("awards_motion_counted", "awards_motion_passes_on_both_sides")
    assert (
        refused("UPDATE awards_sitting SET closed_at = now(), closed_by_id = opened_by_id")
        == "awards_sitting_stays"
    )
    assert refused(insert, motion.pk, juror(call).pk, "yes") == ""


@pytest.mark.django_db
def test_a_motion_passes_on_both_sides_also_by_sql(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    cast(an_open_vote(call, 1), "yyy", "ynn")
    chair = juror(call, FR, 0).pk

    rule = refused(
        f"UPDATE awards_motion SET state = 'passed', closed_at = now(), closed_by_id = {chair}, french_yes = 3,"
        " chinese_yes = 1, chinese_no = 2"
    )

    assert rule == "awards_motion_passes_on_both_sides"


@pytest.mark.django_db
def test_results_follow_from_a_motion_that_passed_also_by_sql(edition):
    call = in_deliberation(edition, applications=3)
    a_sitting(call)
    decided(call, 1, french="nnn", chinese="nnn")
    lost = Motion.objects.get()
    passed = decided(call, 2)
    first, second, third = rows_of(call)
    category = call.categories.get()
    insert = (
        "INSERT INTO awards_result (application_id, category_id, kind, place, is_ex_aequo, motion_id)"
        f" VALUES (%s, {category.pk}, %s, %s, %s, %s)"
    )

    assert refused(insert, first.pk, "prize", 1, False, lost.pk) == "awards_result_by_a_motion"
    assert refused(insert, third.pk, "prize", 1, False, passed.pk) == "awards_result_by_a_motion"
    assert refused(insert, second.pk, "mention", 1, False, passed.pk) == "awards_result_by_a_motion"
    assert refused(insert, second.pk, "prize", 1, True, passed.pk) == "awards_result_by_a_motion"
    assert refused(insert, second.pk, "prize", 2, False, passed.pk) == "awards_result_within_prizes"
    assert refused(insert, second.pk, "prize", 1, False, passed.pk) == "awards_result_within_prizes"


@pytest.mark.django_db
def test_from_sealed_on_nothing_is_added(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)
    motion = a_motion(call, 2, effect=Effect.RESERVE)
    services.close_sitting(call, at=IN_DELIBERATION, by=president(call, FR))
    opened(call, Phase.SEALED, at=IN_DELIBERATION)
    chair = juror(call, FR, 0).pk

    assert (
        refused(
            f"UPDATE awards_motion SET state = 'open', opened_at = now(), opened_by_id = {chair}, sitting_id = {Sitting.objects.get().pk} WHERE id = {motion.pk}"
        )
        == "awards_motion_by_a_voter"
    )
    assert refused("DELETE FROM awards_result") == "awards_result_stays"
    assert refused(
        "INSERT INTO awards_sitting (call_id, number, opened_at, opened_by_id, version)"
        f" VALUES ({call.pk}, 2, now(), {chair}, 1)"
    ) == "awards_sitting_by_a_president"  # fmt: skip
    with pytest.raises(Refusal):
        services.open_vote(motion, at=IN_DELIBERATION, by=president(call, FR))


@pytest.mark.django_db
def test_who_opens_and_moves_is_of_the_jury_also_by_sql(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    recuse(juror(call, CN, 2), rows_of(call)[0])
    motion = a_motion(call, 1)
    move = (
        "INSERT INTO awards_motion (item_id, number, ballot, effect, text_fr, text_zh_hans, moved_by_id, moved_at, state,"
        " is_secret, attendance, why_void, french_yes, french_no, french_abstain, chinese_yes, chinese_no,"
        f" chinese_abstain) VALUES ({item(call).pk}, 9, 1, 'free', 'a', 'b', %s, now(), 'moved', false, '{{}}', '', 0, 0, 0, 0, 0, 0)"
    )
    open_it = f"UPDATE awards_motion SET state = 'open', opened_at = now(), opened_by_id = %s, sitting_id = {Sitting.objects.get().pk} WHERE id = {motion.pk}"

    assert refused(move, secretary(call).pk) == "awards_motion_by_a_voter"
    assert refused(move, juror(call, CN, 2).pk) == "awards_motion_by_a_voter"
    assert refused(open_it, juror(call).pk) == "awards_motion_by_a_voter"
    assert refused("UPDATE awards_motion SET state = 'lost'") == "awards_motion_stays"
    assert refused(
        "INSERT INTO awards_motionline (motion_id, application_id, place) VALUES (%s, %s, 1)",
        motion.pk, rows_of(call)[1].pk,
    ) == "awards_motionline_one_per_place"  # fmt: skip
    assert refused(move, juror(call).pk) == ""


# --- The chain of seals ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE awards_vote SET choice = 'no' WHERE id = (SELECT min(id) FROM awards_vote)",
        "DELETE FROM awards_vote WHERE id = (SELECT min(id) FROM awards_vote)",
        "UPDATE awards_motion SET state = 'lost'",
        "UPDATE awards_motion SET text_zh_hans = '别'",
        "UPDATE awards_motion SET attendance = '{}'",
        "UPDATE awards_motionline SET application_id = (SELECT max(id) FROM awards_application)",
        "DELETE FROM awards_result",
        "UPDATE awards_result SET application_id = (SELECT max(id) FROM awards_application)",
    ],
)
def test_a_vote_or_a_result_that_is_changed_with_the_triggers_off_is_found(edition, statement):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1, french="yyn")
    assert sealing.findings(call) == []

    by_force(statement)

    assert len(sealing.findings(call)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE awards_ballot SET choice = 'yes'",
        "DELETE FROM awards_ballot WHERE choice = 'no'",
        "DELETE FROM awards_vote WHERE id = (SELECT min(id) FROM awards_vote)",
    ],
)
def test_a_secret_ballot_that_is_changed_is_found(edition, statement):
    call = in_deliberation(edition, votes_are_secret=True)
    a_sitting(call)
    decided(call, 1, french="yyn")

    by_force(statement)

    assert len(sealing.findings(call)) == 1


@pytest.mark.django_db
def test_a_result_that_nobody_voted_is_found(edition):
    call = in_deliberation(edition)
    a_sitting(call)
    decided(call, 1)
    motion, row = Motion.objects.get(), rows_of(call)[1]

    by_force(
        "INSERT INTO awards_result (application_id, category_id, kind, place, is_ex_aequo, motion_id) VALUES"
        f" ({row.pk}, {Category.objects.get().pk}, 'reserve', 1, false, {motion.pk})"
    )

    assert len(sealing.findings(call)) == 1
