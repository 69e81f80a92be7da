"""Many citizens about one incident, and two identities that are one citizen."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.enums import IncidentState
from models.tables.columns import BIG_ID, json_value, long_text, optional_time, primary_key, reference, time, word


class Incident(SQLModel, table=True):
    """Applications of many citizens about one thing; proposed by rule, confirmed by an agent, answered once for all."""

    id: int | None = primary_key()
    topic: str
    place: str = ""
    state: IncidentState = word(IncidentState, default=IncidentState.PROPOSED, index=True)
    began_at: datetime = time()
    proposed_at: datetime = time()
    decided_by: int | None = reference("user.id", optional=True, index=False)
    decided_at: datetime | None = optional_time()
    answer: str = long_text()
    answered_at: datetime | None = optional_time()


class IncidentMember(SQLModel, table=True):
    """An application stands in one incident at most."""

    __tablename__ = "incident_member"

    application_id: int = Field(foreign_key="application.id", primary_key=True, sa_type=BIG_ID)
    incident_id: int = reference("incident.id")
    added_at: datetime = time()


class IncidentApart(SQLModel, table=True):
    """Two applications that an agent has declared different, the smaller id first: never proposed together again."""

    __tablename__ = "incident_apart"

    one_id: int = Field(foreign_key="application.id", primary_key=True, sa_type=BIG_ID)
    other_id: int = Field(foreign_key="application.id", primary_key=True, index=True, sa_type=BIG_ID)


class CitizenJoin(SQLModel, table=True):
    """One citizen on two channels, joined by an agent; `moved` says what to give back when it is undone."""

    __tablename__ = "citizen_join"

    id: int | None = primary_key()
    kept_id: int = reference("citizen.id")
    joined_id: int = reference("citizen.id")
    moved: dict[str, Any] = json_value(dict)
    joined_by: int = reference("user.id", index=False)
    joined_at: datetime = time()
    undone_by: int | None = reference("user.id", optional=True, index=False)
    undone_at: datetime | None = optional_time()
