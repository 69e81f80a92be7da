"""Column types and shortcuts that every table shares."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, Integer, String, Text, TypeDecorator, text
from sqlmodel import Field

BIG_ID = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only; stored as UTC without an offset, given back as aware UTC, on every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset reached the database")
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """One call a value: a page of the list has hundreds."""
        read: Callable[[Any], Any] | None = self.impl_instance.result_processor(dialect, coltype)

        def process(value: Any) -> datetime | None:
            if value is None:
                return None
            moment: datetime = read(value) if read else value
            return moment.replace(tzinfo=UTC)

        return process


class Word(TypeDecorator[StrEnum]):
    """An enum kept as its plain value, readable in the database and without a type to migrate."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], StrEnum | None]:
        """One look at a table a value; raises KeyError for a word that is none."""
        known: dict[str | None, StrEnum | None] = {None: None, **{word.value: word for word in self.words}}
        return known.__getitem__


def primary_key() -> Any:
    return Field(default=None, primary_key=True, sa_type=BIG_ID)


def reference(target: str, *, index: bool = True, optional: bool = False) -> Any:
    """A foreign key to `table.column`."""
    if optional:
        return Field(default=None, foreign_key=target, index=index, sa_type=BIG_ID, nullable=True)
    return Field(foreign_key=target, index=index, sa_type=BIG_ID)


def time(*, index: bool = False) -> Any:
    return Field(sa_type=UtcDateTime, index=index)


def optional_time(*, index: bool = False) -> Any:
    return Field(default=None, sa_type=UtcDateTime, index=index, nullable=True)


def word(words: type[StrEnum], *, default: Any = ..., index: bool = False) -> Any:
    """A column for an enum. Give `default=None` for an optional one."""
    return Field(default=default, sa_type=Word(words), index=index, nullable=default is None)


def long_text(default: Any = "") -> Any:
    return Field(default=default, sa_type=Text)


def json_value(factory: Any) -> Any:
    return Field(default_factory=factory, sa_type=JSON)


def few_filled(name: str, column: str) -> Index:
    """An index of a column that is empty in nearly all rows: of the others alone."""
    filled = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=filled, postgresql_where=filled)
