"""Signed links to contributions: whoever has the link has the page. Nothing of them is stored."""

from django.urls import reverse

from assises.signed_links import Link, Tokens
from program.models import Contribution, Speaker

#: screen: shown right after the form was sent; it lets one look, and nothing else.
#: proposer: in letters to whoever proposed; it proves the address, and changes and withdraws.
#: speaker: in letters to the speaker; it confirms or declines.
_tokens = Tokens("program.links", {"s": "screen", "c": "proposer", "i": "speaker"})
read = _tokens.read


def screen_token(contribution: Contribution) -> str:
    return _tokens.write("screen", contribution.pk, _tokens.version_of(contribution.email))


def proposer_token(contribution: Contribution) -> str:
    return _tokens.write("proposer", contribution.pk, _tokens.version_of(contribution.email))


def speaker_token(contribution: Contribution, speaker: Speaker) -> str:
    """Dies with the speaker's address, and when somebody else is to speak."""
    return _tokens.write("speaker", contribution.pk, _tokens.version_of(speaker.pk, speaker.email))


def is_alive(link: Link, contribution: Contribution) -> bool:
    """Whether the address that the link was sent to is still the right one."""
    if link.kind == "speaker":
        speaker = contribution.speaker
        return speaker is not None and link.version == _tokens.version_of(speaker.pk, speaker.email)
    return link.version == _tokens.version_of(contribution.email)


def own_page(token: str) -> str:
    """The path of the proposer's page behind the token, in the active language."""
    return reverse("contributions:own_page", args=[token])


def speaker_page(token: str) -> str:
    """The path of the speaker's page behind the token, in the active language."""
    return reverse("contributions:speaker", args=[token])
