"""What is registered, routed, answered and closed, with its history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.enums import ApplicationState, ChannelName, DeadlineClass, Decision, Kind, Outcome, Urgency
from models.tables.columns import few_filled, json_value, long_text, optional_time, primary_key, reference, time, word


def _of_open(name: str, *columns: str) -> Index:
    """Of open applications alone: small, however many there ever were."""
    return Index(name, *columns, sqlite_where=text("is_open = 1"), postgresql_where=text("is_open"))


class Application(SQLModel, table=True):
    """A başvuru. `district` and `neighbourhood` are names of the gazetteer; times are UTC."""

    __table_args__ = (
        _of_open("ix_application_open", "is_open"),
        _of_open("ix_application_open_due", "rank", "due_at", "id"),
        _of_open("ix_application_open_recent", "rank", "last_message_at", "id"),
        _of_open("ix_application_open_channel", "channel", "rank"),
        _of_open("ix_application_open_topic", "topic", "rank"),
        _of_open("ix_application_open_unit", "unit", "rank"),
        _of_open("ix_application_open_district", "district", "rank"),
        _of_open("ix_application_open_state", "state", "rank"),
        _of_open("ix_application_open_hers", "assignee_id", "rank"),
        Index("ix_application_all_recent", "rank", "last_message_at", "id"),
        Index("ix_application_all_topic", "topic", "rank", "last_message_at", "id"),
        Index("ix_application_all_unit", "unit", "rank", "last_message_at", "id"),
        Index("ix_application_all_district", "district", "rank", "last_message_at", "id"),
        Index("ix_application_all_state", "state", "rank", "last_message_at", "id"),
        Index("ix_application_all_hers", "assignee_id", "rank", "last_message_at", "id"),
        Index("ix_application_unit_due", "routed_unit", "is_open", "rank", "due_at", "id"),
        Index("ix_application_received", "received_at", "id"),
        Index("ix_application_created", "created_at"),
        Index("ix_application_closed", "closed_at", "id"),
        Index("ix_application_answered", "answered_at"),
        few_filled("ix_application_first_answer", "first_answer_at"),
        few_filled("ix_application_snoozed", "snoozed_until"),
        few_filled("ix_application_anonymised", "anonymised_at"),
    )

    id: int | None = primary_key()
    number: str = Field(unique=True)
    conversation_id: int | None = reference("conversation.id", optional=True)
    citizen_id: int = reference("citizen.id")
    account_id: int | None = reference("account.id", optional=True)
    channel: ChannelName = word(ChannelName)
    state: ApplicationState = word(ApplicationState)
    is_open: bool = True
    """Kept equal to `state.is_open`, so that lists are one index walk."""
    rank: int = 1
    """0 for emergencies: they stand on top of every list."""
    kind: Kind = word(Kind)
    topic: str | None = None
    unit: str | None = None
    urgency: Urgency = word(Urgency, default=Urgency.NORMAL)
    district: str | None = None
    neighbourhood: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    """Where the matter lies, taken by a person from a photograph or a place that the citizen sent."""
    decision: Decision = word(Decision, default=Decision.REVIEW)
    confidence: float = 0.0
    confidential: bool = False
    summary: str = long_text()
    """The citizen's first words, for lists."""
    assignee_id: int | None = reference("user.id", optional=True, index=False)
    unread: bool = True
    snoozed_until: datetime | None = optional_time()
    """Laid aside until then: it waits in no list, unless the citizen writes again."""
    received_at: datetime = time()
    due_at: datetime = time()
    last_message_at: datetime = time()
    first_answer_at: datetime | None = optional_time()
    answered_at: datetime | None = optional_time()
    closed_at: datetime | None = optional_time()
    outcome: Outcome | None = word(Outcome, default=None)
    closing_note: str = long_text()
    """A negative answer's reason, remedy and period; why it is a duplicate; where it was redirected."""
    brief: str = long_text()
    """The desk's own words for the unit; the citizen's stand in the messages."""
    routed_unit: str | None = None
    """The receiver of the last routing, which sees it; empty before one and after a return."""
    routed_at: datetime | None = optional_time()
    accepted_at: datetime | None = optional_time()
    deadline_class: DeadlineClass = word(DeadlineClass, default=DeadlineClass.NORMAL)
    paused_at: datetime | None = optional_time()
    """The answer's clock stands since then."""
    target_date: date | None = Field(default=None, sa_type=Date, nullable=True)
    told_of_schedule_at: datetime | None = optional_time()
    needs_other_body: bool = False
    told_of_other_body_at: datetime | None = optional_time()
    first_word_at: datetime | None = optional_time()
    """When the citizen first heard more than a receipt: an answer, an interim notice, a date."""
    waiting_since: datetime | None = optional_time()
    """Since when the next step lies with whoever has it now."""
    linked_to_id: int | None = reference("application.id", optional=True)
    """The older application that this one follows: from a survey, or divided from it."""
    registered_by: int | None = reference("user.id", optional=True, index=False)
    """Who registered it by hand; empty where the classifier did."""
    on_behalf_of: str = ""
    approval_owed: bool = False
    """It left as an emergency; its approval follows (directive 004, 7b2)."""
    anonymised_at: datetime | None = optional_time()
    version: int = 1
    """Grows with every change; a writer who saw an older one gets a conflict."""
    created_at: datetime = time()


class ClassificationRecord(SQLModel, table=True):
    """What the classifier said of a turn, or what a person corrected it to. Never changed, only followed by another."""

    __tablename__ = "classification"

    id: int | None = primary_key()
    message_id: int = reference("message.id")
    application_id: int | None = reference("application.id", optional=True)
    kind: Kind = word(Kind)
    topic: str | None = None
    unit: str | None = None
    urgency: Urgency = word(Urgency)
    district: str | None = None
    neighbourhood: str | None = None
    confidence: float = 0.0
    decision: Decision = word(Decision)
    details: dict[str, Any] = json_value(dict)
    """Guesses, reasons and probabilities, as shown to the agent."""
    model_version: str = ""
    corrected_by: int | None = reference("user.id", optional=True, index=False)
    created_at: datetime = time()


class Draft(SQLModel, table=True):
    """A reply suggested from Akıl Kutusu. Without an article there is a row that says so (`article_id` empty)."""

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    article_id: str = ""
    article_title: str = ""
    score: float = 0.0
    short_text: str = long_text()
    long_text: str = long_text()
    created_at: datetime = time()


class Note(SQLModel, table=True):
    """An agent's word to her colleagues; never leaves the house."""

    id: int | None = primary_key()
    application_id: int = reference("application.id")
    user_id: int = reference("user.id", index=False)
    text: str = long_text()
    created_at: datetime = time()


class HistoryEntry(SQLModel, table=True):
    """A link of the application's chain: each hash covers the one before and a salted digest of the content."""

    __tablename__ = "history_entry"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: int | None = primary_key()
    application_id: int = reference("application.id", index=False)
    position: int
    at: datetime = time()
    actor: str
    """`user:<id>`, `bot`, `classifier`, `citizen` or `clock`."""
    action: str
    content_digest: str
    previous_hash: str
    hash: str


class HistoryContent(SQLModel, table=True):
    """What happened, in data. Can be erased without breaking the chain."""

    __tablename__ = "history_content"

    entry_id: int = Field(foreign_key="history_entry.id", primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary)
    content: dict[str, Any] = json_value(dict)


class NumberSequence(SQLModel, table=True):
    """The last number given, per year."""

    __tablename__ = "number_sequence"

    year: int = Field(primary_key=True)
    last: int = 0
