"""The edition itself: organisations and their partnerships, its fields, themes, organisers, contacts."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from assises.enums import CreditRole, OrganisationKind, PartnershipStatus, Side, Workstream
from assises.loading.files import Fault, Load, Row, table
from assises.models import Contact, Edition, Organisation, OrganiserCredit, Partnership, Theme


@table(10)
def load_organisations(run: Load) -> None:
    columns = [
        "code", "name_fr", "name_zh_hans", "side", "kind", "siren", "cog", "population_2015", "predecessor",
        "parent", "aliases", "note",
    ]  # fmt: skip
    rows = list(run.rows("organisations.csv", columns))
    for row in rows:
        code = row.text("code", required=True)
        if code in run.organisations:
            row.fault("code", _("This code stands in the file twice."))
        run.organisations[code] = row.upsert(
            Organisation,
            {"code": code},
            {
                "name_fr": row.text("name_fr", required=True),
                "name_zh_hans": row.text("name_zh_hans") or None,
                "side": row.choice("side", Side.values),
                "kind": row.choice("kind", OrganisationKind.values),
                "siren": row.text("siren") or None,
                "cog": row.text("cog"),
                "population": row.number("population_2015"),
                "aliases": row.words("aliases"),
                "note": row.text("note"),
            },
        )
    run.stop_if_broken()
    for row in rows:
        row.upsert(
            Organisation,
            {"code": row.text("code")},
            {name: row.reference(name, run.organisations) for name in ("predecessor", "parent")},
        )


@table(11)
def load_partnerships(run: Load) -> None:
    columns = ["french", "chinese", "start_year", "source_fr", "source_zh", "note", "status"]
    for row in run.rows("partnerships.csv", columns):
        french = row.reference("french", run.organisations, required=True)
        chinese = row.reference("chinese", run.organisations, required=True)
        if french and chinese:
            row.upsert(
                Partnership,
                {"french": french, "chinese": chinese},
                {
                    "start_year": row.number("start_year"),
                    "status": row.choice("status", PartnershipStatus.values),
                    "source_fr": row.text("source_fr"),
                    "source_zh": row.text("source_zh"),
                    "note": row.text("note"),
                },
            )


@table(20)
def load_edition(run: Load) -> None:
    """``edition.csv`` has a line per field, because it has one edition."""
    rows = {row.text("field", required=True): row for row in run.rows("edition.csv", ["field", "value"])}
    run.stop_if_broken()
    known = {f.name: f for f in Edition._meta.get_fields() if isinstance(f, models.Field)}
    values: dict[str, Any] = {}
    for name, row in rows.items():
        if name not in known or name in ("id", "is_current"):
            row.fault(name, _("An edition has no such field."))
            continue
        values[name] = _edition_value(run, row, known[name])
    some = next(iter(rows.values()), Row("edition.csv", 1, {}, run.faults))
    for name in ("code", "number", "name_fr", "host", "starts_on", "ends_on"):
        if values.get(name) in (None, "") and not any(fault.field == name for fault in run.faults):
            some.fault(name, _("This value is missing."))
    run.stop_if_broken()
    code = values.pop("code")
    found = Edition.objects.filter(code=code).first()
    if found is not None:
        # How many places there are is decided in the back office once the edition is there.
        values.pop("capacity_french", None)
    else:
        values["is_current"] = not Edition.objects.filter(is_current=True).exists()
    before = len(run.faults)
    run.edition = some.upsert(Edition, {"code": code}, values)
    # Say the line of the field that is wrong, not of the first one.
    run.faults[before:] = [
        Fault(f.file, rows[f.field].line if f.field in rows else f.line, f.field, f.reason)
        for f in run.faults[before:]
    ]


def _edition_value(run: Load, row: Row, model_field: Any) -> Any:
    value = Row(row.file, row.line, {model_field.name: row.text("value")}, row.faults)
    match model_field:
        case models.ForeignKey():
            return value.reference(model_field.name, run.organisations)
        case models.DateField():
            return value.date(model_field.name)
        case models.TimeField():
            return value.time(model_field.name)
        case models.IntegerField():
            return value.number(model_field.name)
    return value.text(model_field.name)


@table(21)
def load_themes(run: Load) -> None:
    for row in run.rows("themes.csv", ["code", "name_fr", "name_zh_hans", "order", "shape", "colour"]):
        row.upsert(
            Theme,
            {"edition": run.edition, "code": row.text("code", required=True)},
            {
                "name_fr": row.text("name_fr", required=True),
                "name_zh_hans": row.text("name_zh_hans"),
                "order": row.number("order") or 0,
                "shape": row.choice("shape", Theme.Shape.values),
                "colour": row.text("colour"),
            },
        )


@table(22)
def load_credits(run: Load) -> None:
    for row in run.rows("credits.csv", ["organisation", "role", "title_fr", "title_zh_hans", "order"]):
        organisation = row.reference("organisation", run.organisations, required=True)
        if organisation:
            row.upsert(
                OrganiserCredit,
                {"edition": run.edition, "organisation": organisation},
                {
                    "role": row.choice("role", CreditRole.values),
                    "title_fr": row.text("title_fr"),
                    "title_zh_hans": row.text("title_zh_hans"),
                    "order": row.number("order"),
                },
            )


@table(23)
def load_contacts(run: Load) -> None:
    columns = [
        "organisation", "role_fr", "role_zh_hans", "given_name", "family_name", "email", "workstream",
        "valid_from", "valid_to",
    ]  # fmt: skip
    for row in run.rows("contacts.csv", columns):
        organisation = row.reference("organisation", run.organisations, required=True)
        if organisation:
            row.upsert(
                Contact,
                {
                    "organisation": organisation,
                    "email": row.text("email", required=True),
                    "workstream": row.choice("workstream", Workstream.values),
                },
                {
                    **{
                        name: row.text(name)
                        for name in ("role_fr", "role_zh_hans", "given_name", "family_name")
                    },
                    **{name: row.date(name) for name in ("valid_from", "valid_to")},
                },
            )
