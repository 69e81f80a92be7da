"""Which accounts are unusually silent: the rule over what came in, kept at the account's health."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, operations
from inbox.rules.pulse import WEEKS, Pulse, pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseChange:
    """An account fell silent, or speaks again."""

    account_id: int
    is_silent: bool
    pulse: Pulse


async def watch(session: AsyncSession, *, now: datetime, zone: tzinfo) -> list[PulseChange]:
    """Feel every enabled account's pulse; those whose state changed."""
    changes = []
    for account in await accounts.all_accounts(session):
        if not account.enabled or account.id is None:
            continue
        times = await operations.inbound_times(session, account.id, since=now - timedelta(weeks=WEEKS))
        felt = pulse(times, now=now, zone=zone)
        health = await operations.health(session, account.id)
        if felt.is_alarming == (health.silent_since is not None):
            continue
        health.silent_since = now - felt.silent_for if felt.is_alarming else None
        session.add(health)
        changes.append(PulseChange(account_id=account.id, is_silent=felt.is_alarming, pulse=felt))
    return changes
