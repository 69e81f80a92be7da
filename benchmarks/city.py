"""An invented city's database of any size: ten thousand applications through the tables, then multiplied in SQL.

Texts come from the training corpus. The same share is open at every size, as in a desk that keeps up with its work.
"""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, text
from sqlmodel import SQLModel

from inbox.repositories import search
from inbox.services import organisation
from models import schema
from models.db import Database
from models.enums import (
    SOCIAL_CHANNELS,
    ApplicationState,
    Author,
    Decision,
    Direction,
    Kind,
    Outcome,
    Surface,
    Urgency,
)
from models.profile import Profile
from models.tables import Account, Application, Citizen, ClassificationRecord, Conversation, Identity, Message

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OPEN_SHARE = 0.02
"""Of all applications ever written; at a million these are the open work of some months."""
SEED_SIZE = 10_000
SPREAD_MINUTES = 40
"""Between two applications of the seed: ten thousand reach over most of a year."""
CHUNK = 500
_MULTIPLIED = (Citizen, Identity, Conversation, Application, Message, ClassificationRecord)
_SHIFTED = {
    "identity": ("citizen_id",),
    "conversation": ("identity_id", "citizen_id"),
    "application": ("conversation_id", "citizen_id"),
    "message": ("conversation_id", "application_id"),
    "classification": ("message_id", "application_id"),
}
_MADE_UNIQUE = {
    "identity": "external_id",
    "conversation": "thread_id",
    "application": "number",
    "message": "external_id",
}


async def build(database: Database, *, profile: Profile, size: int) -> None:
    """Fill an empty database with `size` applications (a multiple of ten thousand, or fewer)."""
    await schema.upgrade(database.engine)
    seed = min(size, SEED_SIZE)
    async with database.write() as session:
        await organisation.seed(session, profile)
    await _write_seed(database, profile, seed)
    for copy in range(1, size // seed):
        await _multiply(database, shift=copy * seed, seed=seed)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


async def _write_seed(database: Database, profile: Profile, size: int) -> None:
    texts = _texts(profile, size)
    chance = random.Random(7)
    async with database.write() as session:
        session.add_all(
            Account(channel=channel, external_id=f"account-{channel}", name=channel, created_at=NOW)
            for channel in SOCIAL_CHANNELS
        )
    for start in range(1, size + 1, CHUNK):
        rows = [_records(key, texts[key - 1], profile, chance) for key in range(start, min(start + CHUNK, size + 1))]
        async with database.write() as session:
            for place, table in enumerate(_MULTIPLIED):
                await session.exec(insert(table), params=[row[place].model_dump() for row in rows])
            await search.index_applications(session, [row[0].id or 0 for row in rows])


def _texts(profile: Profile, size: int) -> list[dict[str, Any]]:
    rows = [
        json.loads(line)
        for path in sorted(profile.corpus_folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if row["topic"]]
    return [rows[place % len(rows)] for place in range(size)]


def _records(key: int, row: dict[str, Any], profile: Profile, chance: random.Random) -> Sequence[SQLModel]:
    """One row for each table of `_MULTIPLIED`, all with the same id."""
    channel = SOCIAL_CHANNELS[key % len(SOCIAL_CHANNELS)]
    at = NOW - timedelta(minutes=SPREAD_MINUTES * key)
    is_open = chance.random() < OPEN_SHARE
    at = NOW - timedelta(minutes=chance.randrange(20 * 24 * 60)) if is_open else at
    name = f"Yurttaş {key}"
    return (
        Citizen(id=key, display_name=name, created_at=at),
        Identity(
            id=key, citizen_id=key, channel=channel, external_id=f"c{key}", handle=f"yurttas{key}",
            display_name=name, created_at=at,
        ),
        Conversation(
            id=key, account_id=1 + key % len(SOCIAL_CHANNELS), channel=channel, surface=Surface.DIRECT,
            thread_id=f"t{key}", identity_id=key, citizen_id=key, last_inbound_at=at, created_at=at,
        ),
        _application(key, row, at, is_open=is_open, profile=profile, chance=chance),
        Message(
            id=key, conversation_id=key, application_id=key, channel=channel, external_id=f"m{key}",
            direction=Direction.INBOUND, author=Author.CITIZEN, text=row["text"], sent_at=at, received_at=at,
            triaged_at=at,
        ),
        ClassificationRecord(
            id=key, message_id=key, application_id=key, kind=Kind(row["kind"]), topic=row["topic"], unit=row["unit"],
            urgency=Urgency(row["urgency"]), confidence=0.9, decision=Decision.AUTO, created_at=at,
        ),
    )  # fmt: skip


def _application(
    key: int, row: dict[str, Any], at: datetime, *, is_open: bool, profile: Profile, chance: random.Random
) -> Application:
    urgency = Urgency(row["urgency"])
    return Application(
        id=key, number=f"{profile.number_prefix}-2026-{key:07d}", conversation_id=key, citizen_id=key,
        account_id=1 + key % len(SOCIAL_CHANNELS), channel=SOCIAL_CHANNELS[key % len(SOCIAL_CHANNELS)],
        state=chance.choice(_OPEN_STATES) if is_open else ApplicationState.CLOSED, is_open=is_open,
        rank=0 if urgency is Urgency.EMERGENCY else 1, kind=Kind(row["kind"]), topic=row["topic"], unit=row["unit"],
        routed_unit=row["unit"] if chance.random() < 0.5 else None, urgency=urgency, district=row["district"],
        neighbourhood=row["neighbourhood"], decision=chance.choice(list(Decision)), confidence=0.9,
        summary=row["text"][:160], unread=is_open, received_at=at, due_at=at + timedelta(days=30), last_message_at=at,
        outcome=None if is_open else Outcome.POSITIVE, closed_at=None if is_open else at + timedelta(days=4),
        created_at=at,
    )  # fmt: skip


_OPEN_STATES = [
    ApplicationState.DRAFT,
    ApplicationState.AWAITING_APPROVAL,
    ApplicationState.ROUTED,
    ApplicationState.IN_PROGRESS,
    ApplicationState.ANSWER_REVIEW,
]


async def _multiply(database: Database, *, shift: int, seed: int) -> None:
    """The seed once more, with ids `shift` higher."""
    async with database.engine.begin() as connection:
        for model in _MULTIPLIED:
            table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
            await connection.execute(text(_copy_statement(table, shift, seed)))
        await connection.execute(
            text(
                f"INSERT INTO application_search (rowid, folded) "
                f"SELECT rowid + {shift}, folded FROM application_search WHERE rowid <= {seed}"
            )
        )


def _copy_statement(table: Table, shift: int, seed: int) -> str:
    moved = {"id", *_SHIFTED.get(table.name, ())}
    unique = _MADE_UNIQUE.get(table.name)
    names = [column.name for column in table.columns]
    values = [
        f'"{name}" + {shift}' if name in moved else f"\"{name}\" || '-{shift}'" if name == unique else f'"{name}"'
        for name in names
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {", ".join(values)} FROM "{table.name}" WHERE id <= {seed}'
