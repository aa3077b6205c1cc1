"""What our lists tell of ties, what members say themselves, who is called, and what opens when."""

import pytest
from django.db import IntegrityError, transaction

from assises.canonical import hash_of
from assises.enums import Side
from assises.exceptions import Refusal
from assises.models import OutgoingEmail, Partnership
from awards import services
from awards.conflicts import Authorities, ties
from awards.enums import InterestKind, JuryRole, Phase
from awards.models import Application, Calling, Interest, JuryMember, Pledge, Seal
from awards.pledges import text_of
from awards.readiness import gaps_before
from awards.services.phases import held
from tests.award_factories import CLOSES, a_member, agree, opened
from tests.factories import a_member_of_staff, an_organisation
from tests.jury_factories import (
    CN,
    FR,
    IN_CONFLICTS,
    IN_SCORING,
    Named,
    a_jury,
    an_application,
    answer,
    find_admissible,
    fresh,
    in_conflicts,
    in_scoring,
    juror,
    members,
    rows_of,
    secretary,
    sign,
    substitute,
    translate,
)

# --- What our lists tell ---------------------------------------------------------------------------------

#: 1 Toulouse in 2 Toulouse Métropole in 3 Occitanie; 4 Midi-Pyrénées became 3; 5 Albi in 3; 6 Sichuan, 7 Chengdu in it.
KNOWN = Authorities(
    parents={1: 2, 2: 3, 5: 3, 7: 6},
    predecessors={3: 4},
    partnerships=[(3, 6), (4, 8), (5, 9)],
)
A, T, P = InterestKind.AUTHORITY, InterestKind.TERRITORY, InterestKind.PARTNERSHIP


@pytest.mark.parametrize(
    ("authority", "pair", "found"),
    [
        (None, {1, 6}, []),
        (1, {1, 9}, [A]),
        (1, {2, 9}, [T]),
        (1, {3, 9}, [T]),
        (1, {4, 9}, [T]),
        (3, {1, 9}, [T]),
        (4, {1, 9}, []),
        (4, {3, 9}, [T]),
        (1, {5, 8}, []),
        (3, {10, 6}, [P]),
        (3, {10, 8}, [P]),
        (6, {3, 7}, [T, P]),
        (5, {5, 9}, [A, P]),
        (1, {10, 6}, []),
        (7, {10, 6}, [T]),
        (9, {5, 7}, [P]),
        (10, {11, 12}, []),
        (3, {3, 6}, [A, P]),
    ],
)
def test_what_ties_a_member_to_a_pair(authority, pair, found):
    assert ties(authority, pair, KNOWN) == found


def test_a_circle_of_territories_ends():
    known = Authorities(parents={1: 2, 2: 1}, predecessors={1: 2, 2: 1})

    assert ties(1, {2}, known) == [T]


# --- The pledge ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_pledge_is_kept_in_both_languages_with_the_hash_of_what_was_read(edition):
    call = a_jury(edition)

    member = sign(juror(call))
    sign(member, at=IN_SCORING)

    pledge = Pledge.objects.get()
    assert pledge.digest == hash_of(pledge.content) == hash_of(text_of(call))
    assert pledge.at == IN_CONFLICTS
    assert set(pledge.content["pledge"]) == {"fr", "zh-Hans"}
    assert len({tuple(words) for words in pledge.content["pledge"].values()}) == 2
    assert Seal.objects.get().kind == "pledge"
    with pytest.raises(Refusal):
        services.sign_pledge(juror(call, CN), digest="0" * 64, at=IN_CONFLICTS)


@pytest.mark.django_db
def test_without_the_pledge_nothing_is_seen_nor_said(edition):
    call = in_conflicts(edition)
    member, row = juror(call), rows_of(call)[0]

    assert not Application.objects.named_to_juror(member).exists()
    with pytest.raises(Refusal):
        services.answer_conflicts(member, {row.pk: ""}, at=IN_CONFLICTS)
    assert list(Application.objects.named_to_juror(sign(member))) == rows_of(call)


# --- What is found, and what is said ---------------------------------------------------------------------


@pytest.mark.django_db
def test_opening_the_phase_finds_what_ties_members_of_both_sides(edition):
    toulouse, metropole, chengdu = (
        an_organisation("Toulouse"),
        an_organisation("Toulouse Métropole"),
        an_organisation("成都", side="CN"),
    )
    toulouse.parent = metropole
    toulouse.save()
    albi, wuxi = an_organisation("Albi"), an_organisation("无锡", side="CN")
    Partnership.objects.create(french=albi, chinese=chengdu)
    call = a_jury(edition)
    rows = [an_application(call, toulouse, None), an_application(call, albi, wuxi), an_application(call)]
    JuryMember.objects.filter(pk=juror(call).pk).update(organisation=metropole)
    JuryMember.objects.filter(pk=juror(call, CN).pk).update(organisation=chengdu)
    call = opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    find_admissible(call, rows)

    opened(call, Phase.CONFLICTS, at=IN_CONFLICTS)

    assert {(i.member_id, i.application_id, i.kind) for i in Interest.objects.all()} == {
        (juror(call).pk, rows[0].pk, T),
        (juror(call, CN).pk, rows[1].pk, P),
    }
    assert Seal.objects.filter(kind="recusal").count() == 2


@pytest.mark.django_db
def test_an_authority_that_was_only_named_is_recognised(edition):
    toulouse = an_organisation("Toulouse")
    call = in_conflicts(edition, pairs=[(Named("ville de TOULOUSE"), None)], applications=1)
    member = juror(call)
    member.organisation = toulouse
    services.appoint(member, at=IN_CONFLICTS, by=a_member_of_staff())

    assert Interest.objects.get().kind == A


@pytest.mark.django_db
def test_what_the_system_finds_binds_whatever_the_member_said(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    member = answer(sign(juror(call)))
    member.organisation = row.partners.get(side="FR").organisation

    services.appoint(member, at=IN_CONFLICTS, by=a_member_of_staff())
    services.answer_conflicts(fresh(member), {row.pk: ""}, at=IN_CONFLICTS)

    assert Interest.objects.get(member=member, application=row).kind == A


@pytest.mark.django_db
def test_a_tie_is_declared_in_words_and_stays(edition):
    call = in_conflicts(edition)
    row, other = rows_of(call)
    member = answer(sign(juror(call)), row)

    services.answer_conflicts(member, {row.pk: "", other.pk: ""}, at=IN_CONFLICTS)
    with pytest.raises(Refusal):
        services.declare_conflict(member, other, words="  ", at=IN_CONFLICTS)

    assert {i.application_id: i.kind for i in member.interests.all()} == {
        row.pk: InterestKind.DECLARED,
        other.pk: InterestKind.NONE,
    }


@pytest.mark.django_db
def test_nobody_answers_for_what_is_not_before_them(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    for member in (substitute(call), secretary(call)):
        with pytest.raises(Refusal):
            services.answer_conflicts(sign(member), {row.pk: ""}, at=IN_CONFLICTS)
    with pytest.raises(Refusal):
        services.answer_conflicts(sign(juror(call)), {999_999: ""}, at=IN_CONFLICTS)


# --- The substitute --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_where_too_few_are_left_the_secretaries_hear_of_it_once_and_call_the_substitute(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    with pytest.raises(Refusal, match=r"juge"):
        services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)
    for place in (0, 1, 2):
        answer(sign(juror(call, FR, place)), row)

    letters = OutgoingEmail.objects.filter(event="awards/substitute_awaited")
    assert sorted(letters.values_list("to_email", "language")) == sorted(
        (secretary(call, side).user.email, "fr" if side == FR else "zh-hans") for side in Side
    )
    for by in (secretary(call, CN).user, juror(call).user):
        with pytest.raises(Refusal):
            services.call_substitute(row, at=IN_CONFLICTS, by=by)
    for _twice in range(2):
        services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)

    assert Calling.objects.get().member == substitute(call)
    letter = OutgoingEmail.objects.get(event="awards/substitute_called")
    assert (letter.to_email, "/admin/jury/" in letter.text) == (substitute(call).user.email, True)


@pytest.mark.django_db
def test_a_called_substitute_pledges_answers_and_judges_that_application_alone(edition):
    call = in_conflicts(edition)
    row, other = rows_of(call)
    for member in members(call, CN):
        answer(sign(member))
    for place, tied in ((0, []), (1, [row]), (2, [row])):
        answer(sign(juror(call, FR, place)), *tied)
    member = sign(substitute(call))
    assert not Application.objects.named_to_juror(member).exists()

    services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)
    assert len(gaps_before(held(call), Phase.SCORING)) == 1
    answer(member)
    opened(call, Phase.SCORING, at=IN_SCORING)

    assert list(Application.objects.visible_to_juror(fresh(member))) == [row]
    services.open_file(fresh(member), row, at=IN_SCORING)
    with pytest.raises(Refusal):
        services.open_file(fresh(member), other, at=IN_SCORING)


@pytest.mark.django_db
def test_a_substitute_who_is_tied_is_not_called(edition):
    call = in_conflicts(edition)
    row = rows_of(call)[0]
    for place in (1, 2):
        answer(sign(juror(call, FR, place)), row)
    own = row.partners.get(side="FR").organisation
    JuryMember.objects.filter(pk=substitute(call).pk).update(organisation=own)

    with pytest.raises(Refusal):
        services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)

    assert not Calling.objects.exists()


# --- What opens when -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_conflicts_are_not_declared_while_an_application_is_undecided_and_nobody_marks_what_is_not_translated(
    edition,
):
    call = a_jury(edition)
    one, two = an_application(call), an_application(call)
    call = opened(call, Phase.ADMISSIBILITY, at=CLOSES)
    find_admissible(call, [one])
    with pytest.raises(Refusal, match=r"\b2\b"):
        agree(call, FR, Phase.CONFLICTS, at=IN_CONFLICTS)

    find_admissible(call, [two], translated=False)
    call = opened(call, Phase.CONFLICTS, at=IN_CONFLICTS)
    assert call.phase == Phase.CONFLICTS
    for member in members(call):
        answer(sign(member))
    with pytest.raises(Refusal, match=r"\b2\b"):
        agree(call, FR, Phase.SCORING, at=IN_SCORING)
    translate(call, two)
    assert opened(call, Phase.SCORING, at=IN_SCORING).phase == Phase.SCORING


@pytest.mark.django_db
def test_nobody_marks_while_somebody_has_not_signed_or_answered_or_too_few_are_left(edition):
    call = in_conflicts(edition, jurors=1)
    row = rows_of(call)[0]
    for member in members(call)[:-1]:
        answer(sign(member))
    last = members(call)[-1]

    def refusal():
        with pytest.raises(Refusal) as refused:
            agree(call, FR, Phase.SCORING, at=IN_SCORING)
        return str(refused.value)

    assert str(last) in refusal()
    last = sign(last)
    assert str(last) in refusal()
    answer(last, row)
    assert "1" in refusal()
    assert last.get_side_display() in refusal()
    services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call, last.side).user)
    assert str(substitute(call, last.side)) in refusal()
    answer(sign(substitute(call, last.side)))
    assert opened(call, Phase.SCORING, at=IN_SCORING).phase == Phase.SCORING


@pytest.mark.django_db
def test_a_tie_found_after_both_agreed_keeps_the_phase_closed_until_it_is_mended(edition):
    call = in_conflicts(edition, jurors=1)
    row = rows_of(call)[0]
    for member in members(call):
        answer(sign(member))
    for side in Side:
        agree(call, side, Phase.SCORING, at=IN_CONFLICTS)
    services.declare_conflict(fresh(juror(call)), row, words="Un parent y travaille.", at=IN_CONFLICTS)

    assert services.open_due(at=IN_SCORING) == 0
    services.call_substitute(row, at=IN_CONFLICTS, by=secretary(call).user)
    answer(sign(substitute(call)))
    assert services.open_due(at=IN_SCORING) == 1


@pytest.mark.django_db
def test_a_juror_alone_on_each_side_is_what_the_rules_may_say(edition):
    call = in_scoring(edition, jurors=0)

    assert call.phase == Phase.SCORING


@pytest.mark.django_db
def test_a_member_who_has_signed_is_not_made_another(edition):
    call = in_conflicts(edition)
    member = sign(juror(call))
    other = a_member(call, FR)

    member.user = a_member_of_staff(is_superuser=False, side=FR)
    with pytest.raises(IntegrityError, match="awards_jurymember_has_agreed"), transaction.atomic():
        member.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        services.dismiss([fresh(member)], at=IN_CONFLICTS, by=a_member_of_staff())
    services.dismiss([other], at=IN_CONFLICTS, by=a_member_of_staff())
    assert member.role == JuryRole.JUROR
