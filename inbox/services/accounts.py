"""What happens to an account: signs move its state, probes fill its health, a person connects, pauses or frees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, operations
from inbox.rules.account_states import LEAST_BETWEEN, WARN_BEFORE, Sign, is_over, next_state, probe_pause, sign_of
from inbox.rules.refusals import explained
from models.credentials import CredentialReport
from models.enums import AccountState
from models.errors import ChannelError, NotFoundError
from models.tables import Account, AccountHealth, ReconciliationRun

RENEW_AFTER = timedelta(days=7)
"""Instagram's tokens live sixty days and may be renewed once a day; weekly is what its documentation suggests."""
LACKS = "Eksik izin: {names}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account with all that its page shows."""

    account: Account
    health: AccountHealth | None
    run: ReconciliationRun | None
    last_heard: datetime | None
    days_left: int | None
    hours_left: int | None
    """Only of credentials that live less than a day; they are renewed without a person."""
    last_pushed: datetime | None = None
    """The newest webhook."""
    last_sent: datetime | None = None
    uncertain: int = 0
    """Texts of which nobody knows whether they left."""
    unreadable: int = 0
    """Deliveries with parts that nobody could read."""


async def note(session: AsyncSession, account_id: int, sign: Sign, *, detail: str = "") -> AccountState | None:
    """Carry a sign into the account's state; the new state where it changed."""
    account = await accounts.account(session, account_id)
    if account is None:
        return None
    state = next_state(account.state, sign)
    if state is account.state:
        return None
    await accounts.set_state(session, account_id, state, detail="" if state is AccountState.OK else detail)
    return state


async def due_probes(session: AsyncSession, *, now: datetime) -> list[int]:
    """Enabled accounts whose credentials should be looked at now."""
    health = await operations.all_health(session)
    due = []
    for account in await accounts.all_accounts(session):
        last = health[account.id].probed_at if account.id in health else None
        if account.enabled and (last is None or now - last >= probe_pause(account.state)):
            due.append(account.id or 0)
    return due


async def due_renewals(session: AsyncSession, *, now: datetime) -> list[int]:
    """Accounts whose credentials were not renewed for a week, die soon, or are short-lived and almost over."""
    health = await operations.all_health(session)
    return [
        account.id or 0
        for account in await accounts.all_accounts(session)
        if account.enabled and _wants_renewal(health.get(account.id or 0), account, now)
    ]


def _wants_renewal(health: AccountHealth | None, account: Account, now: datetime) -> bool:
    renewed = health.renewed_at if health and health.renewed_at else account.created_at
    if health and is_over(health.expires_at, now=now):
        return health.renewed_at is None or now - health.renewed_at >= LEAST_BETWEEN
    dies_soon = bool(health and health.expires_at and health.expires_at - now < WARN_BEFORE)
    return now - renewed >= (timedelta(days=1) if dies_soon else RENEW_AFTER)


async def record_probe(
    session: AsyncSession, account_id: int, report: CredentialReport, *, now: datetime
) -> AccountState | None:
    """A probe was answered; the new state where it changed. A permission that is missing degrades the account."""
    health = await operations.health(session, account_id)
    lacks = LACKS.format(names=", ".join(report.missing_permissions)) if report.missing_permissions else ""
    health.probed_at, health.failures, health.problem = now, 0, lacks
    health.missing_permissions = list(report.missing_permissions)
    if report.expires_at or health.renewed_at is None:
        health.expires_at = report.expires_at
    session.add(health)
    return await note(session, account_id, Sign.STUMBLED if lacks else Sign.PROBED, detail=lacks)


async def record_failed_probe(
    session: AsyncSession, account_id: int, error: ChannelError, *, now: datetime
) -> AccountState | None:
    """A probe failed; the new state where it changed. What may pass counts from the third time on."""
    health = await operations.health(session, account_id)
    health.probed_at, health.problem = now, explained(error)
    health.failures += 1
    session.add(health)
    sign = sign_of(error)
    if sign is Sign.STUMBLED and health.failures < 3:
        return None
    return await note(session, account_id, sign, detail=explained(error))


async def record_renewal(session: AsyncSession, account_id: int, *, expires_at: datetime | None, now: datetime) -> bool:
    """New credentials are stored. True where the platform had refused the old ones: worth a probe at once."""
    health = await operations.health(session, account_id)
    health.renewed_at, health.expires_at = now, expires_at
    session.add(health)
    account = await accounts.account(session, account_id)
    return account is not None and account.state is AccountState.REAUTHORISE


async def note_sends(session: AsyncSession, *, now: datetime, within: timedelta) -> list[int]:
    """Free accounts by whom a text left lately although they are not `ok`; their ids."""
    freed = []
    for account in await accounts.all_accounts(session):
        if account.state is AccountState.OK or account.id is None:
            continue
        if await operations.sent_since(session, account.id, since=now - within):
            await note(session, account.id, Sign.SENT)
            freed.append(account.id)
    return freed


async def record_connected(
    session: AsyncSession, account_id: int, *, name: str, handle: str, report: CredentialReport, now: datetime
) -> None:
    """Credentials that were just tested were stored: the account is on, named as the platform names it, and well."""
    account = await accounts.account(session, account_id)
    if account is None:
        raise NotFoundError("Böyle bir hesap yok.")
    account.name, account.handle, account.enabled = name, handle, True
    account.state, account.state_detail = AccountState.OK, ""
    session.add(account)
    health = await operations.health(session, account_id)
    health.renewed_at = None
    await record_probe(session, account_id, report, now=now)


async def overview(session: AsyncSession, *, now: datetime) -> Sequence[AccountView]:
    """Every account with its health, last comparison, and the days its token has left."""
    health = await operations.all_health(session)
    uncertain = await operations.uncertain_by_account(session)
    unreadable = await operations.unreadable_by_account(session)
    return [
        AccountView(
            account=account,
            health=health.get(account.id or 0),
            run=await operations.last_run(session, account.id or 0),
            last_heard=await operations.last_heard(session, account.id or 0),
            last_pushed=await operations.last_pushed(session, account.id or 0),
            last_sent=await operations.last_sent(session, account.id or 0),
            uncertain=uncertain.get(account.id or 0, 0),
            unreadable=unreadable.get(account.id or 0, 0),
            days_left=days_left(health.get(account.id or 0), now),
            hours_left=hours_left(health.get(account.id or 0), now),
        )
        for account in await accounts.all_accounts(session)
    ]


def hours_left(health: AccountHealth | None, now: datetime) -> int | None:
    """Whole hours that short-lived credentials have left; None for others."""
    if health is None or health.expires_at is None or health.renewed_at is None:
        return None
    if health.expires_at - health.renewed_at >= timedelta(days=1):
        return None
    return max(0, int((health.expires_at - now) / timedelta(hours=1)))


def days_left(health: AccountHealth | None, now: datetime) -> int | None:
    """Whole days until the token dies; None where it does not, or nobody knows."""
    return max(0, (health.expires_at - now).days) if health and health.expires_at else None
