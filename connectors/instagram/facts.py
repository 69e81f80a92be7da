"""Declared facts of an Instagram professional account. No code that acts on them."""

from dataclasses import replace
from datetime import timedelta

from connectors.base import utf8_bytes
from connectors.meta.pacing import SEND_LIMITS
from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import ChannelName, Surface

COMMENTS = "comments"
CONVERSATIONS = "conversations"
TAGS = "tags"
COMMENT_LIMIT = 2_200
MESSAGE_LIMIT = 1_000
"""Bytes of UTF-8: 500 times «ş»."""
MEGABYTE = 1024 * 1024
FILES = {
    **dict.fromkeys(("image/jpeg", "image/png"), 8 * MEGABYTE),
    **dict.fromkeys(("video/mp4", "audio/mp4", "audio/wav", "application/pdf"), 25 * MEGABYTE),
}
"""Of messages; comments carry none."""

FACTS = ChannelFacts(
    channel=ChannelName.INSTAGRAM,
    title="Instagram",
    glyph="I",
    surfaces={
        Surface.COMMENT: SurfaceFacts(limit=COMMENT_LIMIT, measure=len, private_reply_window=timedelta(days=7)),
        Surface.TAG: SurfaceFacts(limit=COMMENT_LIMIT, measure=len),
        Surface.DIRECT: SurfaceFacts(
            limit=MESSAGE_LIMIT,
            measure=utf8_bytes,
            unit_name="bayt",
            reply_window=timedelta(hours=24),
            human_window=timedelta(days=7),
            files=FILES,
            most_files=10,
            quick_replies=True,
        ),
    },
    streams=(COMMENTS, CONVERSATIONS, TAGS),
    recounted_streams=(COMMENTS, CONVERSATIONS),
    pushes=True,
    checks_outcome=True,
    poll_every=timedelta(seconds=60),
    send_limits=SEND_LIMITS,
    documentation=(
        "https://developers.facebook.com/docs/instagram-platform/webhooks",
        "https://developers.facebook.com/docs/instagram-platform/comment-moderation",
        "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/mentions",
        "https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/attachment-upload",
        "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api",
        "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/conversations-api",
    ),
)
FACTS_WITHOUT_PAGE = replace(
    FACTS,
    surfaces={
        surface: replace(facts, files={}, most_files=0)
        for surface, facts in FACTS.surfaces.items()
        if surface is not Surface.TAG
    },
)
"""By Instagram Login: files are uploaded to a Facebook Page alone, and what mentions say cannot be read."""
