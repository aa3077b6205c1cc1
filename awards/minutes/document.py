"""The minutes of the jury as a document in both languages, under the same article numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from assises.canonical import canonical
from assises.documents import BOTH, Attached, MissingSigns, render_pdf
from awards.minutes.reading import readable, signers
from awards.models import JuryMinutes, MinutesSignature

#: What printers set for a sign that they do not have.
MISSING = "〓"


def minutes_pdf(minutes: JuryMinutes, signatures: Iterable[MinutesSignature]) -> bytes:
    """On A4. “Projet / 草案” stands across each page until all four have signed.

    Then it is for the archive (PDF/A-3 and PDF/UA-1), with the data attached whose SHA-256 is the printed hash; made
    again, it has the same bytes. A sign that no face of ours has is printed as ``MISSING``.
    """
    assert minutes.content is not None
    try:
        return _drawn(minutes, minutes.content, list(signatures))
    except MissingSigns as missing:
        # A rare hanzi in a name, a picture in a title: the attached data has it.
        shown = _without(minutes.content, dict.fromkeys(missing.signs, MISSING))
        return _drawn(minutes, shown, list(signatures), has_gaps=True)


def _drawn(
    minutes: JuryMinutes, content: Any, signatures: list[MinutesSignature], *, has_gaps: bool = False
) -> bytes:
    signed = ",".join(f"{s.member_id} {s.at.isoformat()}" for s in signatures)
    return render_pdf(
        "awards/pdf/minutes.html",
        language=BOTH[0],
        identifier=f"{minutes.label} {minutes.digest} {signed}",
        archive=minutes.is_signed,
        attached=[_data(minutes)] if minutes.is_signed else [],
        languages=BOTH,
        edition=minutes.call.edition,
        minutes=minutes,
        content=readable(content, minutes.call),
        signers=signers(content, signatures),
        has_gaps=has_gaps,
    )


def _without(content: Any, signs: Mapping[int, str]) -> Any:
    """Plain values with these signs in their texts replaced."""
    match content:
        case str():
            return content.translate(signs)
        case dict():
            return {name: _without(value, signs) for name, value in content.items()}
        case list():
            return [_without(value, signs) for value in content]
    return content


def _data(minutes: JuryMinutes) -> Attached:
    assert minutes.signed_at is not None
    return Attached(
        name=f"{minutes.label}.json",
        content=canonical(minutes.content),
        media_type="application/json",
        description=f"SHA-256 {minutes.digest}",
        at=minutes.signed_at,
    )
