"""Who looked at hidden data, what persons asked of their data, and what was destroyed (law 6698)."""

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from models.enums import RequestKind, RequestState
from models.tables.columns import json_value, long_text, optional_time, primary_key, reference, time, word


class AccessRecord(SQLModel, table=True):
    """One look at data that were hidden (directive 004, 7d10-11, 19h). Never changed."""

    __tablename__ = "access_record"

    id: int | None = primary_key()
    user_id: int = reference("user.id")
    application_id: int | None = reference("application.id", optional=True)
    citizen_id: int | None = reference("citizen.id", optional=True)
    what: str
    """`citizen`, `confidential`, `export`, `person_request` …"""
    reason: str = long_text()
    at: datetime = time(index=True)


class Unmasking(SQLModel, table=True):
    """For a time a unit, or one user of a unit, may look at the citizen of a confidential application (7d10)."""

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    user_id: int | None = reference("user.id", optional=True)
    unit: str = ""
    """The unit whose users may look; empty where one user is named."""
    reason: str = long_text()
    granted_by: int = reference("user.id", index=False)
    granted_at: datetime = time()
    until: datetime = time()


class PersonRequest(SQLModel, table=True):
    """What a person asked of her own data, answered within 30 days after an identity check (law 6698, 11 and 13)."""

    __tablename__ = "person_request"

    id: int | None = primary_key()
    citizen_id: int = reference("citizen.id")
    application_id: int | None = reference("application.id", optional=True)
    """The application by which she asked."""
    kind: RequestKind = word(RequestKind)
    state: RequestState = word(RequestState, default=RequestState.RECEIVED, index=True)
    received_at: datetime = time()
    due_at: datetime = time()
    identity_proof: str = long_text()
    """How her identity was checked; no copy of a document."""
    decided_by: int | None = reference("user.id", optional=True, index=False)
    decided_at: datetime | None = optional_time()
    reason: str = long_text()
    details: dict[str, Any] = json_value(dict)


class DestructionRun(SQLModel, table=True):
    """One periodic destruction, at least every six months; what was destroyed, in counts."""

    __tablename__ = "destruction_run"

    id: int | None = primary_key()
    started_at: datetime = time()
    finished_at: datetime | None = optional_time()
    started_by: int | None = reference("user.id", optional=True, index=False)
    before: datetime = time()
    """Applications closed before this were anonymised."""
    counts: dict[str, Any] = json_value(dict)
