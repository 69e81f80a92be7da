"""The simulator's people, media and messages, as objects of WhatsApp's webhooks, with the pair limit. Knows no HTTP."""

import base64
import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.simulated_files import PICTURE
from connectors.simulation import CitizenPost
from models.ports import Clock

Json = dict[str, Any]

MEDIA_TYPES = {"image": "image/jpeg", "audio": "audio/ogg; codecs=opus", "sticker": "image/webp"}
WINDOW = timedelta(hours=24)
PAIR_BURST = 45
PAIR_SECONDS = 6.0
HIDDEN_PHONES = 0.15
"""Share of citizens who took a user name and show no phone."""


@dataclass(slots=True)
class Person:
    """A citizen. `messages` holds what she and the product wrote, by id."""

    phone: str
    user_id: str
    name: str
    username: str
    hides_phone: bool
    is_unreachable: bool = False
    is_blocked: bool = False
    wrote_at: datetime | None = None
    messages: dict[str, Json] = field(default_factory=dict)
    sent_at: list[datetime] = field(default_factory=list)

    @property
    def card(self) -> Json:
        profile = {"name": self.name, **({"username": self.username} if self.hides_phone else {})}
        return {"profile": profile, **self.named("wa_id", "user_id")}

    def named(self, phone_key: str, user_key: str) -> Json:
        """Her ids under these keys, the phone only where she shows it."""
        return {**({} if self.hides_phone else {phone_key: self.phone}), user_key: self.user_id}

    def window_is_open(self, now: datetime) -> bool:
        return self.wrote_at is not None and now - self.wrote_at < WINDOW

    def takes_text(self, now: datetime) -> bool:
        """The pair limit: a text in six seconds, 45 at once on loan from the time before."""
        oldest = now - timedelta(seconds=PAIR_SECONDS * PAIR_BURST)
        self.sent_at = [at for at in self.sent_at if at > oldest]
        if len(self.sent_at) >= PAIR_BURST:
            return False
        self.sent_at.append(now)
        return True


class Town:
    """Everybody who writes, and the media they sent."""

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self.people: dict[str, Person] = {}
        """By the key of the scripted citizen."""
        self.media: dict[str, Json] = {}
        """Description by media id."""
        self._clock = clock
        self._random = chance

    def person(self, author: str, *, name: str = "", handle: str = "") -> Person:
        """The citizen with this key, met now where she is new."""
        if author not in self.people:
            self.people[author] = Person(
                phone=f"90500{self._random.randrange(1_000_000, 10_000_000)}",
                user_id=f"TR.{self._random.randrange(10**19, 10**20)}",
                name=name or author,
                username=re.sub(r"\W", "_", handle or author, flags=re.ASCII),
                hides_phone=self._random.random() < HIDDEN_PHONES,
            )
        return self.people[author]

    def addressed(self, request: Mapping[str, Any]) -> Person | None:
        """Whom a request writes to: `to` goes before `recipient`."""
        phone, user_id = str(request.get("to", "")).lstrip("+"), request.get("recipient")
        matches = (one for one in self.people.values() if one.phone == phone or (not phone and one.user_id == user_id))
        return next(matches, None)

    def contents(self, post: CitizenPost) -> list[Json]:
        """What a post becomes: a picture carries its words as caption; other media and places stand alone."""
        found: list[Json] = []
        words = post.text
        if post.photo:
            found.append(self._media("image", caption=words))
            words = ""
        found += [self._media("audio", voice=True)] if post.voice else []
        found += [self._media("sticker", animated=False)] if post.sticker else []
        if post.location:
            place = {"latitude": post.location[0], "longitude": post.location[1], "name": "", "address": ""}
            found.append({"type": "location", "location": place})
        return [{"type": "text", "text": {"body": words}}, *found] if words or not found else found

    def message(self, person: Person, content: Json) -> Json:
        """A new message of hers; it opens the window."""
        named = person.named("from", "from_user_id")
        message = {**named, "id": self.new_id(person), "timestamp": self.timestamp(), **content}
        person.messages[message["id"]] = message
        person.wrote_at = self._clock.now()
        return message

    def new_id(self, person: Person) -> str:
        raw = person.phone.encode() + self._random.randbytes(20)
        return f"wamid.{base64.b64encode(raw).decode()}"

    def timestamp(self) -> str:
        return str(int(self._clock.now().timestamp()))

    def upload(self, mime_type: str, size: int) -> str:
        """The id of a file that the product gave."""
        media_id = str(self._random.randrange(10**15, 10**16))
        self.media[media_id] = {"id": media_id, "mime_type": mime_type, "file_size": str(size)}
        return media_id

    def _media(self, kind: str, *, caption: str = "", **more: Any) -> Json:
        media_id = str(self._random.randrange(10**15, 10**16))
        digest = base64.b64encode(hashlib.sha256(PICTURE).digest()).decode()
        described = {"mime_type": MEDIA_TYPES[kind], "sha256": digest, "id": media_id}
        self.media[media_id] = {**described, "file_size": str(len(PICTURE)), "messaging_product": "whatsapp"}
        return {"type": kind, kind: {**described, **({"caption": caption} if caption else {}), **more}}
