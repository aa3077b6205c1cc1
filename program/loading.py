from assises.loading import Load, table
from program.models import Session


@table(40)
def load_sessions(run: Load) -> None:
    columns = [
        "code", "title_fr", "title_zh_hans", "kind", "day", "starts_at", "ends_at", "seats", "choice_group",
        "on_form", "order",
    ]  # fmt: skip
    for row in run.rows("sessions.csv", columns):
        row.upsert(
            Session,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                "title_fr": row.text("title_fr", required=True),
                "title_zh_hans": row.text("title_zh_hans"),
                "kind": row.choice("kind", Session.Kind.values),
                "day": row.date("day"),
                "starts_at": row.time("starts_at"),
                "ends_at": row.time("ends_at"),
                "seats": row.number("seats"),
                "choice_group": row.text("choice_group"),
                "on_form": row.flag("on_form"),
                "order": row.number("order") or 0,
            },
        )
