"""The confirmation in PDF, and the calendar file."""

import datetime as dt
import re
import subprocess
import zlib

import icalendar
import pytest

from assises import documents
from assises.models import Edition
from program.models import Session
from registration import services
from registration.badges import badge_payload
from registration.calendars import calendar_file
from registration.documents import confirmation_pdf, qr_code
from registration.models import Registration
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition, an_organisation
from tests.pdf import needs_pdftotext

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    edition = an_edition(elected=2)
    edition.venue_name_fr, edition.venue_name_zh_hans = "Hôtel de Région", "大区议会大厦"
    edition.save()
    for order, (name_fr, name_zh) in enumerate(
        [("APCAE", "全国友协"), ("Cités Unies France", "法国城市联盟")]
    ):
        organisation = an_organisation(name_fr, name_zh_hans=name_zh)
        edition.credits.create(organisation=organisation, role="co_organiser", order=order)
    return edition


@pytest.fixture
def registration(edition) -> Registration:
    """A confirmed person who goes to a session with hours, one whose end is open, and one without any hour."""
    day = edition.starts_on
    hours = [(dt.time(10, 30), dt.time(12, 30)), (dt.time(19), None), (None, None)]
    sessions = [
        Session.objects.create(
            edition=edition,
            code=f"session-{n}",
            title_fr=f"Séance {n}",
            title_zh_hans=f"场次{n}",
            kind="plenary",
            day=day + dt.timedelta(days=n),
            starts_at=starts,
            ends_at=ends,
            on_form=True,
        )
        for n, (starts, ends) in enumerate(hours)
    ]
    person = a_person(
        given_name="Élodie", family_name="Lefèvre-Nuñez", name_zh="乐梅", sessions=sessions, is_contact=True
    )
    registration = a_booking(edition, person).registrations.get()
    services.confirm([registration], at=NOW)
    return Registration.objects.get(pk=registration.pk)


def unpacked(pdf: bytes) -> bytes:
    """What the compressed streams of the file hold."""
    # A compressed stream knows its own end; the bytes "endstream" or a line feed may stand inside it.
    starts = [match.end() for match in re.finditer(rb"/FlateDecode[^\x00]*?stream\r?\n", pdf)]
    return b"\n".join(zlib.decompressobj().decompress(pdf[start:]) for start in starts)


def objects(pdf: bytes) -> list[str]:
    """The objects of the file, one each."""
    return [line for line in unpacked(pdf).decode("latin-1").split("\n") if line.startswith("<<")]


@pytest.mark.parametrize(("language", "tag"), [("fr", "fr"), ("zh-hans", "zh-Hans")])
def test_the_confirmation_is_one_tagged_page_in_the_language_asked(registration, language, tag):
    pdf = confirmation_pdf(registration, language=language)

    inside = objects(pdf)
    [catalog] = [found for found in inside if "/Type /Catalog" in found]
    assert f"/Lang ({tag})" in catalog
    assert "/DisplayDocTitle true" in catalog
    assert "/Marked true" in catalog
    assert b"pdfuaid" in unpacked(pdf)
    assert len([found for found in inside if re.search(r"/Type /Page\b", found)]) == 1


def test_each_change_of_language_reaches_who_has_it_read_aloud(registration):
    elements = [
        found for found in objects(confirmation_pdf(registration, language="fr")) if "/StructElem" in found
    ]

    languages = {match[1] for found in elements if (match := re.search(r"/Lang \((.*?)\)", found))}
    assert languages == {"fr", "zh-Hans"}


def test_only_our_own_faces_are_used_and_they_are_inside(registration):
    inside = objects(confirmation_pdf(registration, language="zh-hans"))

    faces = {match[1] for found in inside if (match := re.search(r"/BaseFont /[A-Z]{6}\+([\w-]+)", found))}
    assert faces == {"Assises-Latin", "Assises-Latin-Bold", "Assises-Hanzi", "Assises-Hanzi-Bold"}
    assert len([found for found in inside if "/FontFile3" in found]) == len(faces)


def test_the_code_is_told_to_who_does_not_see_it(registration):
    inside = objects(confirmation_pdf(registration, language="fr"))

    assert [found for found in inside if "/S /Figure" in found and registration.code in found]


@needs_pdftotext
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fr",
            ["Élodie Lefèvre-Nuñez", "乐梅", "11-13 décembre 2018", "10 h 30 – 12 h 30", "Séance 2", "APCAE"],
        ),
        (
            "zh-hans",
            ["Élodie Lefèvre-Nuñez", "乐梅", "2018年12月11日至13日", "10:30—12:30", "场次2", "全国友协"],
        ),
    ],
)
def test_its_text_can_be_copied_in_both_scripts(registration, language, expected):
    pdf = confirmation_pdf(registration, language=language)

    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    text = " ".join(text.split())
    assert [words for words in [*expected, registration.code] if words not in text] == []


def test_the_code_says_the_badge_and_nothing_of_the_person(registration):
    address = qr_code(registration)

    assert address.startswith("data:image/svg+xml")
    assert registration.family_name not in badge_payload(registration)


def test_a_document_fetches_nothing_from_elsewhere(registration, tmp_path, settings):
    secret = tmp_path / "secret.css"
    secret.write_text("")
    settings.STATIC_ROOT = tmp_path / "static"

    assert documents.static_path("https://example.org/static/assises/css/print.css") is None
    assert documents.static_path(f"file://{secret}") is None
    assert documents.static_path(f"{documents.ORIGIN}/static/../secret.css") is None
    assert documents.static_path(f"{documents.ORIGIN}/static/%2e%2e/secret.css") is None
    found = documents.static_path(f"{documents.ORIGIN}/static/assises/css/print.css")
    assert found is not None
    assert found.name == "print.css"


def test_collected_files_are_found_where_they_were_collected(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "print.0123.css").write_text("")

    assert documents.static_path(f"{documents.ORIGIN}/static/print.0123.css") == tmp_path / "print.0123.css"


def entries(registration: Registration, language: str = "fr") -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(calendar_file(registration, language=language))
    return {
        str(event["uid"]).partition("@")[0].rpartition("-")[2]: event for event in calendar.walk("VEVENT")
    }


def test_the_calendar_has_the_days_and_the_sessions_chosen(registration):
    found = entries(registration)

    assert len(found) == 4
    assert [str(event["summary"]) for event in found.values()][1:] == ["Séance 0", "Séance 1", "Séance 2"]
    assert str(found["0"]["location"]) == "Hôtel de Région, Toulouse"


def test_the_days_are_whole_days_and_leave_one_free(registration):
    days = next(iter(entries(registration).values()))

    # The end of whole days is the day after the last.
    assert (days["dtstart"].dt, days["dtend"].dt) == (dt.date(2018, 12, 11), dt.date(2018, 12, 14))
    assert days["transp"] == "TRANSPARENT"


def test_a_session_is_at_the_hour_of_the_place(registration):
    found = entries(registration)

    assert found["0"]["dtstart"].dt.astimezone(dt.UTC) == dt.datetime(2018, 12, 11, 9, 30, tzinfo=dt.UTC)
    assert found["0"]["dtend"].dt.astimezone(dt.UTC) == dt.datetime(2018, 12, 11, 11, 30, tzinfo=dt.UTC)
    assert found["0"]["dtstart"].params["TZID"] == "Europe/Paris"


def test_an_hour_that_is_open_is_not_invented(registration):
    found = entries(registration)

    assert "dtend" not in found["1"]
    assert found["2"]["dtstart"].dt == dt.date(2018, 12, 13)


def test_a_file_taken_again_replaces_the_first_one(registration):
    first, second = (
        calendar_file(registration, language="fr"),
        calendar_file(registration, language="zh-hans"),
    )

    uids = [re.findall(rb"UID:(\S+)", file) for file in (first, second)]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 4


def test_the_calendar_keeps_to_the_standard(registration):
    file = calendar_file(registration, language="zh-hans")

    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert file.count(b"BEGIN:VTIMEZONE") == 1
    assert file.count(b"BEGIN:STANDARD") + file.count(b"BEGIN:DAYLIGHT") <= 4
    assert "场次0" in file.decode()
    for name in (b"PRODID", b"VERSION:2.0", b"DTSTAMP"):
        assert name in file


def test_somebody_who_chose_nothing_gets_the_days(edition):
    registration = a_registration(edition)

    assert len(entries(registration)) == 1
