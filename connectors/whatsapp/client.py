"""Calls to the WhatsApp Cloud API over Graph. No domain words, no state beyond the connection."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from connectors.meta.conversations import repeatable, uploaded_id
from connectors.meta.graph import GraphClient
from connectors.meta.reading import UNREADABLE, record, required_id, sequence, text_of
from connectors.whatsapp.errors import CODES
from connectors.whatsapp.settings import WhatsAppSettings
from models.enums import AttachmentKind
from models.errors import OutcomeUnknownError, RequestRefusedError, TransientError
from models.messages import AccountIdentity, OutboundFile
from models.ports import Clock

MEDIA_KINDS = {AttachmentKind.IMAGE: "image", AttachmentKind.VIDEO: "video", AttachmentKind.AUDIO: "audio"}
PHONE = re.compile(r"\+?\d{5,20}")
MOST_BUTTONS, BUTTON_LENGTH, BUTTONS_TEXT_LIMIT = 3, 20, 1024
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


class WhatsAppClient:
    """One number. All methods raise ChannelError."""

    def __init__(self, settings: WhatsAppSettings, clock: Clock) -> None:
        self._number_id = settings.phone_number_id
        self._graph = GraphClient(
            base_url=settings.base_url,
            version=settings.graph_version,
            access_token=settings.access_token,
            app_secret=settings.app_secret,
            clock=clock,
            codes=CODES,
        )

    async def identify(self) -> AccountIdentity:
        """The number behind the token's access."""
        fields = "id,display_phone_number,verified_name,quality_rating"
        answer = await self._graph.get(self._number_id, {"fields": fields})
        try:
            number = record(answer.json)
            return AccountIdentity(
                external_id=required_id(number.get("id"), "id"),
                name=text_of(number.get("verified_name")),
                handle=text_of(number.get("display_phone_number")),
            )
        except UNREADABLE as error:
            raise TransientError(f"answer cannot be read ({type(error).__name__})") from error

    async def send_text(
        self, recipient: str, text: str, *, reply_to: str = "", tag: str = "", quick_replies: Sequence[str] = ()
    ) -> str:
        """Send a text to a phone or a business-scoped user id; the new message's id. `tag` comes back in receipts.

        Up to three quick replies become buttons where the text is short enough for them; else they are left out.
        """
        if quick_replies and len(quick_replies) <= MOST_BUTTONS and len(text) <= BUTTONS_TEXT_LIMIT:
            content = {"type": "interactive", "interactive": _buttons(text, quick_replies)}
        else:
            content = {"type": "text", "text": {"body": text, "preview_url": False}}
        return await self._send(recipient, content, reply_to=reply_to, tag=tag)

    async def upload(self, file: OutboundFile) -> str:
        """Give a file to the platform; its media id, good for thirty days. May be done twice."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": file.mime_type})
        form.add_field("file", file.data, filename=file.file_name, content_type=file.mime_type)
        return await uploaded_id(self._graph.post(f"{self._number_id}/media", data=form), "id")

    async def send_file(self, recipient: str, file: OutboundFile, media_id: str, *, reply_to: str, tag: str) -> str:
        """Send an uploaded file; the new message's id."""
        kind = MEDIA_KINDS.get(file.kind, "document")
        named = {"filename": file.file_name} if kind == "document" else {}
        content = {"type": kind, kind: {"id": media_id, **named}}
        return await self._send(recipient, content, reply_to=reply_to, tag=tag)

    async def send_template(self, recipient: str, name: str, *, language: str, values: Sequence[str], tag: str) -> str:
        """Send an approved template with these values in its body; the new message's id."""
        parameters = [{"type": "text", "text": value} for value in values]
        components = [{"type": "body", "parameters": parameters}] if parameters else []
        template = {"name": name, "language": {"code": language}, "components": components}
        return await self._send(recipient, {"type": "template", "template": template}, tag=tag)

    async def block(self, person: str, *, blocked: bool) -> None:
        """Take no messages of somebody who wrote within the last 24 hours, or take them again."""
        user = {"user_id": person} if USER_ID.fullmatch(person) else {"user": f"+{person.lstrip('+')}"}
        body = {"messaging_product": "whatsapp", "block_users": [user]}
        call = self._graph.post if blocked else self._graph.delete
        await repeatable(call(f"{self._number_id}/block_users", json=body))

    async def _send(self, recipient: str, content: Mapping[str, Any], *, reply_to: str = "", tag: str = "") -> str:
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **addressed(recipient),
            **content,
        }
        if reply_to:
            body["context"] = {"message_id": reply_to}
        if tag:
            body["biz_opaque_callback_data"] = tag
        answer = await self._graph.post(f"{self._number_id}/messages", json=body)
        try:
            return required_id(record(sequence(record(answer.json).get("messages"))[0]).get("id"), "messages[0].id")
        except (*UNREADABLE, IndexError) as error:
            raise OutcomeUnknownError("accepted, but the answer names no message") from error

    async def close(self) -> None:
        await self._graph.close()


def addressed(recipient: str) -> dict[str, str]:
    """`to` with plus and country code for a phone, `recipient` for a user id. Raises RequestRefusedError."""
    if PHONE.fullmatch(recipient):
        return {"to": f"+{recipient.lstrip('+')}"}
    if USER_ID.fullmatch(recipient):
        return {"recipient": recipient}
    raise RequestRefusedError("neither a phone number nor a user id of WhatsApp")


def _buttons(text: str, titles: Sequence[str]) -> dict[str, Any]:
    replies = [{"id": f"{number}", "title": title[:BUTTON_LENGTH]} for number, title in enumerate(titles, start=1)]
    buttons = [{"type": "reply", "reply": reply} for reply in replies]
    return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
