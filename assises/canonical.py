"""Plain values in one form, so that the same content always has the same hash."""

import hashlib
import json
from typing import Any


def hash_of(content: Any) -> str:
    """SHA-256, 64 hexadecimal digits, of the canonical form: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
