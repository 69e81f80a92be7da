"""Every table, so that importing this package fills `SQLModel.metadata`."""

from models.tables.accounts import Account, StreamCursor
from models.tables.applications import (
    Application,
    ClassificationRecord,
    Draft,
    HistoryContent,
    HistoryEntry,
    Note,
    NumberSequence,
)
from models.tables.citizens import Citizen, Identity
from models.tables.conversations import (
    Conversation,
    ErasedFile,
    Message,
    MessageAttachment,
    MessageSighting,
    ParkedReceipt,
)
from models.tables.costs import AccountCost
from models.tables.deliveries import Delivery, Event, EventCopy
from models.tables.jobs import ConversationLease, Job
from models.tables.operations import AccountHealth, ReconciliationRun
from models.tables.organisation import Setting, Topic, Unit
from models.tables.outbox import OutboxItem
from models.tables.people import User, UserSession

__all__ = [
    "Account",
    "AccountCost",
    "AccountHealth",
    "Application",
    "Citizen",
    "ClassificationRecord",
    "Conversation",
    "ConversationLease",
    "Delivery",
    "Draft",
    "ErasedFile",
    "Event",
    "EventCopy",
    "HistoryContent",
    "HistoryEntry",
    "Identity",
    "Job",
    "Message",
    "MessageAttachment",
    "MessageSighting",
    "Note",
    "NumberSequence",
    "OutboxItem",
    "ParkedReceipt",
    "ReconciliationRun",
    "Setting",
    "StreamCursor",
    "Topic",
    "Unit",
    "User",
    "UserSession",
]
