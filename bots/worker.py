"""Workers: lease conversations, take their complete turns, classify outside any transaction, apply in one short one."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from bots.heartbeat import heartbeat
from inbox.knowledge.search import ArticleIndex
from inbox.knowledge.shelf import Shelf
from inbox.repositories import jobs
from inbox.services import arrivals, triage
from inbox.services.triage import Finding, TriageResult, Turn
from models.db import Database
from models.errors import ConflictError
from models.messages import Classification, TextToClassify
from models.ports import Clock, JobQueue, LiveBus
from models.profile import Profile
from models.tables import Job

log = logging.getLogger(__name__)

LEASE_SECONDS = 3.0
"""Real seconds; a killed worker's conversations are free after this."""
SWEEP_SECONDS = 0.5
BATCH = 50
MOST_TRIES = 5
"""Tries of a turn before it is set aside."""
Classify = Callable[[Sequence[TextToClassify]], Awaitable[list[Classification]]]


class Worker:
    """Drains conversations in order. Any number may run, in one process or in many."""

    def __init__(
        self,
        *,
        database: Database,
        queue: JobQueue,
        bus: LiveBus,
        clock: Clock,
        profile: Profile,
        classify: Classify,
        articles: Shelf,
    ) -> None:
        self._database = database
        self._queue = queue
        self._bus = bus
        self._clock = clock
        self._profile = profile
        self._classify = classify
        self._articles = articles
        self._owner = secrets.token_hex(6)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self._take(await self._queue.receive(most=BATCH))
            except Exception:
                log.exception("the queue is away; it is asked again")
                await asyncio.sleep(SWEEP_SECONDS)

    async def _take(self, keys: Sequence[str]) -> None:
        try:
            await self.drain([int(key) for key in keys])
        except Exception:
            log.exception("worker failed on conversations %s; the sweeper will announce them again", keys)
        await self._queue.settle(keys)

    async def drain(self, conversation_ids: Sequence[int]) -> list[TriageResult]:
        """Take all complete turns of these conversations that nobody else holds."""
        async with self._database.write() as session:
            tokens = await jobs.acquire_leases(session, conversation_ids, owner=self._owner, seconds=LEASE_SECONDS)
        if not tokens:
            return []
        try:
            async with heartbeat(partial(self._keep, tokens), every=LEASE_SECONDS / 3):
                return await self._drain_held(tokens)
        finally:
            async with self._database.write() as session:
                await jobs.release_leases(session, tokens)

    async def _drain_held(self, tokens: Mapping[int, int]) -> list[TriageResult]:
        results: list[TriageResult] = []
        while True:
            async with self._database.read() as session:
                taken = await jobs.take_turns(session, list(tokens), now=self._clock.now())
            if not taken:
                return results
            results += await self._work(taken, tokens)

    async def _keep(self, tokens: Mapping[int, int]) -> None:
        async with self._database.write() as session:
            await jobs.renew_leases(session, tokens, seconds=LEASE_SECONDS)

    async def _work(self, taken: Mapping[int, list[Job]], tokens: Mapping[int, int]) -> list[TriageResult]:
        """All turns in one transaction; where that fails, one by one, so that a poison turn stands alone."""
        try:
            return await self._process(taken, tokens)
        except ConflictError:
            raise
        except Exception as error:  # noqa: BLE001  (the edge of a job: one turn must not stop the others)
            if len(taken) == 1:
                await self._record_failure(next(iter(taken.values())), error)
                return []
            log.warning("batch of %d turns failed (%s); trying them one by one", len(taken), type(error).__name__)
        return [result for key, turn_jobs in taken.items() for result in await self._work({key: turn_jobs}, tokens)]

    async def _process(self, taken: Mapping[int, list[Job]], tokens: Mapping[int, int]) -> list[TriageResult]:
        wanted = {key: [job.message_id for job in turn_jobs] for key, turn_jobs in taken.items()}
        async with self._database.read() as session:
            turns = await triage.read_turns(session, wanted)
            articles = await self._articles.index(session)
        findings = await self._find(list(turns.values()), articles)
        async with self._database.write() as session:
            await jobs.require_tokens(session, {key: tokens[key] for key in taken})
            now = self._clock.now()
            cases = list(zip(turns.values(), findings, strict=True))
            results = await triage.triage(session, cases, profile=self._profile, now=now)
            await arrivals.attend(session, results, profile=self._profile, now=now)
            await jobs.finish(session, [job for turn_jobs in taken.values() for job in turn_jobs], at=now)
        await self._tell(results)
        return results

    async def _find(self, turns: Sequence[Turn], articles: ArticleIndex) -> list[Finding]:
        texts = [
            TextToClassify(id=str(turn.conversation.id), text=turn.text, channel=turn.conversation.channel)
            for turn in turns
        ]
        classifications = await self._classify(texts) if texts else []
        today = self._clock.now().astimezone(self._profile.time_zone).date()
        return [
            Finding(
                classification=classification,
                draft=articles.draft(turn.text, classification=classification, today=today),
            )
            for turn, classification in zip(turns, classifications, strict=True)
        ]

    async def _record_failure(self, turn_jobs: Sequence[Job], error: Exception) -> None:
        log.error("turn of conversation %d failed", turn_jobs[0].conversation_id, exc_info=error)
        now = self._clock.now()
        pause = timedelta(seconds=2 ** (turn_jobs[0].attempts + 1))
        async with self._database.write() as session:
            await jobs.record_failure(
                session, turn_jobs, problem=type(error).__name__, retry_at=now + pause, most=MOST_TRIES
            )

    async def _tell(self, results: Sequence[TriageResult]) -> None:
        for result in results:
            await self._bus.publish(
                "application",
                {
                    "id": result.application_id,
                    "conversation": result.conversation_id,
                    "what": "opened" if result.opened else "message",
                    "emergency": result.emergency,
                    "users": [result.assignee_id] if result.assignee_id else [],
                },
            )


class Sweeper:
    """Announces complete turns that nobody has taken: after a crash, after Redis lost its memory, after a quiet."""

    def __init__(self, *, database: Database, queue: JobQueue, clock: Clock) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except Exception:
                log.exception("sweep failed; the next one follows")

    async def sweep(self) -> int:
        """Announce what is due; how many conversations that were."""
        async with self._database.read() as session:
            due = await jobs.due_conversations(session, now=self._clock.now())
        if due:
            await self._queue.announce([str(key) for key in due])
        return len(due)
