"""Citizens and their identities."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_all, lock
from models.enums import ChannelName
from models.messages import Sender
from models.tables import Citizen, Identity

IdentityKey = tuple[str, str]
"""(scope, external id) within one channel."""


async def ensure_identities(
    session: AsyncSession, channel: ChannelName, senders: Sequence[Sender], *, at: datetime
) -> Mapping[IdentityKey, Identity]:
    """The identity of each sender, made where it is new. Aliases become identities of the same citizen."""
    wanted = {(sender.scope, name) for sender in senders for name in (sender.external_id, *sender.aliases)}
    known = await _find(session, channel, wanted)
    fresh = [sender for sender in _distinct(senders) if (sender.scope, sender.external_id) not in known]
    if fresh:
        await _add(session, channel, fresh, known, at)
        known = await _find(session, channel, wanted)
    return known


async def citizen(session: AsyncSession, citizen_id: int) -> Citizen | None:
    return await session.get(Citizen, citizen_id)


async def known_names(session: AsyncSession, citizen_ids: Sequence[int]) -> dict[int, list[str]]:
    """Every name, account and id under which these citizens are known."""
    names: dict[int, list[str]] = {key: [] for key in citizen_ids}
    query = select(Citizen.id, Citizen.display_name).where(Citizen.id.in_(citizen_ids))
    for key, name in (await session.exec(query)).all():
        names[key or 0].append(name)
    known = select(Identity.citizen_id, Identity.display_name, Identity.handle, Identity.external_id)
    for key, *found in (await session.exec(known.where(Identity.citizen_id.in_(citizen_ids)))).all():
        names[key] += found
    return names


async def identity(session: AsyncSession, identity_id: int) -> Identity:
    return await session.get_one(Identity, identity_id)


async def give_names(session: AsyncSession, channel: ChannelName, scope: str, sender: Sender) -> int | None:
    """Names for somebody who had none; her identity, or None where nobody has this id any more."""
    query = select(Identity).where(
        Identity.channel == channel, Identity.scope == scope, Identity.external_id == sender.external_id
    )
    found = (await session.exec(query)).first()
    if found is None:
        return None
    found.display_name = found.display_name or sender.display_name
    found.handle = found.handle or sender.handle
    owner = await session.get_one(Citizen, found.citizen_id)
    owner.display_name = owner.display_name or sender.display_name or sender.handle
    session.add_all([found, owner])
    await session.flush()
    return found.id


async def set_unreachable(session: AsyncSession, identity_id: int, *, at: datetime) -> None:
    await session.exec(update(Identity).where(Identity.id == identity_id).values(unreachable_at=at))


async def set_blocked(session: AsyncSession, identity_id: int, *, at: datetime | None) -> None:
    """`at` None opens her again."""
    await session.exec(update(Identity).where(Identity.id == identity_id).values(blocked_at=at))


async def find_identity(
    session: AsyncSession, channel: ChannelName, external_id: str, *, scopes: Sequence[str]
) -> Identity | None:
    query = select(Identity).where(
        Identity.channel == channel, Identity.external_id == external_id, Identity.scope.in_(scopes)
    )
    return (await session.exec(query)).first()


async def _find(session: AsyncSession, channel: ChannelName, keys: set[IdentityKey]) -> dict[IdentityKey, Identity]:
    query = select(Identity).where(
        Identity.channel == channel, tuple_(Identity.scope, Identity.external_id).in_(sorted(keys))
    )
    return {(found.scope, found.external_id): found for found in await session.exec(query)}


async def _add(
    session: AsyncSession,
    channel: ChannelName,
    senders: Sequence[Sender],
    known: Mapping[IdentityKey, Identity],
    at: datetime,
) -> None:
    owners = [_known_citizen(sender, known) for sender in senders]
    strangers = [
        Citizen(display_name=sender.display_name or sender.handle, created_at=at)
        for sender, owner in zip(senders, owners, strict=True)
        if owner is None
    ]
    session.add_all(strangers)
    await session.flush()
    newcomers = iter(strangers)
    identities = [
        identity
        for sender, owner in zip(senders, owners, strict=True)
        for identity in _identities(sender, channel, owner or next(newcomers).id or 0, known, at)
    ]
    await insert_all(session, identities)


def _identities(
    sender: Sender, channel: ChannelName, citizen_id: int, known: Mapping[IdentityKey, Identity], at: datetime
) -> list[Identity]:
    return [
        Identity(
            citizen_id=citizen_id,
            channel=channel,
            scope=sender.scope,
            external_id=name,
            handle=sender.handle,
            display_name=sender.display_name,
            created_at=at,
        )
        for name in dict.fromkeys((sender.external_id, *sender.aliases))
        if (sender.scope, name) not in known
    ]


def _known_citizen(sender: Sender, known: Mapping[IdentityKey, Identity]) -> int | None:
    """The citizen of an alias that we know already."""
    found = (known.get((sender.scope, alias)) for alias in sender.aliases)
    return next((identity.citizen_id for identity in found if identity), None)


def _distinct(senders: Sequence[Sender]) -> list[Sender]:
    return list({(sender.scope, sender.external_id): sender for sender in senders}.values())


async def by_contacts(session: AsyncSession, contacts: Mapping[ChannelName, str]) -> Sequence[Identity]:
    """Identities under any of these ids, each of its channel; the oldest first.

    Held until the transaction ends: two calls of one new citizen must not make her twice.
    """
    if not contacts:
        return []
    await lock(session, "contacts")
    query = select(Identity).where(tuple_(Identity.channel, Identity.external_id).in_(sorted(contacts.items())))
    return (await session.exec(query.order_by(Identity.id))).all()
