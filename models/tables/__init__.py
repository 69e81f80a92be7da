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
from models.tables.deliveries import Delivery, Event, EventCopy, Lookup
from models.tables.desk import BulkWork, Mention, ReadyText, SavedView, UnsentText
from models.tables.incidents import CitizenJoin, Incident, IncidentApart, IncidentMember
from models.tables.jobs import ConversationLease, Job
from models.tables.knowledge import ArticleRevision
from models.tables.learning import ModelComparison, ModelPromotion, ModelWeek
from models.tables.operations import AccountEvent, AccountHealth, ReconciliationRun
from models.tables.organisation import Setting, Topic, Unit
from models.tables.outbox import OutboxItem
from models.tables.people import (
    AccountToken,
    LogInTry,
    OidcIdentity,
    RecoveryCode,
    SecurityEvent,
    User,
    UserSession,
)
from models.tables.privacy import AccessRecord, DestructionRun, PersonRequest, Unmasking
from models.tables.process import (
    DeadlinePause,
    EmergencyAlarm,
    FieldCheck,
    Routing,
    SignedDocument,
    Submission,
    Survey,
    UnitResponse,
)
from models.tables.quality import CorrectiveAction
from models.tables.reminders import SentReminder
from models.tables.reports import AccountFigure, DayCount, MonthCount
from models.tables.roster import Absence, LeaveDay, RosterShift
from models.tables.staff_files import StaffFile

__all__ = [
    "Absence",
    "AccessRecord",
    "Account",
    "AccountCost",
    "AccountEvent",
    "AccountFigure",
    "AccountHealth",
    "AccountToken",
    "Application",
    "ArticleRevision",
    "BulkWork",
    "Citizen",
    "CitizenJoin",
    "ClassificationRecord",
    "Conversation",
    "ConversationLease",
    "CorrectiveAction",
    "DayCount",
    "DeadlinePause",
    "Delivery",
    "DestructionRun",
    "Draft",
    "EmergencyAlarm",
    "ErasedFile",
    "Event",
    "EventCopy",
    "FieldCheck",
    "HistoryContent",
    "HistoryEntry",
    "Identity",
    "Incident",
    "IncidentApart",
    "IncidentMember",
    "Job",
    "LeaveDay",
    "LogInTry",
    "Lookup",
    "Mention",
    "Message",
    "MessageAttachment",
    "MessageSighting",
    "ModelComparison",
    "ModelPromotion",
    "ModelWeek",
    "MonthCount",
    "Note",
    "NumberSequence",
    "OidcIdentity",
    "OutboxItem",
    "ParkedReceipt",
    "PersonRequest",
    "ReadyText",
    "ReconciliationRun",
    "RecoveryCode",
    "RosterShift",
    "Routing",
    "SavedView",
    "SecurityEvent",
    "SentReminder",
    "Setting",
    "SignedDocument",
    "StaffFile",
    "StreamCursor",
    "Submission",
    "Survey",
    "Topic",
    "Unit",
    "UnitResponse",
    "Unmasking",
    "UnsentText",
    "User",
    "UserSession",
]
