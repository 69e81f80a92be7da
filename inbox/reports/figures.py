"""The figures of a channel report, with those of the period before beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.periods import Period
from inbox.repositories import report_rows
from inbox.repositories.report_rows import AnswerTimes
from models.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFigures:
    """What happened in one period. Times in hours; None where nothing was answered or closed.

    `in_time` is the share (0..1) of the applications answered or due by now that were answered before their limit.
    """

    messages: int
    applications: int
    messages_by_channel: Mapping[str, int]
    applications_by: Mapping[str, Mapping[str, int]]
    first_answer_hours: float | None
    first_answer_hours_p90: float | None
    resolution_hours: float | None
    answered: int
    closed: int
    in_time: float | None
    open_at_end: int
    oldest_open_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigures:
    period: Period
    now: PeriodFigures
    before: PeriodFigures


async def channel_figures(session: AsyncSession, period: Period, *, profile: Profile) -> ReportFigures:
    """Figures of a period and of the one before it."""
    return ReportFigures(
        period=period,
        now=await _figures(session, period, profile),
        before=await _figures(session, period.before, profile),
    )


async def _figures(session: AsyncSession, period: Period, profile: Profile) -> PeriodFigures:
    since, until = period.bounds(profile.time_zone)
    times = await report_rows.times(session, since=since, until=until)
    by_channel = await report_rows.messages_by_channel(session, since=since, until=until)
    first_answers = _hours([(row.received_at, row.first_answer_at) for row in times])
    resolutions = _hours([(row.received_at, row.closed_at) for row in times])
    waiting = await report_rows.open_since(session, at=until)
    return PeriodFigures(
        messages=sum(by_channel.values()),
        applications=len(times),
        messages_by_channel=by_channel,
        applications_by={
            grouping: await report_rows.applications_by(session, grouping, since=since, until=until)
            for grouping in report_rows.GROUPINGS
        },
        first_answer_hours=round(median(first_answers), 2) if first_answers else None,
        first_answer_hours_p90=round(_percentile(first_answers, 0.9), 2) if first_answers else None,
        resolution_hours=round(median(resolutions), 2) if resolutions else None,
        answered=len(first_answers),
        closed=len(resolutions),
        in_time=_share_in_time(times, until),
        open_at_end=len(waiting),
        oldest_open_days=(until - min(waiting)).days if waiting else None,
    )


def _hours(spans: Sequence[tuple[datetime, datetime | None]]) -> list[float]:
    return sorted((end - start) / timedelta(hours=1) for start, end in spans if end is not None)


def _percentile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _share_in_time(times: Sequence[AnswerTimes], at: datetime) -> float | None:
    settled = [row for row in times if row.first_answer_at is not None or row.due_at < at]
    kept = [row for row in settled if row.first_answer_at is not None and row.first_answer_at <= row.due_at]
    return round(len(kept) / len(settled), 4) if settled else None
