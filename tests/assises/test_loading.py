"""An edition is loaded whole, or not at all, from files that people can read."""

import csv
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from django.utils.html import conditional_escape

from assises import loading
from assises.models import Edition, JournalEntry, Organisation, OutgoingEmail, Partnership
from program import services
from program.models import ProgrammeRelease, Session
from registration.models import Booking, DelegationAllotment, Place, Registration, SessionChoice

pytestmark = pytest.mark.django_db

TOULOUSE = loading.DATA / "toulouse-2018"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TOULOUSE, tmp_path / "edition")


def snapshot():
    """Every row of every table of ours, as the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_name ~ '^(assises|program|registration)_' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows


def test_toulouse_2018_is_loaded_from_its_files():
    edition = loading.load(TOULOUSE)

    assert str(edition) == "Assises – Toulouse 2018"
    assert (edition.capacity_total, edition.capacity_french, edition.capacity_chinese) == (500, 200, 300)
    authorities = Organisation.objects.french().filter(
        kind__in=["region", "departement", "metropole", "epci", "commune"]
    )
    assert authorities.of_today().count() == 49
    assert Partnership.objects.filter(
        french__code__startswith="region-occitanie", chinese__name_zh_hans="四川省"
    ).exists()
    assert Place.objects.filter(edition=edition).count() == 200
    assert sum(a.seats for a in DelegationAllotment.objects.all()) == 300
    assert [c.organisation.name_zh_hans for c in edition.co_organisers][:2] == [
        "中国人民对外友好协会",
        "四川省",
    ]


def test_loading_twice_changes_nothing():
    loading.load(TOULOUSE, with_people=True)
    before = snapshot()

    loading.load(TOULOUSE, with_people=True)

    assert snapshot() == before


def test_the_invented_people_fill_the_200_places_and_some_wait():
    """212 requests; six cancel, and six of the twelve who wait are offered their places."""
    loading.load(TOULOUSE, with_people=True)

    people = Registration.objects.all()
    assert people.count() == 212
    assert people.seated().count() == 200
    assert {s: people.filter(status=s).count() for s in ("waiting", "offered", "cancelled")} == {
        "waiting": 6,
        "offered": 6,
        "cancelled": 6,
    }
    assert all(email.endswith("@example.org") for email in people.values_list("email", flat=True))
    assert OutgoingEmail.objects.exists()
    assert JournalEntry.objects.exists()
    assert Booking.objects.filter(registrations=None).count() == 0


def test_the_demonstration_has_one_public_release_that_everybody_reads(client):
    loading.load(TOULOUSE, with_people=True)

    public = ProgrammeRelease.objects.public().get()

    assert {a.side for a in public.approvals.all()} == {"FR", "CN"}
    assert ProgrammeRelease.objects.filter(published_at=None).count() == 0
    programme = services.programme_of(public)
    for language in ("fr", "zh-hans"):
        page = client.get(f"/{language}/programme/")
        assert page.status_code == 200
        with translation.override(language):
            assert conditional_escape(str(programme.edition.city)) in page.text
        for session in programme.sessions:
            assert f"/{language}/programme/{session.code}/" in page.text
            assert client.get(f"/{language}/programme/{session.code}/").status_code == 200


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "field", "said"),
    [
        ("organisations.csv", None, "200053791", "200053792", "siren", "200053792"),
        ("organisations.csv", 2, "FR", "XX", "side", "XX"),
        ("partnerships.csv", 2, None, "no-such-code", "french", "no-such-code"),
        ("edition.csv", None, "2018-12-11", "11 décembre", "starts_on", "2018-12-11"),
        ("edition.csv", None, "#B3321F", "red", "accent_colour", "#B3321F"),
        ("milestones.csv", 2, "2018-", "demain-", "starts_at", "2018-12-11T14:30"),
        ("categories.csv", 2, "140", "141", "places", "200"),
        ("sessions.csv", None, ",seminar,", ",party,", "kind", "party"),
        ("visits.csv", None, ",30,2", ",300,2", "seats_chinese", "302"),
        ("themes.csv", 1, "shape", "forme", "forme", ""),
    ],
)
def test_a_broken_file_gives_file_line_field_and_reason_and_writes_nothing(
    folder, file, line, old, new, field, said
):
    path = folder / file
    lines = path.read_text().splitlines(keepends=True)
    number = line or next(i for i, text in enumerate(lines, 1) if old in text)
    text = lines[number - 1]
    lines[number - 1] = text.replace(old, new, 1) if old else text.replace(text.split(",")[0], new, 1)
    assert lines[number - 1] != text
    path.write_text("".join(lines))
    before = snapshot()

    with pytest.raises(loading.BrokenFiles) as broken:
        loading.load(folder)

    faults = [f for f in broken.value.faults if (f.file, f.line, f.field) == (file, number, field)]
    assert faults, broken.value
    assert said in faults[0].reason
    assert snapshot() == before


def test_all_faults_of_a_file_are_told_at_once(folder):
    path = folder / "organisations.csv"
    path.write_text(path.read_text().replace(",FR,commune,", ",FR,village,"))

    with pytest.raises(loading.BrokenFiles) as broken:
        loading.load(folder)

    assert len(broken.value.faults) > 10


def test_a_missing_file_and_a_file_in_another_encoding_are_told(folder):
    (folder / "themes.csv").unlink()
    with pytest.raises(CommandError, match=r"themes\.csv"):
        call_command("load_edition", str(folder))

    (folder / "organisations.csv").write_bytes((folder / "organisations.csv").read_text().encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("load_edition", str(folder))
    assert not Edition.objects.exists()


def test_seats_that_people_hold_are_not_taken_back_by_a_file(folder):
    loading.load(folder, with_people=True)
    full = max(
        Session.objects.exclude(seats=None),
        key=lambda s: SessionChoice.objects.filter(seat__session=s).count(),
    )
    assert SessionChoice.objects.filter(seat__session=full).count() > 2
    with (folder / "sessions.csv").open(newline="") as file:
        columns, *rows = csv.reader(file)
    for row in rows:
        if row[columns.index("code")] == full.code:
            row[columns.index("seats")] = "1"
    with (folder / "sessions.csv").open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    before = snapshot()

    with pytest.raises(CommandError, match=r"sessions\.csv:\d+: edition, code: .*places"):
        call_command("load_edition", str(folder))

    assert snapshot() == before


def test_a_second_edition_in_another_city_needs_data_and_no_code(folder):
    """Host and guest change roles; the first edition stays on the public site until somebody decides."""
    loading.load(TOULOUSE)
    path = folder / "edition.csv"
    text = path.read_text()
    for old, new in {
        "toulouse-2018": "chengdu-2021",
        "number,6": "number,7",
        "2018-12-11": "2021-10-12",
        "2018-12-13": "2021-10-14",
    }.items():
        assert old in text
        text = text.replace(old, new)
    rows = dict(line.split(",", 1) for line in text.splitlines())
    text = text.replace(f"host,{rows['host']}", f"host,{rows['guest_of_honour']}").replace(
        f"guest_of_honour,{rows['guest_of_honour']}", f"guest_of_honour,{rows['host']}"
    )
    path.write_text(text)
    sessions = folder / "sessions.csv"
    days = sessions.read_text()
    for old, new in (
        ("2018-12-11", "2021-10-12"),
        ("2018-12-12", "2021-10-13"),
        ("2018-12-13", "2021-10-14"),
    ):
        days = days.replace(old, new)
    sessions.write_text(days)

    second = loading.load(folder)

    assert (second.host.side, second.guest_of_honour.side) == ("CN", "FR")
    assert Place.objects.filter(edition=second).count() == 200
    assert second.sessions.count() == Edition.objects.get(code="toulouse-2018").sessions.count()
    assert [e.code for e in Edition.objects.filter(is_current=True)] == ["toulouse-2018"]
