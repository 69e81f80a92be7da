"""An invented city's database of any size: some thousand applications with all their rows, multiplied in SQL.

Texts come from the training corpus. Numbers and times grow together, over 277 days at every size. Two of a hundred
applications are open (at a million: 20,000), most of them from the last two weeks, as at a desk that keeps up.
"""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from benchmarks.city_copies import multiply
from benchmarks.city_rows import CityRows
from benchmarks.city_views import VIEWS
from inbox.repositories import search
from inbox.services import organisation
from models import schema
from models.db import Database
from models.enums import SOCIAL_CHANNELS, Role
from models.profile import Profile
from models.tables import Account, SavedView, User

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEED_SIZE = 2_500
SPREAD = timedelta(minutes=160)
"""Between two applications of the seed."""
AGENTS = 50
CHUNK = 500


async def build(database: Database, *, profile: Profile, size: int) -> None:
    """Fill an empty database with `size` applications (a multiple of `SEED_SIZE`, or fewer)."""
    await schema.upgrade(database.engine)
    seed = min(size, SEED_SIZE)
    copies = size // seed
    await _write_desk(database, profile)
    folded = await _write_seed(database, profile, seed=seed, copies=copies)
    number_words = " ".join(search.words_of(f"{profile.number_prefix}-{NOW.year}"))
    await multiply(database, folded, copies=copies, spread=SPREAD, number_words=number_words)


async def _write_desk(database: Database, profile: Profile) -> None:
    """Topics and units, one account a channel, the agents, the lead's thirty views."""
    async with database.write() as session:
        await organisation.seed(session, profile)
        session.add_all(
            Account(channel=channel, external_id=f"account-{channel}", name=channel, created_at=NOW)
            for channel in SOCIAL_CHANNELS
        )
        session.add_all(
            User(login=f"a{n}", name=f"Personel {n}", password_hash="", roles=[Role.AGENT.value], created_at=NOW)
            for n in range(AGENTS)
        )
        session.add_all(
            SavedView(name=name, params=params, position=place, created_at=NOW)
            for place, (name, params) in enumerate(VIEWS)
        )


async def _write_seed(database: Database, profile: Profile, *, seed: int, copies: int) -> dict[int, str]:
    """Every `copies`-th application of the city; the words by which each is found, but for its number."""
    texts = _texts(profile, seed)
    rows = CityRows(profile=profile, now=NOW, agents=AGENTS, chance=random.Random(7))
    folded: dict[int, str] = {}
    for start in range(0, seed, CHUNK):
        by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for place in range(start, min(start + CHUNK, seed)):
            key = place * copies + 1
            name = rows.name()
            folded[key] = " ".join(search.index_words("", [texts[place]["text"]], [name]))
            for record in rows.of(key, texts[place], name=name, at=NOW - SPREAD * (seed - place)):
                by_table[str(record.__tablename__)].append(record.model_dump())
        async with database.write() as session:
            for table in SQLModel.metadata.sorted_tables:
                if by_table[table.name]:
                    await session.exec(insert(table), params=by_table[table.name])
    return folded


def _texts(profile: Profile, size: int) -> Sequence[dict[str, Any]]:
    rows = [
        json.loads(line)
        for path in sorted(profile.corpus_folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if row["topic"]]
    random.Random(11).shuffle(rows)
    return [rows[place % len(rows)] for place in range(size)]
