"""Notices about limits that were sent: each once, to whom it was due."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from models.tables.columns import optional_time, primary_key, reference, time


class SentReminder(SQLModel, table=True):
    """A warning before a limit or an escalation after it (directive 004, 15g). Never changed but for `seen_at`."""

    __tablename__ = "sent_reminder"
    __table_args__ = (UniqueConstraint("application_id", "duty", "due_at", "planned_at", "recipient", "is_warning"),)

    id: int | None = primary_key()
    application_id: int = reference("application.id", index=False)
    duty: str
    """What must have happened by the limit (`inbox.rules.deadlines.Duty`)."""
    due_at: datetime = time()
    planned_at: datetime = time()
    """When the rule wants it told; with the rest it makes the notice the same."""
    recipient: str
    """Who is told (`inbox.rules.escalation.Recipient`)."""
    is_warning: bool
    unit: str | None = None
    user_id: int | None = reference("user.id", optional=True)
    sent_at: datetime = time(index=True)
    seen_at: datetime | None = optional_time()
