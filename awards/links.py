"""Signed links to applications: whoever has the link writes in the application. Nothing of them is stored."""

from django.urls import reverse

from assises.signed_links import Link, Tokens
from awards.models import Editor

#: One link for each person of the pair, in their letters; it dies with their address, or when they are taken out.
_tokens = Tokens("awards.links", {"e": "editor"})
read = _tokens.read


def token_of(editor: Editor) -> str:
    return _tokens.write("editor", editor.pk, _tokens.version_of(editor.email))


def is_alive(link: Link, editor: Editor) -> bool:
    """Whether the address that the link was sent to is still the right one."""
    return link.version == _tokens.version_of(editor.email)


def own_page(token: str) -> str:
    """The path of the application behind the token, in the active language."""
    return reverse("awards:own_page", args=[token])
