"""The releases of an edition that was prepared elsewhere or before, each as the programme was then."""

from typing import Any

from django.db.models import Model

from assises.enums import Side
from assises.loading import Load, Row, table
from program import services
from program.enums import ReleaseKind
from program.loading.sessions import sessions_by_code
from program.models import ProgrammeRelease, ReleaseApproval, Room, Session, SessionPart, TranslatedText
from program.programme import Words


@table(48)
def load_stale_texts(run: Load) -> None:
    """Texts whose French was another when they were translated."""
    assert run.edition is not None
    sessions = sessions_by_code(run)
    for row in run.rows("stale_texts.csv", ["model", "code", "field", "source_fr", "at"], optional=True):
        row.choice("model", ["session"])
        session = row.reference("code", sessions, required=True)
        if session:
            field = row.text("field", required=True)
            row.upsert(
                TranslatedText,
                {"model": "session", "object_id": session.pk, "field": field},
                {
                    "source": row.text("source_fr", required=True),
                    "text": getattr(session, f"{field}_zh_hans"),
                    "is_reviewed": True,
                    "at": row.moment("at", run.edition.time_zone),
                },
            )


@table(49)
def load_releases(run: Load) -> None:
    """Freeze each release with the programme as it was then: today's, with the differences that the file names."""
    assert run.edition is not None
    columns = [
        "number", "kind", "purpose_fr", "purpose_zh_hans", "is_public", "prepared_at", "french_approval",
        "chinese_approval", "published_at",
    ]  # fmt: skip
    if not run.with_people:
        return
    rows = list(run.rows("releases.csv", columns, optional=True))
    differences = list(
        run.rows("release_differences.csv", ["release", "model", "code", "field", "value"], optional=True)
    )
    known = set(ProgrammeRelease.objects.filter(edition=run.edition).values_list("number", flat=True))
    for row in rows:
        number = row.number("number")
        if number not in known:
            _release(run, row, [d for d in differences if d.number("release") == number])


def _release(run: Load, row: Row, differences: list[Row]) -> None:
    assert run.edition is not None
    zone = run.edition.time_zone
    prepared_at, published_at = row.moment("prepared_at", zone), row.moment("published_at", zone)
    kind = row.choice("kind", ReleaseKind.values)
    if prepared_at is None or published_at is None:
        row.fault("prepared_at", row.text("prepared_at") or "-")
        return
    now = _apply(run, differences)
    release = services.prepare(
        run.edition,
        kind=ReleaseKind(kind),
        purpose=Words(row.text("purpose_fr"), row.text("purpose_zh_hans")),
        is_public=row.flag("is_public"),
        at=prepared_at,
        by=None,
    )
    for side, column in ((Side.FRENCH, "french_approval"), (Side.CHINESE, "chinese_approval")):
        name = row.text(column, required=True)
        ReleaseApproval.objects.create(release=release, side=side, name=name, at=prepared_at)
    services.publish(release, at=published_at, by=None)
    _put(now)


def _apply(run: Load, differences: list[Row]) -> list[tuple[Model, dict[str, Any]]]:
    """Put the programme back as it was; returns what it is now, to be put back in its turn."""
    rooms = {r.code: r for r in Room.objects.filter(edition=run.edition)}
    parts = {
        f"{p.session.code}-{p.order}": p
        for p in SessionPart.objects.filter(session__edition=run.edition).select_related("session")
    }
    known: dict[str, dict[str, Any]] = {"session": dict(sessions_by_code(run)), "part": dict(parts)}
    then: dict[Model, dict[str, Any]] = {}
    for row in differences:
        instance = row.reference("code", known[row.choice("model", known)], required=True)
        if instance:
            then.setdefault(instance, {})[row.text("field")] = _then(row, rooms)
    run.stop_if_broken()
    now = [
        (instance, {name: getattr(instance, name) for name in values}) for instance, values in then.items()
    ]
    _put(list(then.items()))
    return now


def _then(row: Row, rooms: dict[str, Room]) -> Any:
    match row.text("field"):
        case "room":
            return row.reference("value", rooms)
        case "minutes":
            return row.number("value") or 0
        case "starts_at" | "ends_at":
            return row.time("value")
        case "time_is_flexible":
            return row.flag("value")
    return row.text("value")


def _put(values_of: list[tuple[Model, dict[str, Any]]]) -> None:
    # A room is left before another session comes into it.
    moving = [i.pk for i, values in values_of if isinstance(i, Session) and "room" in values]
    Session.objects.filter(pk__in=moving).update(room=None)
    for instance, values in values_of:
        for name, value in values.items():
            setattr(instance, name, value)
        instance.save()
