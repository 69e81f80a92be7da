"""PURE: Facebook's JSON -> events. Feed changes, Messenger items, and polled pages of both; calls nobody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from connectors.facebook.changes import CHANNEL, Change, is_own, sender_of
from connectors.facebook.content import change_attachments, post_attachments, read_attachments
from connectors.facebook.facts import TAGS
from connectors.facebook.ratings import rated
from connectors.meta.envelope import Entry, Reading, ignored, inner_items, parse_payload
from connectors.meta.media import UNKNOWN
from connectors.meta.messaging import read_messaging, read_polled_message
from connectors.meta.reading import Json, facts, id_of, moment, record, required_id, text_of
from models.enums import ChannelName, EventKind, Surface
from models.messages import ChannelEvent, Parsed

POST_ITEMS = frozenset({"post", "status", "photo", "video", "share", "link"})
OWN_POST = "own_post"


def parse(payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed:
    """Events of a webhook body or a polled page. `account_id` is the Page's id: polled items do not name it."""
    return parse_payload(payload, FacebookReader(account_id, stream))


@dataclass(frozen=True, slots=True)
class FacebookReader:
    """The meaning of single items of a Page."""

    account_id: str = ""
    stream: str = ""
    channel: ChannelName = CHANNEL
    object_name: str = "page"

    def read_change(self, entry: Entry, change: Json) -> Iterable[ChannelEvent]:
        if change.get("field") == "mention":
            return [_mentioned(Change(record(change.get("value")), entry))]
        if change.get("field") == "ratings":
            return [rated(Change(record(change.get("value")), entry))]
        if change.get("field") != "feed":
            reason = f"field {text_of(change.get('field')) or 'missing'}"
            return [ignored(CHANNEL, change, reason, account_id=entry.account_id)]
        return [_feed_event(Change(record(change.get("value")), entry))]

    def read_messaging(self, entry: Entry, item: Json, *, standby: bool) -> Iterable[ChannelEvent]:
        return read_messaging(CHANNEL, entry, item, account_id=self.account_id, standby=standby)

    def polled(self, item: Json, *, thread_id: str) -> Iterable[tuple[str, Reading]]:
        if self.stream == TAGS and "messages" not in item:
            yield "", lambda: [_as_tag(event) for event in _polled_post(item, self.account_id)]
        elif "messages" in item:
            for path, message in inner_items(item, "messages"):
                yield path, partial(read_polled_message, CHANNEL, message, account_id=self.account_id)
        elif thread_id:
            yield "", self._polled_inner(item, thread_id)
        elif self._is_comment(item):
            yield "", partial(_polled_comment, item, "", self.account_id)
        else:
            yield from self._polled_post(item)

    def _polled_inner(self, item: Json, thread_id: str) -> Reading:
        """The rest of a post's comments or of a conversation's messages."""
        if "to" in item or self.stream == "conversations":
            return partial(read_polled_message, CHANNEL, item, account_id=self.account_id)
        return partial(_polled_comment, item, thread_id, self.account_id)

    def _polled_post(self, post: Json) -> Iterable[tuple[str, Reading]]:
        post_id = id_of(post.get("id"))
        if "created_time" in post or "message" in post:
            yield "", partial(_polled_post, post, self.account_id)
        for path, comment in inner_items(post, "comments"):
            yield path, partial(_polled_comment, comment, post_id, self.account_id)

    def _is_comment(self, item: Json) -> bool:
        return any(name in item for name in ("parent", "can_reply_privately", "is_hidden", "attachment"))


def _feed_event(change: Change) -> ChannelEvent:
    if change.item == "reaction":
        return _reaction(change)
    if change.item != "comment" and change.item not in POST_ITEMS:
        return change.ignored(f"{change.item or 'item missing'}/{change.verb}")
    read = _VERBS.get(change.verb)
    return read(change) if read else change.ignored(f"{change.item}/{change.verb or 'verb missing'}")


def _added(change: Change) -> ChannelEvent:
    external_id = required_id(change.external_id, "comment_id or post_id")
    if change.is_own and not change.is_comment:
        return change.event(EventKind.IGNORED, f"ignored:post:{external_id}", reason=OWN_POST)
    if not change.is_comment and change.value.get("published") in (0, False):
        return change.ignored("unpublished post")
    kind = EventKind.ECHO if change.is_own else EventKind.MESSAGE
    return change.event(
        kind,
        f"{kind}:{external_id}",
        text=text_of(change.value.get("message")),
        attachments=change_attachments(change.value),
        permalink=text_of(record(change.value.get("post")).get("permalink_url")),
    )


def _mentioned(change: Change) -> ChannelEvent:
    """Somebody named the Page in a post or comment of hers. Only what is added is hers to tell anew."""
    if change.verb not in ("add", ""):
        return change.ignored(f"mention/{change.verb}")
    return _as_tag(_added(change))


def _as_tag(event: ChannelEvent) -> ChannelEvent:
    """Stands outside the Page: read, and answered by hand. What stands on the Page itself comes with its feed."""
    if event.kind is not EventKind.MESSAGE:
        return event
    if event.account_id and event.thread_id.startswith(f"{event.account_id}_"):
        return replace(
            event, kind=EventKind.IGNORED, dedup_key=f"tag:{event.external_id}", reason="comes with the feed"
        )
    return replace(event, surface=Surface.TAG, replyable=False)


def _edited(change: Change) -> ChannelEvent:
    external_id = required_id(change.external_id, "comment_id or post_id")
    if change.is_own:
        return change.ignored("own text edited")
    text, attachments = text_of(change.value.get("message")), change_attachments(change.value)
    if attachments == (UNKNOWN,):
        return change.ignored("edited, and nothing of it is told")
    return change.event(
        EventKind.EDIT, f"edit:{external_id}:{change.version(text)}", text=text, attachments=attachments
    )


def _removed(change: Change) -> ChannelEvent:
    """A removal of `post` comes for any post on the Page, ours or a visitor's: told as a notice, not as a deletion."""
    external_id = required_id(change.external_id, "comment_id or post_id")
    if change.item == "post":
        return change.event(EventKind.SYSTEM, f"system:post_removed:{external_id}", reason="post_removed")
    return change.event(EventKind.DELETE, f"delete:{external_id}")


def _hidden(change: Change) -> ChannelEvent:
    return change.ignored(f"{change.item}/{change.verb}")


def _reaction(change: Change) -> ChannelEvent:
    target = required_id(change.external_id or change.value.get("parent_id"), "comment_id or post_id")
    name = text_of(change.value.get("reaction_type"))
    who = change.sender.external_id if change.sender else ""
    at = id_of(change.value.get("created_time"))
    key = f"reaction:{target}:{who}:{change.verb}:{name}:{at}"
    return change.event(EventKind.REACTION, key, external_id=target, extra=facts(action=change.verb, reaction=name))


_VERBS: dict[str, Callable[[Change], ChannelEvent]] = {
    "add": _added,
    "edited": _edited,
    "edit": _edited,
    "remove": _removed,
    "delete": _removed,
    "hide": _hidden,
    "unhide": _hidden,
}


def _polled_comment(comment: Any, thread_id: str, account_id: str) -> Iterable[ChannelEvent]:
    shell = record(comment)
    sender = sender_of(record(shell.get("from")), account_id)
    own = is_own(sender, account_id)
    kind = EventKind.ECHO if own else EventKind.MESSAGE
    external_id = required_id(shell.get("id"), "id")
    event = ChannelEvent(
        kind=kind,
        channel=CHANNEL,
        dedup_key=f"{kind}:{external_id}",
        account_id=account_id,
        surface=Surface.COMMENT,
        external_id=external_id,
        thread_id=thread_id,
        sender=sender,
        text=text_of(shell.get("message")),
        attachments=read_attachments(shell),
        sent_at=moment(shell.get("created_time")),
        reply_to=id_of(record(shell.get("parent")).get("id")),
        permalink=text_of(shell.get("permalink_url")),
    )
    return [event]


def _polled_post(post: Json, account_id: str) -> Iterable[ChannelEvent]:
    sender = sender_of(record(post.get("from")), account_id)
    external_id = required_id(post.get("id"), "id")
    own = is_own(sender, account_id)
    event = ChannelEvent(
        kind=EventKind.IGNORED if own else EventKind.MESSAGE,
        channel=CHANNEL,
        dedup_key=f"ignored:post:{external_id}" if own else f"message:{external_id}",
        account_id=account_id,
        surface=Surface.VISITOR_POST,
        external_id=external_id,
        thread_id=external_id,
        sender=sender,
        text=text_of(post.get("message")),
        attachments=post_attachments(post),
        sent_at=moment(post.get("created_time")),
        permalink=text_of(post.get("permalink_url")),
        reason=OWN_POST if own else "",
    )
    return [event]
