"""Plain values in one form, so that the same content always has the same hash."""

import hashlib
import json
from typing import Any


def canonical(content: Any) -> bytes:
    """JSON with its keys sorted, no spaces, in UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(content: Any) -> str:
    """SHA-256, 64 hexadecimal digits, of the canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()
