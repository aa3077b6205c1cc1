"""Marks, comments and abstentions of one juror for one application; who reads them; what counts."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from assises.enums import Side
from assises.exceptions import Conflict, Refusal
from awards import services
from awards.dealing import deal
from awards.enums import ApplicationState, InterestKind, JuryRole, Phase
from awards.models import Application, Assignment, Call, Interest, Score, Sheet
from awards.ranking import rank
from awards.reading_sheets import breaks_ties, code_of, marks_of, weights_of
from awards.rights import may_read
from awards.services import Entry
from tests.award_factories import opened
from tests.factories import a_member_of_staff
from tests.jury_factories import (
    CN,
    FR,
    IN_CONFLICTS,
    IN_DELIBERATION,
    IN_SCORING,
    a_sheet,
    an_entry,
    answer,
    fresh,
    in_conflicts,
    in_scoring,
    juror,
    members,
    rows_of,
    secretary,
    sign,
    substitute,
)
from tests.registration.test_concurrency import Someone

LONG = "Une méthode que personne n’avait essayée."


def refused(statement, *values):
    """The rule by which the database refuses it; empty where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


def marks_in(sheet):
    return {s.criterion.code: (s.mark, s.comment) for s in Score.objects.filter(sheet=sheet)}


# --- Opening ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_file_that_a_juror_opens_keeps_the_numbers(edition):
    call = in_scoring(edition)
    row = rows_of(call)[0]
    assert Call.objects.get().first_opened_at is None

    for _twice in range(2):
        services.open_file(fresh(juror(call)), row, at=IN_SCORING)
    services.open_file(fresh(juror(call, CN)), row, at=IN_DELIBERATION)

    assert Call.objects.get().first_opened_at == IN_SCORING
    assert Sheet.objects.count() == 2
    assert refused("UPDATE awards_call SET jury_per_side = 9") == "awards_call_numbers_stay"


@pytest.mark.django_db
def test_before_the_phase_no_file_is_opened(edition):
    call = in_conflicts(edition)
    member = answer(sign(juror(call)))

    with pytest.raises(Refusal):
        services.open_file(member, rows_of(call)[0], at=IN_CONFLICTS)


@pytest.mark.django_db(transaction=True)
def test_two_first_files_opened_at_once_are_two_sheets():
    from tests.factories import an_edition

    call = in_scoring(an_edition(elected=1))
    row = rows_of(call)[0]
    with transaction.atomic():
        services.open_file(fresh(juror(call)), row, at=IN_SCORING)
        other = Someone(lambda: services.open_file(fresh(juror(call, CN)), row, at=IN_SCORING))
        other.until_blocked()

    assert other.result().member == juror(call, CN)
    assert Sheet.objects.count() == 2


# --- Writing ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_half_a_sheet_is_saved_and_one_that_lacks_something_is_not_sealed(edition):
    call = in_scoring(edition)
    sheet = services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)

    sheet = services.save_sheet(
        sheet, Entry({"innovation": None}, {"innovation": "À revoir"}), version=0, at=IN_SCORING
    )
    assert (sheet.version, marks_in(sheet)["innovation"]) == (1, (None, "À revoir"))
    with pytest.raises(Refusal, match="innovation"):
        services.seal_sheet(sheet, version=1, at=IN_SCORING)
    for mark in (1, 5):
        sheet = services.save_sheet(
            sheet, Entry({"innovation": mark}, {"innovation": "Bref."}), version=sheet.version, at=IN_SCORING
        )
        with pytest.raises(Refusal, match="10"):
            services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)
    sheet = services.save_sheet(
        sheet, Entry({"innovation": 5}, {"innovation": LONG}), version=sheet.version, at=IN_SCORING
    )

    sheet = services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)

    assert sheet.sealed_at == IN_SCORING
    # Without a film the mark is 1, as article 7 of the rules says, whatever the juror sent.
    assert marks_in(sheet) == {"innovation": (5, LONG), "film": (1, "")}


@pytest.mark.django_db
def test_a_film_that_is_not_there_has_a_1_whatever_is_sent(edition):
    call = in_scoring(edition)

    sheet = a_sheet(juror(call), rows_of(call)[0], marks={"innovation": 3, "film": 5})

    assert marks_in(sheet)["film"] == (1, "")


@pytest.mark.django_db
def test_an_abstention_has_a_reason_and_is_no_mark(edition):
    call = in_scoring(edition)
    row = rows_of(call)[0]
    sheet = a_sheet(juror(call), row, sealed=False, abstains=True)
    with pytest.raises(Refusal):
        services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)
    sheet = services.save_sheet(
        sheet, an_entry(abstains=True, reason="Hors de mon domaine."), version=sheet.version, at=IN_SCORING
    )

    services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)

    assert not Score.objects.exists()
    assert not marks_of(call)


@pytest.mark.django_db
def test_a_mark_goes_from_1_to_5(edition):
    call = in_scoring(edition)
    sheet = services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)

    with pytest.raises(Refusal):
        services.save_sheet(sheet, Entry({"innovation": 6}), version=0, at=IN_SCORING)


@pytest.mark.django_db
def test_an_older_page_overwrites_nothing_and_the_same_page_may_repeat_itself(edition):
    call = in_scoring(edition)
    sheet = services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)
    one, two = uuid.uuid4(), uuid.uuid4()

    def save(mark, version, page):
        return services.save_sheet(
            sheet, Entry({"innovation": mark}), version=version, page=page, at=IN_SCORING
        ).version

    assert save(2, 0, one) == 1
    # Its answer was lost: the page sends again, and goes on from what it knows.
    assert save(2, 0, one) == 1
    assert save(3, 0, one) == 2
    with pytest.raises(Conflict) as refused_:
        save(4, 0, two)
    assert refused_.value.current.version == 2
    assert save(4, 2, two) == 3
    with pytest.raises(Conflict):
        save(2, 2, one)
    # What stands there already is no conflict.
    assert save(4, 0, None) == 3
    assert marks_in(sheet)["innovation"][0] == 4


@pytest.mark.django_db
def test_what_was_changed_since_it_was_read_over_is_not_sealed(edition):
    call = in_scoring(edition)
    sheet = a_sheet(juror(call), rows_of(call)[0], sealed=False)
    services.save_sheet(sheet, an_entry(marks={"innovation": 2}), version=sheet.version, at=IN_SCORING)

    with pytest.raises(Conflict):
        services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)


@pytest.mark.django_db
def test_after_the_phase_nothing_is_written_or_sealed(edition):
    call = in_scoring(edition)
    sheet = a_sheet(juror(call), rows_of(call)[0], sealed=False)
    opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)

    with pytest.raises(Refusal):
        services.save_sheet(
            sheet, an_entry(marks={"innovation": 2}), version=sheet.version, at=IN_DELIBERATION
        )
    with pytest.raises(Refusal):
        services.seal_sheet(sheet, version=sheet.version, at=IN_DELIBERATION)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_at_once_are_one_saved_and_one_told():
    from tests.factories import an_edition

    call = in_scoring(an_edition(elected=1))
    sheet = services.open_file(fresh(juror(call)), rows_of(call)[0], at=IN_SCORING)
    with transaction.atomic():
        services.save_sheet(sheet, Entry({"innovation": 2}), version=0, page=uuid.uuid4(), at=IN_SCORING)
        other = Someone(
            lambda: services.save_sheet(
                sheet, Entry({"innovation": 4}), version=0, page=uuid.uuid4(), at=IN_SCORING
            )
        )
        other.until_blocked()

    with pytest.raises(Conflict):
        other.result()
    assert marks_in(sheet)["innovation"][0] == 2


@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_is_saved_while_it_is_sealed_stays_as_it_was_sealed():
    from tests.factories import an_edition

    call = in_scoring(an_edition(elected=1))
    sheet = a_sheet(juror(call), rows_of(call)[0], sealed=False)
    with transaction.atomic():
        services.seal_sheet(sheet, version=sheet.version, at=IN_SCORING)
        other = Someone(
            lambda: services.save_sheet(
                sheet, an_entry(marks={"innovation": 2}), version=sheet.version, at=IN_SCORING
            )
        )
        other.until_blocked()

    with pytest.raises(Refusal):
        other.result()
    assert marks_in(sheet)["innovation"][0] == 4


# --- What only the database can promise ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sealed_sheet_stays_also_by_sql(edition):
    call = in_scoring(edition)
    sheet = a_sheet(juror(call), rows_of(call)[0])

    assert {
        refused("UPDATE awards_score SET mark = 2 WHERE sheet_id = %s", sheet.pk),
        refused("DELETE FROM awards_score WHERE sheet_id = %s", sheet.pk),
        refused("UPDATE awards_sheet SET sealed_at = NULL"),
        refused("UPDATE awards_sheet SET abstains = true, reason = 'x'"),
        refused("DELETE FROM awards_sheet"),
    } == {"awards_sheet_stays"}


@pytest.mark.django_db
def test_nobody_but_a_judge_has_a_sheet_also_by_sql(edition):
    call = in_scoring(edition)
    row, other = rows_of(call)
    services.declare_conflict(fresh(juror(call)), row, words="Un parent.", at=IN_SCORING)
    sql = (
        "INSERT INTO awards_sheet (member_id, application_id, abstains, reason, version, opened_at)"
        " VALUES (%s, %s, false, '', 0, now())"
    )
    no = "awards_sheet_by_a_judge"

    assert refused(sql, juror(call).pk, row.pk) == no
    assert refused(sql, secretary(call).pk, row.pk) == no
    assert refused(sql, substitute(call).pk, row.pk) == no
    assert refused(sql, juror(call).pk, other.pk) == ""


@pytest.mark.django_db
def test_an_incomplete_sheet_is_not_sealed_by_sql(edition):
    call = in_scoring(edition)
    sheet = a_sheet(juror(call), rows_of(call)[0], sealed=False, marks={"innovation": 5})
    seal = "UPDATE awards_sheet SET sealed_at = now()"

    assert refused(seal) == "awards_sheet_sealed_complete"
    Score.objects.filter(sheet=sheet, criterion__code="film").update(mark=3, comment=LONG)
    Score.objects.filter(sheet=sheet, criterion__code="innovation").update(comment=LONG)
    # Without a film it is 1.
    assert refused(seal) == "awards_sheet_sealed_complete"
    Score.objects.filter(sheet=sheet, criterion__code="film").update(mark=1)
    assert refused(seal) == ""
    assert refused("UPDATE awards_score SET mark = 9") in ("awards_score_mark_1_to_5", "awards_sheet_stays")


@pytest.mark.django_db
def test_pledges_ties_and_calls_stay_also_by_sql(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    for place in (1, 2):
        answer(sign(juror(call, FR, place)), row)
    services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)

    assert refused("UPDATE awards_pledge SET at = now()") == "awards_pledge_stays"
    assert refused("DELETE FROM awards_pledge") == "awards_pledge_stays"
    assert refused("UPDATE awards_interest SET kind = 'none' WHERE kind <> 'none'") == "awards_interest_stays"
    assert refused("DELETE FROM awards_interest") == "awards_interest_stays"
    assert refused("DELETE FROM awards_calling") == "awards_calling_stays"
    assert (
        refused(
            "INSERT INTO awards_calling (application_id, member_id, called_by_id, at) VALUES (%s, %s, %s, now())",
            row.pk, substitute(call, CN).pk, secretary(call).pk,
        )
        == "awards_calling_by_a_secretary"
    )  # fmt: skip
    assert (
        refused(
            "INSERT INTO awards_interest (member_id, application_id, kind, words, at) VALUES (%s, %s, 'none', '', now())",
            secretary(call).pk, row.pk,
        )
        == "awards_interest_of_the_jury"
    )  # fmt: skip


# --- Who reads what --------------------------------------------------------------------------------------


@pytest.fixture
def scene(edition):
    """Three voting on each side; the French juror is recused from the first application, whose substitute is called."""
    call = in_conflicts(edition)
    first = rows_of(call)[0]
    for member in members(call, CN):
        answer(sign(member))
    answer(sign(juror(call, FR, 0)))
    answer(sign(juror(call, FR, 1)), first)
    answer(sign(juror(call, FR, 2)), first)
    services.call_substitute(first, at=IN_CONFLICTS, by=secretary(call).user)
    answer(sign(substitute(call)))
    sign(secretary(call))
    sign(secretary(call, CN))
    call = opened(call, Phase.SCORING, at=IN_SCORING)
    for member in members(call):
        for row in Application.objects.visible_to_juror(fresh(member)):
            a_sheet(member, row)
    a_sheet(substitute(call), first)
    return call


def who(call):
    from django.contrib.auth.models import Group

    from assises import accounts

    def staff(*groups, **fields):
        user = a_member_of_staff(is_superuser=False, **fields)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    accounts.ensure_groups()
    return {
        "visitor": AnonymousUser(),
        "co-president": juror(call, FR, 0).user,
        "recused juror": juror(call, FR, 1).user,
        "juror": juror(call, CN, 1).user,
        "substitute called": substitute(call).user,
        "substitute not called": substitute(call, CN).user,
        "secretary": secretary(call).user,
        "organiser": staff(accounts.ORGANISERS),
        "APCAE": staff(accounts.APCAE, side=CN),
        "desk": staff(accounts.DESK),
        "superuser": a_member_of_staff(),
    }


#: Who reads the first and the second application while the jury marks.
READS = {
    "visitor": (False, False),
    "co-president": (True, True),
    "recused juror": (False, True),
    "juror": (True, True),
    "substitute called": (True, False),
    "substitute not called": (False, False),
    "secretary": (True, True),
    "organiser": (True, True),
    "APCAE": (False, False),
    "desk": (False, False),
    "superuser": (True, True),
}
#: How many sheets they see while the jury marks, and in the deliberation: 5 of the first application, 6 of the second.
SHEETS = {
    "visitor": (0, 0),
    "co-president": (2, 11),
    "recused juror": (1, 6),
    "juror": (2, 11),
    "substitute called": (1, 5),
    "substitute not called": (0, 0),
    "secretary": (0, 0),
    "organiser": (0, 0),
    "APCAE": (0, 0),
    "desk": (0, 0),
    "superuser": (0, 0),
}


@pytest.mark.django_db
def test_who_reads_an_application_is_a_table(scene):
    rows = rows_of(scene)

    assert {name: tuple(may_read(user, row) for row in rows) for name, user in who(scene).items()} == READS


@pytest.mark.django_db
def test_before_the_phase_the_jury_reads_nothing_and_a_secretary_reads_with_the_pledge(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    member = answer(sign(juror(call)))

    assert not may_read(member.user, row)
    assert not may_read(secretary(call).user, row)
    sign(secretary(call))
    assert may_read(secretary(call).user, Application.objects.get(pk=row.pk))


@pytest.mark.django_db
def test_a_member_of_the_jury_who_is_an_organiser_too_reads_by_the_seat_alone(scene):
    user = juror(scene, FR, 1).user
    user.is_superuser = True
    user.save()

    assert tuple(may_read(user, row) for row in rows_of(scene)) == READS["recused juror"]


@pytest.mark.django_db
def test_who_sees_marks_is_a_table(scene):
    people = who(scene)
    marking = {name: Sheet.objects.visible_to(user).count() for name, user in people.items()}
    opened(scene, Phase.DELIBERATION, at=IN_DELIBERATION)
    deliberating = {name: Sheet.objects.visible_to(user).count() for name, user in people.items()}

    assert {name: (marking[name], deliberating[name]) for name in people} == SHEETS


@pytest.mark.django_db
def test_what_is_not_sealed_is_never_shown_to_others(edition):
    call = in_scoring(edition)
    a_sheet(juror(call), rows_of(call)[0], sealed=False)
    opened(call, Phase.DELIBERATION, at=IN_DELIBERATION)

    assert Sheet.objects.visible_to(juror(call).user).count() == 1
    assert Sheet.objects.visible_to(juror(call, CN).user).count() == 0


# --- What counts -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sealed_marks_of_those_who_may_judge_are_ranked(scene):
    found = marks_of(scene)

    assert len(found["tourism"]) == 11
    standings = rank(found["tourism"], weights_of(scene), breaks_ties(scene))
    assert {s.application: (s.french_marks, s.chinese_marks) for s in standings} == {
        code_of(1): (2, 3),
        code_of(2): (3, 3),
    }


@pytest.mark.django_db
def test_a_tie_that_is_found_later_takes_a_sealed_mark_out(edition):
    call = in_scoring(edition)
    row = rows_of(call)[0]
    for member in members(call):
        a_sheet(member, row)

    services.declare_conflict(fresh(juror(call)), row, words="Je l’apprends.", at=IN_SCORING)

    assert len(marks_of(call)["tourism"]) == 5
    assert Interest.objects.recusals().get().kind == InterestKind.DECLARED
    assert not Sheet.objects.visible_to(juror(call).user).filter(application=row).exists()
    with pytest.raises(Refusal):
        services.open_file(fresh(juror(call)), row, at=IN_SCORING)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["unsealed", "abstained", "withdrawn", "no longer a juror"])
def test_what_does_not_count(edition, how):
    call = in_scoring(edition)
    row = rows_of(call)[0]
    member = juror(call)
    if how == "abstained":
        a_sheet(member, row, abstains=True, reason="Hors de mon domaine.")
    else:
        a_sheet(member, row, sealed=how != "unsealed")
    if how == "withdrawn":
        row.move_to(ApplicationState.WITHDRAWN, at=IN_SCORING)
        row.save()
    if how == "no longer a juror":
        call.jury.filter(pk=substitute(call).pk).delete()
        call.jury.filter(pk=member.pk).update(role=JuryRole.SUBSTITUTE)

    assert not marks_of(call)


@pytest.mark.django_db
def test_marks_are_read_in_as_many_queries_for_one_and_for_many(edition, django_assert_num_queries):
    call = in_scoring(edition)
    for member in members(call)[:1]:
        a_sheet(member, rows_of(call)[0])
    with django_assert_num_queries(2):
        assert len(marks_of(call)["tourism"]) == 1
    for member in members(call)[1:]:
        for row in rows_of(call):
            a_sheet(member, row)
    with django_assert_num_queries(2):
        assert len(marks_of(call)["tourism"]) == 11


# --- Dealing ---------------------------------------------------------------------------------------------


def test_each_application_has_two_readers_all_read_about_as_many_and_none_who_is_recused():
    rows, jurors = list(range(100, 140)), [1, 2, 3, 4, 5]
    recused = {(row, 1) for row in rows[:30]} | {(100, 2)}

    dealt = deal(rows, jurors, recused)

    assert dealt == deal(rows[::-1], jurors[::-1], recused)
    assert not recused & set(dealt)
    assert {row: sum(r == row for r, _j in dealt) for row in rows} == dict.fromkeys(rows, 2)
    loads = [sum(j == juror_ for _r, j in dealt) for juror_ in jurors]
    assert min(loads) == 10
    assert max(loads) - sorted(loads)[1] <= 1


def test_where_recusals_leave_one_reader_one_is_dealt():
    assert deal([7], [1, 2], {(7, 1)}) == [(7, 2)]


@pytest.mark.django_db
def test_above_thirty_a_secretary_deals_them_and_jurors_see_their_own(edition, monkeypatch):
    monkeypatch.setattr("awards.dealing.JURY_READS_ALL", 2)
    call = in_scoring(edition, applications=5)

    with pytest.raises(Refusal):
        services.deal(call, at=IN_SCORING, by=juror(call).user)
    for _twice in range(2):
        assert services.deal(call, at=IN_SCORING, by=secretary(call).user) == 20

    member = fresh(juror(call))
    mine = set(Assignment.objects.filter(member=member).values_list("application", flat=True))
    assert {row.pk for row in Application.objects.visible_to_juror(member)} == mine
    assert all(
        row.assignments.filter(member__side=side).count() == 2 for row in rows_of(call) for side in Side
    )
    services.open_file(member, Application.objects.get(pk=min(mine)), at=IN_SCORING)
    with pytest.raises(Refusal):
        services.deal(call, at=IN_SCORING, by=secretary(call).user)
    assert refused("DELETE FROM awards_assignment") == "awards_assignment_stays"


@pytest.mark.django_db
def test_up_to_thirty_everybody_reads_all(edition):
    call = in_scoring(edition)

    with pytest.raises(Refusal, match="30"):
        services.deal(call, at=IN_SCORING, by=secretary(call).user)
    assert Application.objects.visible_to_juror(fresh(juror(call))).count() == 2
