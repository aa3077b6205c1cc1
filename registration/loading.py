import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import groupby

from assises.enums import OrganisationKind
from assises.loading import Load, Row, table
from assises.models import Edition
from program.models import Session
from registration import services
from registration.enums import Access, Menu
from registration.models import Booking, Category, DelegationAllotment, Registration
from registration.models.visit import MOST_WISHES
from registration.services import BookingRequest, PersonDetails

#: Hours after which an invented person confirms the address.
CONFIRMS_AFTER = dt.timedelta(hours=5)
#: When the invented people who give up their places do so.
CANCELS_FROM = dt.datetime(2018, 10, 14, 8, tzinfo=dt.UTC)


@table(50)
def load_categories(run: Load) -> None:
    assert run.edition is not None
    columns = [
        "code", "name_fr", "name_zh_hans", "description_fr", "description_zh_hans", "places", "is_reserve", "order",
        "organisation_kinds",
    ]  # fmt: skip
    quotas: dict[int, int] = {}
    rows = list(run.rows("categories.csv", columns))
    planned = sum(row.number("places") or 0 for row in rows)
    fresh = not run.edition.places.exists()
    if rows and fresh and planned != run.edition.capacity_french:
        rows[0].fault("places", f"{planned} ≠ capacity_french = {run.edition.capacity_french} (edition.csv)")
    for row in rows:
        for kind in row.words("organisation_kinds"):
            if kind not in OrganisationKind.values:
                row.fault("organisation_kinds", f"“{kind}”: {', '.join(OrganisationKind.values)}")
        category = row.upsert(
            Category,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                "name_fr": row.text("name_fr", required=True),
                "name_zh_hans": row.text("name_zh_hans"),
                "description_fr": row.text("description_fr"),
                "description_zh_hans": row.text("description_zh_hans"),
                "is_reserve": row.flag("is_reserve"),
                "order": row.number("order") or 0,
                "organisation_kinds": row.words("organisation_kinds"),
            },
        )
        if category.pk:
            quotas[category.pk] = row.number("places") or 0
    run.stop_if_broken()
    if fresh:
        opens = run.edition.milestones.order_by("starts_at").first()
        first_day = dt.datetime.combine(run.edition.starts_on, dt.time(), tzinfo=dt.UTC)
        at = opens.starts_at if opens else first_day
        services.set_capacity(run.edition, quotas, at=at, by=None, reason="")


@table(51)
def load_allotments(run: Load) -> None:
    for row in run.rows("allotments.csv", ["organisation", "seats", "note"]):
        organisation = row.reference("organisation", run.organisations, required=True)
        if organisation:
            row.upsert(
                DelegationAllotment,
                {"edition": run.edition, "organisation": organisation},
                {"seats": row.number("seats"), "note": row.text("note")},
            )


@table(60)
def load_seats(run: Load) -> None:
    """The seats of the sessions that were loaded before: rows, as places are."""
    assert run.edition is not None
    opens = run.edition.milestones.order_by("starts_at").first()
    first_day = dt.datetime.combine(run.edition.starts_on, dt.time(), tzinfo=dt.UTC)
    services.ensure_seats(run.edition, at=opens.starts_at if opens else first_day)


@table(90)
def load_people(run: Load) -> None:
    """Let the invented people register, confirm and cancel, each in their hour, by the services all others use."""
    if not run.with_people:
        return
    columns = [
        "booking", "together", "submitted_at", "organisation", "organisation_name", "organisation_kind", "category",
        "honorific", "given_name", "family_name", "name_zh", "job_title", "is_elected", "email", "phone", "language",
        "chinese_partner", "needs_interpretation", "sessions", "wishes", "menu", "allergen", "access", "outcome",
    ]  # fmt: skip
    assert run.edition is not None
    # Read anew: the milestones were loaded after the edition.
    edition = Edition.objects.current().get(pk=run.edition.pk) if run.edition.is_current else run.edition
    categories = {c.code: c for c in edition.categories.all()}
    sessions = {s.code: s for s in edition.sessions.all()}
    rows = list(run.rows("people.csv", columns))
    requests = []
    for number, members in groupby(rows, key=lambda row: row.text("booking", required=True)):
        people = list(members)
        at = people[0].moment("submitted_at", edition.time_zone)
        category = people[0].reference("category", categories, required=True)
        if at and category:
            requests.append((at, _request(run, edition, number, people, category, sessions), people))
    run.stop_if_broken()
    known = set(Booking.objects.filter(edition=edition).values_list("key", flat=True))
    events = [event for entry in requests if entry[1].key not in known for event in _events(*entry)]
    for at, _rank, action, request, email in sorted(events, key=lambda event: event[:2]):
        if action == "register":
            services.register(request, at=at)
            continue
        registration = (
            Registration.objects.live().select_related("edition").filter(email=email, edition=edition).first()
        )
        if registration and registration.place_id:
            if action == "confirm":
                services.confirm([registration], at=at)
            else:
                services.cancel(registration, at=at)


def _events(
    at: dt.datetime, request: BookingRequest, rows: list[Row]
) -> Iterator[tuple[dt.datetime, int, str, BookingRequest, str]]:
    yield at, 0, "register", request, ""
    for row in rows:
        outcome = row.text("outcome")
        if outcome in ("confirmed", "cancelled"):
            yield at + CONFIRMS_AFTER, 1, "confirm", request, row.text("email")
        if outcome == "cancelled":
            yield max(at + 2 * CONFIRMS_AFTER, CANCELS_FROM), 2, "cancel", request, row.text("email")


def _request(
    run: Load,
    edition: Edition,
    number: str,
    rows: list[Row],
    category: Category,
    sessions: dict[str, Session],
) -> BookingRequest:
    first = rows[0]
    organisation = first.reference("organisation", run.organisations)
    return BookingRequest(
        # The same file makes the same request: loading twice registers nobody twice.
        key=uuid.uuid5(uuid.NAMESPACE_URL, f"{edition.code}/{number}"),
        edition=edition,
        category=category,
        organisation=organisation,
        organisation_name=organisation.name_fr
        if organisation
        else first.text("organisation_name", required=True),
        organisation_kind=organisation.kind
        if organisation
        else first.choice("organisation_kind", OrganisationKind.values),
        given_name=first.text("given_name", required=True),
        family_name=first.text("family_name", required=True),
        email=first.text("email", required=True),
        language=first.choice("language", ["fr", "zh-hans"]),
        together=first.flag("together"),
        people=[_person(run, row, sessions, is_contact=row is first) for row in rows],
    )


def _person(run: Load, row: Row, sessions: dict[str, Session], *, is_contact: bool) -> PersonDetails:
    chosen = [_session(row, "sessions", code, sessions) for code in row.words("sessions")]
    wished = [_session(row, "wishes", code, sessions) for code in row.words("wishes")]
    return PersonDetails(
        given_name=row.text("given_name", required=True),
        family_name=row.text("family_name", required=True),
        email=row.text("email", required=True),
        job_title=row.text("job_title", required=True),
        language=row.choice("language", ["fr", "zh-hans"]),
        honorific=row.text("honorific") if row.text("honorific") in ("mr", "ms") else "",
        name_zh=row.text("name_zh"),
        is_elected=row.flag("is_elected"),
        phone=row.text("phone"),
        needs_interpretation=row.flag("needs_interpretation"),
        chinese_partner=row.reference("chinese_partner", run.organisations),
        sessions=[session for session in chosen if session],
        wishes=[session for session in wished if session][:MOST_WISHES],
        menu=row.choice("menu", ["", *Menu.values]),
        allergen=row.text("allergen"),
        access=[need for need in row.words("access") if need in Access.values],
        is_contact=is_contact,
    )


def _session(row: Row, field: str, code: str, sessions: dict[str, Session]) -> Session | None:
    if code not in sessions:
        row.fault(field, f"“{code}”: {', '.join(sessions)}")
    return sessions.get(code)
