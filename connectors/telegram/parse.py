"""PURE: Telegram's updates -> events. Reads an update, a list of them, or an answer of getUpdates; calls nobody."""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.telegram import contents
from connectors.telegram.contents import Json, identifier, moment, plain
from models.enums import AttachmentKind, ChannelName, EventKind, Surface
from models.messages import Attachment, ChannelEvent, Parsed, ParseProblem, Sender

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
GROUP = "not a private chat"
CALLBACK = "callback"
"""Stands in the external id of a pressed button, whose id is not a message's."""


def parse(payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed:
    """Events of every update in `payload`. `account_id` is the bot's id: Telegram does not name it in its updates."""
    try:
        document = json.loads(payload)
        items = list(_items(document))
    except UNREADABLE as error:
        return Parsed(problems=(_problem("$", error),))
    events, problems = [], []
    for where, item in items:
        try:
            events.append(_Update(item, account_id).event())
        except UNREADABLE as error:
            problems.append(_problem(where, error))
    return Parsed(events=tuple(events), problems=tuple(problems))


def pressed_buttons(payload: bytes) -> list[str]:
    """Ids of the presses in a push or page, to be answered."""
    try:
        items = [item for _, item in _items(json.loads(payload)) if isinstance(item, Mapping)]
    except UNREADABLE:
        return []
    queries = [item.get("callback_query") for item in items]
    found = [query.get("id") for query in queries if isinstance(query, Mapping)]
    return [identifier(one) for one in found if isinstance(one, str | int) and one]


def split_external_id(external_id: str) -> tuple[str, str]:
    """(chat id, message id) of an external id that names a message; message id empty where it names something else."""
    parts = external_id.split(":")
    return (parts[-2], parts[-1]) if len(parts) == 3 else ("", "")


def _items(document: Any) -> Iterator[tuple[str, Any]]:
    """(JSON path, update) pairs."""
    if isinstance(document, Mapping) and isinstance(document.get("result"), list):
        yield from ((f"$.result[{index}]", item) for index, item in enumerate(document["result"]))
    elif isinstance(document, list):
        yield from ((f"$[{index}]", item) for index, item in enumerate(document))
    elif isinstance(document, Mapping) and document.get("ok") is not False:
        yield "$", document
    else:
        raise ValueError("neither an update nor an answer of getUpdates")


def _problem(where: str, error: Exception) -> ParseProblem:
    return ParseProblem(where=where, why=plain(f"{type(error).__name__}: {error}"))


class _Update:
    """One update on its way to an event."""

    def __init__(self, item: Any, account_id: str) -> None:
        if not isinstance(item, Mapping):
            raise TypeError("an update is an object")
        self.item: Json = item
        self.account_id = account_id
        self.name = _content_name(item)
        self.body: Json = item[self.name]

    def event(self) -> ChannelEvent:
        reader = READERS.get(self.name)
        return reader(self) if reader else self._ignored(f"unsupported update: {plain(self.name)}")

    def _message(self) -> ChannelEvent:
        message = self.body
        if not _is_private(message["chat"]):
            return self._ignored(GROUP)
        external_id = self._external_id(message["chat"], message["message_id"])
        if _is_bot(message):
            return self._from_bot(external_id)
        if notice := contents.notice(message):
            return self._build(EventKind.SYSTEM, f"system:{external_id}", external_id=external_id, reason=notice)
        if self.name == "edited_message":
            return self._content(EventKind.EDIT, f"edit:{external_id}:{_version(message)}", external_id)
        return self._content(EventKind.MESSAGE, f"message:{external_id}", external_id)

    def _content(self, kind: EventKind, dedup_key: str, external_id: str) -> ChannelEvent:
        message = self.body
        text, attachments = contents.words(message), contents.attachments(message)
        if not text and not attachments:
            attachments = (Attachment(kind=AttachmentKind.OTHER, title=_unknown_content(message)),)
        album = message.get("media_group_id")
        return self._build(
            kind,
            dedup_key,
            external_id=external_id,
            text=text,
            attachments=attachments,
            reply_to=self._reply_to(),
            group_key=self._external_id(message["chat"], f"album-{identifier(album)}") if album else "",
            extra=_extra(message),
        )

    def _from_bot(self, external_id: str) -> ChannelEvent:
        """Telegram does not send a bot its own messages; should it ever, they are no citizen's."""
        own = identifier(self.body["from"]["id"]) == self.account_id or not self.account_id
        kind = EventKind.ECHO if own else EventKind.IGNORED
        extra = {"recipient_id": identifier(self.body["chat"]["id"])} if own else {}
        return self._build(
            kind,
            f"{kind}:{external_id}",
            external_id=external_id,
            text=contents.words(self.body),
            reason="" if own else "another bot",
            extra=extra,
        )

    def _button(self) -> ChannelEvent:
        query_id, message = identifier(self.body["id"]), self.body.get("message")
        if not isinstance(message, Mapping) or not _is_private(message["chat"]):
            return self._ignored(GROUP)
        external_id = self._external_id(message["chat"], f"{CALLBACK}:{query_id}")
        return self._build(
            EventKind.MESSAGE,
            f"message:{external_id}",
            external_id=external_id,
            text=plain(self.body.get("data")),
            reply_to=self._external_id(message["chat"], message["message_id"]),
            chat=message["chat"],
            sent_at=None,
            extra={"button": True},
        )

    def _membership(self) -> ChannelEvent:
        if not _is_private(self.body["chat"]):
            return self._ignored(GROUP)
        status = plain(self.body["new_chat_member"]["status"])
        chat_id = identifier(self.body["chat"]["id"])
        return self._build(
            EventKind.SYSTEM,
            f"system:{self.account_id}:{chat_id}:{plain(str(self.body.get('date')))}:{status}",
            reason="user_blocked" if status in ("kicked", "left") else "user_unblocked",
        )

    def _reaction(self) -> ChannelEvent:
        if not _is_private(self.body["chat"]):
            return self._ignored(GROUP)
        external_id = self._external_id(self.body["chat"], self.body["message_id"])
        emoji = [plain(one.get("emoji")) or plain(one.get("type")) for one in self.body["new_reaction"]]
        version = f"{plain(str(self.body.get('date')))}:{','.join(emoji)}"
        return self._build(
            EventKind.REACTION,
            f"reaction:{external_id}:{version}",
            external_id=external_id,
            sender=_sender(self.body.get("user") or self.body["chat"]),
            extra={"emoji": emoji},
        )

    def _ignored(self, reason: str) -> ChannelEvent:
        """What is no citizen's message to us, told apart as far as it can be read."""
        body = self.body if isinstance(self.body, Mapping) else {}
        author = body.get("from")
        return ChannelEvent(
            kind=EventKind.IGNORED,
            channel=ChannelName.TELEGRAM,
            dedup_key=f"ignored:{self.account_id}:{self._mark()}",
            account_id=self.account_id,
            surface=Surface.GROUP if reason == GROUP else None,
            external_id=self._ignored_id(body),
            sender=_sender(author) if isinstance(author, Mapping) and author.get("id") else None,
            text=contents.words(body) or plain(body.get("data")),
            reason=reason,
        )

    def _ignored_id(self, body: Json) -> str:
        chat = body.get("chat")
        if isinstance(chat, Mapping) and chat.get("id") and body.get("message_id"):
            return self._external_id(chat, body["message_id"])
        return identifier(body["id"]) if body.get("id") else ""

    def _mark(self) -> str:
        """What tells this update from others: its number, else a digest."""
        number = self.item.get("update_id")
        return f"{zlib.crc32(json.dumps(self.item).encode()):08x}" if number is None else identifier(number)

    def _build(self, kind: EventKind, dedup_key: str, *, chat: Json | None = None, **fields: Any) -> ChannelEvent:
        chat = chat or self.body["chat"]
        fields.setdefault("sender", _sender(self.body.get("from") or chat))
        fields.setdefault("sent_at", moment(self.body.get("edit_date") or self.body.get("date")))
        return ChannelEvent(
            kind=kind,
            channel=ChannelName.TELEGRAM,
            dedup_key=dedup_key,
            account_id=self.account_id,
            surface=Surface.DIRECT,
            thread_id=identifier(chat["id"]),
            **fields,
        )

    def _external_id(self, chat: Json, message_id: Any) -> str:
        """`bot:chat:message`: Telegram numbers messages anew in each chat, and chats exist beside several bots."""
        parts = (self.account_id, identifier(chat["id"]), identifier(message_id))
        return ":".join(part for part in parts if part)

    def _reply_to(self) -> str:
        answered = self.body.get("reply_to_message")
        if not isinstance(answered, Mapping) or "message_id" not in answered:
            return ""
        return self._external_id(self.body["chat"], answered["message_id"])


READERS: dict[str, Callable[[_Update], ChannelEvent]] = {
    "message": _Update._message,
    "edited_message": _Update._message,
    "callback_query": _Update._button,
    "my_chat_member": _Update._membership,
    "message_reaction": _Update._reaction,
}


def _content_name(item: Json) -> str:
    """The key under which the update's content stands: at most one that we know, else the first other one."""
    others = (key for key in item if key != "update_id")
    name = next((key for key in READERS if key in item), None) or next(others, "")
    if not name:
        raise ValueError("an update without content")
    return name


def _is_private(chat: Json) -> bool:
    """Groups and channels have negative ids; old edits carry no type."""
    kind = chat.get("type")
    return kind == "private" if kind else int(identifier(chat["id"])) > 0


def _is_bot(message: Json) -> bool:
    author = message.get("from")
    return isinstance(author, Mapping) and author.get("is_bot") is True


def _sender(person: Json) -> Sender:
    names = (plain(person.get("first_name")), plain(person.get("last_name")))
    return Sender(
        external_id=identifier(person["id"]),
        display_name=" ".join(filter(None, names)),
        handle=plain(person.get("username")),
    )


def _version(message: Json) -> str:
    """Edit date and a digest of the words: two edits within one second are two."""
    return f"{plain(str(message.get('edit_date', '')))}-{zlib.crc32(contents.words(message).encode()):08x}"


def _unknown_content(message: Json) -> str:
    """The name of the content that this parser does not know, for the placeholder; empty where nothing stands out."""
    return next((plain(key) for key, value in message.items() if key not in _ENVELOPE and value), "")


_ENVELOPE = frozenset({"message_id", "from", "chat", "date", "edit_date", "text", "caption", "reply_to_message"})


def _extra(message: Json) -> dict[str, Any]:
    """Small facts for later; no contents."""
    author, contact = message.get("from"), message.get("contact")
    extra: dict[str, Any] = {}
    if isinstance(author, Mapping) and author.get("language_code"):
        extra["language"] = plain(author["language_code"])
    if unique_ids := contents.file_unique_ids(message):
        extra["file_unique_ids"] = unique_ids
    if any(key in message for key in ("forward_origin", "forward_date", "is_automatic_forward")):
        extra["forwarded"] = True
    if isinstance(contact, Mapping) and isinstance(author, Mapping) and contact.get("user_id"):
        extra["own_contact"] = contact["user_id"] == author.get("id")
    return extra
