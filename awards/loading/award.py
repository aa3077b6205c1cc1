"""The award in the files of an edition: its numbers, categories, criteria, the meaning of each mark, rules, jury."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from assises import accounts
from assises.loading.files import Load, Row, table
from assises.models import Organisation, User
from awards.enums import JuryRole
from awards.models import Anchor, Article, Call, Category, Criterion, JuryMember, Rules


@table(60)
def load_award(run: Load) -> None:
    """``award.csv`` has a line per field, because an edition has one award; without the file it has none."""
    rows = {
        row.text("field", required=True): row
        for row in run.rows("award.csv", ["field", "value"], optional=True)
    }
    if not rows:
        return
    known = {f.name: f for f in Call._meta.get_fields() if isinstance(f, models.Field) and f.editable}
    values: dict[str, Any] = {}
    for name, row in rows.items():
        if name not in known or name in ("id", "edition"):
            row.fault(name, _("An award has no such field."))
            continue
        values[name] = _value(row, known[name])
    run.stop_if_broken()
    first = next(iter(rows.values()))
    first.upsert(Call, {"edition": run.edition}, values)


@table(61)
def load_categories(run: Load) -> None:
    call = call_of(run)
    themes = {theme.code: theme for theme in run.edition.themes.all()} if run.edition else {}
    columns = ["code", "order", "theme", "name_fr", "name_zh_hans", "prizes"]
    for row in run.rows("award_categories.csv", columns, optional=call is None):
        row.upsert(
            Category,
            {"call": call, "code": row.text("code", required=True)},
            {
                "order": row.number("order") or 0,
                "theme": row.reference("theme", themes),
                "name_fr": row.text("name_fr", required=True),
                "name_zh_hans": row.text("name_zh_hans") or None,
                "prizes": row.number("prizes") or 0,
            },
        )


@table(62)
def load_criteria(run: Load) -> None:
    call = call_of(run)
    columns = [
        "code", "order", "weight", "breaks_ties", "name_fr", "name_zh_hans", "question_fr", "question_zh_hans",
    ]  # fmt: skip
    for row in run.rows("award_criteria.csv", columns, optional=call is None):
        row.upsert(
            Criterion,
            {"call": call, "code": row.text("code", required=True)},
            {
                "order": row.number("order") or 0,
                "weight": row.number("weight") or 0,
                "breaks_ties": row.flag("breaks_ties"),
                **{name: row.text(name, required=True) for name in ("name_fr", "question_fr")},
                **{name: row.text(name) or None for name in ("name_zh_hans", "question_zh_hans")},
            },
        )


@table(63)
def load_marks(run: Load) -> None:
    call = call_of(run)
    criteria = {criterion.code: criterion for criterion in call.criteria.all()} if call else {}
    columns = ["criterion", "mark", "meaning_fr", "meaning_zh_hans"]
    for row in run.rows("award_marks.csv", columns, optional=call is None):
        criterion = row.reference("criterion", criteria, required=True)
        if criterion:
            row.upsert(
                Anchor,
                {"criterion": criterion, "mark": row.number("mark") or 0},
                {
                    "meaning_fr": row.text("meaning_fr", required=True),
                    "meaning_zh_hans": row.text("meaning_zh_hans") or None,
                },
            )


@table(64)
def load_articles(run: Load) -> None:
    """Into the draft of the rules; once they are frozen the file is no longer read."""
    call = call_of(run)
    columns = ["number", "title_fr", "title_zh_hans", "text_fr", "text_zh_hans"]
    rows = list(run.rows("award_articles.csv", columns, optional=call is None))
    if call is None or call.rules.in_force().exists():
        return
    rules, _made = Rules.objects.get_or_create(call=call, frozen_at=None)
    for row in rows:
        row.upsert(
            Article,
            {"rules": rules, "number": row.number("number") or 0},
            {
                **{name: row.text(name, required=True) for name in ("title_fr", "text_fr")},
                **{name: row.text(name) or None for name in ("title_zh_hans", "text_zh_hans")},
            },
        )


@table(65)
def load_jury(run: Load) -> None:
    """With the invented people only: a jury is invited by name, and its accounts are those of the demonstration."""
    call = call_of(run)
    columns = ["email", "role", "organisation", "function_fr", "function_zh_hans"]
    rows = list(run.rows("award_jury.csv", columns, optional=True))
    if call is None or not run.with_people:
        return
    accounts.ensure_demo_accounts()
    users = {user.email: user for user in User.objects.filter(email__in=[r.text("email") for r in rows])}
    organisations = Organisation.objects.in_bulk(field_name="code")
    for row in rows:
        user = row.reference("email", users, required=True)
        if user:
            row.upsert(
                JuryMember,
                {"call": call, "user": user},
                {
                    "side": user.side,
                    "role": row.choice("role", JuryRole.values),
                    "organisation": row.reference("organisation", organisations),
                    "function_fr": row.text("function_fr"),
                    "function_zh_hans": row.text("function_zh_hans"),
                },
            )


def call_of(run: Load) -> Call | None:
    return Call.objects.filter(edition=run.edition).first()


def _value(row: Row, field: "models.Field[Any, Any]") -> Any:
    value = Row(row.file, row.line, {field.name: row.text("value")}, row.faults)
    match field:
        case models.BooleanField():
            return value.flag(field.name)
        case models.IntegerField():
            return value.number(field.name)
    return value.text(field.name)
