"""What the simulated X keeps: people, posts, messages, files, places. Bodies hold every field; answers select."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.twitter.simulated_texts import (
    cut,
    entities_of,
    escaped,
    media_link,
    short_link,
    wrapped,
)
from models.ports import Clock

Json = dict[str, Any]
EPOCH_MS = 1_288_834_974_657
EDIT_TIME = timedelta(hours=1)


@dataclass(slots=True)
class Person:
    """A user of X. `accepts_directs` False: her messages are closed to us, or she blocked us."""

    id: str
    name: str
    username: str
    accepts_directs: bool = True

    @property
    def body(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "username": self.username,
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{self.id}/a_normal.jpg",
            "protected": False,
            "verified_type": "none",
            "public_metrics": {"followers_count": 41, "following_count": 87, "tweet_count": 310, "listed_count": 0},
            "receives_your_dm": self.accepts_directs,
        }


@dataclass(slots=True)
class Record:
    """A post or message. Later versions of a post hide the earlier ones."""

    body: Json
    author_id: str
    visible_at: datetime
    raw_text: str
    gone: bool = False

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def number(self) -> int:
        return int(self.body["id"])

    def refers(self, kind: str) -> str:
        return next((str(one["id"]) for one in self.body.get("referenced_tweets", ()) if one["type"] == kind), "")

    def names(self, user_id: str) -> bool:
        """Also behind the cut of a long post."""
        whole = self.body.get("note_tweet", {}).get("entities", {})
        mentions = (*self.body.get("entities", {}).get("mentions", ()), *whole.get("mentions", ()))
        return any(one.get("id") == user_id for one in mentions)


@dataclass(slots=True)
class Records:
    """All that exists. Ids are snowflakes of the given clock, growing without gaps of order."""

    clock: Clock
    random: random.Random
    people: dict[str, Person] = field(default_factory=dict)
    """By id."""
    posts: dict[str, Record] = field(default_factory=dict)
    directs: dict[str, Record] = field(default_factory=dict)
    media: dict[str, Json] = field(default_factory=dict)
    places: dict[str, Json] = field(default_factory=dict)
    files_url: str = "https://pbs.twimg.com"
    """Where files are, without a slash at the end."""
    _last_id: int = 0

    def new_id(self) -> int:
        milliseconds = int(self.clock.now().timestamp() * 1000) - EPOCH_MS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    def add_person(self, name: str, username: str) -> Person:
        person = Person(str(self.random.randrange(10**18, 2 * 10**18)), name or "X", _username(username))
        self.people[person.id] = person
        return person

    def id_of(self, username: str) -> str:
        """People who were never seen exist all the same."""
        for person in self.people.values():
            if person.username.lower() == username.lower():
                return person.id
        return self.add_person(username, username).id

    def add_post(
        self,
        author: Person,
        text: str,
        *,
        answers: Record | None = None,
        quotes: Record | None = None,
        media_key: str = "",
        place: tuple[float, float] | None = None,
        delay: timedelta = timedelta(),
    ) -> Record:
        """A post that appears after `delay`; links wrapped, the long text beside the cut one."""
        post_id = str(self.new_id())
        body: Json = {"id": post_id, "author_id": author.id, "edit_history_tweet_ids": [post_id], "lang": "tr"}
        body["created_at"] = timestamp(self.clock.now())
        body["conversation_id"] = answers.body["conversation_id"] if answers else post_id
        if answers:
            body["in_reply_to_user_id"] = answers.author_id
        body |= self._texts(author, text, post_id, media_key)
        body["edit_controls"] = self._edit_controls(answers)
        if media_key:
            body["attachments"] = {"media_keys": [media_key]}
        if place:
            body["geo"] = self._geo(place)
        if references := _references(answers, quotes):
            body["referenced_tweets"] = references
        record = Record(body, author.id, self.clock.now() + delay, text)
        self.posts[post_id] = record
        return record

    def edit_post(self, record: Record, text: str) -> Record:
        """A new version with an id of its own; the earlier one is shown no more."""
        record.gone = True
        post_id = str(self.new_id())
        body = record.body | {"id": post_id, "created_at": timestamp(self.clock.now())}
        body["edit_history_tweet_ids"] = [*record.body["edit_history_tweet_ids"], post_id]
        for name in ("note_tweet", "entities"):
            body.pop(name, None)
        body |= self._texts(self.people[record.author_id], text, post_id, "")
        version = Record(body, record.author_id, self.clock.now(), text)
        self.posts[post_id] = version
        return version

    def current(self, post_id: str) -> Record | None:
        """The version of a post that is shown, by the id of any version; None where it was deleted."""
        versions = [
            one for one in self.posts.values() if post_id in one.body["edit_history_tweet_ids"] and not one.gone
        ]
        return versions[-1] if versions else None

    def add_direct(self, author: Person, other: Person, text: str, *, media_key: str = "", late: timedelta) -> Record:
        direct_id = str(self.new_id())
        short, links = wrapped(text)
        if media_key:
            link = short_link(direct_id)
            short, links = f"{short} {link}".strip(), {**links, link: f"https://twitter.com/messages/media/{direct_id}"}
        body: Json = {
            "id": direct_id,
            "event_type": "MessageCreate",
            "text": escaped(short),
            "sender_id": author.id,
            "dm_conversation_id": "-".join(sorted((author.id, other.id), key=int)),
            "created_at": timestamp(self.clock.now()),
        }
        if entities := entities_of(body["text"], links=links, id_of=self.id_of):
            body["entities"] = entities
        if media_key:
            body["attachments"] = {"media_keys": [media_key]}
        record = Record(body, author.id, self.clock.now() + late, text)
        self.directs[direct_id] = record
        return record

    def add_media(self, kind: str) -> str:
        """A file of `photo`, `video` or `animated_gif`; its key."""
        number = self.new_id()
        prefix = {"photo": 3, "video": 13, "animated_gif": 16}[kind]
        key, name = f"{prefix}_{number}", f"F{number % 10**9:09d}"
        body: Json = {"media_key": key, "type": kind, "width": 1200, "height": 900}
        if kind == "photo":
            body["url"] = f"{self.files_url}/media/{name}.jpg"
        else:
            address = f"{self.files_url}/video/{name}/720.mp4"
            body["preview_image_url"] = f"{self.files_url}/thumb/{name}.jpg"
            body["variants"] = [{"bit_rate": 832000, "content_type": "video/mp4", "url": address}]
        self.media[key] = body
        return key

    def _texts(self, author: Person, text: str, post_id: str, media_key: str) -> Json:
        short, links = wrapped(text)
        whole = escaped(short)
        shown = escaped(cut(short))
        link = short_link(post_id)
        if media_key:
            shown = f"{shown} {link}".strip()
        entities = entities_of(shown, links=links, id_of=self.id_of)
        if media_key:
            entry = media_link(shown, short=link, post_id=post_id, username=author.username, media_key=media_key)
            entities["urls"] = [*entities.get("urls", []), entry]
        fields: Json = {"text": shown}
        if entities:
            fields["entities"] = entities
        if cut(short) != short:
            note: Json = {"text": whole}
            if inner := entities_of(whole, links=links, id_of=self.id_of):
                note["entities"] = inner
            fields["note_tweet"] = note
        return fields

    def _edit_controls(self, answers: Record | None) -> Json:
        """Answers cannot be edited."""
        until = timestamp(self.clock.now() + EDIT_TIME)
        return {"edits_remaining": 5, "is_edit_eligible": answers is None, "editable_until": until}

    def _geo(self, place: tuple[float, float]) -> Json:
        latitude, longitude = place
        place_id = f"{int(abs(latitude * 1000)):08x}{int(abs(longitude * 1000)):08x}"
        self.places[place_id] = {
            "id": place_id,
            "full_name": "İzmir, Türkiye",
            "place_type": "city",
            "geo": {"type": "Feature", "bbox": [26.7, 38.2, 27.3, 38.6], "properties": {}},
        }
        return {"place_id": place_id, "coordinates": {"type": "Point", "coordinates": [longitude, latitude]}}


def timestamp(moment: datetime) -> str:
    """Whole seconds, written with the milliseconds that clients expect."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _references(answers: Record | None, quotes: Record | None) -> list[Json]:
    found = [{"type": "replied_to", "id": answers.id}] if answers else []
    return found + ([{"type": "quoted", "id": quotes.id}] if quotes else [])


def _username(handle: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", handle)[:15] or "x_user"
