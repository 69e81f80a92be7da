"""A conversation as bubbles by day: what the citizen wrote, what the bot and the desk said, what is on its way."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from inbox.web.views.moments import Moments
from models.enums import AttachmentKind, Author, DeliveryStatus, Direction, OutboxState, Purpose
from models.tables import Message, MessageAttachment, OutboxItem

ATTACHMENTS = {
    AttachmentKind.IMAGE: "Fotoğraf",
    AttachmentKind.VIDEO: "Video",
    AttachmentKind.AUDIO: "Ses kaydı",
    AttachmentKind.FILE: "Dosya",
    AttachmentKind.STICKER: "Çıkartma",
    AttachmentKind.LOCATION: "Konum",
    AttachmentKind.CONTACT: "Kişi kartı",
    AttachmentKind.SHARE: "Paylaşılan gönderi",
    AttachmentKind.STORY: "Hikâye",
    AttachmentKind.OTHER: "Ek",
}
STATUSES = {
    DeliveryStatus.SENT: "gönderildi",
    DeliveryStatus.DELIVERED: "iletildi",
    DeliveryStatus.READ: "görüldü",
    DeliveryStatus.FAILED: "iletilemedi",
}
_NOT_SENT = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; `marked` where the classifier found its reasons."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """An attachment in a word, with a link only for places."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """`kind` is `in`, `bot`, `out` or `pending`; `tone` is `late` where something went wrong."""

    key: str
    kind: str
    author: str
    lines: Sequence[Sequence[Segment]]
    clock: str
    exact: str
    chips: Sequence[Chip] = ()
    facts: Sequence[str] = ()
    """Small words under the text: edited, delivery, how it left."""
    problem: str = ""
    deleted: bool = False
    foreign: int | None = None
    """Id of the application that this message belongs to, where that is another one."""
    undo_item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    name: str
    bubbles: Sequence[Bubble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that a conversation is made of. `reasons` are words to be marked in the citizen's texts."""

    messages: Sequence[Message]
    attachments: Sequence[MessageAttachment] = ()
    outbox: Sequence[OutboxItem] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    application_id: int | None = None
    confidential: bool = False


def days_of(material: Material, *, actor: Actor, moments: Moments) -> list[Day]:
    """The conversation, oldest day first; texts that have not left stand at the end."""
    chips: dict[int, list[Chip]] = {}
    for attachment in material.attachments:
        chips.setdefault(attachment.message_id, []).append(_chip(attachment))
    shown = [one for one in material.messages if one.text or one.deleted_at or one.id in chips or not one.outbox_id]
    days = [
        Day(
            name=moments.day_name(group[0].sent_at),
            bubbles=[_bubble(m, material, chips, actor, moments) for m in group],
        )
        for group in (list(items) for _, items in groupby(shown, key=lambda message: moments.date(message.sent_at)))
    ]
    waiting = [_waiting(item, material, moments) for item in material.outbox if item.state in _NOT_SENT]
    return [*days, Day(name="", bubbles=waiting)] if waiting else days


def _bubble(
    message: Message, material: Material, chips: Mapping[int, list[Chip]], actor: Actor, moments: Moments
) -> Bubble:
    inbound = message.direction is Direction.INBOUND
    text = mask_text(message.text, actor, confidential=material.confidential)
    failed = message.status is DeliveryStatus.FAILED
    foreign = message.application_id if message.application_id != material.application_id else None
    return Bubble(
        key=f"message-{message.id}",
        kind="in" if inbound else ("bot" if message.author is Author.BOT else "out"),
        author=_author(message, material.people),
        lines=list(_lines(text, material.reasons if inbound else ())),
        clock=moments.clock(message.sent_at),
        exact=moments.exact(message.sent_at),
        chips=chips.get(message.id or 0, []),
        facts=list(_facts(message, moments)),
        problem="Platform bu mesajın vatandaşa iletilemediğini bildirdi." if failed else "",
        deleted=message.deleted_at is not None,
        foreign=foreign,
    )


def _author(message: Message, people: Mapping[int, str]) -> str:
    match message.author:
        case Author.CITIZEN:
            return "Vatandaş"
        case Author.BOT:
            return "Otomatik cevap"
        case Author.PLATFORM_APP:
            return "Platformun kendi uygulamasından"
        case Author.AGENT:
            return people.get(message.user_id or 0, "Başvuru personeli")


def _facts(message: Message, moments: Moments) -> Iterator[str]:
    if message.edited_at and not message.deleted_at:
        yield f"düzenlendi {moments.clock(message.edited_at)}"
    if message.direction is Direction.OUTBOUND and message.status:
        yield STATUSES[message.status]


def _waiting(item: OutboxItem, material: Material, moments: Moments) -> Bubble:
    facts, problem = _waiting_words(item)
    by_person = item.purpose is Purpose.ANSWER
    return Bubble(
        key=f"outbox-{item.id}",
        kind="pending",
        author=material.people.get(item.user_id or 0, "") or "Otomatik cevap",
        lines=list(_lines(item.text, ())),
        clock=moments.clock(item.created_at),
        exact=moments.exact(item.created_at),
        facts=[facts] if facts else [],
        problem=problem,
        undo_item=item.id if by_person and item.state is OutboxState.QUEUED and not item.attempts else None,
    )


def _waiting_words(item: OutboxItem) -> tuple[str, str]:
    if item.state is OutboxState.FAILED:
        return "", f"Gönderilemedi: {item.problem or 'platform kabul etmedi'}. Metin burada duruyor."
    if item.state is OutboxState.UNKNOWN:
        return "", "Gidip gitmediği bilinmiyor; yeniden göndermeden önce platformdan bakınız."
    if item.attempts and item.problem:
        return "yeniden denenecek", f"İlk deneme olmadı: {item.problem}"
    return "gönderiliyor", ""


def _chip(attachment: MessageAttachment) -> Chip:
    name = ATTACHMENTS[attachment.kind]
    detail = attachment.title or attachment.file_name
    href = ""
    if attachment.latitude is not None and attachment.longitude is not None:
        place = f"{attachment.latitude:.5f}, {attachment.longitude:.5f}"
        detail = detail or place
        href = f"https://www.openstreetmap.org/?mlat={attachment.latitude:.5f}&mlon={attachment.longitude:.5f}#map=17"
    return Chip(text=f"{name}: {detail}" if detail else name, href=href)


def _lines(text: str, reasons: Iterable[str]) -> Iterator[list[Segment]]:
    """Non-empty lines as segments, the reasons in them marked."""
    words = sorted({reason.strip() for reason in reasons if len(reason.strip()) > 1}, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)) if words else None
    for line in text.splitlines():
        if line.strip():
            yield list(_segments(line, pattern))


def _segments(line: str, pattern: re.Pattern[str] | None) -> Iterator[Segment]:
    place = 0
    for match in pattern.finditer(line) if pattern else ():
        if match.start() > place:
            yield Segment(line[place : match.start()])
        yield Segment(match.group(), marked=True)
        place = match.end()
    if place < len(line):
        yield Segment(line[place:])
