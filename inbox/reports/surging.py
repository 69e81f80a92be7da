"""Topics and districts that surge now: the last 24 hours beside the kept days before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import What
from inbox.repositories import day_counts, report_rows
from inbox.rules.surges import Surge, surges

LAST_DAY = timedelta(days=1)
COMPARED_DAYS = timedelta(days=28)
KINDS = (What.TOPIC, What.DISTRICT)


async def surging(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> Mapping[What, Sequence[Surge]]:
    today = now.astimezone(zone).date()
    kept = await day_counts.between(session, today - COMPARED_DAYS, today - LAST_DAY)
    rows = await report_rows.registered(session, now - LAST_DAY, now)
    return {
        what: surges(Counter(getattr(one, what) or "" for one in rows), [day.counts.get(what, {}) for day in kept])
        for what in KINDS
    }
