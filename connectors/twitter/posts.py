"""One public post of X becomes events: message, edit, echo of our own account, or ignored. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from connectors.twitter.includes import Includes
from connectors.twitter.values import (
    Json,
    as_id,
    as_number,
    as_object,
    as_text,
    as_time,
    ids,
    objects,
    plain,
    required_id,
    time_of,
    with_real_links,
)
from models.enums import AttachmentKind, ChannelName, EventKind, Surface
from models.messages import Attachment, ChannelEvent


@dataclass(frozen=True, slots=True)
class Post:
    """A post with what came beside it. Both namings of the fields (`tweet`, `post`) are known."""

    body: Json
    includes: Includes
    account_id: str

    @property
    def id(self) -> str:
        return required_id(self.body.get("id"))

    @property
    def first_id(self) -> str:
        """The id of the first version: every edit gets a new one."""
        history = ids(self._either("edit_history_tweet_ids", "edit_history_post_ids"))
        return min([self.id, *history], key=as_number)

    @property
    def author_id(self) -> str:
        return as_id(self.body.get("author_id"))

    @property
    def is_ours(self) -> bool:
        return bool(self.account_id) and self.author_id == self.account_id

    @property
    def thread_id(self) -> str:
        return as_id(self.body.get("conversation_id")) or self.first_id

    @property
    def note(self) -> Json:
        """The whole of a long post, whose `text` is cut."""
        return as_object(self._either("note_tweet", "note_post"))

    @property
    def text(self) -> str:
        text = as_text(self.note.get("text")) or as_text(self.body.get("text"))
        links = (*_urls(self.note.get("entities")), *_urls(self.body.get("entities")))
        return with_real_links(plain(text), links).strip()

    def referred(self, kind: str) -> str:
        """Id of the post that this one answers, quotes or repeats; empty where there is none."""
        references = objects(self._either("referenced_tweets", "referenced_posts"))
        return next((as_id(one.get("id")) for one in references if one.get("type") == kind), "")

    @property
    def answered_user_id(self) -> str:
        return as_id(self.body.get("in_reply_to_user_id"))

    @property
    def mentions_us(self) -> bool:
        """Without a known account every mention counts."""
        named = [
            as_id(mention.get("id"))
            for entities in (self.body.get("entities"), self.note.get("entities"))
            for mention in objects(as_object(entities).get("mentions"))
        ]
        return self.account_id in named if self.account_id else bool(named)

    @property
    def quotes_us(self) -> bool:
        quoted = self.includes.posts.get(self.referred("quoted"), {})
        author = as_id(quoted.get("author_id"))
        return bool(self.account_id) and author == self.account_id

    @property
    def surface(self) -> Surface:
        """REPLY only directly under a post of ours that began the thread.

        In a thread that a citizen began, her answers to our answers stay MENTION: one conversation, one surface.
        """
        if self.quotes_us and self.thread_id == self.first_id:
            return Surface.QUOTE
        began = self.referred("replied_to") == self.thread_id
        under_ours = began and self.account_id and self.answered_user_id == self.account_id
        return Surface.REPLY if under_ours else Surface.MENTION

    @property
    def summons(self) -> str:
        """Why X lets us answer through its interface: the author mentioned or quoted us. Empty where it does not."""
        return "mention" if self.mentions_us else "quote" if self.quotes_us else ""

    def _either(self, name: str, other: str) -> Any:
        return self.body.get(name, self.body.get(other))


def post_events(body: Json, *, includes: Includes, account_id: str) -> Iterator[ChannelEvent]:
    """Events of one post, the message before its edit. Raises KeyError, TypeError or ValueError."""
    post = Post(body, includes, account_id)
    if post.referred("retweeted"):
        yield _ignored(post, "repost")
        return
    message = _event(post)
    yield message
    if post.id != post.first_id and message.kind is EventKind.MESSAGE:
        yield replace(message, kind=EventKind.EDIT, dedup_key=f"edit:{post.first_id}:{post.id}")


def heard_events(body: Json, *, includes: Includes, account_id: str) -> Iterator[ChannelEvent]:
    """Events of a post that a search found. One that names us comes as a mention too and is left to that stream.

    One that quotes us without naming us is listed nowhere else: it is what a push of it would be. Raises as
    `post_events`.
    """
    post = Post(body, includes, account_id)
    if post.is_ours or post.mentions_us:
        yield replace(_ignored(post, "comes as a mention"), dedup_key=f"listening:{post.first_id}")
        return
    for event in post_events(body, includes=includes, account_id=account_id):
        heard = event.kind in (EventKind.MESSAGE, EventKind.EDIT) and not post.quotes_us
        yield replace(event, surface=Surface.LISTENING, replyable=False) if heard else event


def deleted_post(post_id: str, *, account_id: str, author_id: str = "") -> ChannelEvent:
    """A post was taken away by its author."""
    ours = bool(account_id) and author_id == account_id
    return ChannelEvent(
        kind=EventKind.IGNORED if ours else EventKind.DELETE,
        channel=ChannelName.TWITTER,
        dedup_key=f"delete:{post_id}",
        account_id=account_id,
        external_id=post_id,
        reason="our own post was deleted" if ours else "",
    )


def _event(post: Post) -> ChannelEvent:
    kind = EventKind.ECHO if post.is_ours else EventKind.MESSAGE
    return ChannelEvent(
        kind=kind,
        channel=ChannelName.TWITTER,
        dedup_key=f"{kind}:{post.first_id}",
        account_id=post.account_id,
        surface=post.surface,
        external_id=post.first_id,
        thread_id=post.thread_id,
        sender=post.includes.sender(post.author_id),
        text=post.text,
        attachments=tuple(_attachments(post)),
        sent_at=as_time(post.body.get("created_at")) or time_of(post.first_id),
        reply_to=post.referred("replied_to"),
        replyable=not post.is_ours and bool(post.summons),
        permalink=_permalink(post),
        extra=_extra(post),
    )


def _ignored(post: Post, reason: str) -> ChannelEvent:
    return ChannelEvent(
        kind=EventKind.IGNORED,
        channel=ChannelName.TWITTER,
        dedup_key=f"ignored:{post.first_id}",
        account_id=post.account_id,
        external_id=post.first_id,
        sender=post.includes.sender(post.author_id),
        reason=reason,
    )


def _extra(post: Post) -> dict[str, Any]:
    if post.is_ours:
        return {"recipient_id": post.answered_user_id} if post.answered_user_id else {}
    facts = {"summons": post.summons, "quoted": post.referred("quoted"), "language": as_text(post.body.get("lang"))}
    return {name: value for name, value in facts.items() if value}


def _attachments(post: Post) -> Iterator[Attachment]:
    attached = as_object(post.body.get("attachments"))
    yield from post.includes.media_attachments(ids(attached.get("media_keys")))
    for poll in ids(attached.get("poll_ids")):
        yield Attachment(kind=AttachmentKind.OTHER, external_id=poll, title="anket")
    if quoted := post.referred("quoted"):
        text = as_text(post.includes.posts.get(quoted, {}).get("text"))
        yield Attachment(
            kind=AttachmentKind.SHARE, external_id=quoted, url=f"https://x.com/i/status/{quoted}", title=plain(text)
        )
    yield from _place(post)


def _place(post: Post) -> Iterator[Attachment]:
    """The exact point where the author gave one, else the name of her place."""
    geo = as_object(post.body.get("geo"))
    place_id = as_id(geo.get("place_id"))
    point = as_object(geo.get("coordinates")).get("coordinates")
    place = post.includes.places.get(place_id, {})
    longitude, latitude = _pair(point)
    if place_id or latitude is not None:
        yield Attachment(
            kind=AttachmentKind.LOCATION,
            external_id=place_id,
            latitude=latitude,
            longitude=longitude,
            title=as_text(place.get("full_name")),
        )


def _pair(point: Any) -> tuple[float, float] | tuple[None, None]:
    if isinstance(point, list) and len(point) == 2 and all(isinstance(part, int | float) for part in point):
        longitude, latitude = point
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return float(longitude), float(latitude)
    return None, None


def _permalink(post: Post) -> str:
    sender = post.includes.sender(post.author_id)
    handle = sender.handle if sender else ""
    return f"https://x.com/{handle or 'i'}/status/{post.first_id}"


def _urls(entities: Any) -> list[Json]:
    return list(objects(as_object(entities).get("urls")))
