"""Who may send a file: whoever was handed a grant by the page of an app."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

from assises.uploads.purposes import Purpose, purpose_of

_signer = Signer(sep=".", salt="assises.uploads")


@dataclass(frozen=True)
class Grant:
    """Leave to send files for one purpose and one target, and for nothing else."""

    purpose: Purpose
    target: str


def write_grant(purpose: str, target: str | int) -> str:
    """A token for the address to which files are sent; the same for the same target, so that a page can be reloaded.

    It does not run out: ``may_receive`` of the purpose is asked each time. An app whose target changes hands makes that
    part of ``target`` (``"12-3f9a"``), and looks at it there.
    """
    return _signer.sign(f"{purpose}:{target}")


def read_grant(token: str) -> Grant | None:
    """What the token allows; None if it was not signed here, or nobody receives such files any more."""
    try:
        name, _colon, target = _signer.unsign(token).partition(":")
    except BadSignature:
        return None
    purpose = purpose_of(name)
    return Grant(purpose, target) if purpose else None
