"""Declared facts of a Facebook Page. No code that acts on them."""

from datetime import timedelta

from connectors.meta.pacing import SEND_LIMITS
from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import ChannelName, Surface

FEED = "feed"
CONVERSATIONS = "conversations"
TAGS = "tags"
COMMENT_LIMIT = 8_000
MESSAGE_LIMIT = 2_000

MEGABYTE = 1024 * 1024
PHOTOS = dict.fromkeys(("image/jpeg", "image/png"), 10 * MEGABYTE)
"""A comment carries one photo (https://developers.facebook.com/docs/graph-api/reference/page/photos)."""
FILES = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/gif"), 8 * MEGABYTE),
    **dict.fromkeys(("video/mp4", "audio/mpeg", "audio/mp4", "application/pdf", "text/plain"), 25 * MEGABYTE),
}
"""https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api"""

_PUBLIC = SurfaceFacts(
    limit=COMMENT_LIMIT, measure=len, private_reply_window=timedelta(days=7), files=PHOTOS, most_files=1
)

FACTS = ChannelFacts(
    channel=ChannelName.FACEBOOK,
    title="Facebook",
    glyph="F",
    surfaces={
        Surface.COMMENT: _PUBLIC,
        Surface.VISITOR_POST: _PUBLIC,
        Surface.DIRECT: SurfaceFacts(
            limit=MESSAGE_LIMIT,
            measure=len,
            reply_window=timedelta(hours=24),
            human_window=timedelta(days=7),
            files=FILES,
            most_files=10,
            quick_replies=True,
        ),
    },
    streams=(FEED, CONVERSATIONS, TAGS),
    recounted_streams=(FEED, CONVERSATIONS),
    pushes=True,
    checks_outcome=True,
    poll_every=timedelta(seconds=60),
    send_limits=SEND_LIMITS,
    documentation=(
        "https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed",
        "https://developers.facebook.com/docs/graph-api/reference/page/feed",
        "https://developers.facebook.com/docs/graph-api/reference/object/comments",
        "https://developers.facebook.com/docs/messenger-platform/reference/send-api",
        "https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api",
        "https://developers.facebook.com/docs/graph-api/reference/page/photos",
        "https://developers.facebook.com/docs/messenger-platform/conversations",
        "https://developers.facebook.com/docs/messenger-platform/policy/policy-overview",
    ),
)
