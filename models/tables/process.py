"""The steps of an application between desk, approval, unit and citizen (process.md, «States»)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index
from sqlmodel import Field, SQLModel

from models.enums import (
    FieldFinding,
    ResponseKind,
    ResponseState,
    SubmissionKind,
    SubmissionState,
    SurveyState,
)
from models.tables.columns import (
    BIG_ID,
    few_filled,
    json_value,
    long_text,
    optional_time,
    primary_key,
    reference,
    time,
    word,
)


class Submission(SQLModel, table=True):
    """Something that waits for the approval desk, with what the rules found in it (directive 004, 7ç2, 8b2)."""

    __table_args__ = (Index("ix_submission_queue", "state", "kind", "id"),)

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    incident_id: int | None = reference("incident.id", optional=True)
    """Whose applications this one answer is for."""
    kind: SubmissionKind = word(SubmissionKind)
    state: SubmissionState = word(SubmissionState, default=SubmissionState.WAITING)
    text: str = long_text()
    """The agent's summary for the unit, or the reply."""
    suggested: str = long_text()
    """What the text came from, to show the differences: the draft, the unit's answer, the summary handed in before."""
    unit: str | None = None
    """Where it would go; empty for a reply."""
    findings: list[dict[str, Any]] = json_value(list)
    after_the_fact: bool = False
    """An emergency left at once; its approval follows (directive 004, 7b2)."""
    response_id: int | None = reference("unit_response.id", optional=True, index=False)
    """The unit's answer that this reply passes on."""
    submitted_by: int | None = reference("user.id", optional=True, index=False)
    """Empty where the machine sent an emergency on its way."""
    submitted_at: datetime = time()
    decided_by: int | None = reference("user.id", optional=True, index=False)
    decided_at: datetime | None = optional_time()
    reason: str = long_text()


class Routing(SQLModel, table=True):
    """One way of an application to a unit; each starts the unit's limit to return anew (directive 004, 20a)."""

    __table_args__ = (Index("ix_routing_routed", "routed_at"),)

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    unit: str = Field(index=True)
    """The receiver: a unit, or a district as `ilce:<name>`."""
    routed_by: int | None = reference("user.id", optional=True, index=False)
    routed_at: datetime = time()
    return_due_at: datetime = time()
    accepted_by: int | None = reference("user.id", optional=True, index=False)
    accepted_at: datetime | None = optional_time()
    ended_at: datetime | None = optional_time()
    """Returned, answered, or routed elsewhere."""


class UnitResponse(SQLModel, table=True):
    """What a unit sent to the desk: an answer, an interim notice, a return, or a date (directive 004, 6a10-11, 20a)."""

    __tablename__ = "unit_response"
    __table_args__ = (
        Index("ix_unit_response_queue", "state", "kind", "id"),
        Index("ix_unit_response_created", "created_at"),
        few_filled("ix_unit_response_decided", "decided_at"),
    )

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    unit: str
    kind: ResponseKind = word(ResponseKind)
    state: ResponseState = word(ResponseState, default=ResponseState.WAITING)
    text: str = long_text()
    target_date: date | None = Field(default=None, sa_type=Date, nullable=True)
    user_id: int = reference("user.id", index=False)
    created_at: datetime = time()
    decided_by: int | None = reference("user.id", optional=True, index=False)
    decided_at: datetime | None = optional_time()
    reason: str = long_text()


class DeadlinePause(SQLModel, table=True):
    """A time in which the answer's clock stands, with its reason."""

    __tablename__ = "deadline_pause"

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    reason: str = long_text()
    is_fee_notice: bool = False
    started_by: int = reference("user.id", index=False)
    started_at: datetime = time()
    ended_at: datetime | None = optional_time()


class SignedDocument(SQLModel, table=True):
    """A letter to a body outside the inbox; it leaves by EBYS once signed (directive 004, 6a7, 8a4)."""

    __tablename__ = "signed_document"

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    receiver: str
    subject: str
    file_plan_code: str
    stored_as: str
    """The PDF's name in the `FileStore`."""
    sha256: str
    created_by: int = reference("user.id", index=False)
    created_at: datetime = time()
    number: str = ""
    """EBYS's number, once signed."""
    signed_on: date | None = Field(default=None, sa_type=Date, nullable=True)


class Survey(SQLModel, table=True):
    """A talk about satisfaction after the answer (directive 004, 6a12, 7d2)."""

    __table_args__ = (Index("ix_survey_queue", "state", "id"), few_filled("ix_survey_answered", "answered_at"))

    id: int | None = primary_key()
    application_id: int = Field(foreign_key="application.id", unique=True, sa_type=BIG_ID)
    state: SurveyState = word(SurveyState, default=SurveyState.WAITING)
    tries: int = 0
    score: int | None = None
    """1 (not at all) to 5 (very satisfied)."""
    solved: bool | None = None
    note: str = long_text()
    user_id: int | None = reference("user.id", optional=True, index=False)
    created_at: datetime = time()
    not_before: datetime = time()
    answered_at: datetime | None = optional_time()


class FieldCheck(SQLModel, table=True):
    """A look on the spot whether the work is done (directive 004, 6b, 7d5)."""

    __tablename__ = "field_check"
    __table_args__ = (Index("ix_field_check_queue", "finding", "id"),)

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    reason: str = long_text()
    asked_by: int = reference("user.id", index=False)
    asked_at: datetime = time()
    assignee_id: int | None = reference("user.id", optional=True)
    finding: FieldFinding | None = word(FieldFinding, default=None)
    text: str = long_text()
    latitude: float | None = None
    longitude: float | None = None
    checked_by: int | None = reference("user.id", optional=True, index=False)
    checked_at: datetime | None = optional_time()


class EmergencyAlarm(SQLModel, table=True):
    """An emergency that rings until somebody takes it (directive 004, 7b2-4)."""

    __tablename__ = "emergency_alarm"

    id: int | None = primary_key()
    application_id: int = Field(foreign_key="application.id", unique=True, sa_type=BIG_ID)
    raised_at: datetime = time(index=True)
    off_shift: bool = False
    """Nobody of the desk was on shift: it rings at Merkez 1 alone."""
    taken_by: int | None = reference("user.id", optional=True, index=False)
    taken_at: datetime | None = optional_time(index=True)
    management_informed_at: datetime | None = optional_time()
