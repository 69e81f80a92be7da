"""Work to do, keyed by conversation, and who holds which conversation."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.enums import JobState
from models.tables.columns import long_text, optional_time, primary_key, reference, time, word


class Job(SQLModel, table=True):
    """One inbound message waits for its turn. A conversation's waiting jobs are taken together, in order.

    A turn is due when its newest job is quiet (`quiet_at`) or its oldest has waited long enough (`latest_at`).
    """

    __table_args__ = (Index("ix_job_waiting", "state", "conversation_id", "id"),)

    id: int | None = primary_key()
    conversation_id: int = reference("conversation.id", index=False)
    message_id: int = reference("message.id")
    state: JobState = word(JobState, default=JobState.WAITING)
    quiet_at: datetime = time()
    latest_at: datetime = time()
    attempts: int = 0
    retry_at: datetime | None = optional_time()
    problem: str = long_text()
    created_at: datetime = time()
    finished_at: datetime | None = optional_time()


class ConversationLease(SQLModel, table=True):
    """Real time, not domain time. `token` grows with every owner; a write with an older token is refused."""

    __tablename__ = "conversation_lease"

    conversation_id: int = Field(foreign_key="conversation.id", primary_key=True)
    owner: str
    token: int = 1
    expires_at: float
    """Seconds since the epoch, by the machine's clock."""
