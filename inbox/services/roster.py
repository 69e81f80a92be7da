"""Shifts and absences as the team leads keep them, and who is there by them (directive 004, 17ç-d, 18e)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people
from inbox.repositories import roster as rows
from inbox.rules import assignment as rule
from inbox.rules.assignment import EVERY_DAY, Worker
from inbox.rules.next_step import DESK_STATES
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.services.people import IDLE_LENGTH
from models.enums import ChannelName, Role
from models.errors import InputError, NotFoundError
from models.tables import Absence, RosterShift, User

LOOK_BACK = timedelta(days=30)
"""Absences that ended before are history: they explain no application that waits now."""
_CHANNELS = frozenset(ChannelName)
DESK_ROLES = frozenset({Role.AGENT, Role.TEAM_LEAD})
"""Those to whom the desk's work is given by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One person of the desk with her hours."""

    user: User
    is_there: bool
    load: int
    shifts: Sequence[RosterShift] = ()
    absences: Sequence[Absence] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """What is given to somebody. Empty sets: everything."""

    channels: frozenset[ChannelName] = frozenset()
    topics: frozenset[str] = frozenset()
    most_open: int | None = None


async def workers(session: AsyncSession, *, now: datetime) -> dict[int, Worker]:
    """The desk's people as the rules of distribution see them, by id."""
    users = [user for user in await people.active_users(session) if DESK_ROLES & known_roles(user.roles)]
    by_shift, by_absence = await rows.shifts(session), await rows.absences(session, since=now - LOOK_BACK)
    present = await rows.signed_in(session, seen_since=now - IDLE_LENGTH, now=now)
    load = await rows.loads(session, DESK_STATES)
    return {user.id or 0: _worker(user, by_shift, by_absence, present=present, load=load) for user in users}


def _worker(
    user: User,
    shifts: Mapping[int, Sequence[RosterShift]],
    absences: Mapping[int, Sequence[Absence]],
    *,
    present: set[int],
    load: Mapping[int, int],
) -> Worker:
    key = user.id or 0
    return Worker(
        id=key,
        shifts=tuple(_shift(one) for one in shifts.get(key, ())),
        absences=tuple(rule.Absence(start=one.starts_at, end=one.ends_at) for one in absences.get(key, ())),
        signed_in=key in present,
        channels=frozenset(ChannelName(name) for name in user.channels if name in _CHANNELS),
        topics=frozenset(user.topics),
        load=load.get(key, 0),
        most=user.most_open,
        last_given_at=user.last_given_at,
    )


def _shift(row: RosterShift) -> rule.Shift:
    weekdays = frozenset(row.weekdays) or EVERY_DAY
    return rule.Shift(start=time.fromisoformat(row.starts), end=time.fromisoformat(row.ends), weekdays=weekdays)


async def overview(session: AsyncSession, actor: Actor, *, now: datetime, zone: ZoneInfo) -> list[RosterLine]:
    """Everybody of the desk with her shifts, absences and load."""
    actor.require(Action.MANAGE_ROSTER)
    known = await workers(session, now=now)
    by_shift, by_absence = await rows.shifts(session), await rows.absences(session, since=now)
    users = [user for user in await people.active_users(session) if (user.id or 0) in known]
    return [
        RosterLine(
            user=user,
            is_there=rule.is_there(known[user.id or 0], now=now, zone=zone),
            load=known[user.id or 0].load,
            shifts=by_shift.get(user.id or 0, ()),
            absences=by_absence.get(user.id or 0, ()),
        )
        for user in users
    ]


async def add_shift(
    session: AsyncSession, actor: Actor, *, user_id: int, starts: str, ends: str, weekdays: Sequence[int]
) -> None:
    """Weekly hours in local time, as `HH:MM`; no weekday named means every day."""
    await _person(session, actor, user_id)
    try:
        begin, end = time.fromisoformat(starts.strip()), time.fromisoformat(ends.strip())
    except ValueError as error:
        raise InputError("Saatleri 08:00 biçiminde yazınız. Vardiya kaydedilmedi.") from error
    if begin == end:
        raise InputError("Vardiyanın başlangıcı ile bitişi aynı olamaz.")
    days = sorted({day for day in weekdays if day in EVERY_DAY})
    session.add(RosterShift(user_id=user_id, starts=f"{begin:%H:%M}", ends=f"{end:%H:%M}", weekdays=days))


async def remove_shift(session: AsyncSession, actor: Actor, *, shift_id: int) -> None:
    actor.require(Action.MANAGE_ROSTER)
    if await rows.shift(session, shift_id) is None:
        raise NotFoundError("Böyle bir vardiya yok; liste bu arada değişmiş olabilir.")
    await rows.remove_shift(session, shift_id)


async def add_absence(
    session: AsyncSession, actor: Actor, *, user_id: int, starts_at: datetime, ends_at: datetime | None, reason: str
) -> None:
    """Leave, sick leave or a break; without an end it lasts until somebody ends it."""
    await _person(session, actor, user_id)
    if ends_at is not None and ends_at <= starts_at:
        raise InputError("İzin, başladığı andan sonra bitmelidir.")
    session.add(Absence(user_id=user_id, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:200]))


async def end_absence(session: AsyncSession, actor: Actor, *, absence_id: int, now: datetime) -> None:
    """She is back: what had begun ends now, what was to come is off."""
    actor.require(Action.MANAGE_ROSTER)
    found = await rows.absence(session, absence_id)
    if found is None:
        raise NotFoundError("Böyle bir izin kaydı yok; liste bu arada değişmiş olabilir.")
    if found.starts_at >= now:
        await session.delete(found)
        return
    found.ends_at = now
    session.add(found)


async def set_skills(session: AsyncSession, actor: Actor, *, user_id: int, skills: Skills) -> None:
    """What is given to her, and how much at most."""
    user = await _person(session, actor, user_id)
    if skills.most_open is not None and skills.most_open < 1:
        raise InputError("Üst sınır en az 1 olmalıdır; sınır yoksa boş bırakınız.")
    user.channels, user.topics = sorted(skills.channels), sorted(skills.topics)
    user.most_open = skills.most_open
    session.add(user)


async def _person(session: AsyncSession, actor: Actor, user_id: int) -> User:
    actor.require(Action.MANAGE_ROSTER)
    user = await people.user(session, user_id)
    if user is None or not user.active:
        raise NotFoundError("Böyle bir kişi yok ya da artık çalışmıyor.")
    return user
