"""Lists that leave and come as files."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assises import accounts
from assises.models import JournalEntry, OutgoingEmail
from registration import services
from registration.exports import COLUMNS
from registration.models import Booking, Registration
from tests.factories import NOW, a_booking, a_person, a_registration, an_edition, an_organisation
from tests.seat_factories import a_visit, somebody_in, stands, two_workshops

pytestmark = pytest.mark.django_db

EXPORT, IMPORT = "/admin/exporter/", "/admin/importer/"


def export(client, *columns, form="xlsx", query="", **data):
    return client.post(f"{EXPORT}?{query}", {"columns": columns, "form": form, "reason": "badges", **data})


def sheet(response):
    return [
        list(row) for row in load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    ]


def test_the_file_has_the_people_of_the_filtered_list(organiser):
    edition = an_edition(elected=1)
    a_registration(edition)
    waiting = a_registration(edition)

    response = export(organiser, "family_name", "rank", query="state=waiting")

    assert sheet(response)[1:] == [[1, waiting.family_name]]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_cell_is_a_formula(organiser, edition, evil, form):
    a_booking(edition, a_person(job_title=evil))

    response = export(organiser, "job_title", form=form)

    if form == "xlsx":
        cell = load_workbook(io.BytesIO(response.content)).active["A2"]
        assert (cell.data_type, cell.value) == ("s", f"'{evil}")
    else:
        assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))[1] == [
            f"'{evil}"
        ]


def test_csv_opens_in_french_excel(organiser, edition):
    a_booking(edition, a_person(given_name="Éloïse", family_name="X"))

    response = export(organiser, "given_name", "family_name", form="csv")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "Éloïse;X" in response.content.decode("utf-8-sig")


def test_the_journal_keeps_who_took_what_and_why(organiser, edition):
    a_registration(edition)

    export(organiser, "email", "phone")

    entry = JournalEntry.objects.get(action="exported")
    assert (entry.reason, entry.details) == (
        "badges",
        {"count": 1, "columns": ["email", "phone"], "form": "xlsx"},
    )
    assert entry.actor is not None


def test_one_line_or_three_cost_the_same(organiser, edition):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            export(organiser, *[c.name for c in COLUMNS if not c.sensitive])
        return len(queries)

    a_registration(edition, organisation=an_organisation())
    cost()
    few = cost()
    for _unused in range(2):
        a_registration(edition, organisation=an_organisation())

    assert cost() == few


def test_without_saying_what_for_nothing_leaves(organiser, edition):
    response = export(organiser, "email", reason="")

    assert "reason" in response.context["form"].errors
    assert not JournalEntry.objects.filter(action="exported").exists()


@pytest.mark.parametrize(
    ("roles", "leaves"),
    [((accounts.ORGANISERS,), False), ((accounts.ORGANISERS, accounts.ACCESS_NEEDS), True)],
)
def test_menus_leave_with_their_role_only_whoever_asks(as_role, edition, roles, leaves):
    a_booking(edition, a_person(menu="allergen", allergen="arachide"))

    response = export(as_role(*roles), "family_name", "allergen")

    assert (response.status_code == 200 and b"PK" in response.content[:2]) is leaves


# --- Import -------------------------------------------------------------------------------

HEADINGS = ["organisation", "given_name", "family_name", "job_title", "email"]


def lines(*rows, headings=HEADINGS):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows([headings, *rows])
    return SimpleUploadedFile("liste.csv", out.getvalue().encode())


def send(client, file, **data):
    return client.post(IMPORT, {"file": file, **data})


def confirm(client, preview, **data):
    return client.post(IMPORT, {"sealed": preview.context["sealed"], **data})


TOULOUSE = ["Toulouse", "Ana", "Exemple", "Maire", "ana@example.org"]
LYON = ["Lyon", "Léa", "Exemple", "Adjointe", "lea@example.org"]


def test_the_preview_says_line_by_line_what_would_happen_and_writes_nothing(organiser):
    edition = an_edition(elected=1)
    letters = OutgoingEmail.objects.count()

    response = send(organiser, lines(TOULOUSE, LYON))

    outcomes = response.context["outcomes"]
    assert [(o.line, o.registration.status, o.registration.rank_at_entry) for o in outcomes] == [
        (2, "held", None),
        (3, "waiting", 1),
    ]
    assert not Registration.objects.filter(edition=edition).exists()
    assert OutgoingEmail.objects.count() == letters


def test_confirmed_everybody_is_registered_once_by_the_same_service(organiser):
    an_edition(elected=1)
    preview = send(organiser, lines(TOULOUSE, LYON), vouched="on")

    confirm(organiser, preview, vouched="1")
    confirm(organiser, preview, vouched="1")

    found = Registration.objects.order_by("pk")
    assert [(r.booking.source, r.status) for r in found] == [("import", "confirmed"), ("import", "waiting")]
    assert JournalEntry.objects.filter(action="imported").first().details["count"] == 2


def test_what_is_wrong_is_told_by_line_and_column_and_nothing_can_be_confirmed(organiser, edition):
    an_organisation("四川省", side="CN", kind="province")
    wrong = [
        TOULOUSE,
        ["Lyon", "", "Exemple", "Adjointe", "pas une adresse"],
        ["四川省", "Lin", "Exemple", "Maire", "lin@example.org"],
        ["Lyon", "Zoé", "Exemple", "Maire", "ANA@example.org"],
    ]

    response = send(organiser, lines(*wrong))

    assert [p.line for p in response.context["problems"]] == [3, 3, 4, 5]
    assert response.context["faults"] == 4
    assert response.context["sealed"] == ""
    assert not Booking.objects.exists()


def test_lines_with_the_same_request_are_one_and_wait_together(organiser):
    edition = an_edition(elected=1)
    headings = [*HEADINGS, "request", "together"]

    preview = send(
        organiser,
        lines([*TOULOUSE, "A", "oui"], [*LYON[:0], "Toulouse", *LYON[1:], "A", "oui"], headings=headings),
    )
    confirm(organiser, preview)

    assert Booking.objects.count() == 1
    assert [r.status for r in edition.registrations.all()] == ["waiting", "waiting"]


def test_codes_and_words_of_both_languages_are_understood(organiser, edition):
    headings = [*HEADINGS, "language", "is_elected", "organisation_kind"]
    preview = send(organiser, lines([*TOULOUSE, "中文", "是", "tourism"], headings=headings))
    confirm(organiser, preview)

    registration = Registration.objects.get()
    assert (registration.language, registration.is_elected) == ("zh-hans", True)
    assert registration.category.code == "tourism"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"PK\x03\x04 broken",
        b"a;b\n1;2\n",
        b"organisation;given_name;family_name;job_title;email\n",
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(organiser, edition, content):
    response = send(organiser, SimpleUploadedFile("liste.csv", content))

    assert response.status_code == 200
    assert response.context["form"].errors["file"]


def test_a_preview_that_was_not_made_here_is_refused(organiser, edition):
    response = organiser.post(IMPORT, {"sealed": "forged"})

    assert response.context["form"].errors["file"]
    assert not Booking.objects.exists()


def test_the_template_is_a_file_that_can_be_imported(organiser, edition):
    template = organiser.get("/admin/importer/modele.xlsx")

    preview = send(organiser, SimpleUploadedFile("modele.xlsx", template.content))

    assert [o.registration.full_name for o in preview.context["outcomes"]] == ["Camille Exemple"]


def test_what_left_comes_back(organiser, edition):
    """An export is a list that another edition imports: its headings in French are understood."""
    a_booking(edition, a_person(given_name="Éloïse", job_title="=maire"))
    left = export(
        organiser, "organisation", "given_name", "family_name", "job_title", "email", "language", "is_elected"
    )

    preview = send(organiser, SimpleUploadedFile("liste.xlsx", left.content))

    assert preview.context["problems"] == []
    assert [o.registration.status for o in preview.context["outcomes"]] == ["duplicate"]


def test_seats_waiting_and_wishes_leave_and_come_back(organiser):
    edition = an_edition(elected=9)
    full, other = two_workshops(edition, 1, 9)
    airbus, inra = a_visit(edition, 9), a_visit(edition, 9)
    somebody_in(edition, full)
    leaves = a_booking(
        edition,
        a_person(is_contact=True, sessions=[full], meanwhile={"workshops": other}, wishes=[inra, airbus]),
    ).registrations.get()
    columns = [*HEADINGS, "sessions", "sessions_waiting", "wishes"]

    rows = sheet(export(organiser, *columns, query=f"session={full.pk}-waiting"))
    services.cancel(leaves, at=NOW)
    confirm(organiser, send(organiser, lines(*rows[1:], headings=rows[0])))

    back = Registration.objects.order_by("pk").last()
    assert (back.email, back.booking.source) == (leaves.email, "import")
    assert stands(back) == {full.code: "waits", other.code: "seat"}
    assert [w.session for w in back.wishes.order_by("rank")] == [inra, airbus]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sessions", "workshop-0|workshop-1"),
        ("sessions_waiting", "workshop-0;workshop-1"),
        ("sessions", "Airbus"),
        ("wishes", "no-such-visit"),
        ("wishes", "workshop-0"),
    ],
)
def test_sessions_that_cannot_be_are_told_by_line_and_column(organiser, edition, column, value):
    two_workshops(edition, 1, 1)
    a_visit(edition, 9, title_fr="Airbus")

    preview = send(
        organiser, lines(["Rodez", "A", "B", "C", "a@example.org", value], headings=[*HEADINGS, column])
    )

    assert [p.line for p in preview.context["problems"]] == [2]
