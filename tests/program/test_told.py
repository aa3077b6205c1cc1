"""Whose session moved is told in that person's language, once; nobody else is disturbed."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from assises.exceptions import Refusal
from assises.mail import deciding
from assises.models import Mailing, OutgoingEmail
from program import services
from registration import links
from registration import services as registrations
from registration.models import SessionChoice
from tests.factories import NOW, a_booking, a_member_of_staff, a_person, a_registration, an_edition
from tests.program_factories import (
    a_contribution,
    a_part,
    a_published_release,
    a_release,
    a_room,
    a_session,
    a_speaker,
)
from tests.registration.test_concurrency import at_once
from tests.seat_factories import a_meeting_room, a_visit

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)
ADDRESS = re.compile(r"https?://\S+")


@pytest.fixture
def edition(db):
    edition = an_edition(elected=9)
    edition.contact_email = "programme@example.org"
    edition.save()
    return edition


@pytest.fixture
def room(edition):
    return a_room(edition, name_fr="Salle A", name_zh_hans="A厅")


@pytest.fixture
def session(edition, room):
    """An item that everybody has read about, from 9:00 to 10:00 in room A."""
    session = a_session(
        edition, title_fr="Atelier : ville durable", title_zh_hans="分论坛：可持续城市", room=room
    )
    other = a_session(edition, title_fr="Autre atelier", starts_at=dt.time(14), ends_at=dt.time(15))
    a_published_release(edition)
    OutgoingEmail.objects.all().delete()
    session.other = other
    return session


def a_participant(session, **fields):
    """Somebody with a place who has chosen the session; the letters of the registration are put aside."""
    registration = a_registration(session.edition, **fields)
    SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    OutgoingEmail.objects.all().delete()
    return registration


def change(session, **fields):
    type(session).objects.filter(pk=session.pk).update(**fields)


def move(session):
    change(session, starts_at=dt.time(10, 30), ends_at=dt.time(12))


def publish(edition, at=LATER, **fields):
    release = a_release(edition, approved=True, at=at, **fields)
    services.publish(release, at=at, by=None)
    return release


def letters():
    return list(OutgoingEmail.objects.filter(event="program/moved").order_by("pk"))


def addresses():
    return sorted(letter.to_email for letter in letters())


def flat(text):
    """The text without its line breaks; its no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", text)


# --- Who ----------------------------------------------------------------------------------------


def test_whoever_goes_there_is_told_and_nobody_else(edition, session):
    concerned = a_participant(session)
    a_participant(session.other)
    OutgoingEmail.objects.all().delete()

    move(session)
    publish(edition)

    assert addresses() == [concerned.email]


def test_many_who_go_there_are_told_once_somebody_has_approved_the_letters(edition, session, settings):
    settings.MASS_LETTERS = 2
    by = a_member_of_staff()
    people = [a_participant(session) for _unused in range(3)]

    move(session)
    release = a_release(edition, approved=True, at=LATER)
    services.publish(release, at=LATER, by=by)
    assert OutgoingEmail.objects.held().count() == len(letters()) == 3
    deciding.approve(Mailing.objects.get(created_by=by), at=LATER, by=by)

    assert {letter.to_email for letter in OutgoingEmail.objects.due(LATER)} == {p.email for p in people}


def test_who_holds_no_place_is_not_disturbed(edition, session):
    gone = a_participant(session)
    registrations.cancel(gone, at=NOW, by=a_member_of_staff(), reason="")
    for _unused in range(9):
        a_registration(edition)
    waiting = a_participant(session)
    assert waiting.status == "waiting"
    OutgoingEmail.objects.all().delete()

    move(session)
    publish(edition)

    assert addresses() == []


@pytest.mark.parametrize(("state", "told"), [("asked", True), ("confirmed", True), ("declined", False)])
def test_who_speaks_there_is_told_unless_the_answer_was_no(edition, session, state, told):
    speaker = a_speaker(edition, state=state)
    a_part(session, speaker=speaker)

    move(session)
    publish(edition)

    assert addresses() == [speaker.email] * told


@pytest.mark.parametrize(
    ("state", "told"), [("accepted", True), ("confirmed", True), ("declined", False), ("withdrawn", False)]
)
def test_who_proposed_what_is_told_there_is_told_if_it_was_retained(edition, session, state, told):
    contribution = a_contribution(edition, state=state, message="Non.", speaker=a_speaker(edition))
    a_part(session, kind="contribution", contribution=contribution)

    move(session)
    publish(edition)

    assert addresses() == sorted([contribution.email, contribution.speaker.email] * told)


def test_who_has_two_reasons_gets_one_letter_as_the_participant_that_one_is(edition, session):
    registration = a_participant(session.other)
    a_part(session, speaker=a_speaker(edition, email=registration.email.upper(), language="zh-hans"))

    move(session)
    move(session.other)
    publish(edition)

    (letter,) = letters()
    assert (letter.to_email, letter.language) == (registration.email, "fr")
    assert "ville durable" in letter.text
    assert "Autre atelier" in letter.text


def test_two_colleagues_with_one_session_get_a_letter_each_with_a_page_each(edition, session):
    booking = a_booking(edition, a_person(is_contact=True), a_person())
    contact, colleague = booking.registrations.order_by("-is_contact")
    for registration in (contact, colleague):
        SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    OutgoingEmail.objects.all().delete()

    move(session)
    publish(edition)

    found = {letter.to_email: letter.text for letter in letters()}
    assert links.booking_token(booking) in found[contact.email]
    assert links.person_token(colleague) in found[colleague.email]


def test_another_edition_does_not_hear_of_it(edition, session):
    other = an_edition(elected=2)
    a_participant(a_session(other))

    move(session)
    publish(edition)

    assert addresses() == []


def test_who_took_a_half_hour_of_a_meeting_room_is_told_where_it_is_now(edition):
    opens = a_meeting_room(edition)
    a_published_release(edition)
    holder = a_registration(edition)
    registrations.take_half_hour(holder, opens, dt.time(14), at=NOW)
    OutgoingEmail.objects.all().delete()

    change(opens, room=a_room(edition, name_fr="Salon Gers"))
    publish(edition)

    assert addresses() == [holder.email]
    assert "Salon Gers" in letters()[0].text


def test_who_wishes_for_a_visit_is_told_until_the_visits_are_assigned(edition):
    visit = a_visit(edition, 1)
    a_published_release(edition)
    wishing = [
        a_booking(edition, a_person(is_contact=True, wishes=[visit])).registrations.get()
        for _unused in range(2)
    ]

    change(visit, starts_at=dt.time(12))
    publish(edition)
    assert addresses() == sorted(person.email for person in wishing)

    # From then on it concerns who makes the visit.
    registrations.apply_visits(registrations.propose_visits(edition, at=NOW, by=None), at=NOW, by=None)
    OutgoingEmail.objects.all().delete()
    change(visit, starts_at=dt.time(13))
    publish(edition, at=LATER + dt.timedelta(days=1))
    assert addresses() == [wishing[0].email]


# --- When ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [{"title_fr": "Autre titre"}, {"status": "proposed"}, {"summary_zh_hans": "简介"}],
    ids=str,
)
def test_what_moves_nobody_writes_no_letter(edition, session, fields):
    a_participant(session)

    change(session, **fields)
    publish(edition)

    assert addresses() == []


def test_a_translation_of_the_rooms_name_writes_no_letter(edition, session, room):
    a_participant(session)
    room.name_zh_hans = "甲厅"
    room.save()

    publish(edition)

    assert addresses() == []


def test_what_is_dropped_is_told_and_when_it_is_back_too(edition, session):
    a_participant(session)
    change(session, status="abandoned", status_reason_fr="Non")
    publish(edition)
    change(session, status="decided")

    publish(edition, at=LATER + dt.timedelta(days=1))

    first, second = letters()
    assert first.key != second.key


def test_publishing_twice_writes_once(edition, session):
    a_participant(session)
    move(session)
    release = publish(edition)

    again = services.publish(release, at=LATER, by=None)

    assert again == 0
    assert len(letters()) == 1


def test_before_anything_was_public_nobody_can_have_read_it(edition, room):
    session = a_session(edition, room=room)
    a_participant(session)
    publish(edition, is_public=False)
    move(session)

    publish(edition)

    assert addresses() == []


def test_a_release_that_is_not_public_tells_nobody_and_the_next_public_one_tells_against_the_last_public(
    edition, session
):
    a_participant(session)
    move(session)
    publish(edition, is_public=False)
    assert addresses() == []

    publish(edition, at=LATER + dt.timedelta(days=1))

    assert len(letters()) == 1


def test_what_went_there_and_back_between_two_public_releases_disturbs_nobody(edition, session):
    a_participant(session)
    move(session)
    publish(edition, is_public=False)
    change(session, starts_at=dt.time(9), ends_at=dt.time(10))

    publish(edition, at=LATER + dt.timedelta(days=1))

    assert addresses() == []


def test_a_refused_publication_writes_nothing(edition, session):
    a_participant(session)
    move(session)

    with pytest.raises(Refusal):
        services.publish(a_release(edition), at=LATER, by=None)

    assert addresses() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_write_one_letter_to_each():
    edition = an_edition(elected=5)
    session = a_session(edition)
    a_published_release(edition)
    for _unused in range(3):
        a_participant(session)
    move(session)
    release = a_release(edition, approved=True)

    counts = at_once(*[lambda: services.publish(release, at=LATER, by=None) for _unused in range(3)])

    assert sorted(counts) == [0, 0, 3]
    assert len(letters()) == 3


def test_many_people_take_no_more_queries_than_one(edition, session, django_assert_max_num_queries):
    for _unused in range(8):
        a_participant(session)
    move(session)
    release = a_release(edition)

    with django_assert_max_num_queries(4):
        assert len(services.readers_told(release, LATER)) == 8


# --- What it says -------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["moved", "dropped", "back"])
@pytest.mark.parametrize("who", ["participant", "speaker"])
@pytest.mark.parametrize("language", ["fr", "zh-hans"])
def test_the_letter_reads_well_in_both_parts(edition, session, language, who, what):
    name = "O'Brien & <b>fils</b>"
    if who == "participant":
        people = [a_person(is_contact=True, language=language, family_name=name)]
        registration = a_booking(edition, *people).registrations.get()
        SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    else:
        a_part(session, speaker=a_speaker(edition, family_name=name, language=language))
    if what == "moved":
        move(session)
    else:
        change(session, status="abandoned", status_reason_fr="Non")
    if what == "back":
        publish(edition)
        change(session, status="decided")
    OutgoingEmail.objects.all().delete()

    release = publish(edition)

    (letter,) = letters()
    with translation.override(language):
        programme = reverse("program:programme")
    assert letter.language == language
    assert name in letter.text
    assert html.escape(name) in letter.html
    for part in (letter.subject, letter.text, letter.html):
        assert "{{" not in part
        assert "{%" not in part
        assert "None" not in part
    assert "&amp;" not in letter.text
    assert "\n\n\n" not in letter.text
    assert str(release.number) in letter.text
    for line in letter.text.splitlines():
        assert len(ADDRESS.sub("", line)) <= 72
    links_of = [
        set(ADDRESS.findall(part)) for part in (letter.text, html.unescape(re.sub(r'[">]', " ", letter.html)))
    ]
    assert any(link.endswith(programme) for link in links_of[0])
    assert {link.split("<")[0] for link in links_of[1]} >= links_of[0]
    assert any("/inscription/" in link for link in links_of[0]) is (who == "participant")


def test_the_french_letter_says_from_when_to_when_as_one_writes_hours(edition, session, room):
    a_participant(session)
    move(session)
    publish(edition)

    text = letters()[0].text

    day = "mercredi\u00a012\u00a0décembre 2018"
    venue = room.venue.name_fr
    assert f"{day}, 9\u00a0h\u00a0– 10\u00a0h, Salle A, {venue}" in flat(text)
    assert f"{day}, 10\u00a0h\u00a030\u00a0– 12\u00a0h, Salle A, {venue}" in flat(text)
    assert "Atelier\u00a0: ville durable" in text


def test_the_chinese_letter_is_chinese_also_where_it_says_when(edition, session):
    registration = a_booking(edition, a_person(is_contact=True, language="zh-hans")).registrations.get()
    SessionChoice.objects.create(registration=registration, session=session, chosen_at=NOW)
    OutgoingEmail.objects.all().delete()
    move(session)
    publish(edition)

    letter = letters()[0]

    assert "2018年12月12日（星期三）" in letter.text
    assert "10:30—12:00" in letter.text
    assert "A厅" in letter.text
    assert "分论坛：可持续城市" in letter.text
    assert 'lang="fr"' not in letter.html.split('class="head"')[1].split("</div>", 1)[1]


def test_a_title_without_chinese_is_tagged_as_french_in_a_chinese_letter(edition, session):
    change(session, title_zh_hans="")
    a_part(session, speaker=a_speaker(edition, language="zh-hans", name_zh="李示例"))
    move(session)
    publish(edition)

    letter = letters()[0]

    assert letter.to_name == "李示例"
    assert '<h2 lang="fr">Atelier : ville durable</h2>' in letter.html


def test_a_chinese_author_is_addressed_with_the_family_name_first(edition, session):
    author = a_contribution(edition, given_name="为民", family_name="王", language="zh-hans")
    a_part(session, kind="contribution", contribution=author)
    move(session)
    publish(edition)

    (letter,) = letters()

    assert (letter.to_email, letter.to_name) == (author.email, "王为民")
    assert "王为民" in letter.text


def test_a_year_later_the_letters_to_speakers_and_authors_are_erased_too(edition, session):
    contribution = a_contribution(edition, speaker=a_speaker(edition))
    a_part(session, kind="contribution", contribution=contribution)
    move(session)
    publish(edition)
    assert len(letters()) == 2
    after = dt.datetime.combine(edition.ends_on, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=366)

    services.forget_proposers(edition, at=after)

    assert letters() == []


def test_erasing_somebody_erases_this_letter_too(edition, session):
    registration = a_participant(session)
    move(session)
    publish(edition)
    registrations.cancel(registration, at=LATER, by=a_member_of_staff(), reason="")

    registrations.erase(registration, at=LATER, by=None)

    assert letters() == []
