"""Counts the days that are over, a day after the other, and keeps them and their months: reports add them up."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.reports import daybook
from inbox.repositories import day_counts
from models.db import Database


async def keep_days(database: Database, *, now: datetime, zone: ZoneInfo, most: int | None = None) -> int:
    """The newest first, at most so many; how many are kept now. Nobody is held up: counting only reads."""
    async with database.read() as session:
        days = await daybook.uncounted(session, now=now, zone=zone)
    for day in days[:most]:
        async with database.read() as session:
            row = await daybook.counted(session, day, now=now, zone=zone)
        async with database.write() as session:
            await day_counts.keep(session, row)
    async with database.read() as session:
        months = await daybook.unsummed(session, now=now, zone=zone)
        sums = [await daybook.summed(session, month) for month in months]
    for total in sums:
        async with database.write() as session:
            await day_counts.keep(session, total)
    return len(days[:most])
