"""Webhooks of the X Activity API: what an event holds, the challenge, the signature. Pure.

https://docs.x.com/x-api/activity/introduction, https://docs.x.com/x-api/webhooks/introduction
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

from connectors.twitter.directs import conversation_of, direct_event, pushed_direct_event
from connectors.twitter.includes import Includes, read_includes
from connectors.twitter.posts import deleted_post, post_events
from connectors.twitter.values import Json, as_id, as_object, as_text, as_time, objects, required_id
from models.enums import ChannelName, DeliveryStatus, EventKind, Surface
from models.messages import ChannelEvent

SIGNATURE_HEADER = "x-twitter-webhooks-signature"
POSTS = ("post.create", "post.mention.create", "post.reply.create", "post.quote.create")
DIRECTS = ("dm.received", "dm.sent")


def activity_events(body: Json, *, includes: Includes, account_id: str) -> Iterator[ChannelEvent]:
    """Events of the `data` of one delivery. Raises KeyError, TypeError or ValueError."""
    happened = as_text(body["event_type"])
    payload = as_object(body.get("payload"))
    inner = read_includes(body.get("includes"))
    beside = inner if inner != Includes() else includes
    if happened in POSTS:
        yield from post_events(payload, includes=beside, account_id=account_id)
    elif happened in DIRECTS:
        yield from _direct_events(payload, beside, account_id)
    elif happened == "dm.read":
        yield from read_receipts(payload, account_id=account_id)
    elif happened == "post.delete":
        yield _deletion(payload, account_id)
    else:
        yield _notice(body, happened, account_id)


def account_of(body: Json) -> str:
    """The account on which an event was subscribed."""
    return as_id(as_object(body.get("filter")).get("user_id"))


def read_receipts(payload: Json, *, account_id: str) -> Iterator[ChannelEvent]:
    """A citizen read our messages up to one."""
    notices = list(objects(payload.get("direct_message_mark_read_events"))) or [payload]
    for notice in notices:
        direct_id = required_id(notice.get("last_read_event_id"))
        reader = as_id(notice.get("sender_id"))
        yield ChannelEvent(
            kind=EventKind.STATUS,
            channel=ChannelName.TWITTER,
            dedup_key=f"status:{direct_id}:read",
            account_id=account_id,
            surface=Surface.DIRECT,
            external_id=direct_id,
            thread_id=conversation_of(reader, account_id),
            sent_at=as_time(notice.get("created_timestamp")),
            status=DeliveryStatus.READ,
        )


def answer_challenge(token: str, *, secret: str) -> str:
    """The body by which X knows that the address is ours."""
    return json.dumps({"response_token": _signed(token.encode(), secret)})


def is_signed(body: bytes, *, signature: str, secret: str) -> bool:
    """Whether `signature` is X's over these raw bytes; compared in constant time."""
    return bool(secret) and hmac.compare_digest(_signed(body, secret).encode(), signature.encode())


def _direct_events(payload: Json, includes: Includes, account_id: str) -> Iterator[ChannelEvent]:
    """The older shape brings its people along as a map by id; the newer one is an item of the polled list."""
    if "direct_message_events" not in payload:
        yield direct_event(payload, includes=includes, account_id=account_id)
        return
    beside = people_of(payload)
    for item in objects(payload["direct_message_events"]):
        yield pushed_direct_event(item, includes=beside, account_id=account_id)


def people_of(payload: Json) -> Includes:
    """The `users` map of the older shape."""
    users = as_object(payload.get("users"))
    return Includes(users={str(key): as_object(user) for key, user in users.items()})


def _deletion(payload: Json, account_id: str) -> ChannelEvent:
    post = as_object(payload.get("post") or payload.get("tweet")) or payload
    post_id = required_id(post.get("id") or payload.get("post_id") or payload.get("tweet_id"))
    author_id = as_id(post.get("author_id")) or as_id(payload.get("user_id"))
    return deleted_post(post_id, account_id=account_id, author_id=author_id)


def _notice(body: Json, happened: str, account_id: str) -> ChannelEvent:
    """What is no message: a withdrawn permission is told, the rest ignored. Ciphertext cannot be read."""
    revoked = happened == "oauth.revoke"
    reason = "encrypted message, to be read in X itself" if happened.startswith("chat.") else f"activity {happened}"
    return ChannelEvent(
        kind=EventKind.SYSTEM if revoked else EventKind.IGNORED,
        channel=ChannelName.TWITTER,
        dedup_key=f"activity:{as_id(body.get('event_uuid')) or happened}",
        account_id=account_id,
        reason="the account withdrew its permission" if revoked else reason,
    )


def _signed(body: bytes, secret: str) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()
