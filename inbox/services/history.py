"""Appends to the hash chain of an application's history. Links are never changed; contents may be erased."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications
from inbox.rules.history import GENESIS, content_digest, link_hash
from models.tables import HistoryContent, HistoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryNote:
    """A step to be appended to an application's chain. `actor` is as in `HistoryEntry.actor`."""

    application_id: int
    actor: str
    action: str
    content: Mapping[str, Any] = field(default_factory=dict)


async def append(session: AsyncSession, notes: Sequence[HistoryNote], *, at: datetime) -> None:
    """Append links to the applications' chains, in the order given."""
    if not notes:
        return
    chains = {note.application_id for note in notes}
    await applications.hold_chains(session, chains)
    ends = await applications.chain_ends(session, chains)
    links = []
    for note in notes:
        position, previous = ends.get(note.application_id, (0, GENESIS))
        entry, content = _link(note, position=position + 1, previous=previous, at=at)
        ends[note.application_id] = (entry.position, entry.hash)
        links.append((entry, content))
    await applications.add_history(session, links)


def _link(note: HistoryNote, *, position: int, previous: str, at: datetime) -> tuple[HistoryEntry, HistoryContent]:
    salt = secrets.token_bytes(16)
    digest = content_digest(salt, note.content)
    entry = HistoryEntry(
        application_id=note.application_id,
        position=position,
        at=at,
        actor=note.actor,
        action=note.action,
        content_digest=digest,
        previous_hash=previous,
        hash=link_hash(
            previous=previous,
            application_id=note.application_id,
            position=position,
            at=at,
            actor=note.actor,
            action=note.action,
            digest=digest,
        ),
    )
    return entry, HistoryContent(entry_id=0, salt=salt, content=dict(note.content))
