"""Sends direct messages on Messenger and Instagram, and looks them up. Calls only; no parsing of citizens' words."""

import json
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from connectors.http import Answer
from connectors.meta.errors import lacks_permission
from connectors.meta.graph import GraphClient
from connectors.meta.pacing import Pace
from connectors.meta.reading import UNREADABLE, Json, edge, id_of, moment, record, text_of
from connectors.pieces import OwnText
from models.enums import AttachmentKind
from models.errors import (
    ContactGoneError,
    OutcomeUnknownError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundFile, OutboundMessage, Sender
from models.ports import Clock

CALLS_A_SECOND = 2
"""Of the Conversations API, per Page or Instagram account (messenger-platform/overview/rate-limiting)."""
HUMAN_AGENT = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
RESPONSE = {"messaging_type": "RESPONSE"}
FILE_KINDS = {AttachmentKind.IMAGE: "image", AttachmentKind.VIDEO: "video", AttachmentKind.AUDIO: "audio"}
MOST_QUICK_REPLIES, QUICK_REPLY_LENGTH = 13, 20
NAME_FIELDS = {"messenger": ("first_name", "last_name"), "instagram": ("name", "username")}
"""Of the two User Profile APIs: messenger-platform/identity/user-profile, instagram-messaging/features/user-profile."""


class Conversations:
    """Direct messages of one account. `node` is the id whose edges are used; `platform` names the product in lists."""

    def __init__(self, graph: GraphClient, clock: Clock, *, node: str, platform: str) -> None:
        self.pace = Pace(1 / CALLS_A_SECOND, clock)
        self._graph = graph
        self._node = node
        self._platform = platform

    async def send_piece(self, message: OutboundMessage, piece: str, *, done: int, count: int) -> str:
        """The piece behind `done` accepted ones of `count`: the files first, quick replies at the last; its id."""
        if done < len(message.attachments):
            file = message.attachments[done]
            return await self.send_file(message.recipient_id, file, by_human=message.by_human)
        offered = message.quick_replies if done == count - 1 else ()
        return await self.send_text(message.recipient_id, piece, by_human=message.by_human, quick_replies=offered)

    async def send_text(
        self, recipient_id: str, text: str, *, by_human: bool, quick_replies: Sequence[str] = ()
    ) -> str:
        """Send one text; its id. A person's text goes on as HUMAN_AGENT where the 24 hours are over (7 days).

        Raises ChannelError. The refusal of the first attempt is certain, so the second cannot duplicate.
        """
        return await self._in_window(recipient_id, {"text": text, **_offered(quick_replies)}, by_human)

    async def _in_window(self, recipient_id: str, content: Mapping[str, Any], by_human: bool) -> str:
        message = {"recipient": {"id": recipient_id}, "message": content}
        try:
            return await self._post({**message, **RESPONSE})
        except WindowClosedError:
            if not by_human:
                raise
        return await self._post({**message, **HUMAN_AGENT})

    async def send_file(self, recipient_id: str, file: OutboundFile, *, by_human: bool) -> str:
        """Upload a file and send it as a message of its own; the message's id. Raises as `send_text`."""
        kind = FILE_KINDS.get(file.kind, "file")
        form = aiohttp.FormData({"platform": self._platform})
        form.add_field("message", json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}}))
        form.add_field("filedata", file.data, filename=file.file_name, content_type=file.mime_type)
        upload = self._graph.post(f"{self._node}/message_attachments", data=form)
        payload = {"attachment_id": await uploaded_id(upload, "attachment_id")}
        return await self._in_window(recipient_id, {"attachment": {"type": kind, "payload": payload}}, by_human)

    async def reply_privately(self, recipient: Mapping[str, str], text: str) -> str:
        """Write to the writer of a comment (`comment_id`) or post (`post_id`), once within 7 days; the id."""
        return await self._post({"recipient": recipient, "message": {"text": text}})

    async def person(self, person_id: str, *, scope: str) -> Sender | None:
        """The names of somebody who wrote; None where she has not consented to it, or blocked us."""
        fields = NAME_FIELDS[self._platform]
        try:
            found = record((await self._graph.get(person_id, {"fields": ",".join(fields)})).json)
            names = [text_of(found.get(field)) for field in fields]
        except (RequestRefusedError, ContactGoneError):
            return None
        except ReauthoriseError as error:
            if lacks_permission(error):
                return None
            raise
        except UNREADABLE as error:
            raise TransientError(f"answer cannot be read ({type(error).__name__})") from error
        if self._platform == "instagram":
            return Sender(external_id=person_id, scope=scope, display_name=names[0], handle=names[1])
        return Sender(external_id=person_id, scope=scope, display_name=" ".join(filter(None, names)))

    async def block(self, person_id: str, *, blocked: bool) -> None:
        """Take no messages of this person any more, or take them again."""
        action = "block_user" if blocked else "unblock_user"
        body = {"user_ids": [{"id": person_id}], "actions": [action]}
        await repeatable(self._graph.post(f"{self._node}/moderate_conversations", json=body))

    async def own_texts(self, citizen_id: str, *, since: datetime) -> list[OwnText]:
        """Texts of ours in the conversation with this citizen since then, oldest first. Raises ChannelError."""
        params = {
            "platform": self._platform,
            "user_id": citizen_id,
            "fields": "id,messages.limit(20){id,created_time,from,message}",
        }
        async with self.pace.turn():
            answer = await self._graph.get(f"{self._node}/conversations", params)
        conversations = [record(item) for item in edge(answer.json)]
        messages = [record(item) for conversation in conversations for item in edge(conversation.get("messages"))]
        own = [message for message in messages if id_of(record(message.get("from")).get("id")) != citizen_id]
        return texts_since(own, since, text_key="message", time_key="created_time")

    async def _post(self, body: Mapping[str, Any]) -> str:
        answer = await self._graph.post(f"{self._node}/messages", json=body)
        return accepted_id(answer.json, "message_id")


async def repeatable(write: Awaitable[Any]) -> None:
    """Await a write that may be made twice: where its outcome is unknown it may simply be tried again."""
    try:
        await write
    except OutcomeUnknownError as error:
        raise TransientError(error.detail, code=error.code) from error


async def uploaded_id(upload: Awaitable[Answer], name: str) -> str:
    """The id of an uploaded file. An upload shows nobody anything: it may simply be tried again."""
    try:
        return accepted_id((await upload).json, name)
    except OutcomeUnknownError as error:
        raise TransientError(error.detail, code=error.code) from error


def _offered(titles: Sequence[str]) -> dict[str, Any]:
    """Quick replies as the Send API takes them: 13 at most, titles of 20 characters."""
    chosen = [title[:QUICK_REPLY_LENGTH] for title in titles[:MOST_QUICK_REPLIES]]
    replies = [{"content_type": "text", "title": title, "payload": title} for title in chosen]
    return {"quick_replies": replies} if replies else {}


def accepted_id(body: Any, name: str) -> str:
    """The new id in the answer to a write. Raises OutcomeUnknownError: a success without id cannot be told apart."""
    found = id_of(body.get(name)) if isinstance(body, Mapping) else ""
    if not found:
        raise OutcomeUnknownError(f"accepted without {name}")
    return found


def texts_since(items: Sequence[Json], since: datetime, *, text_key: str, time_key: str) -> list[OwnText]:
    """The texts of `items` since then, oldest first. One without a readable time is taken along."""
    found = [OwnText(id_of(item.get("id")), text_of(item.get(text_key)), moment(item.get(time_key))) for item in items]
    return sorted((own for own in found if own.at is None or own.at >= since), key=lambda own: own.at or since)
