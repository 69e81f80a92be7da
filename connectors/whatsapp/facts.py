"""Declared facts of WhatsApp. No code that acts on them."""

from datetime import timedelta

from models.channel_facts import ChannelFacts, SendLimit, SurfaceFacts
from models.enums import ChannelName, Surface

TEXT_LIMIT = 4096
TAG_LIMIT = 512
"""Longest `biz_opaque_callback_data`, the tag that a receipt gives back."""
PAIR_BASE = 4
"""After the n-th refusal (131056) of texts to one citizen, wait 4**n seconds."""

MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
FILES = {
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * MEGABYTE),
    **dict.fromkeys(("video/mp4", "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4"), 16 * MEGABYTE),
    **dict.fromkeys(
        (
            "application/pdf",
            "text/plain",
            f"{_OFFICE}.wordprocessingml.document",
            f"{_OFFICE}.spreadsheetml.sheet",
        ),
        100 * MEGABYTE,
    ),
}
"""https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media"""

FACTS = ChannelFacts(
    channel=ChannelName.WHATSAPP,
    title="WhatsApp",
    glyph="W",
    surfaces={
        Surface.DIRECT: SurfaceFacts(
            limit=TEXT_LIMIT,
            measure=len,
            reply_window=timedelta(hours=24),
            templates=True,
            files=FILES,
            most_files=10,
            quick_replies=True,
        )
    },
    streams=(),
    pushes=True,
    checks_outcome=False,
    send_limits=(
        SendLimit(name="number", burst=40, every=timedelta(seconds=1 / 40)),
        SendLimit(name="pair", burst=45, every=timedelta(seconds=6), per_person=True),
    ),
    documentation=(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    ),
)
