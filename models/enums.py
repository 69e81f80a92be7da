"""The closed vocabularies of the desk. Values are stored and printed; the Turkish names live in the profile's texts."""

from enum import StrEnum


class ChannelName(StrEnum):
    """A platform, or another way by which an application comes in."""

    TWITTER = "twitter"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    EMAIL = "email"
    WEB = "web"
    MOBILE = "mobile"
    """Mobil HİM and stands."""
    CIMER = "cimer"
    OPEN_DOOR = "acik_kapi"
    INFORMATION = "bilgi_edinme"
    SURVEY = "survey"
    """What a survey brought up (directive 004, 7d3)."""


SOCIAL_CHANNELS = (
    ChannelName.TWITTER,
    ChannelName.INSTAGRAM,
    ChannelName.FACEBOOK,
    ChannelName.WHATSAPP,
    ChannelName.TELEGRAM,
)


class Surface(StrEnum):
    """Where on a platform a message stands; public and private surfaces obey different rules."""

    MENTION = "mention"
    REPLY = "reply"
    QUOTE = "quote"
    LISTENING = "listening"
    COMMENT = "comment"
    VISITOR_POST = "visitor_post"
    TAG = "tag"
    DIRECT = "direct"
    STORY = "story"
    GROUP = "group"
    MANUAL = "manual"

    @property
    def is_public(self) -> bool:
        """True where anybody can read the thread."""
        return self not in _PRIVATE_SURFACES

    @property
    def conversation_surface(self) -> "Surface":
        """The surface that a conversation is keyed by: naming, answering and quoting us on X is one talk."""
        return Surface.MENTION if self in (Surface.REPLY, Surface.QUOTE) else self


_PRIVATE_SURFACES = frozenset({Surface.DIRECT, Surface.STORY, Surface.GROUP, Surface.MANUAL})


class EventKind(StrEnum):
    """What a platform told us."""

    MESSAGE = "message"
    EDIT = "edit"
    DELETE = "delete"
    STATUS = "status"
    REACTION = "reaction"
    SYSTEM = "system"
    ECHO = "echo"
    POINTER = "pointer"
    """Somebody wrote, and the platform tells ids alone: the words have to be looked up."""
    IGNORED = "ignored"


class AttachmentKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    SHARE = "share"
    STORY = "story"
    OTHER = "other"


class Kind(StrEnum):
    """What the citizen wants (labels.md)."""

    COMPLAINT = "sikayet"
    REQUEST = "talep"
    SUGGESTION = "oneri"
    REPORT = "ihbar"
    QUESTION = "bilgi"
    THANKS = "tesekkur"
    INVALID = "gecersiz"


class Urgency(StrEnum):
    EMERGENCY = "acil"
    HIGH = "yuksek"
    NORMAL = "normal"


class Decision(StrEnum):
    """`auto`: topic and unit are both trusted; `review`: a person confirms."""

    AUTO = "auto"
    REVIEW = "review"


class ApplicationState(StrEnum):
    """States of process.md, in the order in which an application usually passes them."""

    RECEIVED = "received"
    DISMISSED = "dismissed"
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"
    AWAITING_SIGNATURE = "awaiting_signature"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    SCHEDULED = "scheduled"
    ANSWER_REVIEW = "answer_review"
    ANSWERED = "answered"
    CLOSED = "closed"
    REDIRECTED = "redirected"

    @property
    def is_open(self) -> bool:
        """True while somebody still owes a step; a follow-up message continues such an application."""
        return self not in FINISHED_STATES


ANSWERED_STATES = frozenset({ApplicationState.ANSWERED, ApplicationState.CLOSED})
"""The citizen has an answer: surveys and field checks may follow."""
FINISHED_STATES = frozenset({ApplicationState.DISMISSED, ApplicationState.CLOSED, ApplicationState.REDIRECTED})


class DeadlineClass(StrEnum):
    """By which rule an application must be answered."""

    INSTANT = "anlik"
    NORMAL = "normal"
    CIMER = "cimer"
    OPEN_DOOR = "acik_kapi"
    INFORMATION = "bilgi_edinme"
    PERSONAL_DATA = "kvkk"


class SubmissionKind(StrEnum):
    """What waits for approval: an application on its way to a unit, or a reply on its way to the citizen."""

    ROUTING = "routing"
    REPLY = "reply"
    PRIVATE_REPLY = "private_reply"
    """To the writer of a comment, whom alone it reaches."""
    INCIDENT_REPLY = "incident_reply"
    """One answer for all applications of an incident; the first of them bears it."""

    @property
    def is_reply(self) -> bool:
        return self is not SubmissionKind.ROUTING


class SubmissionState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def came_back(self) -> bool:
        return self in (SubmissionState.REJECTED, SubmissionState.WITHDRAWN)


class CorrectiveKind(StrEnum):
    """What a DÖF is for: a fault that happened, or one that could."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class ResponseKind(StrEnum):
    """What a unit sends to the desk."""

    ANSWER = "answer"
    INTERIM = "interim"
    RETURN = "return"
    SCHEDULE = "schedule"


class ResponseState(StrEnum):
    """What the desk did with it: passed on to the citizen, accepted, or sent back."""

    WAITING = "waiting"
    PASSED_ON = "passed_on"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class SurveyState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


class FieldFinding(StrEnum):
    """What the field team found on the spot."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"


class IncidentState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ANSWERED = "answered"


class RequestKind(StrEnum):
    """What a person may ask of her data (law 6698, 11)."""

    EXPORT = "export"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    RECEIVED = "received"
    IDENTIFIED = "identified"
    """The identity check has been passed."""
    FULFILLED = "fulfilled"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How an application was closed."""

    POSITIVE = "olumlu"
    NEGATIVE = "olumsuz"
    NOT_OURS = "yetki_disi"
    DUPLICATE = "mukerrer"


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    AFFILIATE = "affiliate"
    COMPANY = "company"
    DISTRICT = "district"
    EXTERNAL = "external"


class Role(StrEnum):
    """Who works in the inbox (process.md, «Who works in it»)."""

    AGENT = "agent"
    APPROVER = "approver"
    UNIT_USER = "unit_user"
    SURVEY_AGENT = "survey_agent"
    FIELD_TEAM = "field_team"
    DUTY_DESK = "duty_desk"
    TEAM_LEAD = "team_lead"
    QUALITY = "quality"
    CHIEF = "chief"
    ADMINISTRATOR = "administrator"


class AccountState(StrEnum):
    """Whether we can send by an account; receiving goes on in every state."""

    OK = "ok"
    DEGRADED = "degraded"
    REAUTHORISE = "reauthorise"
    PAUSED = "paused"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Author(StrEnum):
    """Who wrote a message."""

    CITIZEN = "citizen"
    BOT = "bot"
    AGENT = "agent"
    PLATFORM_APP = "platform_app"


class Purpose(StrEnum):
    """Why a text leaves; with its application it makes an outbox row unique."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    INTERIM = "interim"
    QUESTION = "question"
    NOTICE = "notice"
    SCHEDULE = "schedule"
    """The date of planned work; the citizen must hear of it in time."""
    EXTENSION = "extension"
    """Another body is needed (law 4982): the citizen must hear of it in time."""
    REDIRECT = "redirect"
    """To which outside body the matter belongs."""


class SendMode(StrEnum):
    """How a text leaves: in kind, privately to the writer of a public comment, or as an approved template."""

    REPLY = "reply"
    PRIVATE_REPLY = "private_reply"
    TEMPLATE = "template"


class OutboxState(StrEnum):
    """`unknown`: sent or not, the platform lets nobody check; a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class DeliveryStatus(StrEnum):
    """A receipt of the platform. Rank grows; a status never goes backwards."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        return list(DeliveryStatus).index(self)


class JobState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    POISONED = "poisoned"


class DeliveryState(StrEnum):
    """What became of raw bytes: kept and not looked at yet; every part read, some unreadable, or nothing readable."""

    KEPT = "kept"
    PARSED = "parsed"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"


class AccountDeed(StrEnum):
    """What a person did to an account, or to the switch of all bots."""

    CONNECTED = "connected"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"
    LISTENS_ONLY = "listens_only"
    ANSWERS_AGAIN = "answers_again"
    BOTS_STOPPED = "bots_stopped"
    BOTS_STARTED = "bots_started"
    BUDGET = "budget"
    PRICE = "price"


class ReconciliationState(StrEnum):
    """`listed`: compared to the end with the platform's list. `signs`: there is no list; gaps are looked for."""

    LISTED = "listed"
    SIGNS = "signs"
    FAILED = "failed"
