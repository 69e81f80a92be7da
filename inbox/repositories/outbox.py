"""Texts that must leave. Claims run on real time: a claim that ran out belongs to a sender that died."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, cast
from sqlmodel import col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import OutboxState, Purpose
from models.tables import Conversation, ErasedFile, OutboxItem, ParkedReceipt
from models.tables.outbox import UNSENT


async def add(session: AsyncSession, items: Sequence[OutboxItem]) -> list[int]:
    """Queue texts; the ids of those whose unique key was not there already."""
    return [item_id for (item_id,) in await insert_new(session, items, OutboxItem.id)]


async def anything_due(session: AsyncSession, account_id: int, *, now: datetime) -> bool:
    """Whether a claim may find something. A look that takes no write lock: senders look several times a second."""
    ran_out = (OutboxItem.state == OutboxState.SENDING) & (OutboxItem.claim_expires <= time.time())
    due = (OutboxItem.state == OutboxState.QUEUED) & (OutboxItem.not_before <= now)
    query = select(OutboxItem.id).where(UNSENT, OutboxItem.account_id == account_id, or_(due, ran_out)).limit(1)
    return (await session.exec(query)).first() is not None


async def claim(
    session: AsyncSession,
    account_id: int,
    *,
    now: datetime,
    seconds: float,
    owner: str = "",
    by_bots: bool = True,
    limit: int = 20,
) -> Sequence[OutboxItem]:
    """Take due items of an account for so many real seconds; without `by_bots` only people's texts.

    Those tried least come first, the oldest of them before others: what a platform refuses holds nothing up for good.

    An item whose earlier claim ran out was under way when its sender died only where `start` says so; else it was
    never tried.
    """
    ran_out = (OutboxItem.state == OutboxState.SENDING) & (OutboxItem.claim_expires <= time.time())
    due = (OutboxItem.state == OutboxState.QUEUED) & (OutboxItem.not_before <= now) & _window_open_again()
    chosen = select(OutboxItem).where(UNSENT, OutboxItem.account_id == account_id, or_(due, ran_out))
    if not by_bots:
        chosen = chosen.where(OutboxItem.user_id.is_not(None))
    chosen = chosen.order_by(OutboxItem.attempts, OutboxItem.id).limit(limit).with_for_update(skip_locked=True)
    items = (await session.exec(chosen)).all()
    for item in items:
        item.state, item.claim_expires = OutboxState.SENDING, time.time() + seconds
        item.claimed_by = owner
        item.attempts += 1
        session.add(item)
    await session.flush()
    return items


async def holders(session: AsyncSession, account_id: int) -> set[str]:
    """The senders that hold claims on an account's texts."""
    query = select(OutboxItem.claimed_by).where(
        UNSENT, OutboxItem.account_id == account_id, OutboxItem.state == OutboxState.SENDING
    )
    return set((await session.exec(query.distinct())).all())


async def let_go(session: AsyncSession, account_id: int, owner: str) -> None:
    """End the claims of a sender that is dead: what it had begun is looked up, the rest simply sent."""
    query = update(OutboxItem).where(UNSENT, OutboxItem.account_id == account_id, OutboxItem.claimed_by == owner)
    await session.exec(query.where(OutboxItem.state == OutboxState.SENDING).values(claim_expires=0.0))


async def start(session: AsyncSession, item: OutboxItem, *, seconds: float) -> bool:
    """The text goes on its way now: until its outcome is recorded it counts as perhaps sent. Renews the claim.

    False where the claim ran out and another sender has the item: it must not be sent from here.
    """
    until = time.time() + seconds
    if not await _change(session, item, perhaps_sent=True, claim_expires=until):
        return False
    item.claim_expires = until
    return True


async def _change(session: AsyncSession, item: OutboxItem, **values: Any) -> bool:
    """Change an item under the claim by which it was taken; False where that claim is not the item's any more."""
    mine = (OutboxItem.id == item.id) & (OutboxItem.claim_expires == item.claim_expires)
    query = update(OutboxItem).where(mine, OutboxItem.state == OutboxState.SENDING)
    query = query.execution_options(synchronize_session=False)
    return bool((await session.exec(query.values(**values))).rowcount)


def _window_open_again() -> Any:
    """True for texts that wait for nothing, and for those whose citizen has written since."""
    heard = select(Conversation.id).where(
        Conversation.id == OutboxItem.conversation_id, Conversation.last_inbound_at > OutboxItem.awaits_since
    )
    return or_(OutboxItem.awaits_since.is_(None), heard.exists())


async def note_accepted(session: AsyncSession, item: OutboxItem, external_ids: Sequence[str]) -> None:
    """Keep which pieces of a text the platform has, while others still have to leave."""
    await _change(session, item, external_ids=list(external_ids))


async def await_citizen(session: AsyncSession, item: OutboxItem, *, since: datetime, problem: str) -> None:
    """Queue a claimed, untried item again, to leave once the citizen has written after `since`."""
    queued = {"state": OutboxState.QUEUED, "claim_expires": None, "attempts": OutboxItem.attempts - 1}
    await _change(session, item, awaits_since=since, problem=problem, **queued)


async def record_sent(session: AsyncSession, item: OutboxItem, *, external_ids: Sequence[str], at: datetime) -> bool:
    """The platform has the text: that is true whoever holds the claim by now. False where it is recorded already."""
    sent = {"state": OutboxState.SENT, "problem": "", "sent_at": at, "claim_expires": None}
    query = update(OutboxItem).where(OutboxItem.id == item.id, OutboxItem.state != OutboxState.SENT)
    query = query.execution_options(synchronize_session=False)
    return bool((await session.exec(query.values(**sent, external_ids=list(external_ids)))).rowcount)


async def has_sent_since(session: AsyncSession, account_id: int, moment: datetime) -> bool:
    """Whether a text of the account has left after that."""
    query = select(OutboxItem.id).where(OutboxItem.account_id == account_id, OutboxItem.sent_at > moment).limit(1)
    return (await session.exec(query)).first() is not None


async def give_up(session: AsyncSession, item: OutboxItem, *, state: OutboxState, problem: str) -> bool:
    """A claimed item did not leave, or nobody can say; the ids of accepted pieces stay. False without the claim."""
    return await _change(session, item, state=state, problem=problem, sent_at=None, claim_expires=None)


async def postpone(
    session: AsyncSession, item: OutboxItem, *, until: datetime, problem: str, perhaps_sent: bool
) -> None:
    """Queue a claimed item again, not before `until`."""
    queued = {"state": OutboxState.QUEUED, "claim_expires": None, "not_before": until}
    await _change(session, item, problem=problem, perhaps_sent=perhaps_sent, **queued)


async def give_back(session: AsyncSession, items: Sequence[OutboxItem], *, until: datetime) -> None:
    """Return claimed items that were never tried, not before `until`. What was perhaps sent earlier stays so."""
    for item in items:
        queued = {"state": OutboxState.QUEUED, "claim_expires": None, "attempts": OutboxItem.attempts - 1}
        await _change(session, item, not_before=until, **queued)


async def cancel(session: AsyncSession, item_id: int) -> bool:
    """Take back a text that has not left, and let its files vanish; False where a sender was faster."""
    query = update(OutboxItem).where(OutboxItem.id == item_id, OutboxItem.state == OutboxState.QUEUED)
    returned = query.values(state=OutboxState.CANCELLED).returning(OutboxItem.files, OutboxItem.not_before)
    taken = (await session.exec(returned)).first()
    if taken is None:
        return False
    files, was_due = taken
    names = [str(row[name]) for row in files for name in ("stored_as", "thumbnail") if row.get(name)]
    await insert_new(session, [ErasedFile(name=name, erased_at=was_due) for name in names])
    return True


async def add_files(session: AsyncSession, item_id: int, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Let files leave with a text that waits; False where it does no more."""
    query = update(OutboxItem).where(OutboxItem.id == item_id, OutboxItem.state == OutboxState.QUEUED)
    return bool((await session.exec(query.values(files=[dict(row) for row in rows]))).rowcount)


async def take_undecided(session: AsyncSession, item_id: int) -> bool:
    """A person decides on a text that failed or is uncertain; False where that is so no more.

    It stands as if it was never tried, to be queued or settled in the same transaction.
    """
    undecided = OutboxItem.state.in_((OutboxState.UNKNOWN, OutboxState.FAILED))
    query = update(OutboxItem).where(OutboxItem.id == item_id, undecided)
    fresh = query.values(
        state=OutboxState.QUEUED, attempts=0, perhaps_sent=False, awaits_since=None, claim_expires=None, problem=""
    )
    return bool((await session.exec(fresh)).rowcount)


async def item(session: AsyncSession, item_id: int) -> OutboxItem | None:
    return await session.get(OutboxItem, item_id)


async def told_of(session: AsyncSession, account_id: int) -> Sequence[OutboxItem]:
    """Texts of an account, uncertain or to be sent again, under whose tags receipts wait: they did leave."""
    receipts = select(ParkedReceipt.external_id).where(ParkedReceipt.reference == cast(OutboxItem.id, String))
    undecided = OutboxItem.state.in_((OutboxState.UNKNOWN, OutboxState.QUEUED))
    query = select(OutboxItem).where(UNSENT, OutboxItem.account_id == account_id, undecided, receipts.exists())
    return (await session.exec(query.order_by(OutboxItem.id))).all()


async def with_key(session: AsyncSession, beginning: str, *, conversation_id: int) -> Sequence[OutboxItem]:
    """The conversation's texts whose unique key begins so."""
    query = select(OutboxItem).where(
        OutboxItem.conversation_id == conversation_id,
        col(OutboxItem.unique_key).startswith(beginning, autoescape=True),
    )
    return (await session.exec(query)).all()


async def fail_waiting(session: AsyncSession, conversation_id: int, *, problem: str) -> None:
    """Give up texts that wait for a citizen whom the template did not reach."""
    waiting = update(OutboxItem).where(
        OutboxItem.conversation_id == conversation_id,
        OutboxItem.state == OutboxState.QUEUED,
        OutboxItem.awaits_since.is_not(None),
    )
    await session.exec(waiting.values(state=OutboxState.FAILED, problem=problem))


async def count_of(session: AsyncSession, application_id: int, purpose: Purpose) -> int:
    """How many texts of this purpose were ever queued for the application, cancelled ones too."""
    query = select(func.count(OutboxItem.id)).where(
        OutboxItem.application_id == application_id, OutboxItem.purpose == purpose
    )
    return (await session.exec(query)).one()


async def last_answers(session: AsyncSession, application_ids: Sequence[int]) -> dict[int, int]:
    """The newest answer of each that has one, by application."""
    query = select(OutboxItem.application_id, func.max(OutboxItem.id)).where(
        col(OutboxItem.application_id).in_(application_ids), OutboxItem.purpose == Purpose.ANSWER
    )
    return dict((await session.exec(query.group_by(col(OutboxItem.application_id)))).all())


_OF_APPLICATION = (
    select(OutboxItem).where(OutboxItem.application_id == bindparam("application_id")).order_by(OutboxItem.id)
)


async def of_application(session: AsyncSession, application_id: int) -> Sequence[OutboxItem]:
    return (await session.exec(_OF_APPLICATION, params={"application_id": application_id})).all()
