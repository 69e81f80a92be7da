"""The hash chain of an application's history: digests are salted, so that contents can be erased later."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stored link. `salt` and `content` are None where the content was erased."""

    application_id: int
    position: int
    at: datetime
    actor: str
    action: str
    content_digest: str
    previous_hash: str
    hash: str
    salt: bytes | None = None
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where a chain does not hold, in words for the administrator."""

    application_id: int
    position: int
    problem: str


def content_digest(salt: bytes, content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the salt and the content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + canonical.encode()).hexdigest()


def link_hash(
    *, previous: str, application_id: int, position: int, at: datetime, actor: str, action: str, digest: str
) -> str:
    """Hex SHA-256 over the link before and everything that this link says."""
    moment = at.astimezone(UTC).isoformat()
    parts = (previous, str(application_id), str(position), moment, actor, action, digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def flaws(links: Iterable[Link], *, before: Link | None = None) -> Iterator[Flaw]:
    """What is wrong with links in order of application and position; `before` is the link that came just before."""
    for link in links:
        follows = before if before is not None and before.application_id == link.application_id else None
        yield from (Flaw(link.application_id, link.position, problem) for problem in _problems(link, follows))
        before = link


def _problems(link: Link, before: Link | None) -> Iterator[str]:
    if link.position != (before.position if before else 0) + 1:
        yield "a link is missing before this one"
    elif link.previous_hash != (before.hash if before else GENESIS):
        yield "it does not continue the link before it"
    if link.hash != _hash_of(link):
        yield "time, actor, action or digest were changed"
    if link.salt is not None and content_digest(link.salt, link.content or {}) != link.content_digest:
        yield "its content was changed"


def _hash_of(link: Link) -> str:
    return link_hash(
        previous=link.previous_hash,
        application_id=link.application_id,
        position=link.position,
        at=link.at,
        actor=link.actor,
        action=link.action,
        digest=link.content_digest,
    )
