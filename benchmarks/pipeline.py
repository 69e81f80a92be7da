"""Messages per second from raw bytes to application, draft and acknowledgement, on SQLite.

Reference: the same rows, inserted with the raw sqlite3 driver in equal batches into the same schema, in the same run.
"""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bots.queues.local import LocalBus, LocalQueue
from bots.settings import load_settings
from bots.worker import Worker
from classifier import store
from inbox.knowledge.shelf import Shelf
from inbox.repositories import accounts
from inbox.services import intake, organisation
from inbox.services.intake import Batch
from models import schema
from models.clock import StillClock
from models.db import Database
from models.enums import ChannelName, EventKind, Surface
from models.messages import ChannelEvent, Classification, Parsed, Sender, TextToClassify
from models.ports import Classifier
from models.profile import Profile, load_profile
from models.tables import Account

SIZES = (500, 2000, 8000)
BATCH = 50
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def main() -> None:
    settings = load_settings()
    profile = load_profile(settings.profile)
    classifier = store.load(settings.data_dir / "model", profile)
    texts = _texts(profile)
    print(f"{'messages':>9} {'msg/s':>8} {'raw msg/s':>10} {'ratio':>7} {'classify only':>14}")
    for size in SIZES:
        chosen = [texts[i % len(texts)] for i in range(size)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "him.sqlite3"
            taken = asyncio.run(_run(path, chosen, classifier, profile))
            raw = _raw_inserts(path, Path(folder) / "raw.sqlite3", batches=size // BATCH)
        alone = _classify_alone(chosen, classifier)
        print(
            f"{size:>9} {size / taken:>8.0f} {size / raw:>10.0f} {raw / taken:>7.3f} {size / alone:>12.0f}/s",
            flush=True,
        )


def _texts(profile: Profile) -> list[str]:
    return [
        json.loads(line)["text"]
        for path in sorted(profile.corpus_folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


async def _run(path: Path, texts: Sequence[str], classifier: Classifier, profile: Profile) -> float:
    """Seconds for intake and triage of all texts, a stranger each."""
    database = Database(f"sqlite:///{path}")
    await schema.upgrade(database.engine)
    async with database.write() as session:
        await organisation.seed(session, profile)
        await accounts.ensure_account(
            session, Account(channel=ChannelName.TELEGRAM, external_id="bot", name="Bot", created_at=START)
        )

    async def classify(batch: Sequence[TextToClassify]) -> list[Classification]:
        return classifier.classify(batch)

    clock = StillClock(START + timedelta(minutes=1))
    worker = Worker(
        database=database,
        queue=LocalQueue(),
        bus=LocalBus(),
        clock=clock,
        profile=profile,
        classify=classify,
        articles=Shelf(profile.knowledge_folder),
    )
    started = time.perf_counter()
    for first in range(0, len(texts), BATCH):
        events = [_event(first + i, text) for i, text in enumerate(texts[first : first + BATCH])]
        batch = Batch(
            channel=ChannelName.TELEGRAM,
            source="webhook",
            body=b"{}",
            parsed=Parsed(events=tuple(events)),
            received_at=START,
        )
        async with database.write() as session:
            result = await intake.store(session, batch)
        await worker.drain(result.conversation_ids)
    taken = time.perf_counter() - started
    await database.close()
    return taken


def _event(number: int, text: str) -> ChannelEvent:
    return ChannelEvent(
        kind=EventKind.MESSAGE,
        channel=ChannelName.TELEGRAM,
        dedup_key=f"message:{number}",
        account_id="bot",
        surface=Surface.DIRECT,
        external_id=f"bot:{number}:1",
        thread_id=str(number),
        sender=Sender(external_id=str(number), display_name="Hemşehri"),
        text=text,
        sent_at=START,
    )


def _raw_inserts(source: Path, target: Path, *, batches: int) -> float:
    """Seconds to insert the same rows with executemany, a transaction a batch."""
    asyncio.run(_prepare(target))
    read, write = sqlite3.connect(source), sqlite3.connect(target)
    write.execute("PRAGMA synchronous=NORMAL")
    write.execute("PRAGMA foreign_keys=OFF")
    names = [
        name
        for (name,) in read.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name != "alembic_version" and not name.startswith(("sqlite_", "application_search"))
    ]
    rows = {name: read.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    started = time.perf_counter()
    for number in range(batches):
        for name, found in rows.items():
            part = found[number * len(found) // batches : (number + 1) * len(found) // batches]
            if part:
                write.executemany(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(part[0]))})', part)
        write.commit()
    taken = time.perf_counter() - started
    read.close()
    write.close()
    return taken


async def _prepare(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    await schema.upgrade(database.engine)
    await database.close()


def _classify_alone(texts: Sequence[str], classifier: Classifier) -> float:
    batch = [TextToClassify(id=str(i), text=text) for i, text in enumerate(texts)]
    started = time.perf_counter()
    for first in range(0, len(batch), BATCH):
        classifier.classify(batch[first : first + BATCH])
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
