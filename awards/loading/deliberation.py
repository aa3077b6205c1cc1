"""How the jury of the demonstration has deliberated, and who has signed its minutes, at the hours that the files say."""

import datetime as dt

from assises.enums import Side
from assises.exceptions import Refusal
from assises.loading.files import Load, Row
from awards import services
from awards.enums import Choice, Effect, JuryRole
from awards.loading.applications import key_of
from awards.models import AgendaItem, Application, Call, Motion
from awards.wording import Wording

MOTIONS = [
    "at", "item", "effect", "category", "applications", "french", "chinese", "text_fr", "text_zh_hans",
]  # fmt: skip
#: What a letter of a vote says; a dash is somebody who is out of the room.
SAID = {"y": Choice.YES, "n": Choice.NO, "a": Choice.ABSTAIN}
_BEFORE, _AFTER = dt.timedelta(minutes=12), dt.timedelta(minutes=9)
_VOTE, _COUNT = dt.timedelta(minutes=3), dt.timedelta(minutes=5)


def deliberate(run: Load, call: Call, _opens: dt.datetime, at: dt.datetime) -> None:
    """One sitting, the whole jury in the room; the motions that were voted on until ``at``, each with its votes.

    It stays open while there are motions ahead.
    """
    assert run.edition is not None
    president = call.jury.presidents().select_related("user").get(side=Side.FRENCH).user
    last: dt.datetime | None = None
    for number, row in enumerate(run.rows("award_motions.csv", MOTIONS, optional=True), 1):
        moved = row.moment("at", run.edition.time_zone)
        if moved is None or moved + _COUNT > at:
            return
        last = moved + _COUNT
        if Motion.objects.filter(item__call=call, number=number).exists():
            continue
        try:
            if not call.sittings.open().exists():
                services.open_sitting(call, at=moved - _BEFORE, by=president)
            _vote(call, row, moved)
        except Refusal as refused:
            row.fault("at", str(refused))
            return
    if last is not None and call.sittings.open().exists():
        services.close_sitting(call, at=last + _AFTER, by=president)


def sign(run: Load, call: Call, opens: dt.datetime, at: dt.datetime) -> None:
    """The minutes, begun when the results were sealed; the signatures that were given until ``at``."""
    assert run.edition is not None
    if not call.minutes.exists():
        clerk = call.jury.secretaries().select_related("user").get(side=Side.FRENCH)
        services.begin_minutes(call, at=opens, by=clerk.user)
    services.write_minutes(at=opens)
    for row in run.rows("award_signatures.csv", ["email", "signed_at"], optional=True):
        signed = row.moment("signed_at", run.edition.time_zone)
        member = row.reference("email", {m.user.email: m for m in call.jury.select_related("user")})
        minutes = call.minutes.get()
        if member is None or signed is None or signed > at:
            continue
        try:
            services.sign_minutes(minutes, digest=minutes.digest, at=signed, by=member.user)
        except Refusal as refused:
            row.fault("email", str(refused))
    services.write_minutes(at=at)


def _vote(call: Call, row: Row, moved: dt.datetime) -> None:
    members = list(
        call.jury.exclude(role=JuryRole.SUBSTITUTE).select_related("user", "call__edition", "pledge")
    )
    _here(call, moved)
    voters = {side: [m for m in members if m.side == side and m.votes] for side in Side}
    said = dict(zip(Side, (row.text("french"), row.text("chinese")), strict=True))
    first = next(
        m for m, letter in zip(voters[Side.FRENCH], said[Side.FRENCH], strict=True) if letter in SAID
    )
    president = next(m for m in voters[Side.FRENCH] if m.is_president).user
    applications = [_application(call, row, code) for code in row.text("applications").split()]
    motion = services.move(
        _item(call, row, moved),
        Effect(row.choice("effect", Effect.values)),
        applications,
        category=call.categories.filter(code=row.text("category")).first(),
        at=moved,
        by=first.user,
    )
    motion = services.open_vote(motion, at=moved, by=president)
    _here(call, moved + _VOTE)
    for side in Side:
        for member, letter in zip(voters[side], said[side], strict=True):
            if letter in SAID:
                services.vote(motion, SAID[letter], at=moved + _VOTE, by=member.user)
    _here(call, moved + _COUNT)
    services.close_vote(motion, at=moved + _COUNT, by=president)


def _here(call: Call, at: dt.datetime) -> None:
    """Their pages keep them in the room."""
    for member in call.jury.exclude(role=JuryRole.SUBSTITUTE).select_related("user", "pledge"):
        services.enter(member, at=at)


def _item(call: Call, row: Row, at: dt.datetime) -> AgendaItem:
    """The item with this number; without one, an item of its own."""
    number = row.number("item")
    if number is not None:
        return call.agenda.select_related("call", "category").get(number=number)
    president = call.jury.presidents().select_related("user").get(side=Side.FRENCH).user
    text = Wording(row.text("text_fr"), row.text("text_zh_hans"))
    return services.add_item(call, text, [], at=at, by=president)


def _application(call: Call, row: Row, code: str) -> Application:
    own = Row(row.file, row.line, {"code": code}, row.faults)
    return call.applications.select_related("category").get(key=key_of(call, own))
