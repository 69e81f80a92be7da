"""Scripted citizens of the simulated X: what they write becomes posts and messages of its records."""

from datetime import timedelta

from connectors.simulation import CitizenPost
from connectors.twitter.simulated_records import Person, Record, Records
from models.enums import Surface

MEDIA_KINDS = ("photo", "video", "animated_gif")


class Citizens:
    """Knows people by the scripts' keys, and the city's own posts under which they write."""

    def __init__(self, records: Records, account: Person) -> None:
        self._records = records
        self._account = account
        self._people: dict[str, Person] = {}
        self._threads: dict[tuple[str, str], Record] = {}
        self._own_posts: dict[str, Record] = {}

    def person(self, key: str, *, name: str = "", handle: str = "") -> Person:
        """The citizen whom the scripts call `key`."""
        if key not in self._people:
            self._people[key] = self._records.add_person(name or key, handle or key)
        return self._people[key]

    def own_post(self, key: str) -> Record:
        """A post of the city's, made when it is first needed."""
        if key not in self._own_posts:
            text = f"Duyuru: çalışmalarımız sürüyor. ({key})"
            self._own_posts[key] = self._records.add_post(self._account, text)
        return self._own_posts[key]

    def write(self, post: CitizenPost, *, late: timedelta) -> Record:
        """What she writes appears after `late`."""
        person = self.person(post.author, name=post.name, handle=post.handle)
        write = self._write_direct if post.surface is Surface.DIRECT else self._write_post
        return write(person, post, late)

    def _write_direct(self, person: Person, post: CitizenPost, late: timedelta) -> Record:
        """Messages know no places: hers is a link."""
        text = post.text
        if post.location:
            text = f"{text} https://maps.google.com/?q={post.location[0]},{post.location[1]}".strip()
        return self._records.add_direct(person, self._account, text, media_key=self._media(post), late=late)

    def _write_post(self, person: Person, post: CitizenPost, late: timedelta) -> Record:
        """Her next words stand under her last ones; a reply or quote is about a post of ours."""
        named = f"@{self._account.username}"
        names_us = named in post.text or post.surface is Surface.LISTENING
        text = post.text if names_us else f"{named} {post.text}".strip()
        key = (post.author, post.thread)
        about = self.own_post(post.thread) if post.surface in (Surface.REPLY, Surface.QUOTE) else None
        earlier = None if about else self._threads.get(key)
        record = self._records.add_post(
            person,
            text,
            answers=about if post.surface is Surface.REPLY else earlier,
            quotes=about if post.surface is Surface.QUOTE else None,
            media_key=self._media(post),
            place=post.location,
            delay=late,
        )
        if about is None:
            self._threads[key] = record
        return record

    def _media(self, post: CitizenPost) -> str:
        """X has neither voice messages nor stickers: they come as films."""
        there = (post.photo, post.voice, post.sticker)
        kind = next((kind for kind, is_there in zip(MEDIA_KINDS, there, strict=True) if is_there), "")
        return self._records.add_media(kind) if kind else ""
