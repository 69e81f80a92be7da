"""The organisation as data. The profile seeds these rows once; from then on the database rules."""

from typing import Any

from sqlmodel import Field, SQLModel

from models.enums import UnitKind
from models.tables.columns import json_value, word


class Topic(SQLModel, table=True):
    id: str = Field(primary_key=True)
    name: str
    unit: str
    other_units: list[str] = json_value(list)
    confidential: bool = False
    days: int | None = None
    """A shorter limit than the regulation's, in calendar days from receipt."""
    position: int = 0


class Unit(SQLModel, table=True):
    id: str = Field(primary_key=True)
    name: str
    short_name: str = ""
    kind: UnitKind = word(UnitKind)
    position: int = 0
    parent: str = ""
    """Set for a single district, `ilce:<name>`: the unit of the topics that it stands for."""
    integrated: bool = True
    """Its users work in the inbox; the others get a signed letter (directive 004, 6a7)."""
    contact: str = ""
    """Where the desk reaches it: address, telephone, registered mail (KEP)."""
    active: bool = True
    """A closed unit gets nothing new; its name stays with what it has worked on."""


class Setting(SQLModel, table=True):
    """A switch of the whole installation, such as `bots_enabled`."""

    key: str = Field(primary_key=True)
    value: Any = json_value(lambda: None)
