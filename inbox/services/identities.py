"""A platform says that ids are one citizen's: new number, new user id. From then on she is one."""

from collections import defaultdict
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
    by_scope: dict[str, list[Sender]] = defaultdict(list)
    for one in senders:
        if one.aliases:
            by_scope[one.scope].append(one)
    reused = set[tuple[str, str, str]]()
    for scope, named in by_scope.items():
        ids = {name for one in named for name in (one.external_id, *one.aliases)}
        known = await identities.known(session, channel, scope, ids)
        keys = await identities.talking_under(session, channel, {one.citizen_id for one in known.values()})
        reused |= {
            (scope, one.external_id, alias)
            for one in named
            for alias in one.aliases
            if _is_anothers(one, known.get(one.external_id), known.get(alias), keys)
        }
    return [
        replace(one, aliases=tuple(name for name in one.aliases if (one.scope, one.external_id, name) not in reused))
        for one in senders
    ]


def _is_anothers(
    sender: Sender, mine: Identity | None, alias: Identity | None, keys: Mapping[int, frozenset[str]]
) -> bool:
    if alias is None or (mine is not None and mine.citizen_id == alias.citizen_id):
        return False
    return bool(keys.get(alias.citizen_id, frozenset()) - {sender.external_id, *sender.aliases})


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
