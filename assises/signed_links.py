"""Signed links: whoever has the link has the page. Nothing of them is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Link:
    """What a token stands for: a page of this kind, of this row.

    ``version`` stands for whoever the link was written to: it dies when somebody else takes over.
    """

    kind: str
    pk: int
    version: str = ""


class Tokens:
    """The tokens of one part of the software; those of another part are not read.

    ``kinds`` names each kind by the letter that its tokens begin with.
    """

    def __init__(self, salt: str, kinds: Mapping[str, str]) -> None:
        self._salt = salt
        self._kinds = dict(kinds)
        self._letters = {kind: letter for letter, kind in kinds.items()}
        self._signer = Signer(sep=".", salt=salt)

    def write(self, kind: str, pk: int, version: str) -> str:
        return self._signer.sign(f"{self._letters[kind]}{pk}-{version}")

    def read(self, token: str) -> Link | None:
        """What the token stands for; None if it was not signed here."""
        try:
            value = self._signer.unsign(token)
        except BadSignature:
            return None
        pk, _dash, version = value[1:].partition("-")
        return Link(self._kinds[value[0]], int(pk), version)

    def version_of(self, *parts: object) -> str:
        """Changes with any of the parts, capitals aside: with it, older links die."""
        text = "\n".join(str(part).lower() for part in parts)
        return salted_hmac(f"{self._salt}.version", text).hexdigest()[:8]
