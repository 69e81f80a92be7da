"""The clock of the desk: what time alone brings about. Batched, harmless to repeat, one process at a time."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bots.rounds import apart, make_rounds
from inbox.repositories import jobs, organisation, search
from inbox.services import (
    assignment,
    deadlines,
    emergencies,
    escalation,
    incidents,
    responses,
    surveys,
)
from models.db import Database
from models.errors import ChannelError
from models.ports import Clock, Lease, LiveBus, Notifier
from models.profile import Profile
from models.tables import SentReminder

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
ROUND_EVERY = timedelta(minutes=10)
"""Reminders and surveys hurry nobody by the minute."""
FORGET_EVERY = timedelta(hours=23)
JOBS_KEPT = timedelta(days=7)
Work = Callable[[datetime], Awaitable[None]]


class DeskClock:
    """Looks every minute; a piece of work that fails leaves the others alone."""

    def __init__(
        self,
        *,
        database: Database,
        bus: LiveBus,
        lease: Lease,
        clock: Clock,
        profile: Profile,
        notifier: Notifier,
    ) -> None:
        self._database = database
        self._bus = bus
        self._lease = lease
        self._clock = clock
        self._profile = profile
        self._notifier = notifier
        self._often: tuple[Work, ...] = (self.ring, self.inform, self.reach_dates, self.take_over, self.propose)
        self._seldom: tuple[Work, ...] = (self.remind, self.ask_surveys, self.forget)
        self._round_at: datetime | None = None
        self._forgot_at: datetime | None = None

    async def run(self) -> None:
        """Look every minute until cancelled."""
        await make_rounds(self.look, name="clock", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> None:
        """Everything that is due now."""
        now = self._clock.now()
        works = self._often
        if self._round_at is None or now >= self._round_at:
            works, self._round_at = (*works, *self._seldom), now + ROUND_EVERY
        for work in works:
            await apart(f"the clock's {work.__name__}", work(now))

    async def ring(self, now: datetime) -> None:
        """Emergencies that came by another way than triage."""
        async with self._database.write() as session:
            raised = await emergencies.ring_missed(session, now=now, zone=self._profile.time_zone)
        for one in raised:
            await self._tell(one, "emergency", emergency=True)

    async def inform(self, now: datetime) -> None:
        """Tell management of new emergencies; what could not be told is told at the next look."""
        async with self._database.read() as session:
            waiting = await emergencies.untold(session, now=now)
            if not waiting:
                return
            topics = {topic.id: topic.name for topic in await organisation.all_topics(session)}
            text = "\n".join(self._line(one, topics) for one in waiting)
        try:
            await self._notifier.tell(f"Acil başvuru: {len(waiting)}", text)
        except ChannelError as error:
            log.warning("management was not informed: %s", error.detail)
            return
        async with self._database.write() as session:
            told = {one.alarm.id for one in waiting}
            again = [one.alarm for one in await emergencies.untold(session, now=now) if one.alarm.id in told]
            await emergencies.note_told(session, again, now=now)

    def _line(self, alarm: emergencies.Alarm, topics: Mapping[str, str]) -> str:
        """Number, place and time; never the citizen or her words."""
        one = alarm.application
        at = alarm.alarm.raised_at.astimezone(self._profile.time_zone)
        topic = topics.get(one.topic or "", "Konu belirsiz")
        place = ", ".join(part for part in (one.district, one.neighbourhood) if part) or "yer belirtilmemiş"
        return f"{one.number} · {topic} · {place} · {at:%d.%m.%Y %H.%M}"

    async def reach_dates(self, now: datetime) -> None:
        """Scheduled work whose date has come goes on."""
        async with self._database.write() as session:
            reached = await responses.scheduled_reached(session, now, zone=self._profile.time_zone)
        for one in reached:
            await self._tell(one.id, "changed")

    async def take_over(self, now: datetime) -> None:
        """Work of those who are away goes to those who are there."""
        async with self._database.write() as session:
            given = await assignment.take_over(session, now=now, zone=self._profile.time_zone)
        for one in given:
            await self._tell(one.application_id, "assigned")

    async def propose(self, now: datetime) -> None:
        """Applications that may be one incident."""
        async with self._database.write() as session:
            new = await incidents.propose(session, now=now)
        if new:
            await self._bus.publish("incident", {"ids": new, "what": "proposed"})

    async def remind(self, now: datetime) -> None:
        """Warnings and escalations, batch by batch."""
        async with self._database.read() as session:
            rules = await deadlines.read_rules(session, self._profile)
        after: int | None = 0
        while after is not None:
            async with self._database.write() as session:
                sent, after = await escalation.remind(session, rules=rules, now=now, after=after)
            await self._tell_reminded(sent)

    async def _tell_reminded(self, sent: Sequence[SentReminder]) -> None:
        """To whom each application's reminders are due by name; the others find theirs on their page."""
        for key in {row.application_id for row in sent}:
            users = sorted({row.user_id for row in sent if row.application_id == key and row.user_id})
            units = sorted({row.unit for row in sent if row.application_id == key and row.unit})
            await self._bus.publish("application", {"id": key, "what": "reminded", "users": users, "units": units})

    async def ask_surveys(self, now: datetime) -> None:
        """Surveys for what was closed."""
        async with self._database.write() as session:
            await surveys.make(session, now=now)

    async def forget(self, now: datetime) -> None:
        """Once a day: jobs of last week leave their table, erased words the search index and the database's file.

        Last what may fail for want of room: it is tried again at the next round.
        """
        if self._forgot_at is not None and now - self._forgot_at < FORGET_EVERY:
            return
        async with self._database.write() as session:
            await jobs.forget_old(session, before=now - JOBS_KEPT)
        await self._database.optimize()
        async with self._database.read() as session:
            erased = await search.erased_since(session, self._forgot_at or now - timedelta(days=7))
        if erased:
            async with self._database.write() as session:
                await search.forget_deleted(session)
            await self._database.forget_deleted()
        self._forgot_at = now

    async def _tell(self, application_id: int | None, what: str, *, emergency: bool = False) -> None:
        await self._bus.publish("application", {"id": application_id, "what": what, "emergency": emergency})
