"""Walks the shells of WhatsApp's webhooks: entries, changes, and what all items of a change share. Reads no item."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors.meta.reading import UNREADABLE, Json, fingerprint, id_of, moment, record, sequence, text_of
from models.enums import ChannelName, EventKind, Surface
from models.messages import ChannelEvent, ParseProblem, Sender

CHANNEL = ChannelName.WHATSAPP
OBJECT = "whatsapp_business_account"
STANDBY = "standby"
FIELDS = frozenset({"messages", STANDBY, "smb_message_echoes", "user_id_update", ""})
"""Fields of webhooks that are read; all others are the account's own business (templates, calls, quality …)."""
PIECE_MARK = "#"
"""Parts our reference from the number of the piece, in the tag that receipts give back."""


@dataclass(slots=True)
class Walk:
    """Goes through the shells; every item is read by itself."""

    account_id: str
    readers: Mapping[str, "ItemReader"]
    """By the name of the list in which the items stand."""
    events: list[ChannelEvent] = field(default_factory=list)
    problems: list[ParseProblem] = field(default_factory=list)

    def problem(self, where: str, error: BaseException) -> None:
        why = f"{type(error).__name__}: {error}"[:200].encode("utf-8", "replace").decode()
        self.problems.append(ParseProblem(where=where, why=why))

    def read(self, where: str, reading: Callable[[], Iterable[ChannelEvent]]) -> None:
        try:
            self.events.extend(reading())
        except UNREADABLE as error:
            self.problem(where, error)

    def items(self, where: str, shell: Any, name: str) -> Iterator[tuple[str, Any]]:
        """(path, item) pairs of a list below a shell."""
        try:
            yield from ((f"{where}.{name}[{index}]", item) for index, item in enumerate(sequence(shell[name])))
        except UNREADABLE as error:
            self.problem(f"{where}.{name}", error)

    def body(self, where: str, body: Any) -> None:
        for path, entry in self.items(where, body, "entry"):
            if body.get("object") != OBJECT:
                reason = f"object {body.get('object')!r} is another connector's"
                self.read(path, partial(_ignored_item, entry, reason, self.account_id))
                continue
            for below, change in self.items(path, entry, "changes"):
                self.change(below, change)

    def change(self, where: str, change: Any) -> None:
        try:
            name, value = text_of(record(change).get("field")), record(record(change).get("value"))
            shell = Shell.of(value, name, self.account_id)
        except UNREADABLE as error:
            self.problem(where, error)
            return
        lists = [key for key in self.readers if value.get(key) is not None] if name in FIELDS else []
        for key in lists:
            for path, item in self.items(f"{where}.value", value, key):
                self.read(path, partial(self.readers[key], shell, item))
        if not lists:
            self.read(where, partial(_ignored_item, change, f"field {name or 'missing'}", shell.account_id))


@dataclass(frozen=True, slots=True)
class Shell:
    """What all items of one change share."""

    account_id: str
    field: str
    contacts: tuple[Json, ...]
    has_one_writer: bool

    @classmethod
    def of(cls, value: Json, field: str, account_id: str) -> "Shell":
        number_id = id_of(record(value.get("metadata")).get("phone_number_id"))
        contacts = tuple(one for one in sequence(value.get("contacts")) if isinstance(one, dict))
        messages = value.get("messages")
        writers = {_writer(one) for one in messages if isinstance(one, dict)} if isinstance(messages, list) else set()
        return cls(number_id or account_id, field, contacts, len(writers) == 1)

    def sender(self, message: Json) -> Sender | None:
        """Key is the business-scoped user id, else the phone; the others are aliases, the phone first."""
        phone, user_id = id_of(message.get("from")), id_of(message.get("from_user_id"))
        contact = self._contact(phone, user_id)
        ids = [user_id, phone, id_of(contact.get("user_id")), id_of(contact.get("wa_id"))]
        known = list(dict.fromkeys(filter(None, ids)))
        if not known:
            return None
        profile = record(contact.get("profile"))
        return Sender(
            external_id=known[0],
            aliases=tuple(known[1:]),
            display_name=text_of(profile.get("name")),
            handle=text_of(profile.get("username")),
        )

    def _contact(self, phone: str, user_id: str) -> Json:
        """The writer's card: by id, or the only one where only one person writes (both ids may differ from it)."""
        wanted = {phone, user_id} - {""}
        for contact in self.contacts:
            if wanted & {id_of(contact.get("wa_id")), id_of(contact.get("user_id"))}:
                return contact
        return self.contacts[0] if len(self.contacts) == 1 and self.has_one_writer else {}

    def event(self, kind: EventKind, dedup_key: str, item: Json, **more: Any) -> ChannelEvent:
        more.setdefault("sender", self.sender(item))
        sender = more["sender"]
        more.setdefault("thread_id", sender.external_id if sender else "")
        more.setdefault("sent_at", moment(item.get("timestamp")))
        return ChannelEvent(
            kind=kind,
            channel=CHANNEL,
            dedup_key=dedup_key,
            account_id=self.account_id,
            surface=Surface.DIRECT,
            replyable=self.field != STANDBY,
            **more,
        )

    def ignored(self, item: Json, reason: str, **more: Any) -> ChannelEvent:
        return self.event(EventKind.IGNORED, f"ignored:{fingerprint(item)}", item, reason=reason, **more)


def _writer(message: Json) -> str:
    return str(message.get("from_user_id") or message.get("from"))


def _ignored_item(item: Any, reason: str, account_id: str) -> Iterable[ChannelEvent]:
    key = f"ignored:{fingerprint(item)}"
    return [ChannelEvent(kind=EventKind.IGNORED, channel=CHANNEL, dedup_key=key, account_id=account_id, reason=reason)]


ItemReader = Callable[[Shell, Any], Iterable[ChannelEvent]]
"""The events of one item. May raise any of `UNREADABLE`."""
