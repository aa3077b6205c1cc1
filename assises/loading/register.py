"""The decision register: meetings, their conclusions, candidates with their sources, voices of the sides.

What people have changed since a file was loaded is theirs: it is left alone.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from assises.enums import AgreementStatus, ItemKind, Side, Workstream
from assises.loading.files import Load, Row, table
from assises.loading.planning import OWNERS, contacts_by_address, is_of_people, milestones_of
from assises.models import Candidate, Edition, Meeting, Preference, RegisterItem
from assises.register.subjects import subject_by_code

WORKSTREAMS = ["", *Workstream.values]


# After the tables of all apps: an item may be about an object of any of them.
@table(90)
def load_meetings(run: Load) -> None:
    assert run.edition is not None
    columns = [
        "code", "title_fr", "title_zh_hans", "held_on", "place_fr", "place_zh_hans", "workstream", "attendance_fr",
        "attendance_zh_hans", "follows", "note",
    ]  # fmt: skip
    found: dict[str, Meeting] = {}
    texts = ("title_zh_hans", "place_fr", "place_zh_hans", "attendance_fr", "attendance_zh_hans", "note")
    for row in run.rows("meetings.csv", columns, optional=True):
        code = row.text("code", required=True)
        found[code] = row.upsert(
            Meeting,
            {"edition": run.edition, "code": code},
            {
                "title_fr": row.text("title_fr", required=True),
                **{name: row.text(name) for name in texts},
                "held_on": row.date("held_on"),
                "workstream": row.choice("workstream", WORKSTREAMS),
                "follows": row.reference("follows", found),
            },
        )


@table(91)
def load_items(run: Load) -> None:
    edition = run.edition
    assert edition is not None
    people = contacts_by_address()
    meetings = {meeting.code: meeting for meeting in edition.meetings.all()}
    columns = [
        "code", "kind", "status", "workstream", "meeting", "order", "text_fr", "text_zh_hans", "detail_fr",
        "detail_zh_hans", "outcome_fr", "outcome_zh_hans", "raised_by", "owner_side", "organisation", "person", "due_on",
        "settled_on", "source", "subject", "subject_field", "blocks_items", "blocks_milestones",
    ]  # fmt: skip
    texts = (
        "text_fr", "text_zh_hans", "detail_fr", "detail_zh_hans", "outcome_fr", "outcome_zh_hans", "source", "subject_field",
    )  # fmt: skip
    last = edition.register_items.aggregate(last=Max("number"))["last"] or 0
    loaded: list[tuple[Row, RegisterItem]] = []
    for row in run.rows("register.csv", columns, optional=True):
        natural = {"edition": edition, "code": row.text("code", required=True)}
        if is_of_people(RegisterItem, natural):
            continue
        # What the programme kept before there was a register has no code yet: it is the same point.
        RegisterItem.objects.filter(edition=edition, code="", text_fr=row.text("text_fr"), version=1).exclude(
            subject_id=None
        ).update(code=natural["code"])
        number = RegisterItem.objects.filter(**natural).values_list("number", flat=True).first()
        if number is None:
            last = number = last + 1
        item = row.upsert(
            RegisterItem,
            natural,
            {
                "number": number,
                "kind": row.choice("kind", ItemKind.values),
                "status": row.choice("status", AgreementStatus.values),
                "workstream": row.choice("workstream", WORKSTREAMS),
                "meeting": row.reference("meeting", meetings),
                "order": row.number("order") or 0,
                **{name: row.text(name) for name in texts},
                **{name: row.choice(name, OWNERS) for name in ("raised_by", "owner_side")},
                "organisation": row.reference("organisation", run.organisations),
                "person": row.reference("person", people),
                **{name: row.date(name) for name in ("due_on", "settled_on")},
                **_subject(run, row, edition),
            },
        )
        loaded.append((row, item))
    run.stop_if_broken()
    _link(edition, loaded)


def _subject(run: Load, row: Row, edition: Edition) -> dict[str, Any]:
    """What ``session:gala-dinner`` stands for, as the two columns of the item."""
    key = row.text("subject")
    if not key:
        return {"subject_type": None, "subject_id": None}
    about = subject_by_code(edition, key)
    if about is None:
        row.reference("subject", {})
        return {}
    return {"subject_type": ContentType.objects.get_for_model(about), "subject_id": about.pk}


def _link(edition: Edition, loaded: list[tuple[Row, RegisterItem]]) -> None:
    """What waits for each item."""
    codes = {item.code: item for item in edition.register_items.exclude(code="")}
    milestones = milestones_of(edition)
    for row, item in loaded:
        for name, known in (("blocks_items", codes), ("blocks_milestones", milestones)):
            for word in row.words(name):
                if word not in known:
                    row.reference(name, known)
            wanted = {known[word] for word in row.words(name) if word in known}
            links = getattr(item, name)
            if set(links.all()) != wanted:
                links.set(wanted)


@table(92)
def load_candidates(run: Load) -> None:
    assert run.edition is not None
    items = {item.code: item for item in run.edition.register_items.exclude(code="")}
    columns = [
        "item", "order", "text_fr", "text_zh_hans", "starts_on", "ends_on", "proposed_by", "source",
    ]  # fmt: skip
    for row in run.rows("candidates.csv", columns, optional=True):
        item = row.reference("item", items, required=True)
        if item and item.version == 1:
            row.upsert(
                Candidate,
                {"item": item, "order": row.number("order") or 0},
                {
                    **{name: row.text(name) for name in ("text_fr", "text_zh_hans", "source")},
                    **{name: row.date(name) for name in ("starts_on", "ends_on")},
                    "proposed_by": row.choice("proposed_by", OWNERS),
                },
            )


@table(93)
def load_voices(run: Load) -> None:
    assert run.edition is not None
    items = {item.code: item for item in run.edition.register_items.exclude(code="")}
    for row in run.rows("voices.csv", ["item", "side", "candidate", "comment", "at"], optional=True):
        item = row.reference("item", items, required=True)
        side = row.choice("side", Side.values)
        if item is None or Preference.objects.filter(item=item, side=side).exists():
            # Given already: a side may have changed its mind since.
            continue
        candidates = {str(candidate.order): candidate for candidate in item.candidates.all()}
        candidate = row.reference("candidate", candidates, required=True)
        if candidate:
            row.upsert(
                Preference,
                {"item": item, "side": side},
                {
                    "candidate": candidate,
                    "comment": row.text("comment"),
                    "at": row.moment("at", run.edition.time_zone),
                },
            )
