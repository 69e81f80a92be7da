"""One direct message of X becomes an event, as polled (v2) or as pushed (the older shape). Pure.

Encrypted XChat messages never come this way (https://docs.x.com/xchat/introduction).
"""

from dataclasses import dataclass

from connectors.twitter.includes import MEDIA_KINDS, Includes
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

MESSAGE_CREATE = "MessageCreate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """What both shapes say. `recipient_id` is empty where the platform does not name one."""

    id: str
    conversation_id: str
    sender_id: str
    recipient_id: str
    text: str
    created_at: object
    attachments: tuple[Attachment, ...]


def direct_event(body: Json, *, includes: Includes, account_id: str) -> ChannelEvent:
    """The event of one item of `/2/dm_events`. Raises KeyError, TypeError or ValueError."""
    direct_id = required_id(body.get("id"))
    happened = as_text(body.get("event_type")) or MESSAGE_CREATE
    if happened != MESSAGE_CREATE:
        return _ignored(direct_id, f"direct message event {happened}", account_id)
    sender_id, conversation_id = as_id(body.get("sender_id")), as_id(body.get("dm_conversation_id"))
    recipient_id = _other_side(conversation_id, sender_id)
    direct = Direct(
        id=direct_id,
        conversation_id=conversation_id,
        sender_id=sender_id,
        recipient_id=recipient_id,
        text=with_real_links(plain(as_text(body.get("text"))), _links(body)).strip(),
        created_at=body.get("created_at"),
        attachments=_attachments(body, includes),
    )
    return _event(direct, includes=includes, account_id=account_id)


def pushed_direct_event(body: Json, *, includes: Includes, account_id: str) -> ChannelEvent:
    """The event of one item of `direct_message_events`. Raises KeyError, TypeError or ValueError."""
    direct_id = required_id(body.get("id"))
    happened = as_text(body.get("type")) or "message_create"
    if happened != "message_create":
        return _ignored(direct_id, f"direct message event {happened}", account_id)
    created = as_object(body["message_create"])
    sender_id = as_id(created.get("sender_id"))
    recipient_id = as_id(as_object(created.get("target")).get("recipient_id"))
    data = as_object(created["message_data"])
    direct = Direct(
        id=direct_id,
        conversation_id=as_id(body.get("dm_conversation_id")) or conversation_of(sender_id, recipient_id),
        sender_id=sender_id,
        recipient_id=recipient_id,
        text=with_real_links(plain(as_text(data.get("text"))), _links(data)).strip(),
        created_at=body.get("created_timestamp"),
        attachments=_pushed_attachments(data),
    )
    return _event(direct, includes=includes, account_id=account_id)


def conversation_of(one: str, other: str) -> str:
    """The id that X gives to the conversation of two people: smaller id first. Empty where one is unknown."""
    if not (as_number(one) and as_number(other)):
        return ""
    return "-".join(sorted((one, other), key=as_number))


def _event(direct: Direct, *, includes: Includes, account_id: str) -> ChannelEvent:
    if direct.conversation_id and "-" not in direct.conversation_id:
        return _ignored(direct.id, "group conversation", account_id)
    kind = EventKind.ECHO if account_id and direct.sender_id == account_id else EventKind.MESSAGE
    thread_id = direct.conversation_id or conversation_of(direct.sender_id, account_id) or direct.sender_id
    recipient = {"recipient_id": direct.recipient_id} if kind is EventKind.ECHO and direct.recipient_id else {}
    return ChannelEvent(
        kind=kind,
        channel=ChannelName.TWITTER,
        dedup_key=f"{kind}:{direct.id}",
        account_id=account_id,
        surface=Surface.DIRECT,
        external_id=direct.id,
        thread_id=thread_id,
        sender=includes.sender(direct.sender_id),
        text=direct.text,
        attachments=direct.attachments,
        sent_at=as_time(direct.created_at) or time_of(direct.id),
        extra=recipient,
    )


def _ignored(direct_id: str, reason: str, account_id: str) -> ChannelEvent:
    return ChannelEvent(
        kind=EventKind.IGNORED,
        channel=ChannelName.TWITTER,
        dedup_key=f"ignored:{direct_id}",
        account_id=account_id,
        external_id=direct_id,
        surface=Surface.GROUP if reason.startswith("group") else Surface.DIRECT,
        reason=reason,
    )


def _other_side(conversation_id: str, sender_id: str) -> str:
    one, dash, other = conversation_id.partition("-")
    if not dash or sender_id not in (one, other):
        return ""
    return other if one == sender_id else one


def _attachments(body: Json, includes: Includes) -> tuple[Attachment, ...]:
    attached = as_object(body.get("attachments"))
    media = includes.media_attachments(ids(attached.get("media_keys")))
    cards = [Attachment(kind=AttachmentKind.OTHER, external_id=card) for card in ids(attached.get("card_ids"))]
    return (*media, *cards, *_shared_posts(body))


def _shared_posts(body: Json) -> list[Attachment]:
    references = objects(body.get("referenced_tweets", body.get("referenced_posts")))
    posts = [post_id for one in references if (post_id := as_id(one.get("id")))]
    return [
        Attachment(kind=AttachmentKind.SHARE, external_id=post_id, url=f"https://x.com/i/status/{post_id}")
        for post_id in posts
    ]


def _links(body: Json) -> list[Json]:
    """Links stand at the top of a polled message, under `entities` or with its file in the older shape."""
    file = [{"url": link, "media_key": "file"}] if (link := as_text(_media(body).get("url"))) else []
    return [*file, *objects(body.get("urls")), *objects(as_object(body.get("entities")).get("urls"))]


def _pushed_attachments(data: Json) -> tuple[Attachment, ...]:
    media = _media(data)
    if not media:
        return ()
    return (
        Attachment(
            kind=MEDIA_KINDS.get(as_text(media.get("type")), AttachmentKind.OTHER),
            external_id=as_id(media.get("id_str")) or as_id(media.get("id")),
            url=as_text(media.get("media_url_https")) or as_text(media.get("media_url")),
        ),
    )


def _media(data: Json) -> Json:
    return as_object(as_object(data.get("attachment")).get("media"))
