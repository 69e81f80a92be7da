"""The WhatsApp Cloud API on loopback, with scripted citizens. Follows Meta's documentation, not our client.

Imported by `bots.demo` and tests alone.
"""

import asyncio
import random
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.meta.simulation import GraphError, GraphServer, RollingLimit
from connectors.meta.simulation_notices import Notices
from connectors.meta.simulation_subscriptions import Subscriptions
from connectors.simulated_faults import FaultKind
from connectors.simulated_files import PICTURE
from connectors.simulation import CitizenPost, Disorder, Ledger, MetaWebhook, SimulatorServer
from connectors.whatsapp.simulated_messages import Json, Person, Town
from models.enums import ChannelName, Surface
from models.ports import Clock

WABA_ID = "300700153000001"
PHONE_NUMBER_ID = "106700153000002"
DISPLAY_NUMBER = "902325550153"
ACCESS_TOKEN = "EAAsimulatedWhatsAppAccessToken0153"  # noqa: S105
APP_SECRET = "5f1c0a53simulated0153"  # noqa: S105
VERIFY_TOKEN = "him-dogrulama"  # noqa: S105
TEXT_LIMIT = 4096
TEMPLATE = "cevabiniz_hazir"
"""The one approved template; its body has one variable."""
MEDIA_MINUTES = 5
RECEIPTS = (("sent", 1.0), ("delivered", 2.0), ("read", 15.0))
"""Receipts of a text and the seconds before each."""
READ_SHARE = 0.7
MEGABYTE = 1024 * 1024
MEDIA_LIMITS = {
    "image/jpeg": 5 * MEGABYTE,
    "image/png": 5 * MEGABYTE,
    "video/mp4": 16 * MEGABYTE,
    "audio/mpeg": 16 * MEGABYTE,
    "application/pdf": 100 * MEGABYTE,
}
FILE_KINDS = ("image", "video", "audio", "document")
FAILURES = {
    131047: ("Re-engagement message", "More than 24 hours have passed since the recipient last replied"),
    131026: ("Message undeliverable", "Message Undeliverable."),
}
ABOUT_ERRORS = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class WhatsAppSimulator:
    """One number and the citizens who write to it."""

    channel = ChannelName.WHATSAPP

    def __init__(
        self, clock: Clock, *, ledger: Ledger | None = None, disorder: Disorder | None = None, seed: int = 7
    ) -> None:
        self.clock = clock
        self.ledger = ledger or Ledger(clock)
        self.exchanges: deque[tuple[Json, Json]] = deque(maxlen=200)
        """The last accepted requests to send, with their answers."""
        self.pushed: deque[Json] = deque(maxlen=200)
        """The last values that left by webhook."""
        disorder = disorder or Disorder()
        self._random = random.Random(seed)
        self.town = Town(clock, self._random)
        self._webhook = MetaWebhook(
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            clock=clock,
            disorder=disorder,
            tally=self.ledger.disorder,
        )
        self._notices = Notices(
            self._webhook, clock, object_name="whatsapp_business_account", account_id=WABA_ID, disorder=disorder
        )
        self._server = GraphServer(
            clock, app_secret=APP_SECRET, access_token=ACCESS_TOKEN, usage_type="whatsapp", business_id=WABA_ID
        )
        self.faults = self._server.faults
        self._server.route("POST", f"/{PHONE_NUMBER_ID}/messages", self._messages)
        self._server.route("POST", f"/{PHONE_NUMBER_ID}/media", self._upload)
        self._server.route("*", f"/{PHONE_NUMBER_ID}/block_users", self._block_users)
        self.subscriptions = Subscriptions(self._server, takes_fields=False, nodes={WABA_ID})
        self._server.route("GET", "/{node}", self._node)
        files = web.Application()
        files.router.add_get("/attachments", self._attachment)
        self._files = SimulatorServer(files)
        self._throughput = RollingLimit(80, 1, clock)
        self._refusals: list[list[int]] = []
        """(requests that go well before, code) of scripted refusals."""
        self._links: dict[str, datetime] = {}
        self._receipts: set[asyncio.Task[None]] = set()

    async def start(self, *, port: int = 0) -> None:
        await self._server.start(port=port)
        await self._files.start()

    async def stop(self) -> None:
        for task in list(self._receipts):
            task.cancel()
        await asyncio.gather(*self._receipts, return_exceptions=True)
        await self._notices.stop()
        await self._files.stop()
        await self._server.stop()

    def account_settings(self) -> dict[str, Any]:
        return {
            "phone_number_id": PHONE_NUMBER_ID,
            "waba_id": WABA_ID,
            "access_token": ACCESS_TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "base_url": self._server.base_url,
        }

    def connect_webhook(self, url: str) -> None:
        self._webhook.url = url

    def fault(
        self, kind: FaultKind | str, *, times: int = 1, path: str = "", method: str = "", minutes: int = 5
    ) -> None:
        """The next `times` fitting requests go wrong."""
        self._server.fault(kind, times=times, path=path, method=method, minutes=minutes)

    def refuse(self, code: int, *, after: int = 0) -> None:
        """One request to send is refused with this code, once `after` ones went well."""
        self._refusals.append([after, code])

    async def write(self, post: CitizenPost) -> str:
        """A citizen writes; the first item's id where her words and a place or sticker become several."""
        person = self.town.person(post.author, name=post.name, handle=post.handle)
        items = [self.post(person, content) for content in self.town.contents(post)]
        return items[0]

    def post(self, person: Person, content: Json) -> str:
        """A message of a citizen with this content, as Cloud API fields; its id."""
        message = self.town.message(person, content)
        node = content.get(content["type"])
        words = (node.get("body") or node.get("caption") or "") if isinstance(node, dict) else ""
        self._record("written", message["id"], author=person.user_id, text=words)
        self._push_messages(person, message)
        return str(message["id"])

    def change(self, person: Person, content: Json) -> str:
        """What is no new text of hers: an edit, a revoke, a reaction, a system notice; the notice's own id."""
        message = self.town.message(person, content)
        self._push_messages(person, message, is_written=False)
        return str(message["id"])

    def choose(self, author: str, title: str) -> None:
        """A citizen presses the button with this title under the newest text that offers some."""
        person = self.town.people[author]
        key, offer = [(key, one) for key, one in person.messages.items() if one["type"] == "interactive"][-1]
        replies = [one["reply"] for one in offer["interactive"]["action"]["buttons"]]
        pressed = next(one for one in replies if one["title"] == title)
        interactive = {"type": "button_reply", "button_reply": pressed}
        self.post(person, {"context": {"id": key}, "type": "interactive", "interactive": interactive})

    def answer_on_phone(self, person: Person, text: str) -> str:
        """Somebody answers on the telephone that shares the number; the echo's id."""
        echo = {"from": DISPLAY_NUMBER, **person.named("to", "to_user_id"), "id": self.town.new_id(person)}
        echo |= {"timestamp": self.town.timestamp(), "type": "text", "text": {"body": text}}
        self._push("smb_message_echoes", {"contacts": [person.card], "message_echoes": [echo]})
        return str(echo["id"])

    async def settle(self) -> None:
        while self._receipts:
            await asyncio.gather(*self._receipts, return_exceptions=True)
        await self._notices.settle()

    def _push_messages(self, person: Person, message: Json, *, is_written: bool = True) -> None:
        cards = {} if message["type"] == "system" else {"contacts": [person.card]}
        item = str(message["id"]) if is_written else ""
        self._push("messages", {**cards, "messages": [message]}, item=item)

    def _push(self, field: str, value: Json, *, item: str = "") -> None:
        metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": PHONE_NUMBER_ID}
        whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        self.pushed.append(whole)

        def served() -> None:
            if item:
                self._record("served", item)

        self._notices.change(field, whole, on_accepted=served)

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        _check_request(body)
        if body.get("status") == "read":
            return self._server.answer({"success": True})
        self._refuse_once()
        if not self._throughput.take():
            raise _refusal(130429, "Rate limit hit", "Message failed to send because there were too many messages")
        person = self.town.addressed(body)
        if person and not person.takes_text(self.clock.now()):
            raise _refusal(131056, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages")
        return self._accept(body, person or self.town.person(str(body.get("to") or body.get("recipient"))))

    def _refuse_once(self) -> None:
        if not self._refusals:
            return
        after, code = self._refusals[0]
        if after:
            self._refusals[0][0] -= 1
            return
        self._refusals.pop(0)
        raise _refusal(code, "Scripted refusal", "asked for")

    def _accept(self, body: Json, person: Person) -> web.StreamResponse:
        message_id = self.town.new_id(person)
        answered = str(body.get("context", {}).get("message_id", ""))
        text = _words(body)
        person.messages[message_id] = body
        facts = {"text": text, "reply_to": answered, "recipient": person.user_id}
        self._record("sent", message_id, author=PHONE_NUMBER_ID, **facts)
        contact = {"input": body.get("to") or body.get("recipient"), **person.named("wa_id", "user_id")}
        messages = [{"id": message_id, "message_status": "accepted"}]
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": messages}
        self.exchanges.append((body, answer))
        task = asyncio.create_task(self._give_receipts(person, message_id, body))
        self._receipts.add(task)
        task.add_done_callback(self._receipts.discard)
        return self._server.answer(answer)

    async def _give_receipts(self, person: Person, message_id: str, body: Json) -> None:
        """The outcome comes later: a closed window or an unreachable citizen is no error of the request."""
        fault = 131026 if person.is_unreachable or person.wrote_at is None else 0
        if not fault and body["type"] != "template" and not person.window_is_open(self.clock.now()):
            fault = 131047
        for name, pause in (("failed", 1.0),) if fault else RECEIPTS:
            await self.clock.sleep(pause)
            if name != "read" or self._random.random() < READ_SHARE:
                self._push("messages", {"statuses": [self._receipt(person, message_id, body, name, fault)]})

    def _receipt(self, person: Person, message_id: str, body: Json, name: str, fault: int) -> Json:
        receipt = {"id": message_id, "status": name, "timestamp": self.town.timestamp()}
        receipt |= person.named("recipient_id", "recipient_user_id")
        if "biz_opaque_callback_data" in body:
            receipt["biz_opaque_callback_data"] = body["biz_opaque_callback_data"]
        if fault:
            title, details = FAILURES[fault]
            error = {"code": fault, "title": title, "message": title, "error_data": {"details": details}}
            return receipt | {"errors": [{**error, "href": ABOUT_ERRORS}]}
        conversation = {"id": person.user_id.removeprefix("TR."), "origin": {"type": "service"}}
        pricing = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
        return receipt | {"conversation": conversation, "pricing": pricing}

    async def _node(self, request: web.Request) -> web.StreamResponse:
        node = request.match_info["node"]
        if node == PHONE_NUMBER_ID:
            number = {"verified_name": "İzmir HİM", "display_phone_number": "+90 232 555 01 53"}
            return self._server.answer({"id": node, "quality_rating": "GREEN", **number})
        if node not in self.town.media:
            raise GraphError(100, f"Unsupported get request. Object with ID '{node}' does not exist", subcode=33)
        self._links[node] = self.clock.now() + timedelta(minutes=MEDIA_MINUTES)
        link = f"{self._files.base_url}/attachments?mid={node}"
        return self._server.answer({**self.town.media[node], "url": link})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["file"]
        if form.get("messaging_product") != "whatsapp" or isinstance(file, str | bytes | bytearray):
            raise GraphError(100, "(#100) The parameter messaging_product is required.")
        most = MEDIA_LIMITS.get(file.content_type)
        size = len(file.file.read())
        if most is None or not 0 < size <= most:
            raise _refusal(131053, "Media upload error", f"{file.content_type}, {size} bytes")
        return self._server.answer({"id": self.town.upload(file.content_type, size)})

    async def _block_users(self, request: web.Request) -> web.StreamResponse:
        """Only those who wrote within the last day can be blocked."""
        body = await request.json()
        given = [str(one.get("user_id") or one.get("user", "")).lstrip("+") for one in body["block_users"]]
        people = [person for person in self.town.people.values() if {person.user_id, person.phone} & set(given)]
        if request.method == "POST" and not all(person.window_is_open(self.clock.now()) for person in people):
            raise _refusal(139100, "Failed to block/unblock users", "Re-engagement required before blocking the user")
        for person in people:
            person.is_blocked = request.method == "POST"
        key = "added_users" if request.method == "POST" else "removed_users"
        users = [{"input": name, "wa_id": name} for name in given]
        return self._server.answer({"messaging_product": "whatsapp", "block_users": {key: users}})

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        """Another host of Meta's: it wants the token, and its links live for five minutes."""
        if request.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            raise web.HTTPUnauthorized
        media_id = request.query.get("mid", "")
        if media_id not in self._links or self.clock.now() > self._links[media_id]:
            raise web.HTTPNotFound
        return web.Response(body=PICTURE, content_type=self.town.media[media_id]["mime_type"].split(";")[0])

    def _record(self, what: str, item: str, **facts: str) -> None:
        self.ledger.record(self.channel, what, item, surface=Surface.DIRECT.value, **facts)


def _check_request(body: Mapping[str, Any]) -> None:
    """Raises GraphError as Meta answers malformed requests."""
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "(#100) The parameter messaging_product is required.")
    if "status" in body:
        return
    if not (body.get("to") or body.get("recipient")):
        raise GraphError(100, "(#100) The parameter to is required.")
    kind = str(body.get("type", "text"))
    if not isinstance(body.get(kind), Mapping):
        raise _refusal(131008, "Required parameter is missing", f"Parameter {kind} is missing")
    if kind == "text" and not 0 < len(str(body["text"].get("body", "")).strip()) <= TEXT_LIMIT:
        raise GraphError(100, f"(#100) Param text['body'] must be between 1 and {TEXT_LIMIT} characters long.")

    if kind in FILE_KINDS and not body[kind].get("id"):
        raise _refusal(131008, "Required parameter is missing", f"Parameter {kind}['id'] is missing")
    if kind == "template" and body["template"].get("name") != TEMPLATE:
        raise _refusal(132001, "Template name does not exist in the translation", "unknown template")
    if kind == "template" and len(_values(body["template"])) != 1:
        raise _refusal(132000, "Number of parameters does not match the expected number of params", "one is expected")
    if kind == "interactive" and not 1 <= len(body["interactive"]["action"]["buttons"]) <= 3:
        raise _refusal(131009, "Parameter value is not valid", "one to three buttons")


def _values(template: Mapping[str, Any]) -> list[str]:
    components = template.get("components", ())
    return [str(one.get("text", "")) for part in components for one in part.get("parameters", ())]


def _words(body: Mapping[str, Any]) -> str:
    """What the citizen reads."""
    match body["type"]:
        case "template":
            return f"[{body['template']['name']}] {' '.join(_values(body['template']))}"
        case "interactive":
            return str(body["interactive"]["body"]["text"])
        case "image" | "video" | "audio" | "document" as kind:
            return f"[{kind}] {body[kind]['id']}"
    return str(body.get("text", {}).get("body", ""))


def _refusal(code: int, message: str, details: str) -> GraphError:
    return GraphError(code, f"(#{code}) {message}", error_data={"messaging_product": "whatsapp", "details": details})
