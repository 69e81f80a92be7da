"""PURE: Instagram's JSON -> events. Comment changes, direct messages, and polled pages of both; calls nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from connectors.instagram.facts import TAGS
from connectors.meta.envelope import Entry, Reading, ignored, inner_items, parse_payload
from connectors.meta.media import UNKNOWN
from connectors.meta.messaging import read_messaging, read_polled_message
from connectors.meta.reading import Json, facts, id_of, moment, record, required_id, text_of
from models.enums import AttachmentKind, ChannelName, EventKind, Surface
from models.messages import Attachment, ChannelEvent, Parsed, Sender

CHANNEL = ChannelName.INSTAGRAM
MEDIA_KINDS = {"IMAGE": AttachmentKind.IMAGE, "VIDEO": AttachmentKind.VIDEO}
FOUND = "found"
"""What was looked up of a mention stands beside its ids."""
COMMENT_FIELDS = ("comments", "live_comments")
NO_COMMENT_KEYS = frozenset({"comments", "caption", "media_type", "media_product_type", "comments_count"})


def parse(
    payload: bytes, *, account_id: str = "", stream: str = "", own_handle: str = "", looks_up: bool = False
) -> Parsed:
    """Events of a webhook body or a polled page. `own_handle` is our user name: some ids of ours differ by login.

    `looks_up`: words of mentions can be asked for, so what tells of one is no message yet.
    """
    return parse_payload(payload, InstagramReader(account_id, stream, own_handle, looks_up))


@dataclass(frozen=True, slots=True)
class InstagramReader:
    """The meaning of single items of an account."""

    account_id: str = ""
    stream: str = ""
    own_handle: str = ""
    looks_up: bool = False
    channel: ChannelName = CHANNEL
    object_name: str = "instagram"

    def read_change(self, entry: Entry, change: Json) -> Iterable[ChannelEvent]:
        name = text_of(change.get("field"))
        if name == "mentions":
            return [self._named_elsewhere(entry, record(change.get("value")))]
        if name not in COMMENT_FIELDS:
            return [ignored(CHANNEL, change, f"field {name or 'missing'}", account_id=entry.account_id)]
        return [self._pushed_comment(entry, record(change.get("value")), is_live=name == "live_comments")]

    def read_messaging(self, entry: Entry, item: Json, *, standby: bool) -> Iterable[ChannelEvent]:
        return read_messaging(CHANNEL, entry, item, account_id=self.account_id, standby=standby)

    def polled(self, item: Json, *, thread_id: str) -> Iterable[tuple[str, Reading]]:
        if FOUND in item:
            yield "", partial(self._mention, item)
        elif self.stream == TAGS and "messages" not in item:
            yield "", partial(_tagged, item, self.account_id, self.own_handle)
        elif "messages" in item:
            yield from ((path, self._message(message)) for path, message in inner_items(item, "messages"))
        elif "to" in item or self.stream == "conversations":
            yield "", self._message(item)
        elif thread_id or not NO_COMMENT_KEYS.intersection(item):
            yield from self._with_replies("", item, thread_id, "")
        else:
            media_id, link = id_of(item.get("id")), text_of(item.get("permalink"))
            for path, comment in inner_items(item, "comments"):
                yield from self._with_replies(path, record(comment), media_id, link)

    def _named_elsewhere(self, entry: Entry, value: Json) -> ChannelEvent:
        """Somebody named us outside our own media: Instagram tells the ids and no word."""
        pointer = facts(media_id=id_of(value.get("media_id")), comment_id=id_of(value.get("comment_id")))
        message = _wordless(pointer, entry.account_id, entry.time)
        if not self.looks_up:
            return message
        told_at = {"told_at": entry.time.isoformat()} if entry.time else {}
        key = f"{EventKind.POINTER}:{message.external_id}"
        return replace(message, kind=EventKind.POINTER, dedup_key=key, attachments=(), extra=pointer | told_at)

    def _mention(self, item: Json) -> Iterable[ChannelEvent]:
        """A pointer with what was found; without words where nothing was."""
        pointer = facts(media_id=id_of(item.get("media_id")), comment_id=id_of(item.get("comment_id")))
        found = record(item.get(FOUND))
        message = _wordless(pointer, self.account_id, moment(item.get("told_at")))
        words = record(found.get("mentioned_comment") or found.get("mentioned_media"))
        if not words:
            return [message]
        handle = text_of(words.get("username"))
        if handle and handle == self.own_handle:
            return [ignored(CHANNEL, pointer, "our own mention", account_id=self.account_id)]
        return [
            replace(
                message,
                sender=_sender(record(words.get("from")), handle, self.account_id),
                text=text_of(words.get("text")) or text_of(words.get("caption")),
                attachments=() if pointer.get("comment_id") else (_media_of(words, pointer["media_id"]),),
                sent_at=moment(words.get("timestamp")) or message.sent_at,
                replyable=True,
            )
        ]

    def _message(self, message: Any) -> Reading:
        own = self.own_handle
        return partial(read_polled_message, CHANNEL, message, account_id=self.account_id, own_handle=own)

    def _with_replies(self, path: str, comment: Json, media_id: str, link: str) -> Iterable[tuple[str, Reading]]:
        yield path, partial(self._polled_comment, comment, media_id, link, "")
        for below, reply in inner_items(comment, "replies"):
            yield path + below, partial(self._polled_comment, reply, media_id, link, id_of(comment.get("id")))

    def _pushed_comment(self, entry: Entry, value: Json, *, is_live: bool) -> ChannelEvent:
        """Comment webhooks carry no time of their own: the notice's time stands in."""
        media = value.get("media")
        media = record(media) if isinstance(media, dict) else {"id": media or value.get("media_id")}
        return self._comment(
            required_id(value.get("id") or value.get("comment_id"), "id"),
            value,
            account_id=entry.account_id,
            parent_id=id_of(value.get("parent_id")),
            thread_id=id_of(media.get("id")),
            sent_at=moment(value.get("timestamp")) or entry.time,
            replyable=not is_live,
            reason="live" if is_live else "",
            extra=facts(
                product=text_of(media.get("media_product_type")),
                ad_id=id_of(media.get("ad_id")),
                original_media_id=id_of(media.get("original_media_id")),
            ),
        )

    def _polled_comment(self, comment: Any, media_id: str, link: str, parent_id: str) -> Iterable[ChannelEvent]:
        shell = record(comment)
        media = record(shell.get("media"))
        event = self._comment(
            required_id(shell.get("id"), "id"),
            shell,
            account_id=self.account_id,
            parent_id=id_of(shell.get("parent_id")) or parent_id,
            thread_id=media_id or id_of(media.get("id")),
            sent_at=moment(shell.get("timestamp")),
            permalink=link,
        )
        return [event]

    def _comment(self, comment_id: str, shell: Json, *, account_id: str, parent_id: str, **more: Any) -> ChannelEvent:
        writer = record(shell.get("from"))
        handle = text_of(writer.get("username")) or text_of(shell.get("username"))
        kind = EventKind.ECHO if self._is_own(writer, handle, account_id) else EventKind.MESSAGE
        text = text_of(shell.get("text"))
        return ChannelEvent(
            kind=kind,
            channel=CHANNEL,
            dedup_key=f"{kind}:{comment_id}",
            account_id=account_id,
            surface=Surface.COMMENT,
            external_id=comment_id,
            sender=_sender(writer, handle, account_id),
            text=text,
            attachments=() if text else (UNKNOWN,),
            reply_to=parent_id,
            **more,
        )

    def _is_own(self, writer: Json, handle: str, account_id: str) -> bool:
        """Meta names our own comments by our id, by `self_ig_scoped_id`, or by nothing but the user name."""
        writer_id, self_id = id_of(writer.get("id")), id_of(writer.get("self_ig_scoped_id"))
        if writer_id and writer_id in (account_id, self_id):
            return True
        return bool(self_id and self_id == account_id) or bool(handle and handle == self.own_handle)


def _wordless(pointer: Mapping[str, str], account_id: str, told_at: datetime | None) -> ChannelEvent:
    """A mention of which the ids are known and no word. Kept, so that a person looks."""
    media_id, comment_id = pointer.get("media_id", ""), pointer.get("comment_id", "")
    external_id = required_id(comment_id or media_id, "comment_id or media_id")
    return ChannelEvent(
        kind=EventKind.MESSAGE,
        channel=CHANNEL,
        dedup_key=f"message:{external_id}",
        account_id=account_id,
        surface=Surface.TAG,
        external_id=external_id,
        thread_id=media_id or external_id,
        attachments=(Attachment(kind=AttachmentKind.SHARE, external_id=media_id, title="anılma"),),
        sent_at=told_at,
        replyable=False,
        reason="mention",
        extra=pointer,
    )


def _media_of(shell: Json, media_id: str) -> Attachment:
    kind = MEDIA_KINDS.get(text_of(shell.get("media_type")), AttachmentKind.SHARE)
    return Attachment(kind=kind, external_id=media_id, url=text_of(shell.get("media_url")))


def _tagged(media: Any, account_id: str, own_handle: str) -> Iterable[ChannelEvent]:
    """Media of somebody else in which we are tagged; its caption is what she says."""
    shell = record(media)
    media_id, handle = required_id(shell.get("id"), "id"), text_of(shell.get("username"))
    if handle and handle == own_handle:
        return [ignored(CHANNEL, shell, "our own media", account_id=account_id)]
    event = ChannelEvent(
        kind=EventKind.MESSAGE,
        channel=CHANNEL,
        dedup_key=f"message:{media_id}",
        account_id=account_id,
        surface=Surface.TAG,
        external_id=media_id,
        thread_id=media_id,
        sender=_sender({}, handle, account_id),
        text=text_of(shell.get("caption")),
        attachments=(_media_of(shell, media_id),),
        sent_at=moment(shell.get("timestamp")),
        replyable=False,
        permalink=text_of(shell.get("permalink")),
    )
    return [event]


def _sender(writer: Json, handle: str, account_id: str) -> Sender | None:
    """The commenter; by user name alone where Meta gives no id."""
    sender_id = id_of(writer.get("id")) or (f"@{handle}" if handle else "")
    if not sender_id:
        return None
    return Sender(external_id=sender_id, scope=account_id, handle=handle, display_name=text_of(writer.get("name")))
