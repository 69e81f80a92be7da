"""A platform says that ids are one citizen's: new number, new user id. From then on she is one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import identities
from models.enums import ChannelName
from models.messages import Sender
from models.tables import Identity


async def heed_aliases(
    session: AsyncSession,
    channel: ChannelName,
    senders: Sequence[Sender],
    known: Mapping[tuple[str, str], Identity],
    *,
    at: datetime,
) -> bool:
    """A message names several ids of its writer: join those that stood apart. True where something was joined."""
    named = {(one.scope, one.external_id): one for one in senders if one.aliases}
    aliases = {known[key].id or 0 for one in named.values() for key in _alias_keys(one) if key in known}
    talking = await identities.with_direct_threads(session, aliases)
    joined = False
    for one in named.values():
        mine = [known.get(key) for key in ((one.scope, one.external_id), *_alias_keys(one))]
        stand_apart = len({found.citizen_id if found else None for found in mine}) > 1
        if stand_apart or any(found and found.id in talking for found in mine[1:]):
            await join(session, channel, previous=one.aliases, current=[one.external_id], at=at, scope=one.scope)
            joined = True
    return joined


def _alias_keys(sender: Sender) -> list[tuple[str, str]]:
    return [(sender.scope, alias) for alias in sender.aliases]


async def join(
    session: AsyncSession,
    channel: ChannelName,
    *,
    previous: Sequence[str],
    current: Sequence[str],
    at: datetime,
    scope: str = "",
) -> None:
    """Make all ids one citizen's; her direct conversations go on under the first current id.

    The older citizen stays. Ids of which none is known say nothing about anybody here.
    """
    ids = list(dict.fromkeys((*previous, *current)))
    found = await identities.known(session, channel, scope, ids)
    if not found:
        return
    oldest = min(found.values(), key=lambda one: one.citizen_id)
    others = {one.citizen_id for one in found.values()} - {oldest.citizen_id}
    if others:
        await identities.merge_citizens(session, into=oldest.citizen_id, others=others)
        await session.refresh(oldest)
    await identities.add(session, oldest, [one for one in ids if one not in found], at=at)
    old = {found[one].id or 0 for one in previous if one in found}
    if current and old:
        now_known = await identities.known(session, channel, scope, current[:1])
        await identities.move_direct_threads(session, old=old, new=now_known[current[0]])
