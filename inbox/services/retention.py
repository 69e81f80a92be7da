"""Anonymises what has been kept long enough, batch by batch, and logs it (law 6698, 7). Commits nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import retention as rows
from inbox.repositories import search, traces
from inbox.repositories.retention import Ended
from inbox.rules.retention import TOMBSTONE, RetentionPolicy
from inbox.services import history
from models.tables import DestructionRun

BATCH = 200
"""Rows of a kind in one transaction."""
COUNTED = 100_000
"""A dry run counts no further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """How much was, or would be, destroyed."""

    applications: int = 0
    messages: int = 0
    citizens: int = 0
    deliveries: int = 0
    files: int = 0

    def __add__(self, other: "Destroyed") -> "Destroyed":
        mine, others = asdict(self), asdict(other)
        return Destroyed(**{name: mine[name] + others[name] for name in mine})

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def ended(policy: RetentionPolicy, *, now: datetime) -> Ended:
    """The moments before which applications must have ended to be destroyed now."""
    return Ended(
        before=policy.ended_before(now, years=policy.years),
        by_kind={kind: policy.ended_before(now, years=years) for kind, years in policy.kind_years.items()},
        by_outcome={one: policy.ended_before(now, years=years) for one, years in policy.outcome_years.items()},
    )


async def destroy_batch(
    session: AsyncSession, policy: RetentionPolicy, *, now: datetime, limit: int | None = None
) -> Destroyed:
    """One batch of everything that is due; false when nothing was left."""
    limit = limit or BATCH
    due = await rows.applications(session, ended(policy, now=now), limit=limit)
    done = await anonymise_applications(session, due, now=now)
    before = now - timedelta(days=policy.message_days)
    loose = await rows.messages(session, before=before, taken_back_before=now - TOMBSTONE, limit=limit)
    files = await traces.empty_messages(session, loose, at=now)
    raw = await rows.raw_deliveries(session, before=now - timedelta(days=policy.raw_days), limit=limit)
    await rows.empty_deliveries(session, raw)
    await session.flush()
    left = await rows.citizens(session, before=before, limit=limit)
    await traces.empty_citizens(session, left, at=now)
    rest = Destroyed(messages=len(loose), citizens=len(left), deliveries=len(raw), files=files)
    return done + rest


async def anonymise_applications(session: AsyncSession, keys: Sequence[int], *, now: datetime) -> Destroyed:
    """Words, files, raw bytes, search and contents of the history go; what stays are labels, dates and states."""
    if not keys:
        return Destroyed()
    messages = await traces.messages_of(session, keys)
    files = await traces.empty_messages(session, messages, at=now)
    files += await traces.empty_applications(session, keys, at=now)
    await rows.mark_anonymised(session, keys, at=now)
    await search.index_numbers(session, await rows.numbers(session, keys))
    notes = [history.HistoryNote(application_id=key, actor="clock", action="anonymised") for key in keys]
    await history.append(session, notes, at=now)
    return Destroyed(applications=len(keys), messages=len(messages), files=files)


async def due(session: AsyncSession, policy: RetentionPolicy, *, now: datetime) -> tuple[Destroyed, Mapping[str, int]]:
    """What a run would destroy now, and the applications among it by kind and outcome. Changes nothing."""
    before = now - timedelta(days=policy.message_days)
    raw = await rows.raw_deliveries(session, before=now - timedelta(days=policy.raw_days), limit=COUNTED)
    by_kind = await rows.counts(session, ended(policy, now=now))
    found = Destroyed(
        applications=len(await rows.applications(session, ended(policy, now=now), limit=COUNTED)),
        messages=len(await rows.messages(session, before=before, taken_back_before=now - TOMBSTONE, limit=COUNTED)),
        citizens=len(await rows.citizens(session, before=before, limit=COUNTED)),
        deliveries=len(raw),
    )
    return found, by_kind


async def is_due(session: AsyncSession, policy: RetentionPolicy, *, now: datetime) -> bool:
    last = await rows.last_finished(session)
    return policy.is_due(last.finished_at if last else None, now=now)


async def begin(session: AsyncSession, policy: RetentionPolicy, *, now: datetime, user_id: int | None = None) -> int:
    """Open the log of a run; its id."""
    run = DestructionRun(started_at=now, started_by=user_id, before=policy.ended_before(now, years=policy.years))
    await rows.add_run(session, run)
    return run.id or 0


async def finish(session: AsyncSession, run_id: int, destroyed: Destroyed, *, now: datetime) -> None:
    """Close the log of a run; nothing of the erased stays in the pages of the search."""
    await rows.drop_waiting(session, before=now - TOMBSTONE)
    await search.forget_deleted(session)
    run = await rows.run(session, run_id)
    run.finished_at, run.counts = now, asdict(destroyed)
    session.add(run)
