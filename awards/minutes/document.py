"""The minutes of the jury as a document in both languages, under the same article numbers."""

from collections.abc import Iterable

from assises.canonical import canonical
from assises.documents import Attached, render_pdf
from awards.minutes.reading import readable, signers
from awards.models import JuryMinutes, MinutesSignature

#: The first is the language of the document, and of the order of the two sides.
BOTH = ["fr", "zh-hans"]


def minutes_pdf(minutes: JuryMinutes, signatures: Iterable[MinutesSignature]) -> bytes:
    """On A4. “Projet / 草案” stands across each page until all four have signed.

    Then it is for the archive (PDF/A-3 and PDF/UA-1), with the data attached whose SHA-256 is the printed hash; made
    again, it has the same bytes.
    """
    assert minutes.content is not None
    signatures = list(signatures)
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
        content=readable(minutes.content, minutes.call),
        signers=signers(minutes.content, signatures),
    )


def _data(minutes: JuryMinutes) -> Attached:
    assert minutes.signed_at is not None
    return Attached(
        name=f"{minutes.label}.json",
        content=canonical(minutes.content),
        media_type="application/json",
        description=f"SHA-256 {minutes.digest}",
        at=minutes.signed_at,
    )
