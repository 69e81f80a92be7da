"""The log of a whole way, from the citizen's words to the answer, holds neither her data nor a secret."""

import io
import logging
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bots.logs import FORMAT, MaskedFormatter
from bots.queues.local import LocalBus, LocalQueue
from bots.worker import Worker
from inbox.knowledge.shelf import Shelf
from inbox.rules.permissions import Actor
from inbox.services import applications, privacy
from models.clock import StillClock
from models.db import Database
from models.enums import Role
from models.errors import RequestRefusedError, TransientError
from models.messages import Classification, Sender, TextToClassify
from models.profile import Profile
from models.tables import Application, OutboxItem
from tests.bots.sending import Platform, a_person, sender
from tests.builders import classification, message, set_up, take_in
from tests.conftest import NOW

WORDS = "annemin adı Gülbahar, numaram 0532 765 43 00"
HERS = ("Gülbahar", "Nazmiye", "5327654300", "765 43 00", "nazmiye@example.org", "gizli-anahtar", "Yoldayız")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What stands in the log of a verbose run."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskedFormatter(FORMAT))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


async def classify(texts: Sequence[TextToClassify]) -> list[Classification]:
    return [classification() for _ in texts]


async def answer(database: Database, clock: StillClock, user_id: int) -> None:
    actor = Actor(user_id=user_id, name="Elif", roles=frozenset({Role.AGENT}))
    async with database.write() as session:
        one = (await session.exec(select(Application))).one()
        await privacy.reveal_citizen(session, one, actor, now=clock.now())
        await applications.send_answer(
            session, one, actor, text="Yoldayız Nazmiye Hanım", facts=None, seen_version=one.version, now=clock.now()
        )


async def test_a_whole_way_leaves_no_personal_data_in_the_log(
    database: Database, clock: StillClock, profile: Profile, log: io.StringIO
) -> None:
    """Personal data are masked in logs always; texts and names do not get there at all [İ7d10, İ19h]."""
    await set_up(database, NOW)
    writer = Sender(external_id="905327654300", display_name="Nazmiye Kar", handle="nazmiyekar")
    (key,) = (await take_in(database, NOW, message(1, WORDS, sender=writer))).conversation_ids
    clock.advance(seconds=5)
    worker = Worker(
        database=database, queue=LocalQueue(), bus=LocalBus(), clock=clock, profile=profile, classify=classify,
        articles=Shelf(profile.folder / "nothing"),
    )  # fmt: skip
    assert len(await worker.drain([key])) == 1
    await answer(database, clock, await a_person(database))
    platform = Platform()
    platform.answers = [TransientError("Nazmiye's line is busy"), None, RequestRefusedError("no chat 905327654300")]
    for _ in range(4):
        clock.advance(minutes=5)
        await sender(database, platform, clock).send_due()
    async with database.read() as session:
        assert len((await session.exec(select(OutboxItem))).all()) == 2
    assert [word for word in HERS if word in log.getvalue()] == []


async def test_a_fault_of_the_database_is_logged_without_values(database: Database, log: io.StringIO) -> None:
    """The values of a statement that failed do not stand in its error [İ7d10]."""
    with pytest.raises(DBAPIError) as raised:
        async with database.write() as session:
            await session.exec(text("INSERT INTO note (text) VALUES (:words)"), params={"words": WORDS})
    logging.getLogger("bots.worker").error("a turn failed", exc_info=raised.value)
    assert "a turn failed" in log.getvalue()
    assert [word for word in HERS if word in log.getvalue()] == []


def test_numbers_that_slip_in_are_masked(log: io.StringIO) -> None:
    """Phones, e-mail and identity numbers are masked in messages and traces [İ7d10]."""
    try:
        raise ValueError("0532 765 43 00 nazmiye@example.org")
    except ValueError:
        logging.getLogger("bots").exception("writing to %s failed", "905327654300")
    assert [word for word in HERS if word in log.getvalue()] == []
    assert "0532 ••• •• 00" in log.getvalue()
