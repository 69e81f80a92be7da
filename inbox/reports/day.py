"""Counts one day."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import KEPT, MISSED, Counts, Tally, What, hours_of
from inbox.repositories import report_rows
from models.enums import ResponseKind

MOST_PLACES = 100
"""Places of a day that are counted; the long tail says nothing."""
AGES = (3, 7, 15, 30)
"""Days that part the ages of what is open."""
OLDEST = "oldest"


async def count_day(session: AsyncSession, since: datetime, until: datetime) -> Counts:
    """Everything that happened in [since, until)."""
    tally = Tally()
    await _count_arrivals(session, tally, since, until)
    await _count_answers(session, tally, since, until)
    await _count_units(session, tally, since, until)
    await _count_agents(session, tally, since, until)
    return tally.counts


async def backlog(session: AsyncSession, *, at: datetime) -> dict[str, int]:
    """What was open then, by the most days of its age (0: older than all `AGES`), and the age of the oldest."""
    tally: Counter[str] = Counter()
    oldest = at
    for most, number, first in await report_rows.backlog(session, at=at, ages=AGES):
        tally[str(most)] += number
        oldest = min(oldest, first)
    return {**tally, **({OLDEST: (at - oldest).days} if tally else {})}


async def _count_arrivals(session: AsyncSession, tally: Tally, since: datetime, until: datetime) -> None:
    for channel, account, number in await report_rows.messages(session, since, until):
        tally.add(What.MESSAGES, channel, number=number)
        tally.add(What.ACCOUNT_MESSAGES, account, number=number)
    for one in await report_rows.registered(session, since, until):
        _count_labels(tally, one)
        if one.registered_by:
            tally.add(What.AGENT_REGISTERED, one.registered_by)
    tally.cut(What.PLACE, most=MOST_PLACES)
    for tone, number in await report_rows.tones(session, since, until):
        if tone:
            tally.add(What.TONE, tone, number=number)


def _count_labels(tally: Tally, one: Any) -> None:
    """No neighbourhood of a confidential application: beside its topic, on a quiet day, it could name a household."""
    for what, key in (
        (What.CHANNEL, one.channel),
        (What.ACCOUNT, one.account_id),
        (What.KIND, one.kind),
        (What.TOPIC, one.topic),
        (What.UNIT, one.unit),
        (What.DISTRICT, one.district),
        (What.URGENCY, one.urgency),
    ):
        tally.add(what, key)
    if one.neighbourhood and not one.confidential:
        tally.add(What.PLACE, one.district, one.neighbourhood)


async def _count_answers(session: AsyncSession, tally: Tally, since: datetime, until: datetime) -> None:
    """An application counts for the limits once: when it was answered in time, or when its limit passed without."""
    for received, answered, due in await report_rows.first_answers(session, since, until):
        tally.add(What.FIRST_ANSWER, hours_of(received, answered))
        if answered <= due:
            tally.add(What.LIMIT, KEPT)
    for unit, number in await report_rows.missed(session, since, until):
        tally.add(What.LIMIT, MISSED, number=number)
        if unit:
            tally.add(What.UNIT_LIMIT, unit, MISSED, number=number)
    for received, closed, outcome in await report_rows.closed(session, since, until):
        tally.add(What.RESOLUTION, hours_of(received, closed))
        tally.add(What.OUTCOME, outcome)
    for unit, score, solved in await report_rows.surveys(session, since, until):
        tally.add(What.SCORE, score)
        tally.add(What.UNIT_SCORE, unit, score)
        if solved is not None:
            tally.add(What.SOLVED, "yes" if solved else "no")


async def _count_units(session: AsyncSession, tally: Tally, since: datetime, until: datetime) -> None:
    """A unit keeps an application's limit once, however often the desk sends its answer back."""
    _add_each(tally, What.UNIT_ROUTED, await report_rows.routings(session, since, until))
    _add_each(tally, What.UNIT_SENT_BACK, await report_rows.sent_back(session, since, until))
    for unit, kind, at, due, routed, answered_before in await report_rows.unit_responses(session, since, until):
        tally.add(What.UNIT_SENT, unit, kind)
        if kind is ResponseKind.ANSWER and routed:
            tally.add(What.UNIT_HOURS, unit, hours_of(routed, at))
        if kind is ResponseKind.ANSWER and at <= due and not answered_before:
            tally.add(What.UNIT_LIMIT, unit, KEPT)


async def _count_agents(session: AsyncSession, tally: Tally, since: datetime, until: datetime) -> None:
    for user, sent, received, first_answer in await report_rows.agents_texts(session, since, until):
        tally.add(What.AGENT_TEXTS, user)
        if sent == first_answer:
            tally.add(What.AGENT_FIRST_ANSWER, user, hours_of(received, sent))
    for actor, number in await report_rows.closers(session, since, until):
        tally.add(What.AGENT_CLOSED, actor.removeprefix("user:"), number=number)


def _add_each(tally: Tally, what: What, rows: Iterable[tuple[str, int]]) -> None:
    for key, number in rows:
        tally.add(what, key, number=number)
