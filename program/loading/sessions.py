from typing import Any

from assises.enums import AgreementStatus, Side
from assises.loading import Load, Row, table
from assises.models import Theme
from program.enums import Audience, Languages, Verdict, VisitOrigin
from program.loading.places import yes_no_or_open
from program.models import CoLead, FieldVisit, Room, Session

COLUMNS = [
    "code", "title_fr", "title_zh_hans", "kind", "theme", "day", "starts_at", "ends_at", "time_is_flexible", "room",
    "status", "status_reason_fr", "status_reason_zh_hans", "source", "audience", "invited_by_fr", "invited_by_zh_hans",
    "invited_fr", "invited_zh_hans", "expected", "languages", "interpretation", "restitution_limit", "seats",
    "choice_group", "on_form", "order", "summary_fr", "summary_zh_hans",
]  # fmt: skip
TEXTS = [
    "title_zh_hans", "status_reason_fr", "status_reason_zh_hans", "source", "invited_by_fr", "invited_by_zh_hans",
    "invited_fr", "invited_zh_hans", "summary_fr", "summary_zh_hans", "choice_group",
]  # fmt: skip


@table(42)
def load_sessions(run: Load) -> None:
    themes = {t.code: t for t in Theme.objects.filter(edition=run.edition)}
    rooms = {r.code: r for r in Room.objects.filter(edition=run.edition)}
    for row in run.rows("sessions.csv", COLUMNS):
        row.upsert(
            Session,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                **{name: row.text(name) for name in TEXTS},
                "title_fr": row.text("title_fr", required=True),
                "kind": row.choice("kind", Session.Kind.values),
                "theme": row.reference("theme", themes),
                "room": row.reference("room", rooms),
                "day": row.date("day"),
                "starts_at": row.time("starts_at"),
                "ends_at": row.time("ends_at"),
                "status": row.choice("status", AgreementStatus.values, default=AgreementStatus.PROPOSED),
                "audience": row.choice("audience", Audience.values, default=Audience.PUBLIC),
                "languages": row.choice("languages", Languages.values, default=Languages.BOTH),
                **{name: row.flag(name) for name in ("time_is_flexible", "interpretation", "on_form")},
                **{name: row.number(name) for name in ("expected", "restitution_limit", "seats")},
                "order": row.number("order") or 0,
            },
        )


def sessions_by_code(run: Load) -> dict[str, Session]:
    return {s.code: s for s in Session.objects.filter(edition=run.edition)}


@table(43)
def load_leads(run: Load) -> None:
    sessions = sessions_by_code(run)
    for row in run.rows("leads.csv", ["session", "organisation", "confirmed_on"], optional=True):
        session = row.reference("session", sessions, required=True)
        organisation = row.reference("organisation", run.organisations, required=True)
        if session and organisation:
            row.upsert(
                CoLead,
                {"session": session, "side": organisation.side},
                {"organisation": organisation, "confirmed_on": row.date("confirmed_on")},
            )


@table(43)
def load_visits(run: Load) -> None:
    texts = [
        f"{name}_{language}"
        for name in ("place", "programme", "accessibility", "decision_note")
        for language in ("fr", "zh_hans")
    ]
    numbers = ["distance_km", "travel_minutes", "duration_minutes"]
    shares = ["seats_chinese", "seats_reserved"]
    open_answers = ["is_accessible", "identity_document", "is_kept"]
    choices: dict[str, Any] = {
        "origin": VisitOrigin.values,
        "origin_side": Side.values,
        "verdict_french": Verdict.values,
        "verdict_chinese": Verdict.values,
    }
    sessions = sessions_by_code(run)
    columns = ["session", *texts, *numbers, *shares, *open_answers, *choices]
    for row in run.rows("visits.csv", columns, optional=True):
        session = row.reference("session", sessions, required=True)
        if session:
            row.upsert(
                FieldVisit,
                {"session": session},
                {
                    **{name: row.text(name) for name in texts},
                    **{name: row.number(name) for name in numbers},
                    **{name: row.number(name) or 0 for name in shares},
                    **{name: yes_no_or_open(row, name) for name in open_answers},
                    **{name: row.choice(name, allowed) for name, allowed in choices.items()},
                },
            )


def number_of(row: Row, field: str) -> int:
    return row.number(field) or 0
