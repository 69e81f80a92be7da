"""Declared facts of Telegram. No code that acts on them."""

from datetime import timedelta

from connectors.base import utf16_units
from models.channel_facts import ChannelFacts, SendLimit, SurfaceFacts
from models.enums import ChannelName, Surface

UPDATES = "updates"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Asked for in every poll: the platform remembers the last list that it was given."""
PAGE_SIZE = 100
TEXT_LIMIT = 4096
PICTURES = ("image/jpeg", "image/png", "image/webp")
"""Sent as photos, at most 10 MB; anything else as a document, at most 50 MB
(https://core.telegram.org/bots/api#sending-files)."""
MEGABYTE = 1024 * 1024
FILES = {
    **dict.fromkeys(PICTURES, 10 * MEGABYTE),
    **dict.fromkeys(("image/gif", "application/pdf", "text/plain", "video/mp4", "audio/mpeg"), 50 * MEGABYTE),
}
CHAT_PAUSE = 1.0
"""Seconds between two messages to one chat (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits)."""
WEBHOOK_PAUSE = timedelta(minutes=10)
"""So often a bot that is pushed to looks whether Telegram still knows the address."""
IDLE_LIMIT = timedelta(days=6)
"""After a week without updates their numbering starts anew at random (Update.update_id); asked anew before that."""

FACTS = ChannelFacts(
    channel=ChannelName.TELEGRAM,
    title="Telegram",
    glyph="T",
    surfaces={
        Surface.DIRECT: SurfaceFacts(
            limit=TEXT_LIMIT, measure=utf16_units, files=FILES, most_files=10, quick_replies=True
        )
    },
    streams=(UPDATES,),
    pushes=True,
    checks_outcome=False,
    send_limits=(
        SendLimit(name="overall", burst=15, every=timedelta(seconds=1 / 15)),
        SendLimit(name="chat", burst=4, every=timedelta(seconds=1), per_person=True),
    ),
    poll_every=timedelta(seconds=1),
    documentation=(
        "https://core.telegram.org/bots/api",
        "https://core.telegram.org/bots/api#getupdates",
        "https://core.telegram.org/bots/api#setwebhook",
        "https://core.telegram.org/bots/api#answercallbackquery",
        "https://core.telegram.org/bots/api#sendmessage",
        "https://core.telegram.org/bots/api#sending-files",
        "https://core.telegram.org/bots/faq",
    ),
)
