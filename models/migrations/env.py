"""Alembic's entry: runs the migrations on the connection that `models.schema` hands over."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401  (fills the metadata)
from models.tables.columns import UtcDateTime, Word


def _plain_type(kind: str, value: object, _context: object) -> str | bool:
    """Migrations name database types, not our classes, so that they outlive a change of the classes."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(value, Word):
        return "sa.String(length=32)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
