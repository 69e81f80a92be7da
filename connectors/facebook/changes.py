"""One change of a Page's feed, and who wrote it. Pure."""

from dataclasses import dataclass
from typing import Any

from connectors.meta.envelope import Entry
from connectors.meta.reading import Json, fingerprint, id_of, moment, record, text_of
from models.enums import ChannelName, EventKind, Surface
from models.messages import ChannelEvent, Sender

CHANNEL = ChannelName.FACEBOOK
POST_NAMES = ("post_id", "photo_id", "video_id", "share_id", "link_id")


@dataclass(frozen=True, slots=True)
class Change:
    """A `feed` change with what every reading of it needs."""

    value: Json
    entry: Entry

    @property
    def item(self) -> str:
        return text_of(self.value.get("item"))

    @property
    def verb(self) -> str:
        return text_of(self.value.get("verb"))

    @property
    def is_comment(self) -> bool:
        return self.item == "comment" or bool(self.value.get("comment_id"))

    @property
    def post_id(self) -> str:
        return next((found for name in POST_NAMES if (found := id_of(self.value.get(name)))), "")

    @property
    def external_id(self) -> str:
        return id_of(self.value.get("comment_id")) or self.post_id

    @property
    def sender(self) -> Sender | None:
        writer = record(self.value.get("from"))
        return sender_of(writer, self.entry.account_id) or sender_of(
            {"id": self.value.get("sender_id")}, self.entry.account_id
        )

    @property
    def is_own(self) -> bool:
        return is_own(self.sender, self.entry.account_id)

    @property
    def reply_to(self) -> str:
        parent = id_of(self.value.get("parent_id"))
        return "" if parent == self.post_id else parent

    def version(self, text: str) -> str:
        """Tells one edit from another, which Meta numbers not: times of change and notice, and the new words.

        Words that were changed and changed back come with a later notice, also where the time is the comment's own.
        """
        told_at = self.entry.time.isoformat() if self.entry.time else ""
        return f"{id_of(self.value.get('created_time'))}:{told_at}:{fingerprint(text)[:8]}"

    def event(self, kind: EventKind, dedup_key: str, **more: Any) -> ChannelEvent:
        shared: dict[str, Any] = {
            "account_id": self.entry.account_id,
            "surface": Surface.COMMENT if self.is_comment else Surface.VISITOR_POST,
            "external_id": self.external_id,
            "thread_id": self.post_id,
            "sender": self.sender,
            "sent_at": moment(self.value.get("created_time")) or self.entry.time,
            "reply_to": self.reply_to if self.is_comment else "",
            "permalink": text_of(self.value.get("permalink_url")),
        }
        return ChannelEvent(kind=kind, channel=CHANNEL, dedup_key=dedup_key, **{**shared, **more})

    def ignored(self, reason: str) -> ChannelEvent:
        return self.event(EventKind.IGNORED, f"ignored:{fingerprint(self.value)}", reason=reason)


def sender_of(writer: Json, account_id: str) -> Sender | None:
    sender_id = id_of(writer.get("id"))
    if not sender_id:
        return None
    return Sender(external_id=sender_id, scope=account_id, display_name=text_of(writer.get("name")))


def is_own(sender: Sender | None, account_id: str) -> bool:
    return sender is not None and sender.external_id == account_id != ""
