"""Corrective and preventive actions, DÖF (directive 004, 8a12, 9a9)."""

from datetime import date, datetime

from sqlalchemy import Date
from sqlmodel import Field, SQLModel

from models.enums import CorrectiveKind
from models.tables.columns import long_text, optional_time, primary_key, reference, time, word


class CorrectiveAction(SQLModel, table=True):
    """A form about a fault in our own way of working. It names no citizen; each part is written once."""

    __tablename__ = "corrective_action"

    id: int | None = primary_key()
    kind: CorrectiveKind = word(CorrectiveKind)
    problem: str = long_text()
    opened_by: int = reference("user.id", index=False)
    opened_at: datetime = time()
    cause: str = long_text()
    remedy: str = long_text()
    due_on: date | None = Field(default=None, sa_type=Date, nullable=True)
    planned_by: int | None = reference("user.id", optional=True, index=False)
    planned_at: datetime | None = optional_time()
    effective: bool | None = None
    result: str = long_text()
    closed_by: int | None = reference("user.id", optional=True, index=False)
    closed_at: datetime | None = optional_time(index=True)
