"""The hash chain of an application's history: digests are salted, so that contents can be erased later."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def content_digest(salt: bytes, content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the salt and the content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + canonical.encode()).hexdigest()


def link_hash(
    *, previous: str, application_id: int, position: int, at: str, actor: str, action: str, digest: str
) -> str:
    """Hex SHA-256 over the link before and everything that this link says."""
    parts = (previous, str(application_id), str(position), at, actor, action, digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
