"""Corrective and preventive actions (DÖF): prepared by whoever sees the need, followed and closed by quality.

The directive asks it of every part of the house, of its own way of working (004, 6a15, 8a12), and its following of the
quality unit (9a9), which reports to the management's representative. Nothing here is about one citizen's matter.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import corrective as rows
from inbox.rules.permissions import Action, Actor
from models.enums import CorrectiveKind
from models.errors import ConflictError, InputError, NotFoundError
from models.personal_data import find
from models.tables import CorrectiveAction

LONGEST = 4000
FASTER = "Bu form siz bakarken değişti; güncel hâli gösteriliyor."


async def listing(session: AsyncSession, actor: Actor) -> tuple[Sequence[CorrectiveAction], Sequence[CorrectiveAction]]:
    """(open, the next to end first; closed, the newest first)."""
    actor.require(Action.OPEN_CORRECTIVE)
    return await rows.open_ones(session), await rows.closed_ones(session)


async def read(session: AsyncSession, action_id: int, actor: Actor, *, change: bool = False) -> CorrectiveAction:
    """With `change` it is held until the transaction ends. Raises NotFoundError."""
    actor.require(Action.OPEN_CORRECTIVE)
    found = await (rows.one_for_change if change else rows.one)(session, action_id)
    if found is None:
        raise NotFoundError("Böyle bir DÖF formu yok.")
    return found


async def prepare(
    session: AsyncSession, actor: Actor, *, kind: CorrectiveKind, problem: str, now: datetime
) -> CorrectiveAction:
    """A new form: what is wrong, or could go wrong [İ8a12]."""
    actor.require(Action.OPEN_CORRECTIVE)
    problem = _words("Sorunu", problem, field="text")
    return await rows.add(session, CorrectiveAction(kind=kind, problem=problem, opened_by=actor.user_id, opened_at=now))


async def plan(
    session: AsyncSession,
    action_id: int,
    actor: Actor,
    *,
    cause: str,
    remedy: str,
    due_on: date | None,
    today: date,
    now: datetime,
) -> None:
    """Why it came about, what will be done, and until when; once."""
    one = await read(session, action_id, actor, change=True)
    if one.planned_at or one.closed_at:
        raise ConflictError(FASTER)
    if due_on is None or due_on < today:
        raise InputError("Faaliyetin biteceği günü seçiniz; geçmişte olamaz.", field="date")
    one.cause = _words("Nedeni", cause, field="cause")
    one.remedy, one.due_on = _words("Faaliyeti", remedy, field="remedy"), due_on
    one.planned_by, one.planned_at = actor.user_id, now


async def close(
    session: AsyncSession, action_id: int, actor: Actor, *, effective: bool, result: str, now: datetime
) -> None:
    """Quality has looked whether it helped [İ9a9]; what was not planned yet cannot have helped."""
    actor.require(Action.CLOSE_CORRECTIVE)
    one = await read(session, action_id, actor, change=True)
    if one.closed_at:
        raise ConflictError(FASTER)
    if effective and not one.planned_at:
        raise InputError("Nedeni ve faaliyeti yazılmamış form etkili olarak kapatılamaz.", field="effective")
    one.effective, one.result = effective, _words("Sonucu", result, field="result")
    one.closed_by, one.closed_at = actor.user_id, now


def _words(what: str, text: str, *, field: str) -> str:
    """Raises InputError: nothing, too much, or somebody's personal data."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise InputError(f"{what} yazınız; en çok {LONGEST} karakter olabilir.", field=field)
    if any(find(text)):
        raise InputError("DÖF formunda kişisel veri durmaz; başvuruyu numarasıyla anınız.", field=field)
    return text
