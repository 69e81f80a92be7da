"""When people work: shifts, absences, and days on which nobody does."""

from datetime import date, datetime

from sqlalchemy import Date
from sqlmodel import Field, SQLModel

from models.tables.columns import json_value, optional_time, primary_key, reference, time


class RosterShift(SQLModel, table=True):
    """Weekly hours of a person, in the organisation's local time, as `HH:MM`."""

    __tablename__ = "roster_shift"

    id: int | None = primary_key()
    user_id: int = reference("user.id")
    starts: str
    ends: str
    weekdays: list[int] = json_value(list)
    """0 is Monday."""


class Absence(SQLModel, table=True):
    """Leave, sick leave or a break; without an end it lasts until somebody ends it."""

    id: int | None = primary_key()
    user_id: int = reference("user.id")
    starts_at: datetime = time()
    ends_at: datetime | None = optional_time()
    reason: str = ""


class LeaveDay(SQLModel, table=True):
    """Administrative leave that the administrator adds to the calendar."""

    __tablename__ = "leave_day"

    day: date = Field(sa_type=Date, primary_key=True)
    reason: str
    added_by: int | None = reference("user.id", optional=True, index=False)
    added_at: datetime = time()
