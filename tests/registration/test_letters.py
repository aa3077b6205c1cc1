"""What the letters of a registration say, to whom, and in which language."""

import html
import re
from collections.abc import Sequence

import pytest
from django.urls import resolve, reverse
from django.utils import translation

from assises.models import Edition, OutgoingEmail
from assises.signed_links import Link
from program.models import Session
from registration import letters, links, services
from registration.enums import Status
from registration.models import Booking, Registration
from tests.factories import (
    NOW,
    a_booking,
    a_member_of_staff,
    a_person,
    a_registration,
    an_edition,
    an_organisation,
)

pytestmark = pytest.mark.django_db

TO_PERSON = [
    "already_registered",
    "cancelled",
    "changed",
    "confirmed",
    "lapsed",
    "new_link",
    "offered",
    "received",
    "refused",
    "reminder",
    "replaced",
    "taken_over",
]
TO_CONTACT = ["confirm_address", "new_link", "request_confirmed", "waiting"]
WITHOUT_LINK = ["cancelled", "lapsed", "replaced"]
ADDRESS = re.compile(r"https?://\S+")


@pytest.fixture
def edition() -> Edition:
    edition = an_edition(elected=2)
    edition.venue_name_fr = "Hôtel de Région"
    edition.contact_email = "inscriptions@example.org"
    edition.contact_phone = "05 61 00 00 00"
    edition.dpo_contact = "dpo@example.org"
    edition.save()
    return edition


def a_request_of_three(edition: Edition, language: str) -> Booking:
    """Two places and one rank, for people whose names try to be markup."""
    people = [
        a_person(is_contact=True, language=language, family_name="O'Brien & <b>fils</b>"),
        a_person(language=language),
        a_person(language=language),
    ]
    return a_booking(edition, *people, organisation_name="Ville d'Exemple", language=language)


def write(
    edition: Edition, event: str, booking: Booking, people: Sequence[Registration] | Registration
) -> OutgoingEmail:
    OutgoingEmail.objects.all().delete()
    if isinstance(people, Registration):
        letters.tell(event, [people], edition=edition, at=NOW)
    else:
        letters.outbox.write([letters.to_contact(event, booking, people, edition=edition)], at=NOW)
    return OutgoingEmail.objects.get()


def letter(key: str) -> OutgoingEmail:
    """The one letter whose key ends so."""
    return OutgoingEmail.objects.get(key__endswith=key)


def flat(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["fr", "zh-hans"])
@pytest.mark.parametrize(
    ("event", "to_contact"), [*[(e, False) for e in TO_PERSON], *[(e, True) for e in TO_CONTACT]]
)
def test_every_letter_reads_well_in_both_parts(edition, event, to_contact, language):
    booking = a_request_of_three(edition, language)
    people = list(booking.registrations.order_by("pk"))
    people[0].refusal_reason = "Une raison <i>simple</i> & claire"

    written = write(edition, event, booking, people if to_contact else people[0])

    assert written.language == language
    assert "O'Brien & <b>fils</b>" in written.text
    assert html.escape("O'Brien & <b>fils</b>") in written.html
    assert "<b>fils" not in written.html
    assert "&amp;" not in written.text
    assert "&#x27;" not in written.text
    for part in (written.subject, written.text, written.html):
        assert "{{" not in part
        assert "{%" not in part
        assert "None" not in part
    assert f'<html lang="{"fr" if language == "fr" else "zh-Hans"}">' in written.html
    assert "<h1></h1>" not in written.html
    assert "<title></title>" not in written.html
    assert "\n\n\n" not in written.text
    assert not written.text.startswith("\n")
    for line in written.text.splitlines():
        assert len(ADDRESS.sub("", line)) <= 72
    assert ("registration:own_page" in views_of(written.text)) is (event not in WITHOUT_LINK)
    assert views_of(written.text) == views_of(html.unescape(written.html))


def views_of(text: str) -> set[str]:
    """The pages to which a letter leads; each address must be one of ours."""
    names = set()
    for address in re.findall(r"http://localhost:8000(/[^\s\"<]*)", text):
        with translation.override("zh-hans" if address.startswith("/zh-hans/") else "fr"):
            names.add(resolve(address).view_name)
    return names


def test_the_link_is_in_the_language_of_the_reader_and_opens_the_readers_page(edition):
    a_booking(edition, a_person(is_contact=True, language="zh-hans"))

    [address] = re.findall(
        r"http://localhost:8000/zh-hans/inscription/([^/\s]+)/", letter("confirm_address").text
    )

    booking = Booking.objects.get()
    assert links.read(address) == Link("booking", booking.pk, links.version_of(booking))


def test_the_acknowledgement_says_when_for_whom_until_when_and_what_to_do(edition):
    a_booking(edition, a_person(is_contact=True), organisation_name="Ville d'Exemple")

    text = flat(letter("confirm_address").text)

    assert "Ville d'Exemple" in text
    assert "lundi 15 octobre 2018 à 10 h" in text
    assert "mercredi 17 octobre 2018 à 10 h" in text
    assert "Région" in text
    assert "inscriptions@example.org 05 61 00 00 00" in text


def test_the_acknowledgement_names_everybody_with_the_state_of_each(edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person(), a_person())

    text = flat(letter("confirm_address").text)
    states = [
        (person.full_name in text, person.public_status, person.rank_at_entry)
        for person in booking.registrations.order_by("pk")
    ]

    assert states == [(True, Status.HELD, None), (True, Status.HELD, None), (True, Status.WAITING, 1)]
    with translation.override("fr"):
        assert text.count(str(Status.HELD.label)) == 2


def test_the_letter_to_the_contact_does_not_tell_who_was_registered_already(edition):
    known = a_registration(edition)
    OutgoingEmail.objects.all().delete()

    a_booking(
        edition,
        a_person(is_contact=True, given_name="Nouvelle"),
        a_person(email=known.email, given_name="Connue"),
    )

    text = flat(letter("confirm_address").text)
    with translation.override("fr"):
        assert text.count(str(Status.HELD.label)) == 2
        assert str(Status.DUPLICATE.label) not in text


def test_a_request_that_holds_only_somebody_registered_already_reads_like_any_other(edition):
    known = a_registration(edition)
    OutgoingEmail.objects.all().delete()

    a_booking(edition, a_person(email=known.email), organisation_name="Ville d'ailleurs")

    assert "mercredi 17 octobre 2018 à 10 h" in flat(letter("confirm_address").text)


def test_who_is_registered_already_is_told_so_with_the_own_link(edition):
    known = a_registration(edition)

    a_booking(edition, a_person(email=known.email.upper()), organisation_name="Ville d'ailleurs")

    written = letter(f"{known.code}:already_registered:2018-10-15")
    assert written.to_email == known.email
    assert links.letter_token(known) in written.text
    assert "Ville d'ailleurs" not in written.text


def test_the_waiting_letter_says_the_rank_and_how_the_list_works(edition):
    a_booking(edition, a_person(is_contact=True), a_person())
    OutgoingEmail.objects.all().delete()

    booking = a_booking(edition, a_person(is_contact=True), together=True)

    text = flat(letter("waiting").text)
    [person] = booking.registrations.all()
    assert person.rank_at_entry == 1
    assert re.search(rf"{person.full_name}, Adjointe au maire.* 1\b", text)
    assert "72" in text


def test_a_colleague_learns_who_registered_him_and_what_becomes_of_his_data(edition):
    booking = a_booking(
        edition,
        a_person(is_contact=True, given_name="Élodie", family_name="Martin"),
        a_person(),
        organisation_name="Ville d'Exemple",
    )
    colleague = booking.registrations.get(is_contact=False)

    written = letter(f"{colleague.code}:received")

    text = flat(written.text)
    assert written.to_email == colleague.email
    assert "Élodie Martin" in text
    assert "Ville d'Exemple" in text
    assert "6.1.e" in text
    assert "dpo@example.org" in text
    assert "CNIL" in text
    assert links.person_token(colleague) in text
    assert links.booking_token(booking) not in text


def test_the_confirmation_says_when_and_where_and_what_was_chosen_and_sends_partners_to_the_apcae(edition):
    session = Session.objects.create(
        edition=edition,
        code="a",
        title_fr="Ville durable",
        kind="plenary",
        day=edition.starts_on,
        on_form=True,
    )
    registration = a_registration(edition)
    services.change(registration, details={}, sessions=[session], at=NOW)

    services.confirm([registration], at=NOW)

    text = flat(letter("confirmed").text)
    assert "11-13 décembre 2018" in text
    assert "Hôtel de Région" in text
    assert "Ville durable" in text
    assert reverse("registration:invitation_letter") in text


@pytest.mark.parametrize("people", [1, 3])
def test_writing_to_the_contact_needs_no_query_of_its_own(edition, people, django_assert_num_queries):
    booking = a_booking(edition, a_person(is_contact=True), *[a_person() for _n in range(people - 1)])
    edition = Edition.objects.current().get()
    booking.edition = edition
    registrations = list(booking.registrations.select_related("booking"))
    OutgoingEmail.objects.all().delete()

    with django_assert_num_queries(1):
        letters.outbox.write(
            [
                letters.to_contact("confirm_address", booking, registrations, edition=edition),
                *[letters.to_person("received", r, edition=edition) for r in registrations[1:]],
            ],
            at=NOW,
        )


def test_the_offer_says_until_when_and_which_hours_are_counted(edition):
    first = a_booking(edition, a_person(is_contact=True), a_person()).registrations.first()
    waiting = a_registration(edition)

    services.cancel(first, at=NOW)

    text = flat(letter(f"{waiting.code}:offered").text)
    # 72 hours, ten of them this Monday, then twelve on each working day.
    assert "mardi 23 octobre 2018 à 10 h" in text
    assert "8 h" in text
    assert "20 h" in text
    assert "72" in text


def test_a_refusal_carries_its_reason(edition):
    registration = a_registration(edition)

    services.refuse(registration, reason="Ce groupe relève de l’APCAE.", at=NOW, by=a_member_of_staff())

    assert "Ce groupe relève de l’APCAE." in letter("refused").text


def test_who_leaves_and_who_takes_over_get_a_letter_each_by_their_own_name(edition):
    booking = a_booking(edition, a_person(is_contact=True), a_person(given_name="Ancienne"))
    leaving = booking.registrations.get(given_name="Ancienne")
    old_token = links.person_token(leaving)
    person = vars(a_person(given_name="Nouvelle", email="nouvelle@example.org"))

    services.replace(leaving, person=person, at=NOW)

    farewell, welcome = letter(":replaced"), letter(":taken_over")
    assert farewell.to_name.startswith("Ancienne")
    assert "Nouvelle" not in farewell.text
    assert old_token not in farewell.text
    assert welcome.to_email == "nouvelle@example.org"
    assert links.person_token(Registration.objects.get(email="nouvelle@example.org")) in welcome.text
    assert "6.1.e" in welcome.text


def test_staff_who_register_somebody_send_the_confirmation_at_once(edition):
    a_booking(edition, a_person(is_contact=True), vouched=True, by=a_member_of_staff(), source="staff")

    assert reverse("registration:invitation_letter") in letter("request_confirmed").text


def test_the_service_in_charge_is_the_french_organiser_even_when_the_host_is_chinese(edition):
    edition.host = an_organisation("Sichuan", side="CN", kind="province")
    edition.save()
    region = an_organisation("Région d'accueil", kind="region")
    edition.credits.create(organisation=region, role="co_organiser", order=1)

    a_booking(Edition.objects.get(pk=edition.pk), a_person(is_contact=True))

    assert "Région d'accueil" in letter("confirm_address").text
