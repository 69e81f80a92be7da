"""What a platform tells of by ids alone: stored first, words of mentions and names of people asked for afterwards."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import select

from bots.lookups import WordFinder
from bots.queues.local import LocalBus, LocalQueue
from connectors.instagram.connector import PLATFORM
from connectors.instagram.simulator import InstagramSimulator
from connectors.simulation import CitizenPost
from inbox.repositories import accounts, traces
from inbox.services import intake, lookups
from inbox.services.intake import Batch
from models.clock import StillClock
from models.db import Database
from models.enums import ChannelName, Surface
from models.ports import Connector
from models.tables import Account, Citizen, Delivery, Event, Identity, Job, Lookup, Message
from tests.conftest import NOW


class Bench:
    """An account by Facebook Login, with a finder beside it."""

    def __init__(self, database: Database, clock: StillClock, simulator: InstagramSimulator, account: Account) -> None:
        self.database, self.clock, self.simulator, self.account = database, clock, simulator, account
        settings = PLATFORM.settings(**{**simulator.account_settings(), "page_id": "153"})
        self.connector: Connector = PLATFORM.build(settings, clock)
        parts: dict[str, Any] = {"database": database, "queue": LocalQueue(), "bus": LocalBus(), "clock": clock}
        self.finder = WordFinder(connectors={account.id or 0: self.connector}, **parts)

    async def push(self, **ids: str) -> None:
        """A webhook that tells ids alone."""
        await self.take({"changes": [{"field": "mentions", "value": ids}]})

    async def message(self, number: int) -> str:
        """Ayşe writes to us, and the webhook tells her id alone; her id."""
        post = CitizenPost(author="ayse", name="Ayşe Kaya", handle="ayse.k", surface=Surface.DIRECT, text="su yok")
        await self.simulator.write(post)
        (person,) = self.simulator.messages.by_citizen
        item = {"sender": {"id": person}, "recipient": {"id": self.account.external_id}}
        await self.take({"messaging": [{**item, "message": {"mid": f"m{number}", "text": "su yok"}}]})
        return person

    async def take(self, parts: dict[str, Any]) -> None:
        entry = {"id": self.account.external_id, "time": int(self.clock.now().timestamp()), **parts}
        body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
        batch = Batch(
            channel=ChannelName.INSTAGRAM,
            source="webhook",
            body=body,
            parsed=self.connector.parse(body),
            received_at=self.clock.now(),
        )
        async with self.database.write() as session:
            await intake.store(session, batch)

    async def rows(self, table: Any) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.exec(select(table))).all())


class Stumbling:
    """A connector whose look-up of one message fails as nobody foresaw."""

    def __init__(self, connector: Connector, *, over: str) -> None:
        self._connector, self._over = connector, over
        self.facts = connector.facts

    def parse(self, payload: bytes, *, stream: str = "") -> Any:
        return self._connector.parse(payload, stream=stream)

    async def person(self, person_id: str) -> None:
        return None

    async def look_up(self, pointer: Any, *, last: bool) -> bytes:
        if self._over in pointer.values():
            raise KeyError("data")
        found: bytes = await self._connector.look_up(pointer, last=last)
        return found


@pytest.fixture
async def bench(database: Database, clock: StillClock) -> AsyncIterator[Bench]:
    simulator = InstagramSimulator(clock)
    await simulator.start()
    async with database.write() as session:
        account = await accounts.ensure_account(
            session,
            Account(
                channel=ChannelName.INSTAGRAM,
                external_id=simulator.account_settings()["instagram_id"],
                name="Instagram",
                created_at=NOW,
            ),
        )
    opened = Bench(database, clock, simulator, account)
    yield opened
    await opened.connector.close()
    await simulator.stop()


async def test_words_come_after_the_webhook_was_answered(bench: Bench) -> None:
    item = bench.simulator.mention("ayse", "Kordon'da lamba kırık")
    await bench.push(media_id="1790", comment_id=item)
    await bench.push(media_id="1790", comment_id=item)
    assert not await bench.rows(Message)
    assert await bench.finder.look_up_due() == 1
    (message,), (job,) = await bench.rows(Message), await bench.rows(Job)
    assert (message.external_id, message.text, job.message_id) == (item, "Kordon'da lamba kırık", message.id)
    assert await bench.rows(Lookup) == []
    assert await bench.finder.look_up_due() == 0
    assert [one.source for one in await bench.rows(Delivery)] == ["webhook", "webhook", "lookup"]
    assert [one.kind.value for one in await bench.rows(Event)] == ["pointer", "message"]


async def test_what_nobody_may_read_waits_for_a_person(bench: Bench) -> None:
    await bench.push(media_id="1790", comment_id="1800")
    await bench.finder.look_up_due()
    (message,) = await bench.rows(Message)
    assert (message.external_id, message.text, message.replyable) == ("1800", "", False)
    assert await bench.rows(Lookup) == []


async def test_faults_that_pass_are_waited_for_and_then_given_up(bench: Bench) -> None:
    item = bench.simulator.mention("ayse", "lamba kırık")
    await bench.push(media_id="1790", comment_id=item)
    bench.simulator.fault("html", times=lookups.MOST_TRIES)
    for _ in range(lookups.MOST_TRIES - 1):
        assert await bench.finder.look_up_due() == 1
        assert await bench.finder.look_up_due() == 0
        assert not await bench.rows(Message)
        bench.clock.advance(seconds=lookups.LONGEST_PAUSE.total_seconds())
    await bench.finder.look_up_due()
    (message,) = await bench.rows(Message)
    assert (message.external_id, message.text) == (item, "")


async def test_an_answer_that_nobody_foresaw_stops_no_other_and_is_tried_ever_more_seldom(bench: Bench) -> None:
    lame = bench.simulator.mention("ayse", "lamba kırık")
    await bench.push(media_id="1790", comment_id=lame)
    bench.clock.advance(seconds=1)
    await bench.push(media_id="1790", comment_id=bench.simulator.mention("ayse", "su yok"))
    bench.finder = WordFinder(
        connectors={bench.account.id or 0: Stumbling(bench.connector, over=lame)},
        database=bench.database, queue=LocalQueue(), bus=LocalBus(), clock=bench.clock,
    )  # fmt: skip
    assert await bench.finder.look_up_due() == 2
    assert [one.text for one in await bench.rows(Message)] == ["su yok"]
    for _ in range(30):
        bench.clock.advance(seconds=lookups.LONGEST_PAUSE.total_seconds())
        assert await bench.finder.look_up_due() == 1


async def test_a_finder_that_dies_leaves_the_lookup_to_the_next(bench: Bench) -> None:
    item = bench.simulator.mention("ayse", "lamba kırık")
    await bench.push(media_id="1790", comment_id=item)
    async with bench.database.write() as session:
        await lookups.claim(session, [bench.account.id or 0], now=bench.clock.now(), limit=5)
    assert await bench.finder.look_up_due() == 0
    bench.clock.advance(seconds=lookups.CLAIM.total_seconds())
    assert await bench.finder.look_up_due() == 1
    assert [one.text for one in await bench.rows(Message)] == ["lamba kırık"]


async def test_names_come_after_the_webhook_was_answered_and_are_asked_for_once(bench: Bench) -> None:
    person = await bench.message(1)
    bench.clock.advance(minutes=1)
    await bench.message(2)
    assert await bench.finder.look_up_due() == 1
    await bench.message(3)
    assert await bench.finder.look_up_due() == 0
    (known,), (citizen,) = await bench.rows(Identity), await bench.rows(Citizen)
    assert (known.display_name, known.handle, citizen.display_name) == ("Ayşe Kaya", "ayse.k", "Ayşe Kaya")
    assert bench.simulator.profiles_read == {person: 1}


async def test_who_gives_no_name_is_not_asked_for_again(bench: Bench) -> None:
    person = await bench.message(1)
    bench.simulator.messages.by_citizen[person].citizen_wrote_at = None
    assert await bench.finder.look_up_due() == 1
    bench.clock.advance(days=1)
    assert await bench.finder.look_up_due() == 0
    assert [one.display_name for one in await bench.rows(Identity)] == [""]


async def test_a_name_is_waited_for_while_the_platform_stumbles_and_no_longer(bench: Bench) -> None:
    await bench.message(1)
    bench.simulator.fault("expired_token", times=lookups.MOST_TRIES)
    for _ in range(lookups.MOST_TRIES):
        assert await bench.finder.look_up_due() == 1
        bench.clock.advance(seconds=lookups.LONGEST_PAUSE.total_seconds())
    assert await bench.rows(Lookup) == []
    assert [one.display_name for one in await bench.rows(Identity)] == [""]


async def test_who_was_erased_in_between_stays_nameless(bench: Bench) -> None:
    await bench.message(1)
    (citizen,) = await bench.rows(Citizen)
    async with bench.database.write() as session:
        await traces.empty_citizens(session, [citizen.id], at=bench.clock.now())
    assert await bench.finder.look_up_due() == 1
    assert [one.display_name for one in await bench.rows(Citizen)] == [""]
    assert await bench.rows(Lookup) == []
