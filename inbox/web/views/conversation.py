"""A conversation as bubbles by day: what the citizen wrote, what the bot and the desk said, what is on its way."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from inbox.rules import reactions
from inbox.rules.albums import bubbles
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from inbox.web.views.chips import Chip, chip
from inbox.web.views.moments import Moments
from models.enums import Author, DeliveryStatus, Direction, OutboxState, Purpose, SendMode
from models.tables import Message, MessageAttachment, OutboxItem

STATUSES = {
    DeliveryStatus.SENT: "gönderildi",
    DeliveryStatus.DELIVERED: "iletildi",
    DeliveryStatus.READ: "görüldü",
    DeliveryStatus.FAILED: "iletilemedi",
}
PRIVATELY = "yoruma özel mesaj"
_NOT_SENT = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; `marked` where the classifier found its reasons."""

    text: str
    marked: bool = False


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
    decide_item: int | None = None
    """A text that did not leave, or of which nobody knows: a person decides."""
    uncertain: bool = False
    message_id: int = 0
    hidden: bool = False
    """From the public, on its platform."""
    hideable: bool = False


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
    hideable: bool = False
    """Whether the reader may hide the citizen's comments here."""


def days_of(material: Material, *, actor: Actor, moments: Moments) -> list[Day]:
    """The conversation, oldest day first, an album as one bubble; texts that have not left stand at the end."""
    chips: dict[int, list[Chip]] = {}
    for attachment in material.attachments:
        made = chip(attachment, actor=actor, confidential=material.confidential)
        chips.setdefault(attachment.message_id, []).append(made)
    shown = [one for one in material.messages if one.text or one.deleted_at or one.id in chips or not one.outbox_id]
    albums = bubbles(shown, key=_album)
    days = [
        Day(
            name=moments.day_name(group[0][0].sent_at),
            bubbles=[_bubble(parts, material, chips, actor, moments) for parts in group],
        )
        for group in (list(items) for _, items in groupby(albums, key=lambda parts: moments.date(parts[0].sent_at)))
    ]
    waiting = [_waiting(item, material, moments) for item in material.outbox if item.state in _NOT_SENT]
    return [*days, Day(name="", bubbles=waiting)] if waiting else days


def _album(message: Message) -> str:
    return message.group_key if message.direction is Direction.INBOUND else ""


def _bubble(
    parts: Sequence[Message], material: Material, chips: Mapping[int, list[Chip]], actor: Actor, moments: Moments
) -> Bubble:
    message = parts[0]
    inbound = message.direction is Direction.INBOUND
    text = "\n".join(mask_text(one.text, actor, confidential=material.confidential) for one in parts)
    failed = message.status is DeliveryStatus.FAILED
    foreign = message.application_id if message.application_id != material.application_id else None
    deleted = all(one.deleted_at for one in parts)
    return Bubble(
        key=f"message-{message.id}",
        kind="in" if inbound else ("bot" if message.author is Author.BOT else "out"),
        author=_author(message, material.people),
        lines=list(_lines(text, material.reasons if inbound else ())),
        clock=moments.clock(message.sent_at),
        exact=moments.exact(message.sent_at),
        chips=[one for part in parts for one in chips.get(part.id or 0, [])],
        facts=list(_facts(parts, material, moments)),
        problem="Platform bu mesajın vatandaşa iletilemediğini bildirdi." if failed else "",
        deleted=deleted,
        foreign=foreign,
        message_id=message.id or 0,
        hidden=message.hidden_at is not None,
        hideable=material.hideable and inbound and not deleted,
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


def _facts(parts: Sequence[Message], material: Material, moments: Moments) -> Iterator[str]:
    message = parts[0]
    gone = sum(one.deleted_at is not None for one in parts)
    if 0 < gone < len(parts):
        yield f"{gone} parçası silindi"
    if message.hidden_at:
        yield "herkesten gizlendi"
    if signs := reactions.words(message.extra.get("reactions", {})):
        yield f"tepki: {signs}"
    if message.edited_at and not message.deleted_at:
        yield f"düzenlendi {moments.clock(message.edited_at)}"
    if any(item.id == message.outbox_id and item.mode is SendMode.PRIVATE_REPLY for item in material.outbox):
        yield PRIVATELY
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
        facts=[*([PRIVATELY] if item.mode is SendMode.PRIVATE_REPLY else []), *([facts] if facts else [])],
        problem=problem,
        decide_item=item.id if item.state in (OutboxState.FAILED, OutboxState.UNKNOWN) else None,
        uncertain=item.state is OutboxState.UNKNOWN,
        undo_item=item.id if by_person and item.state is OutboxState.QUEUED and not item.attempts else None,
    )


def _waiting_words(item: OutboxItem) -> tuple[str, str]:
    if item.state is OutboxState.FAILED:
        why = item.problem.rstrip(".") or "Platform kabul etmedi"
        return "", f"Gönderilemedi: {why}. Metin burada duruyor."
    if item.state is OutboxState.UNKNOWN:
        return "", "Gidip gitmediği bilinmiyor. Platformdan bakıp kararı siz veriniz."
    if item.attempts and item.problem:
        return "yeniden denenecek", f"İlk deneme olmadı: {item.problem}"
    return "gönderiliyor", ""


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
