"""Receipts that came before our own record of the send, by the platform's id and by our own tag."""

from collections.abc import Sequence

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import ChannelName
from models.tables import ParkedReceipt


async def park(session: AsyncSession, receipt: ParkedReceipt) -> None:
    """Keep it, or raise the one that waits already: a status never goes backwards."""
    await insert_new(session, [receipt])
    known = await session.get_one(ParkedReceipt, (receipt.channel, receipt.external_id))
    if receipt.status.rank > known.status.rank:
        known.status, known.detail = receipt.status, receipt.detail
    known.reference = known.reference or receipt.reference
    session.add(known)


async def by_reference(session: AsyncSession, channel: ChannelName, reference: str) -> Sequence[ParkedReceipt]:
    """What waits under our tag, in the order in which it came."""
    query = select(ParkedReceipt).where(ParkedReceipt.channel == channel, ParkedReceipt.reference == reference)
    return (await session.exec(query.order_by(ParkedReceipt.received_at, ParkedReceipt.external_id))).all()
