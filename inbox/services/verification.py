"""Looks whether the chains of history still hold. Changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, chains
from inbox.repositories.chains import StoredLink
from inbox.rules.history import Flaw, Link, flaws
from models.errors import InputError

PAGE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    number: str
    position: int
    problem: str


@dataclass(slots=True)
class Walk:
    """What a verification has seen so far."""

    links: int = 0
    broken: int = 0


async def broken_links(session: AsyncSession, walk: Walk, *, number: str = "") -> AsyncIterator[BrokenLink]:
    """All chains, or the one of application `number` (InputError where there is none), a page in memory at a time."""
    application_id = await _application_id(session, number) if number else None
    missing = await chains.without_chain(session, application_id=application_id)
    for flaw in await _named(session, [Flaw(one, 0, "it has no history") for one in missing]):
        walk.broken += 1
        yield flaw
    last: Link | None = None
    while True:
        place = (last.application_id, last.position) if last else (0, 0)
        page = await chains.links_behind(session, place, limit=PAGE, application_id=application_id)
        if not page:
            return
        links = [_link(one) for one in page]
        walk.links += len(links)
        for flaw in await _named(session, list(flaws(links, before=last))):
            walk.broken += 1
            yield flaw
        last = links[-1]
        session.expunge_all()


async def _application_id(session: AsyncSession, number: str) -> int | None:
    found = await applications.by_number(session, number)
    if found is None:
        raise InputError(f"no application has the number {number!r}")
    return found.id


async def _named(session: AsyncSession, found: list[Flaw]) -> list[BrokenLink]:
    if not found:
        return []
    numbers = await chains.numbers(session, sorted({flaw.application_id for flaw in found}))
    return [
        BrokenLink(
            number=numbers.get(flaw.application_id, f"#{flaw.application_id}"),
            position=flaw.position,
            problem=flaw.problem,
        )
        for flaw in found
    ]


def _link(stored: StoredLink) -> Link:
    entry, content = stored
    return Link(
        application_id=entry.application_id,
        position=entry.position,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        content_digest=entry.content_digest,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
        salt=content.salt if content else None,
        content=content.content if content else None,
    )
