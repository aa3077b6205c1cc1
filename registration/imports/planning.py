"""What the lines of a file ask for, each checked as the form checks one person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assises.models import Edition, Organisation, User
from assises.text import fold
from registration.enums import Source
from registration.forms.imported import ImportedLine
from registration.imports.reading import Problem, Table
from registration.services import BookingRequest, PersonDetails
from registration.summary import sessions_on_offer


@dataclass(frozen=True)
class Planned:
    """One request that the file asks for, and the lines that it comes from."""

    lines: list[int]
    request: BookingRequest


@dataclass
class Plan:
    """What a file asks for, and what is wrong with it."""

    requests: list[Planned]
    problems: list[Problem]


def plan(table: Table, *, edition: Edition, by: User, vouched: bool) -> Plan:
    """The requests of the file, each line checked as the form checks one person."""
    problems = list(table.problems)
    lines = _checked(table, edition, problems)
    problems += _twins(lines)
    wrong = {problem.line for problem in problems}
    groups: dict[str, list[tuple[int, ImportedLine]]] = {}
    for number, form in lines:
        name = str(form.cleaned_data.get("request") or "") if number not in wrong else ""
        groups.setdefault(name or f"line {number}", []).append((number, form))
    requests = []
    for members in groups.values():
        problems += _one_authority(members)
        if not any(number in {p.line for p in problems} for number, _form in members):
            requests.append(_request(members, table, edition=edition, by=by, vouched=vouched))
    return Plan(requests, sorted(problems, key=lambda p: p.line))


def _checked(table: Table, edition: Edition, problems: list[Problem]) -> list[tuple[int, ImportedLine]]:
    categories = list(edition.categories.all())
    organisations = list(Organisation.objects.of_today())
    sessions, visits = sessions_on_offer(edition)
    lines = []
    for number, values in table.lines:
        form = ImportedLine(
            values, categories=categories, organisations=organisations, sessions=sessions, visits=visits
        )
        for name, errors in form.errors.items():
            problems += [Problem(number, str(form.fields[name].label), str(e)) for e in errors]
        lines.append((number, form))
    return lines


def _twins(lines: Sequence[tuple[int, ImportedLine]]) -> list[Problem]:
    seen: dict[str, int] = {}
    problems = []
    for number, form in lines:
        address = str(form.cleaned_data.get("email") or "").lower()
        if address and address in seen:
            problems.append(
                Problem(
                    number,
                    str(form.fields["email"].label),
                    _("This address stands in line %(line)d too. Each person needs one of their own.")
                    % {"line": seen[address]},
                )
            )
        seen.setdefault(address, number)
    return problems


def _one_authority(members: Sequence[tuple[int, ImportedLine]]) -> list[Problem]:
    first = members[0][1]
    return [
        Problem(
            number,
            str(form.fields["organisation"].label),
            _("The lines of one request name one authority; line %(line)d names another.")
            % {"line": members[0][0]},
        )
        for number, form in members[1:]
        if form.found != first.found
        or fold(form.cleaned_data.get("organisation", "")) != fold(first.cleaned_data.get("organisation", ""))
    ]


def _request(
    members: Sequence[tuple[int, ImportedLine]], table: Table, *, edition: Edition, by: User, vouched: bool
) -> Planned:
    number, first = members[0]
    people = [_person(form, is_contact=form is first) for _number, form in members]
    return Planned(
        [number for number, _form in members],
        BookingRequest(
            key=uuid.uuid5(table.key, f"line {number}"),
            edition=edition,
            source=Source.IMPORT,
            category=first.category_or_default(),
            organisation=first.found,
            organisation_name=first.found.name_fr if first.found else first.cleaned_data["organisation"],
            organisation_kind=first.kind,
            given_name=people[0].given_name,
            family_name=people[0].family_name,
            email=people[0].email,
            language=people[0].language,
            together=len(people) > 1 and any(form.cleaned_data["together"] for _number, form in members),
            people=people,
            by=by,
            vouched=vouched,
        ),
    )


def _person(form: ImportedLine, *, is_contact: bool) -> PersonDetails:
    data = form.cleaned_data
    names = (
        "given_name", "family_name", "name_zh", "job_title", "job_title_zh", "is_elected", "email", "honorific",
        "needs_interpretation", "chinese_partner", "sessions",
        "wishes",
    )  # fmt: skip
    return PersonDetails(
        is_contact=is_contact,
        language=data["language"] or "fr",
        phone=str(data["phone"] or ""),
        meanwhile=form.meanwhile,
        **{name: data[name] for name in names},
    )
