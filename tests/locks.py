"""Two transactions at once."""

from sqlalchemy import text

from models.db import Database


async def somebody_waits(database: Database) -> None:
    """Until a transaction waits for a row that another one holds; SQLite lets nobody in before."""
    query = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while database.dialect == "postgresql":
        async with database.read() as session:
            if (await session.exec(query)).scalar_one():
                return
