"""Joins ids that turned out to be one citizen's: her rows move, nothing of them is lost."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import ChannelName, Surface
from models.tables import AccessRecord, Application, Citizen, CitizenJoin, Conversation, Identity, PersonRequest

_OF_CITIZEN = (
    Identity.citizen_id,
    Conversation.citizen_id,
    Application.citizen_id,
    AccessRecord.citizen_id,
    PersonRequest.citizen_id,
    CitizenJoin.kept_id,
    CitizenJoin.joined_id,
)
"""Every column that names a citizen."""


async def known(
    session: AsyncSession, channel: ChannelName, scope: str, external_ids: Collection[str]
) -> Mapping[str, Identity]:
    """The identities of one scope by their ids."""
    query = select(Identity).where(
        Identity.channel == channel, Identity.scope == scope, col(Identity.external_id).in_(external_ids)
    )
    return {one.external_id: one for one in await session.exec(query)}


async def add(session: AsyncSession, like: Identity, external_ids: Sequence[str], *, at: datetime) -> None:
    """Further ids of the citizen who has the identity `like`."""
    rows = [
        Identity(
            citizen_id=like.citizen_id,
            channel=like.channel,
            scope=like.scope,
            external_id=external_id,
            handle=like.handle,
            display_name=like.display_name,
            blocked_at=like.blocked_at,
            created_at=at,
        )
        for external_id in external_ids
    ]
    await insert_new(session, rows)


async def with_direct_threads(session: AsyncSession, identity_ids: Collection[int]) -> set[int]:
    """Those of the identities under which a direct conversation stands."""
    query = select(Conversation.identity_id).where(
        Conversation.identity_id.in_(identity_ids), Conversation.surface == Surface.DIRECT
    )
    return set((await session.exec(query)).all()) if identity_ids else set()


async def talking_under(
    session: AsyncSession, channel: ChannelName, citizen_ids: Collection[int]
) -> Mapping[int, frozenset[str]]:
    """Under which ids each of these citizens has direct conversations on a channel."""
    query = (
        select(Identity.citizen_id, Identity.external_id)
        .join(Conversation, Conversation.identity_id == Identity.id)
        .where(
            Identity.channel == channel,
            Identity.citizen_id.in_(citizen_ids),
            Conversation.surface == Surface.DIRECT,
        )
        .distinct()
    )
    rows = (await session.exec(query)).all() if citizen_ids else ()
    return {key: frozenset(name for owner, name in rows if owner == key) for key in {owner for owner, _ in rows}}


async def merge_citizens(session: AsyncSession, *, into: int, others: Collection[int]) -> None:
    """Everything of `others` becomes that of the citizen `into`; the empty citizens go."""
    for column in _OF_CITIZEN:
        await session.exec(update(column.class_).where(column.in_(others)).values({column.key: into}))
    await session.exec(delete(Citizen).where(Citizen.id.in_(others)))


async def move_direct_threads(session: AsyncSession, *, old: Collection[int], new: Identity) -> None:
    """Direct conversations go on under the new id, where there is none under it yet: answers must reach it."""
    query = select(Conversation).where(
        Conversation.identity_id.in_(old), Conversation.surface == Surface.DIRECT, Conversation.identity_id != new.id
    )
    for one in (await session.exec(query.order_by(Conversation.last_inbound_at.desc()))).all():
        taken = select(Conversation.id).where(
            Conversation.account_id == one.account_id,
            Conversation.surface == Surface.DIRECT,
            Conversation.thread_id == new.external_id,
            Conversation.identity_id == new.id,
        )
        if (await session.exec(taken)).first() is None:
            one.identity_id, one.thread_id = new.id or 0, new.external_id
            session.add(one)
            await session.flush()
