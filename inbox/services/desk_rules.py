"""What the administrator decides for the whole desk: what needs approval, days of leave."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, organisation
from inbox.repositories import deadlines as rows
from inbox.rules.permissions import Action, Actor
from inbox.services import deadlines, security_events
from inbox.services.security_events import SHELL, What, Where
from models.enums import ChannelName
from models.errors import ConflictError, InputError, NotFoundError
from models.profile import Profile
from models.tables import LeaveDay

LONGEST_REASON = 200


async def set_approval(
    session: AsyncSession,
    actor: Actor,
    *,
    channels: Collection[ChannelName],
    replies: bool,
    now: datetime,
    where: Where = SHELL,
) -> None:
    """Which applications go to a unit only after approval, by the channel they came in; whether answers do, too."""
    actor.require(Action.MANAGE_ORGANISATION)
    wanted = [channel.value for channel in ChannelName if channel in channels]
    await accounts.put_setting(session, organisation.APPROVAL_CHANNELS, wanted)
    await accounts.put_setting(session, organisation.APPROVES_REPLIES, replies)
    detail = f"onay: {', '.join(wanted) or 'hiçbiri'}; cevaplar: {'evet' if replies else 'hayır'}"
    await _record(session, actor, detail, now, where)


async def add_leave(
    session: AsyncSession,
    actor: Actor,
    *,
    day: date,
    reason: str,
    profile: Profile,
    now: datetime,
    where: Where = SHELL,
) -> None:
    """A day of administrative leave; limits in working days move with it at once."""
    actor.require(Action.MANAGE_ORGANISATION)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InputError("İdari iznin gerekçesini kısaca yazınız.")
    leave = LeaveDay(day=day, reason=reason.strip(), added_by=actor.user_id, added_at=now)
    if not await rows.add_leave(session, leave):
        raise ConflictError("Bu gün zaten idari izin olarak kayıtlı.")
    await _refresh(session, profile)
    await _record(session, actor, f"idari izin eklendi: {day.isoformat()}", now, where)


async def remove_leave(
    session: AsyncSession, actor: Actor, *, day: date, profile: Profile, now: datetime, where: Where = SHELL
) -> None:
    actor.require(Action.MANAGE_ORGANISATION)
    if not await rows.remove_leave(session, day):
        raise NotFoundError("Bu gün idari izin olarak kayıtlı değil.")
    await session.flush()
    await _refresh(session, profile)
    await _record(session, actor, f"idari izin kaldırıldı: {day.isoformat()}", now, where)


async def _refresh(session: AsyncSession, profile: Profile) -> None:
    moved = await rows.counting_working_days(session)
    await deadlines.refresh_due(session, moved, rules=await deadlines.read_rules(session, profile))
    session.add_all(moved)


async def _record(session: AsyncSession, actor: Actor, detail: str, now: datetime, where: Where) -> None:
    await security_events.record(
        session, What.RULES_CHANGED, now=now, user_id=actor.user_id, where=where, detail=detail
    )
