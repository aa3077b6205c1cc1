"""Signed links to contributions: whoever has the link has the page. Nothing of them is stored."""

from dataclasses import dataclass
from typing import Literal

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from program.models import Contribution, Speaker

#: screen: shown right after the form was sent; it lets one look, and nothing else.
#: proposer: in letters to whoever proposed; it proves the address, and changes and withdraws.
#: speaker: in letters to the speaker; it confirms or declines.
Kind = Literal["screen", "proposer", "speaker"]

_LETTERS: dict[str, Kind] = {"s": "screen", "c": "proposer", "i": "speaker"}
_signer = Signer(sep=".", salt="program.links")


@dataclass(frozen=True)
class Link:
    """What a token stands for. ``version`` stands for the address it was sent to: the link dies with it."""

    kind: Kind
    pk: int
    version: str


def version_of(*parts: object) -> str:
    """Changes with any of the parts: with it, older links die."""
    return salted_hmac("program.links.version", "\n".join(str(part).lower() for part in parts)).hexdigest()[
        :8
    ]


def screen_token(contribution: Contribution) -> str:
    return _signer.sign(f"s{contribution.pk}-{version_of(contribution.email)}")


def proposer_token(contribution: Contribution) -> str:
    return _signer.sign(f"c{contribution.pk}-{version_of(contribution.email)}")


def speaker_token(contribution: Contribution, speaker: Speaker) -> str:
    """Dies with the speaker's address, and when somebody else is to speak."""
    return _signer.sign(f"i{contribution.pk}-{version_of(speaker.pk, speaker.email)}")


def read(token: str) -> Link | None:
    """What the token stands for; None if it was not signed here."""
    try:
        value = _signer.unsign(token)
    except BadSignature:
        return None
    pk, _dash, version = value[1:].partition("-")
    return Link(_LETTERS[value[0]], int(pk), version)


def is_alive(link: Link, contribution: Contribution) -> bool:
    """Whether the address that the link was sent to is still the right one."""
    if link.kind == "speaker":
        speaker = contribution.speaker
        return speaker is not None and link.version == version_of(speaker.pk, speaker.email)
    return link.version == version_of(contribution.email)


def own_page(token: str) -> str:
    """The path of the proposer's page behind the token, in the active language."""
    return reverse("contributions:own_page", args=[token])


def speaker_page(token: str) -> str:
    """The path of the speaker's page behind the token, in the active language."""
    return reverse("contributions:speaker", args=[token])
