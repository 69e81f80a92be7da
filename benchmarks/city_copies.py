"""Multiplies the rows of the invented city in SQL: ids, numbers and times between those of the seed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from benchmarks.city_rows import STRIDES
from models.db import Database
from models.tables.columns import UtcDateTime

_COUNTED = {
    "identity.external_id": ("c", 1),
    "identity.handle": ("yurttas", 1),
    "conversation.thread_id": ("t", 1),
    "message.external_id": ("m", 3),
    "event.external_id": ("m", 3),
    "event.dedup_key": ("message:m", 3),
}
"""Texts that end in an id: what stands before it, and how many of them an application has."""
_TABLES = (
    "citizen", "identity", "conversation", "conversation_lease", "delivery", "application", "outbox_item", "message",
    "event", "job", "classification", "draft", "emergency_alarm", "submission", "routing", "unit_response", "survey",
    "history_entry", "history_content",
)  # fmt: skip
_FAST = {
    "sqlite": (
        "COMMIT", "PRAGMA foreign_keys=OFF", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
        "PRAGMA cache_size=-1000000", "BEGIN",
    ),
    "postgresql": ("SET session_replication_role=replica", "SET maintenance_work_mem='1GB'", "SET work_mem='256MB'"),
}  # fmt: skip
"""Nothing of a database that is being built is worth a journal."""
_BEFORE_INDEX = {
    "sqlite": ("INSERT INTO application_search (application_search, rank) VALUES ('automerge', 0)",),
    "postgresql": ("DROP INDEX ix_application_search",),
}
_AFTER_INDEX = {
    "sqlite": (
        "INSERT INTO application_search (application_search) VALUES ('optimize')",
        "INSERT INTO application_search (application_search, rank) VALUES ('automerge', 4)",
    ),
    "postgresql": ("CREATE INDEX ix_application_search ON application_search USING gin (folded)",),
}


async def multiply(
    database: Database, folded: Mapping[int, str], *, copies: int, spread: timedelta, number_words: str
) -> None:
    """Between two applications of the seed `copies` - 1 more like the first; and the index of the words of all.

    `folded` has the words by which the seed is found but for its numbers, which begin with `number_words`.
    """
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in _FAST[database.dialect]:
            await _run(connection, statement)
        triggers = await _drop_triggers(connection)
        for name in _TABLES if copies > 1 else ():
            await _multiply(connection, SQLModel.metadata.tables[name], copies=copies, spread=spread)
        for trigger in triggers:
            await _run(connection, trigger)
        await _index(connection, folded, copies=copies, number_words=number_words)
        if database.dialect == "sqlite":
            await _run(connection, "COMMIT")
            await _run(connection, "PRAGMA journal_mode=WAL")
        await _run(connection, "ANALYZE" if database.dialect == "sqlite" else "VACUUM ANALYZE")


async def _drop_triggers(connection: AsyncConnection) -> list[str]:
    """SQLite's triggers, as they are made again; PostgreSQL's rest in a replica."""
    if connection.dialect.name == "postgresql":
        return []
    found = await connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers: Sequence[Any] = found.all()
    for name, _ in triggers:
        await _run(connection, f"DROP TRIGGER {name}")
    return [made for _, made in triggers]


async def _run(connection: AsyncConnection, statement: str) -> None:
    await connection.exec_driver_sql(statement)


async def _multiply(connection: AsyncConnection, table: Table, *, copies: int, spread: timedelta) -> None:
    """The seed is laid aside and all rows are written in order of their ids; indexes are made anew behind them."""
    indexes = sorted(table.indexes, key=lambda one: str(one.name))
    for index in indexes:
        await connection.run_sync(index.drop)
    quoted, key = f'"{table.name}"', next(iter(table.primary_key.columns)).name
    await _run(connection, f"CREATE TEMP TABLE seed AS SELECT * FROM {quoted} ORDER BY {key}")
    await _run(connection, f"DELETE FROM {quoted}")
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, connection.dialect.name, spread=spread / copies) for column in table.columns)
    await _run(
        connection,
        f"INSERT INTO {quoted} ({names}) SELECT {values} FROM seed CROSS JOIN {_numbers(connection, copies)}",
    )
    await _run(connection, "DROP TABLE seed")
    for index in indexes:
        await connection.run_sync(index.create)


def _numbers(connection: AsyncConnection, copies: int) -> str:
    """Each of 0 … copies - 1 as `n`."""
    if connection.dialect.name == "postgresql":
        return f"generate_series(0, {copies - 1}) AS copy (n)"
    counted = f"WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {copies - 1}) SELECT n FROM c"
    return f"({counted}) AS copy"


def _value(column: Column[object], dialect: str, *, spread: timedelta) -> str:
    name = f'seed."{column.name}"'
    place = f"{column.table.name}.{column.name}"
    if place == "application.number":
        return _shifted_number(name, dialect)
    if place == "outbox_item.unique_key":
        return "seed.purpose || ':' || (seed.application_id + n)"
    if place in _COUNTED:
        before, stride = _COUNTED[place]
        return f"'{before}' || (CAST(substr({name}, {len(before) + 1}) AS bigint) + n * {stride})"
    stride = _stride(column)
    if stride:
        return f"{name} + n * {stride}"
    if isinstance(column.type, UtcDateTime):
        return _later(name, dialect, spread)
    return name


def _stride(column: Column[object]) -> int:
    """By how many ids a copy differs from its seed; 0 where the column names none that is copied."""
    targets = [one.column.table.name for one in column.foreign_keys]
    if not targets and column.primary_key:
        targets = [column.table.name]
    return next((STRIDES.get(target, 1) for target in targets if target in _TABLES), 0)


def _shifted_number(name: str, dialect: str) -> str:
    counted = f"CAST(substr({name}, length({name}) - 6) AS bigint) + n"
    digits = f"printf('%07d', {counted})" if dialect == "sqlite" else f"lpad(({counted})::text, 7, '0')"
    return f"substr({name}, 1, length({name}) - 7) || {digits}"


def _later(name: str, dialect: str, spread: timedelta) -> str:
    seconds = spread.total_seconds()
    if dialect == "postgresql":
        return f"{name} + n * interval '{seconds} seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%f000', {name}, (n * {seconds}) || ' seconds')"


async def _index(connection: AsyncConnection, folded: Mapping[int, str], *, copies: int, number_words: str) -> None:
    """The words of all: those of the seed, with each application's own number."""
    await _run(connection, "CREATE TEMP TABLE seed (id bigint, folded text)")
    rows = [{"id": key, "folded": words} for key, words in folded.items()]
    await connection.execute(text("INSERT INTO seed (id, folded) VALUES (:id, :folded)"), rows)
    number = "application.number"
    words = (
        f"'{number_words} ' || substr({number}, length({number}) - 6) || ' ' || application.id || ' ' || seed.folded"
    )
    if connection.dialect.name == "postgresql":
        words = f"to_tsvector('simple', {words})"
    for statement in _BEFORE_INDEX[connection.dialect.name]:
        await _run(connection, statement)
    await _run(
        connection,
        f"INSERT INTO application_search (rowid, folded) SELECT application.id, {words} FROM seed "
        f"CROSS JOIN {_numbers(connection, copies)} JOIN application ON application.id = seed.id + n ORDER BY 1",
    )
    for statement in _AFTER_INDEX[connection.dialect.name]:
        await _run(connection, statement)
    await _run(connection, "DROP TABLE seed")
