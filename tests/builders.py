"""Short ways to the values that tests of the desk start from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inbox.repositories import accounts
from inbox.services import intake, organisation
from inbox.services.intake import Batch, IntakeResult
from models.db import Database
from models.enums import ChannelName, Decision, EventKind, Kind, Surface, Urgency
from models.messages import ChannelEvent, Classification, Guess, Parsed, Sender
from models.profile import load_profile
from models.tables import Account

TELEGRAM, FACEBOOK, TWITTER = ChannelName.TELEGRAM, ChannelName.FACEBOOK, ChannelName.TWITTER


async def set_up(database: Database, now: datetime, *channels: ChannelName, **facts: Any) -> list[int]:
    """Units, topics and one account per channel (`account-<channel>`); the accounts' ids."""
    async with database.write() as session:
        await organisation.seed(session, load_profile("izmir"))
        made = [
            await accounts.ensure_account(
                session,
                Account(channel=channel, external_id=f"account-{channel}", name=channel, created_at=now, **facts),
            )
            for channel in channels or (TELEGRAM,)
        ]
    return [account.id or 0 for account in made]


def message(number: int | str, text: str = "su akmıyor", **changes: Any) -> ChannelEvent:
    """A citizen's direct message on Telegram; `changes` replace any field."""
    channel = changes.get("channel", TELEGRAM)
    fields: dict[str, Any] = {
        "kind": EventKind.MESSAGE,
        "channel": channel,
        "dedup_key": f"message:{number}",
        "account_id": f"account-{channel}",
        "surface": Surface.DIRECT,
        "external_id": f"m{number}",
        "thread_id": "chat-1",
        "sender": Sender(external_id="citizen-1", display_name="Ayşe"),
        "text": text,
    }
    return ChannelEvent(**{**fields, **changes})


def batch(events: Sequence[ChannelEvent], now: datetime, **changes: Any) -> Batch:
    """A webhook body that held these events."""
    channel = events[0].channel if events else TELEGRAM
    fields: dict[str, Any] = {
        "channel": channel,
        "source": "webhook",
        "body": b"{}",
        "parsed": Parsed(events=tuple(events)),
        "received_at": now,
    }
    return Batch(**{**fields, **changes})


async def take_in(database: Database, now: datetime, *events: ChannelEvent) -> IntakeResult:
    """Store one webhook with these events."""
    async with database.write() as session:
        return await intake.store(session, batch(events, now))


def classification(**changes: Any) -> Classification:
    """A sure complaint about a water cut; `changes` replace any field."""
    topic = changes.get("topic", "su_kesintisi")
    fields: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "topic": topic,
        "unit": "izsu",
        "urgency": Urgency.NORMAL,
        "district": None,
        "neighbourhood": None,
        "confidence": 0.97,
        "decision": Decision.AUTO,
        "topics": (Guess(label=topic or "gecersiz", probability=0.97),),
    }
    return Classification(**{**fields, **changes})
