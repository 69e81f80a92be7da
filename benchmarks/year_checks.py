"""What must be true of the city when its year is over; every look goes another way than the services did."""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
from sqlmodel import select

from inbox.services.next_steps import next_steps
from inbox.services.verification import Walk, broken_links
from models.db import Database
from models.enums import ApplicationState, DeadlineClass
from models.profile import Profile
from models.tables import Application, DeadlinePause

PAGE = 2000


async def without_next_step(database: Database) -> list[str]:
    """Open applications that wait for nobody or for nothing."""
    missing: list[str] = []
    async for page in _pages(database):
        async with database.read() as session:
            found = await next_steps(session, page)
        missing += [one.number for one in page if one.is_open and (one.id or 0) not in found]
        missing += [one.number for one in page if one.is_open != one.state.is_open]
    return missing


async def wrong_limits(database: Database, profile: Profile) -> list[str]:
    """Applications whose stored limit is another one than days counted on a calendar by hand."""
    async with database.read() as session:
        pauses: dict[int, list[DeadlinePause]] = {}
        for one in (await session.exec(select(DeadlinePause))).all():
            pauses.setdefault(one.application_id, []).append(one)
    wrong = []
    async for page in _pages(database):
        for one in page:
            due = plain_limit(one, pauses.get(one.id or 0, []), profile)
            if due != one.due_at:
                wrong.append(f"{one.number}: stored {one.due_at}, counted {due}")
    return wrong


def plain_limit(one: Application, pauses: list[DeadlinePause], profile: Profile) -> datetime:
    """The last moment of the last day, by listing the days that count and taking the n-th."""
    zone = profile.time_zone
    received, stopped = _day(one.received_at, zone), set(_stopped(pauses, zone))
    told_by = _nth(received, 30, stopped) - timedelta(days=1)
    told = one.told_of_schedule_at
    limits = {DeadlineClass.INSTANT: profile.instant_answer_days, DeadlineClass.NORMAL: profile.deadline_days}
    if one.deadline_class in limits and one.target_date and told and _day(told, zone) <= told_by:
        return _end(one.target_date, zone)
    if one.deadline_class is DeadlineClass.INFORMATION:
        return _end(_nth(received, 15, stopped, working=True), zone)
    days = [limits.get(one.deadline_class, 30)]
    if one.deadline_class is not DeadlineClass.PERSONAL_DATA:
        shorter: Mapping[object, int] = {**profile.topic_days, **profile.urgency_days}
        days += [shorter[key] for key in (one.topic, one.urgency) if key in shorter]
    return _end(_nth(received, min(days), stopped), zone)


def _nth(start: date, count: int, stopped: set[date], *, working: bool = False) -> date:
    free = holidays.country_holidays("TR", categories=("public", "half_day"))
    days = (start + timedelta(days=number) for number in range(1, 4000))
    counting = (day for day in days if day not in stopped and not (working and (day.weekday() >= 5 or day in free)))
    return next(islice(counting, count - 1, None))


def _stopped(pauses: list[DeadlinePause], zone: ZoneInfo) -> Iterator[date]:
    for pause in pauses:
        if pause.ended_at is not None:
            first, last = _day(pause.started_at, zone), _day(pause.ended_at, zone)
            yield from (first + timedelta(days=number) for number in range(1, (last - first).days + 1))


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.max, tzinfo=zone).astimezone(UTC)


async def broken_history(database: Database) -> tuple[int, list[str]]:
    """(links seen, what is wrong with them)."""
    walk = Walk()
    async with database.read() as session:
        broken = [f"{one.number} {one.position}: {one.problem}" async for one in broken_links(session, walk)]
    return walk.links, broken


def traces(path: Path, words: list[str]) -> list[str]:
    """Words that can still be read in any table, or in the bytes of the database and its log."""
    wanted = {word.encode() for word in words}
    found = [f"{name}: {word.decode()}" for name, text in _cells(path) for word in wanted if word in text]
    for file in sorted(path.parent.glob(f"{path.name}*")):
        content = file.read_bytes()
        found += [f"{file.name}: {word.decode()}" for word in wanted if word in content]
    return found


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every row of every table as bytes, the search index's too."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                yield name, b"\x00".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


async def states(database: Database) -> dict[ApplicationState, int]:
    counted: dict[ApplicationState, int] = {}
    async for page in _pages(database):
        for one in page:
            counted[one.state] = counted.get(one.state, 0) + 1
    return counted


async def _pages(database: Database):  # type: ignore[no-untyped-def]
    """Every application, a page at a time."""
    after = 0
    while True:
        async with database.read() as session:
            query = select(Application).where(Application.id > after).order_by(Application.id).limit(PAGE)
            page = (await session.exec(query)).all()
        if not page:
            return
        yield page
        after = page[-1].id
