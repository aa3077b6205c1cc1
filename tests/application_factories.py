"""Applications for tests, made in one line each. Nothing here is random."""

import datetime as dt
import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assises.canonical import hash_of
from assises.enums import OrganisationKind, Side
from assises.models import Edition, Organisation
from awards import services
from awards.enums import JuryRole, Opinion, Phase
from awards.models import Application, Call, Editor, JuryMember
from awards.models.application import TEXTS
from awards.pledges import text_of
from awards.services import Authority, Pair, Person
from tests.award_factories import CLOSES, OPENS, a_member, an_award, opened
from tests.factories import NUMBERS

#: While the call is open, and once the secretaries look at what has arrived.
SEPTEMBER = dt.datetime(2018, 9, 20, 8, tzinfo=dt.UTC)
OCTOBER = dt.datetime(2018, 10, 1, 8, tzinfo=dt.UTC)
A_LETTER = b"%PDF-1.7\n%%EOF\n"


def an_open_call(edition: Edition, **fields: Any) -> Call:
    """An award whose call is open, with both secretaries, who have signed their pledge."""
    call = an_award(edition, **fields)
    for side in Side:
        a_secretary(call, side)
    return opened(call)


def a_secretary(call: Call, side: Side) -> JuryMember:
    member = a_member(call, side, JuryRole.SECRETARY)
    services.sign_pledge(member, digest=hash_of(text_of(call)), at=OPENS)
    return member


def an_authority(side: Side, name: str = "") -> Organisation:
    number = next(NUMBERS)
    return Organisation.objects.create(
        code=f"authority-{number}",
        name_fr=name or f"Ville {number}",
        name_zh_hans=f"城市{number}",
        side=side,
        kind=OrganisationKind.COMMUNE,
    )


def authority(organisation: Organisation) -> Authority:
    return Authority(organisation, organisation.name_fr, organisation.side)


def a_pair(call: Call, *, french: Organisation | None = None, chinese: Organisation | None = None) -> Pair:
    return Pair(
        category=call.categories.exclude(theme=None)[0],
        french=authority(french or an_authority(Side.FRENCH)),
        chinese=authority(chinese or an_authority(Side.CHINESE)),
    )


def a_person(side: Side = Side.FRENCH, **fields: str) -> Person:
    names = {"given_name": "Camille", "family_name": "Exemple"} if side == Side.FRENCH else {"given_name": "示例", "family_name": "李"}  # fmt: skip
    language = "fr" if side == Side.FRENCH else "zh-hans"
    return Person(
        **{**names, "email": f"pair{next(NUMBERS)}@example.org", "language": language, "side": side, **fields}
    )


def begun(
    call: Call, *, original: str = "fr", at: dt.datetime = SEPTEMBER, pair: Pair | None = None, **person: str
) -> tuple[Application, Editor]:
    """A draft, with its pair and nothing else."""
    side = Side.FRENCH if original == "fr" else Side.CHINESE
    return services.begin(
        call, pair or a_pair(call), a_person(side, **person), original=original, key=uuid.uuid4(), at=at
    )


def texts(word: str = "Texte") -> dict[str, str]:
    return {field: f"{word} {field}" for field in TEXTS}


def a_file(
    name: str = "lettre.pdf", content: bytes = A_LETTER, media_type: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def a_picture_file(colour: str = "red", size: tuple[int, int] = (80, 60)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    return a_file("image.jpg", content.getvalue(), "image/jpeg")


def complete(row: Application, by: Editor, *, at: dt.datetime = SEPTEMBER) -> Application:
    """All that can be asked for without a film: texts, and both letters."""
    word = "文字" if row.original == "zh-hans" else "Texte"
    row = services.write_project(row, texts(word), seen=row.original_digest, at=at, by=by)
    for side in Side:
        services.attach_letter(row, side, a_file(), at=at, by=by)
    return row


def submitted(call: Call, *, at: dt.datetime = SEPTEMBER, **begins: Any) -> tuple[Application, Editor]:
    row, editor = begun(call, **begins)
    complete(row, editor)
    return services.submit(row, version=1, at=at, by=editor), editor


def looked_at(call: Call) -> Call:
    """The call has closed, and the secretaries look at what has arrived."""
    return opened(call, Phase.ADMISSIBILITY, at=CLOSES)


def find(
    row: Application, opinion: Opinion, *, at: dt.datetime = OCTOBER, reason: str = "Motif."
) -> Application:
    """Both secretaries find the same."""
    for member in row.call.jury.secretaries().select_related("user"):
        row = services.give_opinion(row, opinion, reason=reason, at=at, by=member.user)
    return row
