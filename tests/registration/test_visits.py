"""Wishes for visits, their assignment, and what comes after it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from assises.exceptions import Refusal
from assises.models import JournalEntry, Mailing, OutgoingEmail
from program.models import FieldVisit, Session
from program.services import create_session
from registration import services
from registration.forms.sessions import SessionFields
from registration.models import AssignedVisit, Seat, SessionChoice, VisitAssignment, VisitWish
from registration.seat_counts import count_seats
from registration.services.session_seats import Kept
from registration.standing import own_sessions
from registration.summary import sessions_on_offer
from registration.visits import are_assigned, explain, sessions_spoken_of, visits_of
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, an_edition
from tests.seat_factories import a_visit, somebody_in, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return an_edition(elected=9)


def wishes_for(edition, *visits, **fields):
    return a_booking(edition, a_person(is_contact=True, wishes=visits, **fields), at=NOW).registrations.get()


def assigned(edition):
    services.apply_visits(services.propose_visits(edition, at=NOW, by=None), at=NOW, by=None)


def test_only_visits_that_are_open_to_all_and_not_dropped_can_be_wished_for(edition):
    open_one = a_visit(edition, 10)
    a_visit(edition, 10, is_kept=False)
    a_visit(edition, 10, status="abandoned", status_reason_fr="non retenue")
    a_visit(edition, 10, audience="invitation")
    a_visit(edition, 10, on_form=False)

    assert visits_of(edition) == [open_one]
    assert sessions_on_offer(edition) == ([], [open_one])


def test_wishes_are_kept_in_their_order_and_take_no_seat(edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)

    registration = wishes_for(edition, inra, airbus)

    assert list(registration.wishes.values_list("session", "rank")) == [(inra.pk, 1), (airbus.pk, 2)]
    assert stands(registration) == {}
    assert count_seats(edition)[inra.code].left == 1


def test_wishes_change_until_then(edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)
    registration = wishes_for(edition, airbus)

    services.change(registration, details={}, wishes=[inra, airbus], at=NOW)

    assert [w.session for w in registration.wishes.order_by("rank")] == [inra, airbus]


def test_a_proposal_decides_nothing(edition):
    airbus = a_visit(edition, 1)
    registration = wishes_for(edition, airbus)

    proposal = services.propose_visits(edition, at=NOW, by=a_member_of_staff())

    assert [(r.registration, r.session, r.rank) for r in proposal.rows.all()] == [(registration, airbus, 1)]
    assert not are_assigned(edition)
    assert stands(registration) == {}
    assert not OutgoingEmail.objects.filter(event="registration/visit").exists()


def test_applied_it_gives_seats_and_a_letter_with_the_reason(edition):
    airbus, inra = a_visit(edition, 1, title_fr="Airbus"), a_visit(edition, 1, title_fr="INRA")
    first, second = wishes_for(edition, airbus, inra), wishes_for(edition, airbus, inra, language="zh-hans")
    third = wishes_for(edition, airbus)
    staff = a_member_of_staff()

    proposal = services.propose_visits(edition, at=NOW, by=staff)
    assert services.apply_visits(proposal, at=NOW, by=staff) == 2
    assert services.apply_visits(proposal, at=NOW, by=staff) == 0

    # The third wishes for nothing else; as many as possible have a visit, and of two equals who came first.
    got = [stands(r) for r in (first, second, third)]
    assert got == [{airbus.code: "seat"}, {inra.code: "seat"}, {}]
    letters = OutgoingEmail.objects.filter(event="registration/visit").order_by("pk")
    assert [letter.to_email for letter in letters] == [first.email, second.email, third.email]
    assert letters[1].language == "zh-hans"
    assert "1" in letters[2].text
    assert "Airbus" in letters[2].text
    assert JournalEntry.objects.filter(action="visit assigned").count() == 3
    assert JournalEntry.objects.get(action="visits assigned").actor == staff


def test_the_explanation_is_in_the_language_of_its_reader(edition):
    airbus = a_visit(edition, 1, title_fr="Airbus", title_zh_hans="空中客车")
    wishes_for(edition, airbus), wishes_for(edition, airbus)
    rows = list(services.propose_visits(edition, at=NOW, by=None).rows.all())

    told = {}
    for language in ("fr", "zh-hans"):
        with translation.override(language):
            told[language] = [explain(row, sessions_spoken_of(rows)) for row in rows]

    assert all("Airbus" in sentence for sentence in told["fr"])
    assert all("空中客车" in sentence for sentence in told["zh-hans"])


def test_the_seats_of_the_chinese_side_and_of_the_organisers_are_not_given(edition):
    coach = a_visit(edition, 5, chinese=2, reserved=2)
    people = [wishes_for(edition, coach) for _unused in range(3)]

    assigned(edition)

    assert [stands(p) for p in people] == [{coach.code: "seat"}, {}, {}]


def test_a_visit_whose_seats_are_not_counted_has_room_for_all(edition):
    walk = a_visit(edition)
    people = [wishes_for(edition, walk) for _unused in range(3)]

    assigned(edition)

    assert [stands(p) for p in people] == [{walk.code: "chosen"}] * 3


def test_who_has_no_place_is_not_assigned_a_visit(at):
    small = an_edition(elected=1)
    visit = a_visit(small, 5)
    with_place, without = wishes_for(small, visit), wishes_for(small, visit)

    assigned(small)

    assert (stands(with_place), stands(without)) == ({visit.code: "seat"}, {})


def test_a_seat_that_somebody_holds_is_not_given_again(edition):
    coach = a_visit(edition, 2)
    holder = somebody_in(edition, coach)
    first, second = wishes_for(edition, coach), wishes_for(edition, coach)

    assigned(edition)

    assert [stands(p) for p in (holder, first, second)] == [{coach.code: "seat"}, {coach.code: "seat"}, {}]
    # The letter counts the seats that there were to give.
    assert [missed["seats"] for missed in AssignedVisit.objects.get(registration=second).missed] == [1]


def test_who_attends_a_visit_already_keeps_it_and_wishes_no_more(edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)
    holder = somebody_in(edition, airbus, wishes=[inra, airbus])
    other = wishes_for(edition, airbus, inra)

    assigned(edition)

    assert (stands(holder), stands(other)) == ({airbus.code: "seat"}, {inra.code: "seat"})
    own = own_sessions(holder)
    assert (own.wishes, own.visit, own.came_late) == ([], "", False)


def test_more_visits_given_than_there_are_seats_are_refused_in_words(edition):
    """Rows of a proposal that were written by hand."""
    full, free = a_visit(edition, 0), a_visit(edition, 5)
    person = wishes_for(edition, free, full)
    proposal = services.propose_visits(edition, at=NOW, by=None)
    proposal.rows.update(session=full, rank=2)

    with pytest.raises(Refusal, match=full.title_fr):
        services.apply_visits(proposal, at=NOW, by=None)

    assert stands(person) == {}


def change_a_wish(registration, visits):
    services.change(registration, details={}, wishes=visits[1:], at=NOW)


def change_the_seats(registration, visits):
    services.set_seats(visits[0], 7, at=NOW, by=None)


def keep_more_for_the_chinese_side(registration, visits):
    services.set_seats(visits[0], 5, kept=Kept(chinese=1), at=NOW, by=None)


def drop_a_visit(registration, visits):
    FieldVisit.objects.filter(session=visits[0]).update(is_kept=False)


def leave(registration, visits):
    services.cancel(registration, at=NOW)


def come_late(registration, visits):
    wishes_for(registration.edition, visits[0])


def give_a_seat_to_somebody_else(registration, visits):
    choice = {"session": visits[0], "choice_group": visits[0].choice_group, "chosen_at": NOW}
    seat = Seat.objects.filter(session=visits[0]).first()
    SessionChoice.objects.create(registration=somebody_in(registration.edition), seat=seat, **choice)


@pytest.mark.parametrize(
    "happens",
    [
        change_a_wish, change_the_seats, keep_more_for_the_chinese_side, drop_a_visit, leave, come_late,
        give_a_seat_to_somebody_else,
    ],
)  # fmt: skip
def test_a_proposal_is_not_applied_when_anything_has_changed_since(edition, happens):
    visits = [a_visit(edition, 5), a_visit(edition, 5)]
    registration = wishes_for(edition, *visits)
    proposal = services.propose_visits(edition, at=NOW, by=None)

    happens(registration, visits)

    with pytest.raises(Refusal):
        services.apply_visits(proposal, at=NOW, by=None)
    assert not are_assigned(edition)
    assert stands(registration) == {}


def test_a_new_proposal_replaces_the_one_before(edition):
    visit = a_visit(edition, 5)
    wishes_for(edition, visit)
    old = services.propose_visits(edition, at=NOW, by=None)

    services.propose_visits(edition, at=NOW, by=None)

    assert VisitAssignment.objects.count() == 1
    with pytest.raises(Refusal):
        services.apply_visits(old, at=NOW, by=None)


def test_nothing_is_proposed_without_wishes_without_visits_or_twice(edition):
    with pytest.raises(Refusal):
        services.propose_visits(edition, at=NOW, by=None)
    visit = a_visit(edition, 5)
    with pytest.raises(Refusal):
        services.propose_visits(edition, at=NOW, by=None)
    wishes_for(edition, visit)
    assigned(edition)
    with pytest.raises(Refusal):
        services.propose_visits(edition, at=NOW, by=None)


def test_once_assigned_visits_are_chosen_as_workshops_are(edition):
    airbus, inra = a_visit(edition, 1), a_visit(edition, 1)
    first, second = wishes_for(edition, airbus), wishes_for(edition, airbus)
    assigned(edition)
    assert sessions_on_offer(edition) == ([airbus, inra], [])

    # Somebody new takes what is left; who went without waits for what is full.
    newcomer = somebody_in(edition, inra)
    services.change(second, details={}, sessions=[airbus], at=NOW)
    services.cancel(first, at=NOW)

    assert [stands(r) for r in (newcomer, second)] == [{inra.code: "seat"}, {airbus.code: "seat"}]


def test_nobody_has_two_visits_however_they_were_added(edition):
    values = {"day": "2018-12-13", "kind": "visit", "on_form": True, "at": NOW, "by": None}
    airbus, inra = (
        create_session(edition, code=code, title_fr=code, **values) for code in ("airbus", "inra")
    )
    person = wishes_for(edition, airbus, inra)
    assigned(edition)
    assert stands(person) == {"airbus": "chosen"}

    form = SessionFields()
    form.choose_sessions_from(edition)
    assert list(form.group_fields) == ["visits"]
    assert form.fields["sessions"].choices == []
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionChoice.objects.create(
            registration=person, session=inra, choice_group=inra.choice_group, chosen_at=NOW
        )


def test_what_was_wished_and_given_is_among_ones_data_and_goes_with_the_person(edition):
    visit = a_visit(edition, 1, title_fr="Airbus")
    registration = wishes_for(edition, visit)
    assigned(edition)

    told = services.personal_data(registration)
    assert (told["visits_wished"], told["visit_assigned"]) == (["Airbus"], ["Airbus"])

    services.cancel(registration, at=NOW)
    services.erase(registration, at=NOW, by=None)
    assert not VisitWish.objects.exists()
    assert AssignedVisit.objects.count() == 1


def test_the_visits_of_another_edition_are_not_touched(edition):
    other = an_edition(elected=3)
    there = a_visit(other, 5)
    stranger = wishes_for(other, there)
    wishes_for(edition, a_visit(edition, 5))

    assigned(edition)

    assert stands(stranger) == {}
    assert Session.objects.filter(edition=other, choices__isnull=False).count() == 0


def test_who_comes_after_the_assignment_is_told_to_choose():
    small = an_edition(elected=1)
    visit = a_visit(small, 5)
    with_place, late = wishes_for(small, visit), wishes_for(small, visit)
    assigned(small)

    services.cancel(with_place, at=NOW)
    late.refresh_from_db()

    own = own_sessions(late)
    assert (late.status, own.came_late, own.wishes, own.visit) == ("offered", True, [], "")


def test_many_letters_about_visits_wait_for_approval_and_the_seats_do_not(edition, settings):
    settings.MASS_LETTERS = 1
    airbus = a_visit(edition, 2)
    people = [wishes_for(edition, airbus, email=f"personne{n}@example.org") for n in range(2)]
    OutgoingEmail.objects.all().delete()

    assigned(edition)

    assert Mailing.objects.get().event == "registration/visit"
    assert OutgoingEmail.objects.held().count() == 2
    assert [stands(person) for person in people] == [{airbus.code: "seat"}] * 2
