"""Letters as organisers read them: without the links by which their reader acts."""

import re

#: A signed token (``assises.signed_links``) at the end of an address, or within it.
_TOKEN = re.compile(r"(?<=/)[a-z]\d+-[^/\s\"'<>]*\.[\w-]{20,}")


def without_links(letter: str) -> str:
    """The text or the HTML of a letter, each token of a link replaced: who reads another one's letter does not act for them."""
    return _TOKEN.sub("…", letter)
