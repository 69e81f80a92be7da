"""Names of people of whom a platform told ids alone: asked for once, when they first write. Commits nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, citizens, lookups, search
from models.enums import ChannelName
from models.messages import ChannelEvent, Sender
from models.tables import Identity, Lookup

PERSON, SCOPE = "person_id", "scope"
"""Of a `Lookup`'s pointer, where it leads to a person."""


def unnamed(
    account_id: int, events: Sequence[ChannelEvent], known_as: Mapping[tuple[str, str], Identity], *, at: datetime
) -> list[Lookup]:
    """Lookups for those who write for the first time, now, and without a name."""
    senders = {event.sender for event in events if event.sender and event.sender.known_by_id_alone}
    return [
        Lookup(
            account_id=account_id,
            external_id=f"{PERSON}:{one.external_id}",
            pointer={PERSON: one.external_id, SCOPE: one.scope},
            due_at=at,
        )
        for one in sorted(senders, key=lambda one: one.external_id)
        if known_as[(one.scope, one.external_id)].created_at == at
    ]


def person_of(row: Lookup) -> str:
    """Whose names are asked for; empty where a message's words are."""
    return str(row.pointer.get(PERSON, ""))


async def take_in(session: AsyncSession, row: Lookup, channel: ChannelName, sender: Sender | None) -> Sequence[int]:
    """The answer came, or nobody tells her names (None): her applications, which show her name now.

    Who was erased in between stays nameless.
    """
    await lookups.forget(session, row)
    if sender is None or not (sender.display_name or sender.handle):
        return ()
    identity_id = await citizens.give_names(session, channel, row.pointer[SCOPE], sender)
    if identity_id is None:
        return ()
    touched = await applications.ids_of_identity(session, identity_id)
    await search.index_applications(session, touched)
    return touched
