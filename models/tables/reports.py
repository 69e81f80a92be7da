"""What reports keep: the counts of days that are over, and followers and posts of our accounts. No personal data."""

from datetime import date, datetime

from sqlalchemy import Date
from sqlmodel import Field, SQLModel

from models.tables.columns import BIG_ID, json_value, time


class DayCount(SQLModel, table=True):
    """The counts of one local day, by section and key; every period of a report is the sum of its days."""

    __tablename__ = "day_count"

    day: date = Field(primary_key=True, sa_type=Date)
    counts: dict[str, dict[str, int]] = json_value(dict)
    backlog: dict[str, int] = json_value(dict)
    """Applications that were open when the day ended, by age; it is no sum."""
    counted_at: datetime = time()


class MonthCount(SQLModel, table=True):
    """The sum of a month's days, so that a year is twelve rows."""

    __tablename__ = "month_count"

    first: date = Field(primary_key=True, sa_type=Date)
    counts: dict[str, dict[str, int]] = json_value(dict)


class AccountFigure(SQLModel, table=True):
    """How many follow an account and how much it has posted, as its platform said last on a local day."""

    __tablename__ = "account_figure"

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=BIG_ID)
    day: date = Field(primary_key=True, sa_type=Date)
    followers: int | None = None
    posts: int | None = None
