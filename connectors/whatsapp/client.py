"""Calls to the WhatsApp Cloud API over Graph. No domain words, no state beyond the connection."""

import re
from typing import Any

from connectors.meta.graph import GraphClient
from connectors.meta.reading import UNREADABLE, record, required_id, sequence, text_of
from connectors.whatsapp.errors import CODES
from connectors.whatsapp.settings import WhatsAppSettings
from models.errors import OutcomeUnknownError, RequestRefusedError, TransientError
from models.messages import AccountIdentity
from models.ports import Clock

PHONE = re.compile(r"\+?\d{5,20}")
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

    async def send_text(self, recipient: str, text: str, *, reply_to: str = "", tag: str = "") -> str:
        """Send a text to a phone or a business-scoped user id; the new message's id. `tag` comes back in receipts."""
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **addressed(recipient),
            "type": "text",
            "text": {"body": text, "preview_url": False},
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
