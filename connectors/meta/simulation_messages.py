"""Direct messages as Messenger and Instagram keep them: conversations, the Send API, windows, echoes, receipts."""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.meta.simulation import GraphError, GraphServer, RollingLimit
from connectors.meta.simulation_notices import Ids, Notices, People, Person, asked_for, read_fields
from connectors.simulated_files import SimulatedFiles
from connectors.simulation import CitizenPost, Ledger
from models.enums import ChannelName, Surface

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
LARGEST_FILE = 25 * 1024 * 1024
UNSHOWN = {
    "messenger": ("attachments", "sticker", "shares"),
    "instagram": ("attachments", "story", "shares", "is_unsupported"),
}
"""Fields of a message that stand there only where it has such."""


@dataclass(slots=True)
class Message:
    id: str
    at: datetime
    sender_id: str
    recipient_id: str
    text: str
    attachments: list[dict[str, Any]] = field(default_factory=list)
    quick_replies: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Conversation:
    id: str
    citizen: Person
    messages: list[Message] = field(default_factory=list)
    citizen_wrote_at: datetime | None = None

    @property
    def updated(self) -> datetime:
        return self.messages[-1].at


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingRules:
    """How the two products differ. `detailed`: how many messages of a conversation are handed out."""

    channel: ChannelName
    platform: str
    account: Person
    mid_prefix: str
    closed_subcode: int
    longest: int
    bytes_count: bool
    detailed: int
    names_delivery: bool


class SimulatedMessages:
    """The private side of one account. Routes are added to `server` by `add_routes`."""

    def __init__(
        self, server: GraphServer, notices: Notices, ledger: Ledger, people: People, ids: Ids, rules: MessagingRules
    ) -> None:
        self.rules = rules
        self.files = SimulatedFiles()
        self.by_citizen: dict[str, Conversation] = {}
        self.answered_privately: set[str] = set()
        self.uploads: dict[str, str] = {}
        """Kinds of the files that the product gave, by their ids."""
        self.blocked: set[str] = set()
        self.written_publicly: Callable[[str], tuple[Person, datetime] | None] = lambda item: None
        """Who wrote a comment or post, and when; set by the platform."""
        self._server = server
        self._notices = notices
        self._ledger = ledger
        self._people = people
        self._ids = ids
        self._served: set[str] = set()
        self._reads = RollingLimit(2, 1, server.clock)
        self._sends = RollingLimit(300, 1, server.clock)

    def add_routes(self) -> None:
        self._server.route("GET", "/{node}/conversations", self._list)
        self._server.route("GET", "/{conversation:t_\\w+}/messages", self._messages)
        self._server.route("POST", "/{node}/messages", self._send)
        self._server.route("POST", "/{node}/message_attachments", self._upload)
        self._server.route("POST", "/{node}/moderate_conversations", self._moderate)

    def write(self, post: CitizenPost) -> str:
        """A citizen writes; the message's id."""
        citizen = self._people.of(post.author, post.name, post.handle)
        conversation = self._conversation(citizen)
        message = self._add(
            conversation, citizen.id, self.rules.account.id, post.text, attachments_of(post, self.files.base_url)
        )
        conversation.citizen_wrote_at = message.at
        self._tell(message)
        return message.id

    def choose(self, author: str, title: str) -> None:
        """A citizen presses the quick reply with this title under our newest text, which offers it."""
        conversation = self.by_citizen[self._people.known[author].id]
        pressed = next(one for one in conversation.messages[-1].quick_replies if one["title"] == title)
        message = self._add(conversation, conversation.citizen.id, self.rules.account.id, title, [])
        conversation.citizen_wrote_at = message.at
        self._tell(message, quick_reply={"payload": pressed["payload"]})

    def _tell(self, message: Message, **more: Any) -> None:
        """A message of a citizen: into the ledger, and pushed."""
        facts = {"author": message.sender_id, "surface": Surface.DIRECT.value, "text": message.text}
        self._ledger.record(self.rules.channel, "written", message.id, **facts)
        item = {**_shell(message), "message": {**_pushed(message), **more}}
        self._notices.messaging(item, on_accepted=lambda: self._record_served(message.id))

    def _conversation(self, citizen: Person) -> Conversation:
        found = self.by_citizen.get(citizen.id)
        return found or self.by_citizen.setdefault(citizen.id, Conversation(self._ids.number("t_"), citizen))

    def _add(
        self, conversation: Conversation, sender: str, recipient: str, text: str, attachments: list[dict[str, Any]]
    ) -> Message:
        mid = self._ids.message(self.rules.mid_prefix)
        message = Message(mid, self._server.clock.now(), sender, recipient, text, attachments)
        conversation.messages.append(message)
        return message

    async def _list(self, request: web.Request) -> web.Response:
        self._count_read()
        if request.query.get("platform", "messenger") != self.rules.platform:
            return self._server.answer({"data": []})
        only = request.query.get("user_id")
        chosen = [item for item in self.by_citizen.values() if item.messages and only in (None, item.citizen.id)]
        chosen.sort(key=lambda item: item.updated, reverse=True)
        page = self._server.page_of(chosen, request)
        page["data"] = [self._read_conversation(item, request) for item in page["data"]]
        return self._server.answer(page)

    def _read_conversation(self, conversation: Conversation, request: web.Request) -> dict[str, Any]:
        fields = read_fields(request.query.get("fields", "id,updated_time"))
        people = [self._person(self.rules.account), self._person(conversation.citizen)]
        body: dict[str, Any] = {
            "id": conversation.id,
            "updated_time": iso(conversation.updated),
            "participants": {"data": people},
        }
        if "messages" in fields:
            expansion = fields["messages"]
            limit = int(expansion.options.get("limit", "25"))
            body["messages"] = self._page(conversation, expansion.fields, request, limit=limit, start=0)
        return asked_for(body, fields)

    async def _messages(self, request: web.Request) -> web.Response:
        self._count_read()
        wanted = request.match_info["conversation"]
        conversation = next((item for item in self.by_citizen.values() if item.id == wanted), None)
        if conversation is None:
            raise missing(wanted)
        newest_first = conversation.messages[::-1][: self.rules.detailed]
        page = self._server.page_of(newest_first, request)
        page["data"] = [self._read(message, request.query.get("fields", "id")) for message in page["data"]]
        return self._server.answer(page)

    def _page(
        self, conversation: Conversation, fields: str, request: web.Request, *, limit: int, start: int
    ) -> dict[str, Any]:
        newest_first = conversation.messages[::-1][: self.rules.detailed]
        path = f"{conversation.id}/messages"
        page = self._server.inner_page(newest_first, request, path=path, limit=limit, fields=fields)
        return {**page, "data": [self._read(message, fields) for message in page["data"]]}

    def _read(self, message: Message, fields: str) -> dict[str, Any]:
        self._record_served(message.id, once=True)
        citizen = message.sender_id if message.recipient_id == self.rules.account.id else message.recipient_id
        people = {person.id: person for person in (self.rules.account, self.by_citizen[citizen].citizen)}
        body: dict[str, Any] = {
            "id": message.id,
            "created_time": iso(message.at),
            "from": self._person(people[message.sender_id]),
            "to": {"data": [self._person(people[message.recipient_id])]},
            "message": message.text,
        }
        if message.attachments:
            body["attachments"] = {"data": [_read_attachment(message, item) for item in message.attachments]}
        return asked_for(body, read_fields(fields), besides=UNSHOWN[self.rules.platform])

    def _person(self, person: Person) -> dict[str, str]:
        if self.rules.platform == "instagram":
            return {"username": person.handle, "id": person.id}
        return {"name": person.name, "email": f"{person.id}@facebook.com", "id": person.id}

    async def _send(self, request: web.Request) -> web.Response:
        if not self._sends.take():
            raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", minutes=1)
        body = await request.json()
        text, file = str(body["message"].get("text", "")), body["message"].get("attachment")
        shown = [self._uploaded(file)] if file else []
        if not shown:
            self._check_length(text)
        self._check_quick_replies(body["message"])
        answered = str(body["recipient"].get("comment_id") or body["recipient"].get("post_id") or "")
        conversation = self._privately(answered) if answered else self._known(body)
        message = self._add(conversation, self.rules.account.id, conversation.citizen.id, text, shown)
        message.quick_replies = list(body["message"].get("quick_replies", ()))
        told = text or f"[{file['type']}] {file['payload']['attachment_id']}"
        facts = {"surface": Surface.DIRECT.value, "text": told, "recipient": conversation.citizen.id}
        facts |= {"reply_to": answered} if answered else {}
        self._ledger.record(self.rules.channel, "sent", message.id, **facts)
        self._report(message)
        return self._server.answer({"recipient_id": conversation.citizen.id, "message_id": message.id})

    async def _upload(self, request: web.Request) -> web.Response:
        """A file for one message or many."""
        form = await request.post()
        attachment, file = json.loads(str(form["message"]))["attachment"], form["filedata"]
        if isinstance(file, str | bytes | bytearray) or form.get("platform", "messenger") != self.rules.platform:
            raise GraphError(100, "(#100) Invalid parameter")
        if not 0 < len(file.file.read()) <= LARGEST_FILE:
            raise GraphError(100, "(#100) Upload attachment failure.", subcode=2018047)
        attachment_id = self._ids.number("18")
        self.uploads[attachment_id] = str(attachment["type"])
        return self._server.answer({"attachment_id": attachment_id})

    def _uploaded(self, attachment: Mapping[str, Any]) -> dict[str, Any]:
        attachment_id = str(attachment["payload"]["attachment_id"])
        if self.uploads.get(attachment_id) != attachment["type"]:
            raise GraphError(100, "(#100) Attachment resource not found.", subcode=2018008)
        payload = {"url": f"{self.files.base_url}/?asset_id={attachment_id}"}
        return {"type": attachment["type"], "payload": payload}

    async def _moderate(self, request: web.Request) -> web.Response:
        body = await request.json()
        people = {str(person["id"]) for person in body["user_ids"]}
        for action in body["actions"]:
            if action == "block_user":
                self.blocked |= people
            elif action == "unblock_user":
                self.blocked -= people
            else:
                raise GraphError(100, f"(#100) Unknown action {action}")
        return self._server.answer({"result": [{"user_id": one, "success": True} for one in sorted(people)]})

    def _known(self, body: Mapping[str, Any]) -> Conversation:
        conversation = self.by_citizen.get(str(body["recipient"]["id"]))
        if conversation is None:
            raise GraphError(100, "(#100) No matching user found", subcode=2018001)
        self._check_window(conversation, body)
        return conversation

    def _privately(self, answered: str) -> Conversation:
        """A private reply to a comment or post: once, within 7 days; it opens no window."""
        found = self.written_publicly(answered)
        if found is None:
            raise missing(answered)
        writer, at = found
        if not self.takes_private_reply(answered, at):
            raise GraphError(10900, "(#10900) Activity already replied to or too old.")
        self.answered_privately.add(answered)
        return self._conversation(writer)

    def takes_private_reply(self, answered: str, at: datetime) -> bool:
        """Whether what was written publicly then may still be answered privately."""
        return answered not in self.answered_privately and self._server.clock.now() - at <= HUMAN_WINDOW

    def _check_quick_replies(self, message: Mapping[str, Any]) -> None:
        offered = message.get("quick_replies", [])
        if len(offered) > 13 or any(not 0 < len(one["title"]) <= 20 for one in offered):
            raise GraphError(100, "(#100) Invalid quick replies")

    def _check_length(self, text: str) -> None:
        length = len(text.encode()) if self.rules.bytes_count else len(text)
        if not 0 < length <= self.rules.longest:
            raise GraphError(100, "(#100) Length of param message[text] must be less than or equal to the limit")

    def _check_window(self, conversation: Conversation, body: Mapping[str, Any]) -> None:
        open_for = HUMAN_WINDOW if body.get("tag") == "HUMAN_AGENT" else WINDOW
        wrote = conversation.citizen_wrote_at
        if wrote is None or self._server.clock.now() - wrote > open_for:
            message = "(#10) This message is sent outside of allowed window."
            raise GraphError(10, message, subcode=self.rules.closed_subcode)

    def _report(self, message: Message) -> None:
        """Our own text comes back as an echo, perhaps before the answer to the call; then its receipts."""
        echo = {**_pushed(message), "is_echo": True, "app_id": 1100110011}
        self._notices.messaging({**_shell(message), "message": echo})
        back = {
            "sender": {"id": message.recipient_id},
            "recipient": {"id": message.sender_id},
            "timestamp": millis(message.at),
        }
        if self.rules.names_delivery:
            self._notices.messaging({**back, "delivery": {"mids": [message.id], "watermark": millis(message.at)}})
            self._notices.messaging({**back, "read": {"watermark": millis(message.at)}})
        else:
            self._notices.messaging({**back, "read": {"mid": message.id}})

    def _count_read(self) -> None:
        if not self._reads.take():
            raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", minutes=1)

    def _record_served(self, item: str, *, once: bool = False) -> None:
        if once and item in self._served:
            return
        self._served.add(item)
        self._ledger.record(self.rules.channel, "served", item)


def attachments_of(post: CitizenPost, site: str) -> list[dict[str, Any]]:
    """A post's media as the webhook names them."""
    found: list[dict[str, Any]] = []
    if post.photo:
        found.append({"type": "image", "payload": {"url": f"{site}/?asset_id=1&signature=a"}})
    if post.voice:
        found.append({"type": "audio", "payload": {"url": f"{site}/?asset_id=2&signature=b"}})
    if post.sticker:
        found.append({"type": "sticker", "payload": {"url": f"{site}/?asset_id=3", "sticker_id": 369239263222822}})
    if post.location:
        place = {"lat": post.location[0], "long": post.location[1]}
        found.append({"type": "location", "payload": {"coordinates": place}})
    return found


def missing(object_id: str) -> GraphError:
    """Graph's answer for an object that is not there."""
    said = f"Unsupported request. Object with ID '{object_id}' does not exist or cannot be loaded"
    return GraphError(100, said, subcode=33, kind="GraphMethodException")


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _shell(message: Message) -> dict[str, Any]:
    return {
        "sender": {"id": message.sender_id},
        "recipient": {"id": message.recipient_id},
        "timestamp": millis(message.at),
    }


def _pushed(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"mid": message.id}
    if message.text:
        body["text"] = message.text
    if message.attachments:
        body["attachments"] = message.attachments
    return body


def _read_attachment(message: Message, item: Mapping[str, Any]) -> dict[str, Any]:
    """The same attachment as lists show it."""
    url = item["payload"].get("url", "")
    base = {"id": str(zlib.crc32(f"{message.id}{url}".encode())), "name": str(item["type"]), "size": 2048}
    if item["type"] in ("image", "sticker"):
        image = {"url": url, "width": 640, "height": 480, "render_as_sticker": item["type"] == "sticker"}
        return {**base, "mime_type": "image/jpeg", "image_data": image}
    return {**base, "mime_type": "audio/mpeg" if item["type"] == "audio" else "text/plain", "file_url": url}
