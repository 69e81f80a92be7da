"""SQLite without a thread of its own: for replays in which nothing else waits, each call saves two switches."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from models.db import Database
from models.sqlite_connection import OneTripConnection


class InlineConnection(OneTripConnection):
    """Runs each call where it is made."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return fn(*args, **named)


def run_inline(database: Database) -> None:
    """Let the connections that this database opens from now on run inline."""
    event.listen(database.engine.sync_engine, "do_connect", _open_inline)


def _open_inline(_dialect: Any, _record: Any, _positional: Any, named: dict[str, Any]) -> None:
    named["async_creator_fn"] = InlineConnection
    named["check_same_thread"] = False
