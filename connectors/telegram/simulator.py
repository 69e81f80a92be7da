"""The Bot API on loopback, with scripted citizens in private chats. Follows Telegram's documentation, not our client.

Imported by `bots.demo` and tests alone.
"""

import asyncio
import json
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from connectors.base import utf16_units
from connectors.simulated_faults import Fault, FaultKind, Faults
from connectors.simulation import CitizenPost, Disorder, Ledger, SimulatorServer
from connectors.telegram.simulated_chats import Chats, Json, Person
from connectors.telegram.simulated_faults import HTML_FAULT, BotApiError, raise_fault
from connectors.telegram.simulated_updates import UpdateQueue
from models.enums import ChannelName, Surface
from models.ports import Clock

BOT_ID = 7_153_000_153
TOKEN = f"{BOT_ID}:AAsimulatedSIMULATEDsimulatedSIMULA"
TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]{35}")
TEXT_LIMIT = 4096
LONGEST_POLL = 50
MEGABYTE = 1024 * 1024


class TelegramSimulator:
    """One bot and the citizens who write to it."""

    channel = ChannelName.TELEGRAM

    def __init__(
        self, clock: Clock, *, ledger: Ledger | None = None, disorder: Disorder | None = None, seed: int = 7
    ) -> None:
        self.clock = clock
        self.ledger = ledger or Ledger(clock)
        self._random = random.Random(seed)
        self._disorder = disorder or Disorder()
        self.bot: Json = {"id": BOT_ID, "is_bot": True, "first_name": "HİM Deneme", "username": "him_deneme_bot"}
        self.chats = Chats(clock, self._random, bot=self.bot)
        self.updates = UpdateQueue(clock, self._random)
        self.webhook: Json = {"url": "", "has_custom_certificate": False}
        self.exchanges: deque[tuple[str, Mapping[str, Any], Any]] = deque(maxlen=200)
        """The last successful calls: method, parameters, result."""
        self.answered_presses: list[str] = []
        """Buttons that spin no more."""
        self._push_to = self._secret = ""
        self._pushing: asyncio.Task[None] | None = None
        self.faults = Faults()
        self._late: set[asyncio.Task[None]] = set()
        self._poll = 0
        self._is_open = True
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        self._server = SimulatorServer(app)

    async def start(self, *, port: int = 0) -> None:
        await self._server.start(port=port)

    async def stop(self) -> None:
        """Long polls under way are answered at once, so that nobody waits for them."""
        self._is_open = False
        self.updates.arrived.set()
        for task in [*self._late, *([self._pushing] if self._pushing else [])]:
            task.cancel()
        await self._server.stop()

    def account_settings(self) -> dict[str, Any]:
        return {"token": TOKEN, "base_url": self._server.base_url, "base_file_url": self._server.base_url}

    def connect_webhook(self, url: str) -> None:
        """Where the product stands on this machine: pushes go there, whatever public address was set."""
        self._push_to = url

    def fault(self, kind: FaultKind | str, *, times: int = 1, path: str = "", after: int = 0, seconds: int = 5) -> None:
        """`times` calls whose address holds `path` (the method's name, say) go wrong, once `after` ones went well."""
        self.faults.add(Fault(kind=FaultKind(kind), call=path, after=after, seconds=seconds), times=times)

    async def write(self, post: CitizenPost) -> str:
        """A citizen writes; the first item's id where her words and a place or sticker become several."""
        person = self.chats.person(post.author, name=post.name, handle=post.handle)
        items = [self.post(person, **content) for content in self.chats.contents(post)]
        return items[0]

    def post(self, person: Person, **content: Any) -> str:
        """A message of a citizen with this content, as Bot API fields; its id as the parser names it."""
        message = self.chats.add(person, **content)
        item = self._item(message)
        words = message.get("text") or message.get("caption") or ""
        self._record("written", item, author=_id(person), text=words)
        self._queue("message", message, item)
        return item

    def edit(self, person: Person, message_id: int, **content: Any) -> None:
        """A citizen changes her message."""
        message = person.messages[message_id] | {"edit_date": self.chats.timestamp()} | content
        person.messages[message_id] = message
        self.updates.add("edited_message", message)

    def press(self, person: Person, message_id: int, data: str) -> None:
        """A citizen presses a button under a message of the bot."""
        query = {
            "id": str(self._random.randrange(10**17, 10**18)),
            "from": person.user,
            "message": person.messages[message_id],
            "chat_instance": str(self._random.randrange(10**17, 10**18)),
            "data": data,
        }
        self.updates.add("callback_query", query)

    def choose(self, author: str, title: str) -> None:
        """A citizen presses the button with this title under the newest message that offers some."""
        person = self.chats.people[author]
        offers = [key for key, message in person.messages.items() if "reply_markup" in message]
        buttons = [one for row in person.messages[max(offers)]["reply_markup"]["inline_keyboard"] for one in row]
        data = next(one["callback_data"] for one in buttons if one["text"] == title)
        self.press(person, max(offers), data)

    def block(self, person: Person, *, blocked: bool = True) -> None:
        """A citizen blocks the bot, or opens it again."""
        person.has_blocked = blocked
        states = ["member", "kicked"] if blocked else ["kicked", "member"]
        old, new = ({"status": state, "user": self.bot, **_until(state)} for state in states)
        change = {"chat": person.chat, "from": person.user, "date": self.chats.timestamp()}
        self.updates.add("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": new})

    async def settle(self) -> None:
        while self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    def _queue(self, kind: str, content: Json, item: str) -> None:
        if self._random.random() >= self._disorder.delay:
            self.updates.add(kind, content, item=item)
            return
        self.ledger.disorder["late"] += 1
        task = asyncio.create_task(self._queue_late(kind, content, item, self._random.uniform(1, 20)))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _queue_late(self, kind: str, content: Json, item: str, pause: float) -> None:
        await self.clock.sleep(pause)
        self.updates.add(kind, content, item=item)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take(request.method, request.path)
        try:
            raise_fault(fault)
            self._check_token(request.match_info["token"])
            result = await self._call(request.match_info["method"], await _parameters(request))
            body, status = {"ok": True, "result": result}, 200
        except BotApiError as error:
            body, status = error.body, error.body["error_code"]
        if fault and fault.kind is FaultKind.HTML:
            return web.Response(status=502, text=HTML_FAULT, content_type="text/html")
        if fault and fault.hangs_up and request.transport:
            request.transport.close()
        elif status == 200:
            self._note_served(body["result"])
        return web.Response(text=json.dumps(body), status=status, content_type="application/json")

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        found = next((data for path, data in self.chats.files.values() if path == request.match_info["path"]), None)
        if request.match_info["token"] != TOKEN or found is None:
            raise web.HTTPNotFound
        return web.Response(body=found, content_type="application/octet-stream")

    async def _call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Method names have no case."""
        method = METHODS.get(name.lower())
        if method is None:
            raise BotApiError(404, "Not Found")
        try:
            result = await method(self, parameters)
        except (KeyError, TypeError, ValueError) as error:
            raise BotApiError(400, f"Bad Request: {type(error).__name__}") from error
        self.exchanges.append((name, parameters, result))
        return result

    async def _get_me(self, parameters: Mapping[str, Any]) -> Any:
        abilities = {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return self.bot | abilities

    async def _get_updates(self, parameters: Mapping[str, Any]) -> Any:
        if self.webhook["url"]:
            raise BotApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        if "allowed_updates" in parameters:
            self.updates.allowed = frozenset(parameters["allowed_updates"]) or None
        if offset := int(parameters.get("offset", 0)):
            self.updates.confirm(offset)
        limit = max(1, min(int(parameters.get("limit", 100)), 100))
        await self._wait_for_updates(float(parameters.get("timeout", 0)))
        again = self._random.random() < self._disorder.redeliver
        page = self.updates.page(limit, again=again)
        self.ledger.disorder["pages"] += 1
        self.ledger.disorder["pages again"] += again
        return [queued.body for queued in page]

    async def _wait_for_updates(self, seconds: float) -> None:
        """Return when an update waits or the time is over; a second poll ends the first one with 409."""
        self._poll += 1
        mine = self._poll
        self.updates.arrived.set()
        until = self.clock.now() + timedelta(seconds=min(seconds, LONGEST_POLL))
        while self._is_open and mine == self._poll and not self.updates.page(1):
            left = (until - self.clock.now()).total_seconds()
            if left <= 0:
                return
            await _first(self.updates.arrived.wait(), self.clock.sleep(left))
        if mine != self._poll:
            raise BotApiError(409, "Conflict: terminated by other getUpdates request")

    async def _send_message(self, parameters: Mapping[str, Any]) -> Any:
        text, person = str(parameters["text"]).strip(), self._reader(parameters)
        if not text:
            raise BotApiError(400, "Bad Request: message text is empty")
        if utf16_units(text) > TEXT_LIMIT:
            raise BotApiError(400, "Bad Request: message is too long")
        markup = parameters.get("reply_markup")
        _check_buttons(markup)
        offered = {"reply_markup": markup} if markup else {}
        return self._accept(person, parameters, told=text, text=text, **offered)

    async def _send_photo(self, parameters: Mapping[str, Any]) -> Any:
        return self._send_file(parameters, "photo", most=10 * MEGABYTE)

    async def _send_document(self, parameters: Mapping[str, Any]) -> Any:
        return self._send_file(parameters, "document", most=50 * MEGABYTE)

    def _send_file(self, parameters: Mapping[str, Any], kind: str, *, most: int) -> Any:
        person, given = self._reader(parameters), parameters[kind]
        data = given.file.read()
        if not 0 < len(data) <= most:
            raise BotApiError(400, "Bad Request: file is empty" if not data else "Request Entity Too Large")
        content = self.chats.uploaded(kind, data, name=given.filename)
        return self._accept(person, parameters, told=f"[{kind}] {given.filename}", **content)

    def _reader(self, parameters: Mapping[str, Any]) -> Person:
        person = self.chats.by_chat(parameters["chat_id"])
        if person is None:
            raise BotApiError(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return person

    def _accept(self, person: Person, parameters: Mapping[str, Any], *, told: str, **content: Any) -> Json:
        answered = _answered(person, parameters.get("reply_parameters"))
        if wait := self.chats.wait_before(person.user["id"]):
            raise BotApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        message = self.chats.add(person, by_bot=True, reply_to=answered, **content)
        facts = {"text": told, "reply_to": self._item(answered) if answered else "", "recipient": _id(person)}
        self._record("sent", self._item(message), author=str(BOT_ID), **facts)
        return message

    async def _get_file(self, parameters: Mapping[str, Any]) -> Any:
        file_id = str(parameters["file_id"])
        if file_id not in self.chats.files:
            raise BotApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, data = self.chats.files[file_id]
        return {"file_id": file_id, "file_unique_id": file_id[:16], "file_size": len(data), "file_path": path}

    async def _set_webhook(self, parameters: Mapping[str, Any]) -> Any:
        """From now on updates are pushed, and polls are refused."""
        url, secret = str(parameters.get("url", "")), str(parameters.get("secret_token", ""))
        if url and not url.startswith("https://"):
            raise BotApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise BotApiError(400, "Bad Request: secret token contains unallowed characters")
        if "allowed_updates" in parameters:
            self.updates.allowed = frozenset(parameters["allowed_updates"]) or None
        self.webhook["url"], self._secret = url, secret
        if self._pushing is None:
            self._pushing = asyncio.create_task(self._push())
        return True

    async def _push(self) -> None:
        """One update after the other; what is not answered 200 comes again, with growing pauses."""
        failures = 0
        async with aiohttp.ClientSession() as session:
            while True:
                await self.updates.arrived.wait()
                waiting = self.updates.page(1) if self.webhook["url"] and self._push_to else []
                if not waiting:
                    await asyncio.sleep(0.01)
                    continue
                failures = 0 if await self._push_one(session, waiting[0].body) else failures + 1
                if failures:
                    await self.clock.sleep(min(2**failures, 60))

    async def _push_one(self, session: aiohttp.ClientSession, update: Mapping[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with session.post(self._push_to, json=update, headers=headers) as response:
                taken = response.status // 100 == 2
        except (aiohttp.ClientError, TimeoutError):
            return False
        if taken:
            self._note_served([update])
            self.updates.confirm(update["update_id"] + 1)
        return taken

    async def _answer_press(self, parameters: Mapping[str, Any]) -> Any:
        self.answered_presses.append(str(parameters["callback_query_id"]))
        return True

    async def _delete_webhook(self, parameters: Mapping[str, Any]) -> Any:
        self.webhook["url"] = ""
        return True

    async def _webhook_info(self, parameters: Mapping[str, Any]) -> Any:
        return self.webhook | {"pending_update_count": len(self.updates)}

    async def _agree(self, parameters: Mapping[str, Any]) -> Any:
        return True

    def _check_token(self, token: str) -> None:
        if not TOKEN_FORM.fullmatch(token):
            raise BotApiError(404, "Not Found")
        if token != TOKEN:
            raise BotApiError(401, "Unauthorized")

    def _note_served(self, result: Any) -> None:
        """Only getUpdates answers with a list."""
        for update in result if isinstance(result, list) else ():
            if item := self.updates.items.get(update["update_id"]):
                self._record("served", item)

    def _item(self, message: Json) -> str:
        return f"{BOT_ID}:{message['chat']['id']}:{message['message_id']}"

    def _record(self, what: str, item: str, **facts: str) -> None:
        self.ledger.record(self.channel, what, item, surface=Surface.DIRECT.value, **facts)


METHODS: dict[str, Callable[[TelegramSimulator, Mapping[str, Any]], Awaitable[Any]]] = {
    "getme": TelegramSimulator._get_me,
    "getupdates": TelegramSimulator._get_updates,
    "sendmessage": TelegramSimulator._send_message,
    "sendphoto": TelegramSimulator._send_photo,
    "senddocument": TelegramSimulator._send_document,
    "getfile": TelegramSimulator._get_file,
    "setwebhook": TelegramSimulator._set_webhook,
    "deletewebhook": TelegramSimulator._delete_webhook,
    "getwebhookinfo": TelegramSimulator._webhook_info,
    "sendchataction": TelegramSimulator._agree,
    "answercallbackquery": TelegramSimulator._answer_press,
}


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Query, form or JSON; nested values come as JSON in forms."""
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}
    found = {**request.query, **await request.post()}
    nested = ("allowed_updates", "reply_parameters", "reply_markup")
    return {key: json.loads(str(value)) if key in nested else value for key, value in found.items()}


async def _first(*waits: Awaitable[Any]) -> None:
    """Return when the first is done; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _answered(person: Person, reply: Mapping[str, Any] | None) -> Json | None:
    if not reply:
        return None
    found = person.messages.get(int(reply["message_id"]))
    if found is None and not reply.get("allow_sending_without_reply"):
        raise BotApiError(400, "Bad Request: message to be replied not found")
    return found


def _check_buttons(markup: Mapping[str, Any] | None) -> None:
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            if not 0 < len(str(button.get("callback_data", "")).encode()) <= 64:
                raise BotApiError(400, "Bad Request: BUTTON_DATA_INVALID")


def _until(state: str) -> Json:
    """A banned member carries the end of the ban, 0 for ever."""
    return {"until_date": 0} if state == "kicked" else {}


def _id(person: Person) -> str:
    return str(person.user["id"])
