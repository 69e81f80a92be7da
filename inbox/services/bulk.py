"""One change of many applications: each by its own rules, all in one transaction, undone once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as rows
from inbox.repositories import comforts
from inbox.rules import workflow
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import applications, history, snoozing
from models.enums import ApplicationState, Outcome
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.tables import Application, BulkWork

MOST = 200
"""Applications of one change: what stands on a few pages of the list."""
FIELDS = ("assignee_id", "unread", "snoozed_until", "state", "outcome", "closed_at", "waiting_since")
"""What the verbs below change, and what undoing gives back."""
Verb = Callable[[Application], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """`refused`: by application number why it was left as it was."""

    work_id: int
    done: list[int] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


async def take_all(session: AsyncSession, ids: Sequence[int], actor: Actor, *, now: datetime) -> BulkResult:
    async def verb(one: Application) -> None:
        await applications.take(session, one, actor, now=now)

    return await _each(session, ids, actor, name="take", verb=verb, now=now)


async def assign_all(
    session: AsyncSession, ids: Sequence[int], actor: Actor, *, user_id: int | None, now: datetime
) -> BulkResult:
    async def verb(one: Application) -> None:
        await applications.assign(session, one, actor, user_id=user_id, now=now)

    return await _each(session, ids, actor, name="assign", verb=verb, now=now)


async def snooze_all(
    session: AsyncSession, ids: Sequence[int], actor: Actor, *, until: datetime, now: datetime
) -> BulkResult:
    async def verb(one: Application) -> None:
        await snoozing.lay_aside(session, one, actor, until=until, now=now)

    return await _each(session, ids, actor, name="snooze", verb=verb, now=now)


async def close_all(
    session: AsyncSession, ids: Sequence[int], actor: Actor, *, outcome: Outcome, now: datetime
) -> BulkResult:
    """A negative outcome must name its reason to each citizen and is not given to many at once."""
    if outcome is Outcome.NEGATIVE:
        raise InputError("Olumsuz sonuç, gerekçesiyle tek tek verilir; toplu olarak kapatılamaz.")

    async def verb(one: Application) -> None:
        await applications.close(session, one, actor, outcome=outcome, seen_version=one.version, now=now)

    return await _each(session, ids, actor, name="close", verb=verb, now=now)


async def undo(session: AsyncSession, work_id: int, actor: Actor, *, now: datetime) -> BulkResult:
    """Give back what a bulk change replaced, except where somebody has worked on an application since."""
    work = await comforts.bulk_work(session, work_id)
    if work is None or work.user_id != actor.user_id:
        raise NotFoundError("Geri alınacak toplu işlem bulunamadı.")
    if work.undone_at is not None:
        raise ConflictError("Bu toplu işlem zaten geri alındı.")
    work.undone_at = now
    before = {entry["id"]: entry for entry in work.before}
    result = BulkResult(work_id=work_id)
    notes = []
    for one in await rows.many_for_change(session, sorted(before)):
        entry = before[one.id]
        if one.version != entry["version"]:
            result.refused[one.number] = "Bu arada değişti."
            continue
        _give_back(one, entry["values"])
        one.version += 1
        session.add(one)
        notes.append(
            history.HistoryNote(
                application_id=one.id or 0, actor=actor.reference, action="bulk_undone", content={"verb": work.verb}
            )
        )
        result.done.append(one.id or 0)
    await history.append(session, notes, at=now)
    return result


async def _each(
    session: AsyncSession, ids: Sequence[int], actor: Actor, *, name: str, verb: Verb, now: datetime
) -> BulkResult:
    if not ids:
        raise InputError("Önce listeden en az bir başvuru seçiniz.")
    if len(ids) > MOST:
        raise InputError(f"Bir kerede en çok {MOST} başvuru değiştirilebilir.")
    actor.require(Action.TAKE)
    done: list[tuple[Application, dict[str, Any]]] = []
    refused: dict[str, str] = {}
    for one in await rows.many_for_change(session, sorted(set(ids))):
        if not actor.may_see(one):
            continue
        values = _values(one)
        try:
            await verb(one)
        except (ConflictError, ForbiddenError, InputError) as problem:
            refused[one.number] = str(problem)
            continue
        done.append((one, values))
    work = BulkWork(
        user_id=actor.user_id,
        verb=name,
        before=[{"id": one.id, "version": one.version, "values": values} for one, values in done],
        done_at=now,
    )
    session.add(work)
    await session.flush()
    return BulkResult(work_id=work.id or 0, done=[one.id or 0 for one, _ in done], refused=refused)


def _values(one: Application) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _give_back(one: Application, values: dict[str, Any]) -> None:
    """What was before, but for an answer that has left since: it does not count as a change."""
    for name in ("snoozed_until", "closed_at", "waiting_since"):
        setattr(one, name, datetime.fromisoformat(values[name]) if values[name] else None)
    one.assignee_id, one.unread = values["assignee_id"], values["unread"]
    state = ApplicationState(values["state"])
    has_answer = one.answered_at is not None and workflow.fits(Step.ANSWER, state)
    one.state = ApplicationState.ANSWERED if has_answer else state
    one.is_open = one.state.is_open
    one.outcome = Outcome(values["outcome"]) if values["outcome"] else None
