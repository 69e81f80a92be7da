"""Senders: claim due outbox rows of an account, commit, send, record. What may have been sent is checked first."""

import asyncio
import logging
import random
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bots.limits import LocalRateLimiter, buckets_of
from inbox.rules.refusals import explained, in_words
from inbox.services import sending, unresolved
from inbox.services.sending import Errand
from models.db import Database
from models.enums import AccountState, OutboxState
from models.errors import (
    FILE_GONE,
    AccountPausedError,
    ChannelError,
    ConflictError,
    ContactGoneError,
    NotFoundError,
    OutcomeUnknownError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage, SendResult
from models.ports import Clock, Connector, FileStore, Lease, LiveBus, RateLimiter
from models.profile import Profile
from models.splitting import split_text

log = logging.getLogger(__name__)

CLAIM_SECONDS = 120.0
"""Real seconds; longer than a batch of sends with their time-outs can take."""
OWNER_SECONDS = 6.0
"""Real seconds; so long after its last sign of life a sender counts as dead, and its texts are free."""
LOOK_SECONDS = 0.2
MOST_TRIES = 8
GIVE_UP_AFTER = timedelta(hours=24)
"""A platform may be away for hours; texts wait for it."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
CHECK_PAUSE = timedelta(seconds=20)
"""A platform may show a post a little after it took it; an uncertain send is looked up after this."""


class Pause(NamedTuple):
    """Nothing leaves until then: of the whole account, or to one citizen."""

    until: datetime
    whole_account: bool


class Sender:
    """Sends one account's texts, one after the other, the oldest first; one that has to wait is passed by the next.

    What a platform refuses for the whole account makes it wait; where others' texts leave meanwhile, that text fails.
    """

    def __init__(
        self,
        *,
        account_id: int,
        connector: Connector,
        database: Database,
        bus: LiveBus,
        clock: Clock,
        limiter: RateLimiter | None = None,
        files: FileStore | None = None,
        lease: Lease | None = None,
        profile: Profile | None = None,
    ) -> None:
        self._profile = profile
        self._files = files
        self._lease = lease
        self._owner = secrets.token_hex(6)
        self._limiter = limiter or LocalRateLimiter(clock)
        self._account_id = account_id
        self._connector = connector
        self._database = database
        self._bus = bus
        self._clock = clock

    async def run(self) -> None:
        """Send until cancelled; then what was claimed is free at once."""
        heart = asyncio.create_task(self._live())
        try:
            await self._send_on()
        finally:
            heart.cancel()
            await asyncio.shield(self._let_go([self._owner]))

    async def _live(self) -> None:
        """Hold the lease that tells others that this sender lives, and clear up what was left uncertain."""
        while True:
            try:
                await self.free_the_dead()
                await self.settle_told()
            except Exception:
                log.exception("clearing up texts of account %d failed", self._account_id)
            await asyncio.sleep(OWNER_SECONDS / 3)

    async def settle_told(self) -> None:
        """Record texts of which receipts have told meanwhile that they left."""
        async with self._database.read() as session:
            if not await unresolved.anything_told(session, self._account_id):
                return
        async with self._database.write() as session:
            facts, now, profile = self._connector.facts, self._clock.now(), self._profile
            settled = await unresolved.settle_told(session, self._account_id, facts=facts, at=now, profile=profile)
        for application_id in settled:
            await self._bus.publish("application", {"id": application_id, "what": "sent"})

    async def free_the_dead(self) -> None:
        """End claims whose sender is known to be gone, before they run out by themselves."""
        if self._lease is None:
            return
        await self._lease.acquire(f"sender:{self._owner}", seconds=OWNER_SECONDS)
        async with self._database.read() as session:
            others = await sending.holders(session, self._account_id) - {self._owner, ""}
        dead = [one for one in others if await self._lease.acquire(f"sender:{one}", seconds=OWNER_SECONDS / 3)]
        if dead:
            log.warning("account %d: the texts of %d dead senders are free", self._account_id, len(dead))
            await self._let_go(dead)

    async def _let_go(self, owners: Sequence[str]) -> None:
        async with self._database.write() as session:
            await sending.take_from_the_dead(session, self._account_id, owners)

    async def _send_on(self) -> None:
        while True:
            try:
                sent = await self.send_due()
            except Exception:
                log.exception("sending for account %d failed", self._account_id)
                sent = 0
            if not sent:
                await asyncio.sleep(LOOK_SECONDS)

    async def send_due(self) -> int:
        """Claim and send what is due; how many texts were tried."""
        async with self._database.read() as session:
            if not await sending.anything_due(session, self._account_id, now=self._clock.now()):
                return 0
        async with self._database.write() as session:
            errands = await sending.claim(
                session,
                self._account_id,
                facts=self._connector.facts,
                now=self._clock.now(),
                seconds=CLAIM_SECONDS,
                owner=self._owner,
            )
        await self._carry_out_all(errands)
        return len(errands)

    async def _carry_out_all(self, errands: Sequence[Errand]) -> None:
        """One after the other; texts to a citizen who has to wait are passed by others'."""
        waiting: dict[int, datetime] = {}
        for position, errand in enumerate(errands):
            until = waiting.get(errand.item.conversation_id) or await self._room_at(errand)
            if until:
                await self._postpone_rest([errand], until)
                continue
            pause = await self._carry_out(errand)
            if pause and pause.whole_account:
                await self._postpone_rest(errands[position + 1 :], pause.until)
                break
            if pause:
                waiting[errand.item.conversation_id] = pause.until

    async def _room_at(self, errand: Errand) -> datetime | None:
        """When the platform's stated limits have room for this text; None where they have it now."""
        facts, message = self._connector.facts, errand.message
        surface = facts.surfaces.get(message.surface)
        pieces = len(split_text(message.text, limit=surface.limit, measure=surface.measure)) if surface else 1
        pieces += len(message.attachments)
        buckets = buckets_of(facts, self._account_id, message)
        return await self._limiter.take(buckets, pieces=max(1, pieces - len(message.accepted)))

    async def _carry_out(self, errand: Errand) -> Pause | None:
        """Send one text and record what became of it; a pause, where others have to wait with it."""
        try:
            result = await self._send(errand)
        except ConflictError:
            log.warning("outbox row %s of account %d has another sender now", errand.item.id, self._account_id)
            return None
        except RateLimitedError as error:
            whole_account = not isinstance(error, PersonLimitedError)
            return await self._wait(errand, error, error.retry_at or self._backoff(errand), whole_account=whole_account)
        except (ReauthoriseError, AccountPausedError) as error:
            return await self._wait_for_a_person(errand, error)
        except OutcomeUnknownError as error:
            await self._check_later(errand, error)
        except TransientError as error:
            await self._try_again(errand, error)
        except ChannelError as error:
            await self._give_up(errand, error, OutboxState.FAILED)
        else:
            await self._record(errand, result)
        return None

    async def _send(self, errand: Errand) -> SendResult:
        if errand.item.perhaps_sent:
            found = await self._look_up(errand)
            if found:
                return found
        message = await self._with_files(errand.message)
        async with self._database.write() as session:
            if not await sending.start(session, errand, seconds=CLAIM_SECONDS):
                raise ConflictError("another sender has this text")
        accepted = list(errand.message.accepted)

        async def keep(external_id: str) -> None:
            accepted.append(external_id)
            async with self._database.write() as session:
                await sending.note_accepted(session, errand, accepted)

        return await self._connector.send(message, on_accepted=keep)

    async def _look_up(self, errand: Errand) -> SendResult | None:
        """Whether it left. A look that the platform refuses says nothing of the text: it stays uncertain."""
        try:
            return await self._connector.check(errand.message, since=errand.item.created_at)
        except (RequestRefusedError, ContactGoneError, WindowClosedError) as error:
            raise OutcomeUnknownError(error.detail, code=error.code) from error

    async def _with_files(self, message: OutboundMessage) -> OutboundMessage:
        """The message with its files' bytes. Raises RequestRefusedError where one is not there any more."""
        if not message.attachments:
            return message
        if self._files is None:
            raise RequestRefusedError("this sender has no files")
        try:
            read = [replace(file, data=await self._files.get(file.stored_as)) for file in message.attachments]
        except NotFoundError as error:
            raise RequestRefusedError("a file of this answer is not there any more", code=FILE_GONE) from error
        return replace(message, attachments=tuple(read))

    async def _record(self, errand: Errand, result: SendResult) -> None:
        async with self._database.write() as session:
            facts = self._connector.facts.surfaces.get(errand.message.surface)
            now, profile = self._clock.now(), self._profile
            await sending.record_sent(session, errand, result, at=now, facts=facts, profile=profile)
        await self._tell(errand)

    async def _wait(self, errand: Errand, error: ChannelError, until: datetime, *, whole_account: bool = True) -> Pause:
        await self._postpone(errand, until=until, problem=in_words(error), perhaps_sent=errand.item.perhaps_sent)
        return Pause(until, whole_account=whole_account)

    async def _wait_for_a_person(self, errand: Errand, error: ChannelError) -> Pause | None:
        """The account is held back. Where others' texts left since the same was said of this one, it alone is meant."""
        said_before = errand.item.problem == in_words(error)
        if said_before and await self._has_sent_since(errand.item.not_before - LONGEST_PAUSE):
            await self._give_up(errand, error, OutboxState.UNKNOWN if errand.item.perhaps_sent else OutboxState.FAILED)
            return None
        await self._pause_account(error)
        return await self._wait(errand, error, self._clock.now() + LONGEST_PAUSE)

    async def _has_sent_since(self, moment: datetime) -> bool:
        async with self._database.read() as session:
            return await sending.has_sent_since(session, self._account_id, moment)

    async def _check_later(self, errand: Errand, error: ChannelError) -> None:
        """Look the send up before anything else; where nobody can, a person decides."""
        if self._connector.facts.checks_outcome and errand.item.attempts < MOST_TRIES:
            until = self._clock.now() + CHECK_PAUSE
            await self._postpone(errand, until=until, problem=in_words(error), perhaps_sent=True)
        else:
            await self._give_up(errand, error, OutboxState.UNKNOWN)

    async def _try_again(self, errand: Errand, error: ChannelError) -> None:
        """A text that was uncertain before stays so: the fault may have hit the look-up."""
        uncertain, age = errand.item.perhaps_sent, self._clock.now() - errand.item.created_at
        if errand.item.attempts >= MOST_TRIES and age > GIVE_UP_AFTER:
            await self._give_up(errand, error, OutboxState.UNKNOWN if uncertain else OutboxState.FAILED)
        else:
            await self._postpone(errand, until=self._backoff(errand), problem=in_words(error), perhaps_sent=uncertain)

    async def _give_up(self, errand: Errand, error: ChannelError, state: OutboxState) -> None:
        log.warning("outbox row %s of account %d: %s (%s)", errand.item.id, self._account_id, state, error.detail)
        async with self._database.write() as session:
            await sending.record_failure(session, errand, state=state, problem=in_words(error), at=self._clock.now())
            if isinstance(error, ContactGoneError):
                await sending.note_unreachable(session, errand, at=self._clock.now())
        await self._tell(errand)

    async def _postpone(self, errand: Errand, *, until: datetime, problem: str, perhaps_sent: bool) -> None:
        async with self._database.write() as session:
            await sending.postpone(session, errand, until=until, problem=problem, perhaps_sent=perhaps_sent)

    async def _postpone_rest(self, errands: Sequence[Errand], until: datetime) -> None:
        async with self._database.write() as session:
            await sending.give_back(session, errands, until=until)

    async def _pause_account(self, error: ChannelError) -> None:
        state = AccountState.REAUTHORISE if isinstance(error, ReauthoriseError) else AccountState.PAUSED
        log.error("account %d: %s (%s)", self._account_id, state, error.detail)
        async with self._database.write() as session:
            await sending.set_account_state(session, self._account_id, state, detail=explained(error))

    async def _tell(self, errand: Errand) -> None:
        await self._bus.publish("application", {"id": errand.item.application_id, "what": "sent"})

    def _backoff(self, errand: Errand) -> datetime:
        pause = min(FIRST_PAUSE * 2 ** min(errand.item.attempts, 10), LONGEST_PAUSE)
        return self._clock.now() + pause * random.uniform(0.8, 1.2)
