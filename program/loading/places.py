from assises.loading import Load, Row, table
from program.models import Room, Venue


@table(40)
def load_venues(run: Load) -> None:
    columns = [
        "code", "name_fr", "name_zh_hans", "address", "directions_fr", "directions_zh_hans", "travel_minutes", "order",
    ]  # fmt: skip
    for row in run.rows("venues.csv", columns, optional=True):
        row.upsert(
            Venue,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                "name_fr": row.text("name_fr", required=True),
                "name_zh_hans": row.text("name_zh_hans"),
                "address": row.text("address"),
                "directions_fr": row.text("directions_fr"),
                "directions_zh_hans": row.text("directions_zh_hans"),
                "travel_minutes": row.number("travel_minutes") or 0,
                "order": row.number("order") or 0,
            },
        )


@table(41)
def load_rooms(run: Load) -> None:
    columns = [
        "code", "venue", "name_fr", "name_zh_hans", "capacity", "is_accessible", "equipment_fr", "equipment_zh_hans",
        "order",
    ]  # fmt: skip
    venues = {v.code: v for v in Venue.objects.filter(edition=run.edition)}
    for row in run.rows("rooms.csv", columns, optional=True):
        venue = row.reference("venue", venues, required=True)
        if venue:
            row.upsert(
                Room,
                {"edition": run.edition, "code": row.text("code", required=True)},
                {
                    "venue": venue,
                    "name_fr": row.text("name_fr", required=True),
                    "name_zh_hans": row.text("name_zh_hans"),
                    "capacity": row.number("capacity"),
                    "is_accessible": yes_no_or_open(row, "is_accessible"),
                    "equipment_fr": row.text("equipment_fr"),
                    "equipment_zh_hans": row.text("equipment_zh_hans"),
                    "order": row.number("order") or 0,
                },
            )


def yes_no_or_open(row: Row, field: str) -> bool | None:
    """``1``, ``0``, or empty for what nobody has checked."""
    return row.flag(field) if row.text(field) else None
