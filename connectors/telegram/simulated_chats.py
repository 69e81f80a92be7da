"""The simulator's people, private chats and messages, as Bot API objects, with the limits on sending. Knows no HTTP."""

import base64
import hashlib
import random
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.simulated_files import PICTURE
from connectors.simulation import CitizenPost
from models.ports import Clock

Json = dict[str, Any]

FILE_FOLDERS = {"photo": ("photos", "jpg"), "voice": ("voice", "oga"), "sticker": ("stickers", "webp")}


@dataclass(slots=True)
class Person:
    """A citizen with her private chat, whose id is her own. `messages` by id, hers and the bot's."""

    user: Json
    has_blocked: bool = False
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def chat(self) -> Json:
        names = {key: value for key, value in self.user.items() if key in ("id", "first_name", "last_name", "username")}
        return {**names, "type": "private"}


@dataclass(slots=True)
class Allowance:
    """`rate` sends a second of the clock, `burst` at once."""

    clock: Clock
    rate: float
    burst: float
    _tokens: float = -1
    _at: datetime | None = None

    def wait(self) -> int:
        """0 and one send is taken, or the whole seconds until one is allowed."""
        now = self.clock.now()
        passed = (now - self._at).total_seconds() if self._at else 0
        self._tokens = self.burst if self._at is None else min(self.burst, self._tokens + passed * self.rate)
        self._at = now
        if self._tokens < 1:
            return int((1 - self._tokens) / self.rate) + 1
        self._tokens -= 1
        return 0


class Chats:
    """Everybody who ever wrote to the bot."""

    def __init__(self, clock: Clock, chance: random.Random, *, bot: Json) -> None:
        self.bot = bot
        self.files: dict[str, tuple[str, bytes]] = {}
        """(path, bytes) by file id."""
        self.people: dict[str, Person] = {}
        """By the key of the scripted citizen."""
        self._clock = clock
        self._random = chance
        self._overall = Allowance(clock, rate=30, burst=30)
        self._by_chat: dict[int, Allowance] = {}

    def person(self, author: str, *, name: str = "", handle: str = "") -> Person:
        """The citizen with this key, met now where she is new."""
        if author not in self.people:
            self.people[author] = Person(self._user(name or author, handle))
        return self.people[author]

    def by_chat(self, chat_id: Any) -> Person | None:
        return next((one for one in self.people.values() if str(one.user["id"]) == str(chat_id)), None)

    def contents(self, post: CitizenPost) -> list[Json]:
        """What a post becomes: a file carries its words as caption; stickers and places stand alone."""
        found: list[Json] = []
        words = {"text": post.text} if post.text else {}
        for key in (key for key in FILE_FOLDERS if getattr(post, key)):
            caption = {} if key == "sticker" or "text" not in words else {"caption": words.pop("text")}
            found.append({key: self._file(key), **caption})
        if post.location:
            found.append({"location": {"latitude": post.location[0], "longitude": post.location[1]}})
        return [words, *found] if words or not found else found

    def add(self, person: Person, *, by_bot: bool = False, reply_to: Json | None = None, **content: Any) -> Json:
        """A new message in the private chat; ids count up in each chat, both sides together."""
        message = {
            "message_id": max(person.messages, default=0) + 1,
            "from": self.bot if by_bot else person.user,
            "chat": person.chat,
            "date": self.timestamp(),
            **({"reply_to_message": _shallow(reply_to)} if reply_to else {}),
            **content,
        }
        person.messages[message["message_id"]] = message
        return message

    def wait_before(self, chat_id: int) -> int:
        """Seconds for which Telegram refuses another message to this chat; 0 takes one."""
        allowance = self._by_chat.setdefault(chat_id, Allowance(self._clock, rate=1, burst=5))
        return self._overall.wait() or allowance.wait()

    def timestamp(self) -> int:
        return int(self._clock.now().timestamp())

    def _user(self, name: str, handle: str) -> Json:
        first, _, last = name.partition(" ")
        user = {"id": self._random.randrange(5_000_000_000, 9_000_000_000), "is_bot": False, "first_name": first}
        optional = {"last_name": last, "username": re.sub(r"\W", "_", handle, flags=re.ASCII), "language_code": "tr"}
        return user | {key: value for key, value in optional.items() if value}

    def uploaded(self, kind: str, data: bytes, *, name: str) -> Json:
        """What a message of the bot with this file holds."""
        file_id = base64.urlsafe_b64encode(self._random.randbytes(30)).decode()
        self.files[file_id] = (f"{kind}s/{name}", data)
        unique = hashlib.sha256(data).hexdigest()[:16]
        file = {"file_id": file_id, "file_unique_id": unique, "file_size": len(data)}
        return {kind: [{**file, "width": 640, "height": 480}] if kind == "photo" else {**file, "file_name": name}}

    def _file(self, key: str) -> Any:
        """A file object of Telegram whose bytes getFile gives out."""
        file_id = base64.urlsafe_b64encode(self._random.randbytes(30)).decode()
        unique = hashlib.sha256(file_id.encode()).hexdigest()[:16]
        folder, ending = FILE_FOLDERS[key]
        self.files[file_id] = (f"{folder}/file_{len(self.files)}.{ending}", PICTURE)
        file = {"file_id": file_id, "file_unique_id": unique, "file_size": len(PICTURE)}
        if key == "voice":
            return {**file, "duration": 7, "mime_type": "audio/ogg"}
        if key == "sticker":
            kind = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙏"}
            return {**file, "width": 512, "height": 512, **kind}
        return [
            {**file, "file_unique_id": f"{unique}s", "width": 90, "height": 67},
            {**file, "width": 1280, "height": 960},
        ]


def _shallow(message: Json) -> Json:
    """A message inside another one does not hold a third."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
