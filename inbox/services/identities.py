"""A platform says that ids are one citizen's: new number, new user id. From then on she is one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import identities
from models.enums import ChannelName
from models.messages import Sender
from models.tables import Identity


async def without_reused(session: AsyncSession, channel: ChannelName, senders: Sequence[Sender]) -> Sequence[Sender]:
    """The senders, without aliases that have passed to them from somebody else (a telephone number given away).

    So it is where the alias is a citizen's who talks to us under another key, and no notice has called the two one:
    platforms tell of a changed key. Told apart wrongly, one citizen stands here twice; told together wrongly, a
    stranger reads what was written to another.
    """
    kept = list(senders)
    for scope in sorted({one.scope for one in senders if one.aliases}):
        named = {name for one in senders if one.scope == scope for name in (one.external_id, *one.aliases)}
        known = await identities.known(session, channel, scope, named)
        keys = await identities.talking_under(session, channel, {one.citizen_id for one in known.values()})
        kept = [_without_anothers(one, known, keys) if one.scope == scope else one for one in kept]
    return kept


def _without_anothers(sender: Sender, known: Mapping[str, Identity], keys: Mapping[int, frozenset[str]]) -> Sender:
    mine, own = known.get(sender.external_id), {sender.external_id, *sender.aliases}

    def is_hers(alias: str) -> bool:
        found = known.get(alias)
        if found is None or (mine is not None and mine.citizen_id == found.citizen_id):
            return True
        return keys.get(found.citizen_id, frozenset()) <= own

    return replace(sender, aliases=tuple(filter(is_hers, sender.aliases)))


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
