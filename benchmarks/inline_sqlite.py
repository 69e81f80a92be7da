"""SQLite without a thread of its own: for replays in which nothing else waits, each call saves two switches."""

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite
from sqlalchemy import event

from models.db import Database


class InlineConnection(aiosqlite.Connection):
    """Runs each call where it is made."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return fn(*args, **named)


def run_inline(database: Database) -> None:
    """Let the connections that this database opens from now on run inline."""
    event.listen(database.engine.sync_engine, "do_connect", _open_inline)


def _open_inline(_dialect: Any, _record: Any, _positional: Any, named: dict[str, Any]) -> None:
    named["async_creator_fn"] = _connection


def _connection(path: str, **named: Any) -> InlineConnection:
    made = InlineConnection(lambda: sqlite3.connect(path, **{**named, "check_same_thread": False}), 64)
    made._thread.daemon = True
    return made
