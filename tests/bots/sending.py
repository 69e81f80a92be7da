"""A local platform and short ways to texts that wait, for the tests of the sender."""

from datetime import datetime
from typing import Any

from sqlmodel import select

from bots.queues.local import LocalBus
from bots.sender import Sender
from inbox.repositories import accounts, outbox
from models.channel_facts import ChannelFacts, SendLimit, SurfaceFacts
from models.clock import StillClock
from models.db import Database
from models.enums import (
    Purpose,
    Surface,
)
from models.errors import (
    OutcomeUnknownError,
)
from models.messages import OutboundMessage, SendResult
from models.ports import PieceAccepted
from models.tables import OutboxItem, User
from tests.builders import TELEGRAM, message, set_up, take_in
from tests.conftest import NOW


class Platform:
    """A local platform: remembers what it accepted; answers as the test tells it."""

    def __init__(
        self, *, checks: bool = True, pieces: int = 1, send_limits: tuple[SendLimit, ...] = (), **facts: Any
    ) -> None:
        self.facts = ChannelFacts(
            channel=TELEGRAM,
            title="",
            glyph="",
            surfaces={Surface.DIRECT: SurfaceFacts(limit=100, measure=len, **facts)} if facts else {},
            checks_outcome=checks,
            send_limits=send_limits,
        )
        self.pieces = pieces
        self.messages: list[OutboundMessage] = []
        self.accepted: dict[str, str] = {}
        self.tries = 0
        self.answers: list[Exception | None] = []
        self.accept_before_failing = False

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        self.messages.append(message)
        if self.pieces > 1:
            return await self._send_pieces(message, on_accepted)
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or self.accept_before_failing:
            assert message.reference not in self.accepted, "sent twice"
            self.accepted[message.reference] = message.text
        if answer:
            raise answer
        return SendResult(external_ids=(f"out-{message.reference}",))

    async def _send_pieces(self, message: OutboundMessage, on_accepted: PieceAccepted | None) -> SendResult:
        ids = list(message.accepted)
        while len(ids) < self.pieces:
            if answer := self.answers.pop(0) if self.answers else None:
                raise answer
            ids.append(f"out-{message.reference}-{len(ids) + 1}")
            assert ids[-1] not in self.accepted, "a piece was sent twice"
            self.accepted[ids[-1]] = message.text
            if on_accepted and len(ids) < self.pieces:
                await on_accepted(ids[-1])
        return SendResult(external_ids=tuple(ids))

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        if not self.facts.checks_outcome:
            raise OutcomeUnknownError("nobody can look")
        if message.reference in self.accepted:
            return SendResult(external_ids=(f"out-{message.reference}",))
        return None


async def queue_text(database: Database, **changes: Any) -> int:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    fields: dict[str, Any] = {
        "unique_key": "1:answer:1",
        "conversation_id": key,
        "account_id": 1,
        "purpose": Purpose.ANSWER,
        "text": "Ekip yola çıktı.",
        "not_before": NOW,
        "created_at": NOW,
    }
    async with database.write() as session:
        (item_id,) = await outbox.add(session, [OutboxItem(**{**fields, **changes})])
    return item_id


def sender(database: Database, platform: Platform, clock: StillClock) -> Sender:
    return Sender(account_id=1, connector=platform, database=database, bus=LocalBus(), clock=clock)  # type: ignore[arg-type]


async def item(database: Database) -> OutboxItem:
    async with database.read() as session:
        return (await session.exec(select(OutboxItem))).one()


async def switch(database: Database, *, bots: bool = True, listen_only: bool = False) -> None:
    async with database.write() as session:
        await accounts.put_setting(session, accounts.BOTS_ENABLED, bots)
        account = await accounts.account(session, 1)
        assert account
        account.listen_only = listen_only
        session.add(account)


async def a_person(database: Database) -> int:
    async with database.write() as session:
        person = User(login="elif", name="Elif", password_hash="", roles=["agent"], created_at=NOW)
        session.add(person)
        await session.flush()
        return person.id or 0


async def items(database: Database) -> list[OutboxItem]:
    async with database.read() as session:
        return list((await session.exec(select(OutboxItem).order_by(OutboxItem.id))).all())


async def queue_another(database: Database, key: str, **changes: Any) -> None:
    (first, *_) = await items(database)
    fields = first.model_dump(include={"conversation_id", "account_id", "purpose", "text", "not_before", "created_at"})
    async with database.write() as session:
        await outbox.add(session, [OutboxItem(**{"unique_key": key, **fields, **changes})])
