"""Frozen values that cross rooms. They carry no behaviour beyond their own shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.enums import (
    AttachmentKind,
    ChannelName,
    Decision,
    DeliveryStatus,
    EventKind,
    Kind,
    Purpose,
    SendMode,
    Surface,
    Urgency,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture, file, place … that stands in a message.

    `external_id` is the platform's id of the file where it has one (WhatsApp, Telegram); `url` where it gives an
    address. `keep` is False where the platform forbids to store the media (stories): only the link may be kept.
    """

    kind: AttachmentKind
    external_id: str = ""
    url: str = ""
    mime_type: str = ""
    file_name: str = ""
    size: int | None = None
    sha256: str = ""
    latitude: float | None = None
    longitude: float | None = None
    title: str = ""
    keep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote, as the platform knows her.

    `external_id` is the key; `aliases` are other ids of the same person in the same scope (WhatsApp: the phone beside
    the business-scoped user id). `scope` is the account to which Meta's ids are scoped, else empty.
    """

    external_id: str
    scope: str = ""
    aliases: tuple[str, ...] = ()
    display_name: str = ""
    handle: str = ""
    known_by_id_alone: bool = False
    """The platform told no name here and may tell it to who asks (`KnowsPeople`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent:
    """One thing that a platform told us, read from its JSON by a pure parser.

    `dedup_key` is unique per channel: kind, id, and version or status, so that an edit or a receipt is not lost behind
    its message. `external_id` names the message meant, unique per channel (`bot:chat:message` on Telegram).
    `account_id` is the platform's id of our account. `reason` says why an event is ignored or what a system event says.
    """

    kind: EventKind
    channel: ChannelName
    dedup_key: str
    account_id: str = ""
    surface: Surface | None = None
    external_id: str = ""
    thread_id: str = ""
    sender: Sender | None = None
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sent_at: datetime | None = None
    reply_to: str = ""
    group_key: str = ""
    """Joins parts of one message (a Telegram album)."""
    status: DeliveryStatus | None = None
    reference: str = ""
    """Our own tag, given back by a receipt (WhatsApp biz_opaque_callback_data)."""
    replyable: bool = True
    """False where the platform forbids an API reply (X without a summons, hand-over to another app)."""
    reason: str = ""
    permalink: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Small facts for later use (previous user id, error code of a receipt); JSON-serialisable, no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseProblem:
    """A part of a payload that could not be read. `where` is a JSON path; the raw bytes stay in their delivery."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """All that a payload holds. One bad item never loses the rest."""

    events: tuple[ChannelEvent, ...] = ()
    problems: tuple[ParseProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer to one poll request.

    `payload` is the raw body as received (bytes of JSON, wrapped by the connector where context is needed to read it).
    `cursor` is stored in the same transaction as the payload's events. `more` asks for the next page at once.
    """

    payload: bytes
    cursor: str
    more: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundFile:
    """A file that leaves with a text. `stored_as` names it in the `FileStore`; `data` are its bytes, once read."""

    kind: AttachmentKind
    mime_type: str
    file_name: str
    size: int
    sha256: str = ""
    stored_as: str = ""
    thumbnail: str = ""
    """Name of a small copy in the `FileStore`; it stays here."""
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """A text on its way to a citizen. `reference` is the outbox row's id, our idempotency tag."""

    reference: str
    surface: Surface
    recipient_id: str
    text: str
    thread_id: str = ""
    reply_to: str = ""
    """External id of the citizen's message that is answered."""
    purpose: Purpose = Purpose.ANSWER
    by_human: bool = False
    mode: SendMode = SendMode.REPLY
    quick_replies: tuple[str, ...] = ()
    """Answers offered as buttons, where the platform has such; left out elsewhere."""
    subject: str = ""
    """What a template is about: the application's number."""
    accepted: tuple[str, ...] = ()
    """Ids of the text's first pieces, accepted in an earlier try: they do not leave again."""
    attachments: tuple[OutboundFile, ...] = ()
    """Files that leave with it; how many and which a surface takes stands in its facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """The platform accepted the text. Long texts leave as several posts: one id each, in order."""

    external_ids: tuple[str, ...]
    status: DeliveryStatus = DeliveryStatus.SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountIdentity:
    """What a platform says of our credentials. Followers and posts: None where it does not count them."""

    external_id: str
    name: str
    handle: str = ""
    followers: int | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToClassify:
    id: str
    text: str
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A label with its calibrated probability (0..1)."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What the classifier says of one text. `topic` and `unit` are None only for `gecersiz`.

    `confidence` is the calibrated probability that topic and unit are both right. `topics` and `units` hold the best
    three guesses, best first. `reasons` are words of the text that decided, as written by the citizen.
    """

    kind: Kind
    topic: str | None
    unit: str | None
    urgency: Urgency
    district: str | None
    neighbourhood: str | None
    confidence: float
    decision: Decision
    kind_confidence: float = 0.0
    urgency_confidence: float = 0.0
    topics: tuple[Guess, ...] = ()
    units: tuple[Guess, ...] = ()
    reasons: tuple[str, ...] = ()
    tone: str = ""
    unknown_words: float | None = None
    """Share of the text's words that the model never saw in training."""
    model_version: str = ""
