"""An edition is data: readable files, one table each, checked line by line, and loaded whole or not at all.

Each app declares its tables in its own ``loading.py``. A row that is there already is brought up to date, and
left alone if nothing differs, so that loading twice changes nothing.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from assises import constraints
from assises.models import Edition, Organisation

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and why."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class BrokenFiles(Exception):
    """The files have faults; nothing was written. ``faults`` lists all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class Row:
    """One line of a file. Its readers note what is wrong, and give something harmless to go on with."""

    file: str
    line: int
    values: dict[str, str]
    faults: list[Fault]

    def fault(self, field: str, reason: str) -> None:
        self.faults.append(Fault(self.file, self.line, field, reason))

    def text(self, field: str, *, required: bool = False) -> str:
        value = self.values.get(field, "").strip()
        if required and not value:
            self.fault(field, _("This value is missing."))
        return value

    def words(self, field: str) -> list[str]:
        """A list whose items are separated by ``|``."""
        return [word.strip() for word in self.text(field).split("|") if word.strip()]

    def flag(self, field: str) -> bool:
        return self.choice(field, ["0", "1"], default="0") == "1"

    def choice(self, field: str, allowed: Any, *, default: str = "") -> str:
        value = self.text(field) or default
        allowed = list(allowed)
        if value not in allowed:
            self.fault(
                field,
                _("“%(value)s” is not one of: %(allowed)s.")
                % {"value": value, "allowed": ", ".join(allowed)},
            )
            return str(allowed[0])
        return value

    def number(self, field: str) -> int | None:
        return self._parsed(
            field, lambda v: int(v.replace(" ", "")), _("“%(value)s” is not a number, as 250 is.")
        )

    def date(self, field: str) -> dt.date | None:
        return self._parsed(field, dt.date.fromisoformat, _("“%(value)s” is not a date, as 2018-12-11 is."))

    def time(self, field: str) -> dt.time | None:
        return self._parsed(field, dt.time.fromisoformat, _("“%(value)s” is not a time, as 14:30 is."))

    def moment(self, field: str, zone: str) -> dt.datetime | None:
        """A date, or a date and a time, on the clocks of ``zone``."""
        return self._parsed(
            field,
            lambda v: dt.datetime.fromisoformat(v).replace(tzinfo=ZoneInfo(zone)),
            _("“%(value)s” is not a date and time, as 2018-12-11T14:30 is."),
        )

    def _parsed(self, field: str, parse: Callable[[str], Any], complaint: str) -> Any:
        value = self.text(field)
        if not value:
            return None
        try:
            return parse(value)
        except ValueError:
            self.fault(field, complaint % {"value": value})
            return None

    def reference(self, field: str, found: dict[str, Any], *, required: bool = False) -> Any:
        """What the code in ``field`` stands for, among ``found``."""
        code = self.text(field, required=required)
        if code and code not in found:
            self.fault(
                field, _("“%(value)s” is the code of nothing that was loaded before.") % {"value": code}
            )
        return found.get(code)

    def upsert(self, model: type[models.Model], natural: dict[str, Any], values: dict[str, Any]) -> Any:
        """Create the object with these natural keys, or bring it up to date; checked as a form would."""
        found = model._default_manager.filter(**natural).first()
        instance = found or model(**natural)
        changed = found is None
        for name, value in values.items():
            if found is None or getattr(instance, name) != value:
                setattr(instance, name, value)
                changed = True
        if not changed:
            return instance
        try:
            instance.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self.fault(name, message)
            return instance
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError as error:
            # What only the database knows: what people hold of it, for example.
            self.fault(", ".join(natural), constraints.sentence_of(error))
        return instance


@dataclass
class Load:
    """A folder of files on its way into the database."""

    folder: Path
    with_people: bool = False
    edition: Edition | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def rows(self, file: str, columns: list[str], *, optional: bool = False) -> Iterator[Row]:
        """The rows of a file that has exactly these columns; a missing file is a fault, unless optional."""
        path = self.folder / file
        if not path.exists():
            if not optional:
                self.faults.append(Fault(file, 0, "-", _("This file is missing.")))
            return
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.faults.append(Fault(file, line, "-", _("This is not UTF-8 text. Save the file as UTF-8.")))
            return
        reader = csv.DictReader(text.splitlines(keepends=True), restkey="…")
        header = reader.fieldnames or []
        wrong = [(name, _("There is no such column here.")) for name in header if name not in columns]
        wrong += [(name, _("This column is missing.")) for name in columns if name not in header]
        if wrong:
            self.faults += [Fault(file, 1, name, reason) for name, reason in wrong]
            return
        for values in reader:
            row = Row(file, reader.line_num, {k: v or "" for k, v in values.items() if k != "…"}, self.faults)
            if "…" in values:
                row.fault("-", _("This line has more values than there are columns: is a comma not quoted?"))
            elif any(row.values.values()):
                yield row

    def stop_if_broken(self) -> None:
        if self.faults:
            raise BrokenFiles(self.faults)


Table = Callable[[Load], None]
_TABLES: list[tuple[int, Table]] = []


def table(order: int) -> Callable[[Table], Table]:
    """Declare a function that loads one file; tables load by ``order``, lower apps first."""

    def register(function: Table) -> Table:
        _TABLES.append((order, function))
        return function

    return register


def load(folder: Path, *, with_people: bool = False) -> Edition:
    """Load the edition in ``folder``; with its invented people if asked. Raises ``BrokenFiles``, writing nothing."""
    autodiscover_modules("loading")
    run = Load(folder, with_people=with_people)
    with transaction.atomic():
        for _order, function in sorted(_TABLES, key=lambda entry: entry[0]):
            function(run)
            # Later tables refer to earlier ones: faults of one would look like faults of the next.
            run.stop_if_broken()
    assert run.edition is not None
    return run.edition
