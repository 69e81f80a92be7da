"""A year of an invented city on services and database: `python -m benchmarks year --applications 20000`.

No HTTP and no waiting: each day is one transaction for what comes in and one for what the desk does, then the clock
looks. At the end nothing open may be without a next step and an owner, no limit may differ from a plain count, the
history must hold, and of what was erased no table, index or file may keep a trace.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks import year_checks
from benchmarks.inline_sqlite import run_inline
from benchmarks.year_city import CHANNELS, City, hire
from benchmarks.year_desk import ANSWER, Desk
from bots.clock import DeskClock
from bots.notifier import PageNotifier
from bots.queues.local import LocalBus, LocalLease
from connectors.registry import PLATFORMS
from inbox.repositories import accounts, jobs, process
from inbox.repositories import applications as application_rows
from inbox.repositories import organisation as organisation_rows
from inbox.rules.assignment import Method
from inbox.services import (
    arrivals,
    assignment,
    deadlines,
    emergencies,
    field_checks,
    incident_answers,
    incidents,
    intake,
    organisation,
    retention,
    sending,
    surveys,
    triage,
)
from inbox.services.field_checks import Look
from inbox.services.findings import ReviewDesk, review_desk
from inbox.services.intake import Batch
from inbox.services.sending import Errand
from inbox.services.surveys import Result
from inbox.services.triage import Finding
from models import schema
from models.clock import StillClock
from models.db import Database
from models.enums import FieldFinding, IncidentState, OutboxState, Outcome, Role, Surface
from models.messages import ChannelEvent, OutboundMessage, Parsed, SendResult
from models.profile import Profile, load_profile
from models.tables import Account, Application, Incident, Message, OutboxItem, UserSession

START = datetime(2026, 1, 1, tzinfo=UTC)
DESK_HOUR = timedelta(hours=15)
"""18.00 in İzmir: the day's messages are there, the desk has time."""
ANONYMISED = 0.002


@dataclass(slots=True, kw_only=True)
class Outcomes:
    """What the year gave, and what was found wrong with it."""

    counts: Counter[str] = field(default_factory=Counter)
    links: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Year:
    """Plays the days over one database."""

    database: Database
    profile: Profile
    city: City
    desk: Desk
    clock: StillClock
    draw: random.Random
    erased: list[str] = field(default_factory=list)

    async def play(self, days: int) -> None:
        look = DeskClock(
            database=self.database, bus=LocalBus(), lease=LocalLease(), clock=self.clock, profile=self.profile,
            notifier=PageNotifier(),
        )  # fmt: skip
        for number in range(days):
            midnight = START + timedelta(days=number)
            self.clock.advance(seconds=(midnight + DESK_HOUR - self.clock.now()).total_seconds())
            self.desk.number_of_day, self.desk.now = number, self.clock.now()
            await self._take_in(number, midnight)
            await self._work()
            await look.look()

    async def _take_in(self, number: int, midnight: datetime) -> None:
        """What was written and taken back since yesterday."""
        wave, now = self.city.day(number, midnight), self.clock.now()
        async with self.database.write() as session:
            await session.exec(update(UserSession).values(last_seen_at=now))
            for channel in CHANNELS:
                for events in (wave.events, wave.takes_back):
                    mine = tuple(event for event in events if event.channel is channel)
                    if mine:
                        await intake.store(session, _batch(mine, now))
            self.erased += [self.city.secrets[event.external_id] for event in wave.takes_back]
            self.desk.tally["messages"] += len(wave.events)
            self.desk.tally["taken back"] += len(wave.takes_back)
        while await self._triage(now + timedelta(seconds=30)):
            pass

    async def _triage(self, now: datetime) -> bool:
        async with self.database.write() as session:
            due = await jobs.due_conversations(session, now=now)
            taken = await jobs.take_turns(session, due, now=now)
            if not taken:
                return False
            wanted = {key: [job.message_id for job in turn] for key, turn in taken.items()}
            turns = await triage.read_turns(session, wanted)
            cases = [
                (turn, Finding(classification=self.city.findings[turn.messages[-1].external_id], draft=None))
                for turn in turns.values()
            ]
            results = await triage.triage(session, cases, profile=self.profile, now=now)
            await arrivals.attend(session, results, profile=self.profile, now=now)
            await jobs.finish(session, [job for turn in taken.values() for job in turn], at=now)
        for one in results:
            if one.application_id and one.opened:
                self.desk.tally["applications"] += 1
                self.desk.plan(one.application_id, self.draw.randint(1, 4))
        return True

    async def _work(self) -> None:
        """The desk's day in one transaction."""
        now = self.desk.now
        async with self.database.write() as session:
            self.desk.session, self.desk.rules = session, await deadlines.read_rules(session, self.profile)
            await self._send(session, now)
            await self._emergencies(session, now)
            agenda = self.desk.agenda.pop(self.desk.number_of_day, set())
            for one in await application_rows.by_ids(session, sorted(agenda)):
                await self.desk.look(one)
            await self._surveys(session, now)
            await self._field_checks(session, now)
            await self._incidents(session, now)
            await self._erase(session, now)

    async def _send(self, session: AsyncSession, now: datetime) -> None:
        """Every platform takes every text; a date that was told moves its limit."""
        due = select(OutboxItem).where(OutboxItem.state == OutboxState.QUEUED, OutboxItem.not_before <= now)
        for item in (await session.exec(due.order_by(OutboxItem.id))).all():
            message = OutboundMessage(
                reference=str(item.id), surface=Surface.DIRECT, recipient_id="", text=item.text, reply_to=item.reply_to
            )
            result = SendResult(external_ids=(f"sent-{item.id}",))
            await sending.record_sent(session, Errand(item=item, message=message), result, at=now, profile=self.profile)

    async def _emergencies(self, session: AsyncSession, now: datetime) -> None:
        duty = self.desk.someone(Role.DUTY_DESK)
        for alarm in await emergencies.ringing(session, duty):
            await emergencies.take(session, alarm.application, duty, now=now)
            self.desk.tally["emergencies taken"] += 1
        for submission, application in await process.approval_queue(session, limit=500):
            if submission.after_the_fact:
                await self.desk.approve(application, submission, self.desk.someone(Role.APPROVER))

    async def _surveys(self, session: AsyncSession, now: datetime) -> None:
        caller = self.desk.someone(Role.SURVEY_AGENT)
        for talk in await surveys.queue(session, caller, now=now):
            key, fate = talk.survey.id or 0, self.draw.random()
            if fate < 0.3:
                await surveys.not_reached(session, key, caller, now=now)
            elif fate < 0.4:
                await surveys.refuse(session, key, caller, now=now)
            else:
                score = self.draw.choice((1, 2, 3, 4, 4, 5, 5))
                await surveys.finish(session, key, caller, result=Result(score=score, solved=score > 2), now=now)
                if score == 1:
                    await field_checks.ask(session, talk.application, caller, reason="Yapılmamış diyor.", now=now)
                self.desk.tally["surveys"] += 1

    async def _field_checks(self, session: AsyncSession, now: datetime) -> None:
        who = self.desk.someone(Role.FIELD_TEAM)
        for check, application in await field_checks.queue(session, who):
            found = self.draw.choice(list(FieldFinding))
            look = Look(finding=found, text="Yerinde bakıldı.")
            rules = self.desk.rules
            if await field_checks.find(session, check.id or 0, who, look=look, rules=rules, now=now):
                self.desk.tally["work undone"] += 1
                self.desk.plan(application.id or 0, self.draw.randint(2, 9))
            self.desk.tally["field checks"] += 1

    async def _incidents(self, session: AsyncSession, now: datetime) -> None:
        who = self.desk.someone(Role.AGENT)
        live = select(Incident).where(Incident.state.in_((IncidentState.PROPOSED, IncidentState.CONFIRMED)))
        for one in (await session.exec(live.order_by(Incident.id))).all():
            key = one.id or 0
            if one.state is IncidentState.PROPOSED and self.draw.random() < 0.1:
                await incidents.dismiss(session, key, who, now=now)
                self.desk.tally["incidents dismissed"] += 1
            elif one.state is IncidentState.PROPOSED:
                await incidents.confirm(session, key, who, now=now)
                self.desk.tally["incidents confirmed"] += 1
            elif one.answered_at is None and now - one.began_at < timedelta(days=20):
                await incident_answers.answer_all(session, key, who, text=ANSWER, facts={}, now=now)
            else:
                await incidents.close_all(session, key, who, outcome=Outcome.POSITIVE, now=now)

    async def _erase(self, session: AsyncSession, now: datetime) -> None:
        """Some finished applications have been kept long enough."""
        query = select(Application.id).where(~Application.is_open, Application.anonymised_at.is_(None))
        old = list((await session.exec(query.order_by(Application.id.desc()).limit(300))).all())
        chosen = [one for one in old if self.draw.random() < ANONYMISED]
        if chosen:
            words = select(Message.external_id).where(Message.application_id.in_(chosen))
            names = [name for name in (await session.exec(words)).all() if name in self.city.secrets]
            self.erased += [self.city.secrets[name] for name in names]
            await retention.anonymise_applications(session, chosen, now=now)
            self.desk.tally["anonymised"] += len(chosen)


def _batch(events: tuple[ChannelEvent, ...], now: datetime) -> Batch:
    body = "\n".join(event.text for event in events).encode()
    return Batch(channel=events[0].channel, source="webhook", body=body, parsed=Parsed(events=events), received_at=now)


async def replay(
    path: Path, *, applications: int, days: int = 365, seed: int = 7, review: ReviewDesk | None = None
) -> Outcomes:
    """Play the year over a fresh database at `path` and look it over."""
    began, profile, draw = time.perf_counter(), load_profile("izmir"), random.Random(seed)
    database = Database(f"sqlite:///{path}")
    run_inline(database)
    await schema.upgrade(database.engine)
    desk = await _set_up(database, profile, review or review_desk(profile), days=days, draw=draw)
    city = City(profile, seed, applications / days)
    year = Year(database, profile, city, desk, StillClock(START), draw)
    await year.play(days)
    outcomes = Outcomes(counts=desk.tally)
    await _look_over(year, outcomes)
    await database.forget_deleted()
    await database.close()
    outcomes.problems += [f"trace of the erased: {one}" for one in year_checks.traces(path, year.erased)]
    outcomes.seconds = time.perf_counter() - began
    return outcomes


async def _set_up(database: Database, profile: Profile, review: ReviewDesk, *, days: int, draw: random.Random) -> Desk:
    async with database.write() as session:
        await organisation.seed(session, profile)
        staff = await hire(session, start=START, days=days, draw=draw)
        await accounts.put_setting(session, accounts.BOTS_ENABLED, False)
        lead = staff[Role.TEAM_LEAD][0]
        await assignment.set_method(session, lead, Method.BY_SKILL)
        facts = {}
        for channel in CHANNELS:
            account = Account(channel=channel, external_id=f"account-{channel}", name=channel, created_at=START)
            made = await accounts.ensure_account(session, account)
            facts[made.id or 0] = PLATFORMS[channel].facts
        units = {unit.id: unit for unit in await organisation_rows.all_units(session)}
    return Desk(staff=staff, units=units, facts=facts, review=review, draw=draw)


async def _look_over(year: Year, outcomes: Outcomes) -> None:
    database, found = year.database, outcomes.problems
    found += [f"no next step: {one}" for one in await year_checks.without_next_step(database)]
    found += [f"limit: {one}" for one in await year_checks.wrong_limits(database, year.profile)]
    outcomes.links, broken = await year_checks.broken_history(database)
    found += [f"history: {one}" for one in broken]
    for state, count in (await year_checks.states(database)).items():
        outcomes.counts[f"at the end {state}"] = count
    outcomes.counts["erased words looked for"] = len(year.erased)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks year")
    options.add_argument("--applications", type=int, default=20_000)
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--seed", type=int, default=7)
    given, _ = options.parse_known_args([one for one in sys.argv[1:] if one != "year"])
    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(
            replay(Path(folder) / "year.sqlite3", applications=given.applications, days=given.days, seed=given.seed)
        )
    for name, count in sorted(outcomes.counts.items()):
        print(f"{name:32} {count:>8}")
    print(f"{'links of history verified':32} {outcomes.links:>8}")
    print(f"{'problems':32} {len(outcomes.problems):>8}")
    for problem in outcomes.problems[:20]:
        print(f"  {problem}")
    print(f"{outcomes.seconds:.0f} s")
    if outcomes.problems:
        sys.exit(1)
