"""Deliveries of which parts could not be read: their list, and reading them again after the parser was mended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import deliveries
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from models.enums import ChannelName, DeliveryState
from models.errors import ConflictError, NotFoundError
from models.messages import Parsed
from models.tables import Delivery

Read = Callable[[Delivery], Parsed | None]
"""What a delivery's bytes hold, as `readers.read_stored` tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableDelivery:
    """A row of the administrator's list. `can_be_read_again`: its bytes are still here."""

    id: int
    channel: ChannelName
    account_id: int | None
    source: str
    received_at: datetime
    state: DeliveryState
    problems: Sequence[str]
    size: int
    can_be_read_again: bool


async def unreadable(session: AsyncSession, *, limit: int = 100) -> list[UnreadableDelivery]:
    """What waits for a better parser, newest first."""
    return [_row(one) for one in await deliveries.unreadable(session, limit=limit)]


async def reread(session: AsyncSession, delivery_id: int, read: Read) -> IntakeResult:
    """Read the stored bytes again and take in what is new; any number of times, with the same result.

    Raises NotFoundError; ConflictError where an erasure has taken the bytes away, or nobody is there to read them.
    """
    delivery = await deliveries.delivery(session, delivery_id)
    if delivery is None:
        raise NotFoundError("Böyle bir teslimat yok.")
    if delivery.body is None:
        raise ConflictError("Bu teslimatın içeriği, yazanı mesajını sildiği için yok edildi; yeniden okunamaz.")
    parsed = read(delivery)
    if parsed is None:
        raise ConflictError("Bu teslimatın hesabı şu anda bağlı değil; bağlandıktan sonra yeniden okuyunuz.")
    batch = Batch(
        channel=delivery.channel,
        source=delivery.source,
        body=delivery.body,
        parsed=parsed,
        received_at=delivery.received_at,
    )
    return await intake.store_again(session, delivery, batch)


def _row(delivery: Delivery) -> UnreadableDelivery:
    return UnreadableDelivery(
        id=delivery.id or 0,
        channel=delivery.channel,
        account_id=delivery.account_id,
        source=delivery.source,
        received_at=delivery.received_at,
        state=delivery.state,
        problems=delivery.problem.splitlines(),
        size=len(delivery.body or b""),
        can_be_read_again=delivery.body is not None,
    )
