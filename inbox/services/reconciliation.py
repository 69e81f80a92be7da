"""The zero-loss ledger: what a platform's own list holds and we do not is stored and counted; commits nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, operations
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from models.enums import ChannelName, EventKind, ReconciliationState
from models.messages import ChannelEvent, Parsed
from models.tables import Account, ReconciliationRun

EVERY = timedelta(hours=6)
FIRST_AFTER = timedelta(minutes=30)
AGAIN_AFTER_FAILURE = timedelta(minutes=30)
OVERLAP = timedelta(hours=1)
LONGEST_LOOK = timedelta(days=7)
GRACE = timedelta(minutes=15)
"""What is younger may still be on its way to us and is no loss."""
RECEIPT_WITHIN = timedelta(hours=1)
SIGN_NAMES = {
    "without_receipt": "alındısı gelmeyen gönderim",
    "receipts_of_strangers": "kaydı bulunmayan gönderimin alındısı",
    "answers_to_unknown": "bilinmeyen bir mesaja yanıt",
    "silent_hours": "webhook sessizliği (saat)",
}
HAS_RECEIPTS = frozenset({ChannelName.WHATSAPP})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What a page of the list brought. `stored` is None where everything was known."""

    listed: int
    missing: int
    stored: IntakeResult | None


async def due(session: AsyncSession, account: Account, *, now: datetime) -> datetime | None:
    """Since when to compare now, or None where it is not time yet."""
    runs = await operations.last_runs(session, account.id or 0)
    if not runs:
        return now - min(LONGEST_LOOK, now - account.created_at) if now - account.created_at >= FIRST_AFTER else None
    pause = AGAIN_AFTER_FAILURE if runs[0].state is ReconciliationState.FAILED else EVERY
    if now - runs[0].finished_at < pause:
        return None
    good = next((run for run in runs if run.state is not ReconciliationState.FAILED), None)
    since = good.started_at - OVERLAP if good else runs[-1].since
    return max(since, now - LONGEST_LOOK)


async def take_in(
    session: AsyncSession, account: Account, batch: Batch, *, since: datetime, now: datetime
) -> PageOutcome:
    """Compare a page of the platform's list with what is stored; store what was missing, and leave known pages be."""
    messages = {
        event.dedup_key: event
        for event in batch.parsed.events
        if event.kind is EventKind.MESSAGE and (event.sent_at is None or event.sent_at >= since)
    }
    known = await operations.known_keys(session, account.id or 0, messages.keys())
    unknown = [event for key, event in messages.items() if key not in known]
    missing = sum(_is_old(event, now) for event in unknown)
    stored = await _store(session, account, batch, unknown) if unknown else None
    return PageOutcome(listed=len(messages), missing=missing if stored and stored.messages else 0, stored=stored)


def _is_old(event: ChannelEvent, now: datetime) -> bool:
    return event.sent_at is None or now - event.sent_at > GRACE


async def _store(
    session: AsyncSession, account: Account, batch: Batch, unknown: Sequence[ChannelEvent]
) -> IntakeResult:
    """Only what was missing becomes events; the list's other parts are known."""
    events = tuple(replace(event, account_id=account.external_id) for event in unknown)
    return await intake.store(session, replace(batch, parsed=Parsed(events=events, problems=batch.parsed.problems)))


async def record(session: AsyncSession, run: ReconciliationRun) -> None:
    session.add(run)
    await session.flush()


async def look_for_gaps(session: AsyncSession, account: Account, *, since: datetime, now: datetime) -> dict[str, int]:
    """What hints at lost messages where the platform has no list; by the names of `SIGN_NAMES`, without zeros."""
    account_id = account.id or 0
    signs = {"answers_to_unknown": await operations.answers_to_unknown(session, account_id, since=since)}
    if account.channel in HAS_RECEIPTS:
        until = now - RECEIPT_WITHIN
        signs["without_receipt"] = await operations.without_receipt(session, account_id, since=since, until=until)
        signs["receipts_of_strangers"] = await operations.receipts_of_strangers(
            session, account.channel, since=since, until=until
        )
        heard = await operations.last_heard(session, account_id)
        silent = int((now - (heard or account.created_at)).total_seconds() // 3600)
        signs["silent_hours"] = silent if silent >= 24 else 0
    return {name: count for name, count in signs.items() if count}


async def enabled_accounts(session: AsyncSession) -> list[Account]:
    return [account for account in await accounts.all_accounts(session) if account.enabled]


def sentence(run: ReconciliationRun | None, *, at: str) -> str:
    """What the page says of the last comparison; `at` is its time as people read it."""
    if run is None:
        return "henüz yapılmadı"
    if run.state is ReconciliationState.FAILED:
        return f"Denetlenemedi ({run.problem}), son deneme {at}"
    if run.state is ReconciliationState.SIGNS:
        told = ", ".join(f"{count} {SIGN_NAMES.get(name, name)}" for name, count in run.signs.items())
        return f"{told or 'Kayıp belirtisi yok'}, son denetim {at}"
    if run.missing:
        return f"0 kayıp ({run.missing} eksik bulundu ve alındı), son denetim {at}"
    return f"0 kayıp, son denetim {at}"
