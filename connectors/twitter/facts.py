"""Declared facts of X. No code that acts on them."""

from datetime import timedelta
from decimal import Decimal

from connectors.twitter.weight import weighted_length
from models.channel_facts import ChannelFacts, SendLimit, SurfaceFacts
from models.enums import ChannelName, Surface

MENTIONS = "mentions"
DIRECTS = "dms"
LISTENING = "listening"
"""Posts that others wrote about the city without naming the account: recent search."""
PAGE_SIZE = 100
FIRST_DIRECTS_PAGE = 20
"""Messages are paid for by the piece, and their list cannot be asked for new ones alone."""
DIRECTS_PAUSE = timedelta(minutes=1)
"""15 reads in 15 minutes (https://docs.x.com/x-api/fundamentals/rate-limits)."""
LISTENING_PAUSE = timedelta(minutes=1)
"""Each hit is paid for; what nobody answers is in no hurry."""
SEARCH_REACH = timedelta(days=7) - timedelta(hours=1)
"""Recent search refuses an earlier beginning; a little less, since a walk over its pages takes its time."""
OVERLAP = timedelta(minutes=2)
"""Posts may become visible a little after a later one: so much is asked for again."""
MENTIONS_LISTED = 700
"""X lists the 800 most recent mentions; a walk that has come by so many may have met that end. A little less, since
deleted posts count as listed."""
LONGEST_WALK = timedelta(hours=1)
"""After so long a pause in the middle of a walk later mentions may have pushed its rest out of X's list."""
LIMIT_WITHOUT_RESET = timedelta(seconds=60)
POST_LIMIT = 280
DIRECT_LIMIT = 10_000
MEGABYTE = 1024 * 1024
PICTURES = dict.fromkeys(("image/jpeg", "image/png", "image/webp"), 5 * MEGABYTE)
"""Four in a post, one in a message (https://docs.x.com/x-api/media/introduction)."""

_PUBLIC = SurfaceFacts(
    limit=POST_LIMIT,
    measure=weighted_length,
    links_cost_extra=True,
    price=Decimal("0.010"),
    price_with_link=Decimal("0.200"),
    files=PICTURES,
    most_files=4,
)
"""A summoned reply; whether one with a link costs more is not stated: the higher price is counted."""

FACTS = ChannelFacts(
    channel=ChannelName.TWITTER,
    title="X",
    glyph="X",
    surfaces={
        Surface.MENTION: _PUBLIC,
        Surface.REPLY: _PUBLIC,
        Surface.QUOTE: _PUBLIC,
        Surface.DIRECT: SurfaceFacts(
            limit=DIRECT_LIMIT, measure=len, price=Decimal("0.015"), files=PICTURES, most_files=1
        ),
    },
    streams=(MENTIONS, DIRECTS, LISTENING),
    recounted_streams=(MENTIONS, DIRECTS),
    pushes=True,
    checks_outcome=True,
    send_limits=(
        SendLimit(
            name="posts",
            burst=80,
            every=timedelta(seconds=50),
            surfaces=frozenset({Surface.MENTION, Surface.REPLY, Surface.QUOTE}),
        ),
        SendLimit(name="messages", burst=5, every=timedelta(seconds=90), surfaces=frozenset({Surface.DIRECT})),
    ),
    poll_every=timedelta(seconds=10),
    read_prices={MENTIONS: Decimal("0.001"), DIRECTS: Decimal("0.010"), LISTENING: Decimal("0.005")},
    documentation=(
        "https://docs.x.com/x-api/posts/timelines/introduction",
        "https://docs.x.com/x-api/direct-messages/lookup/introduction",
        "https://docs.x.com/x-api/posts/search/introduction",
        "https://docs.x.com/x-api/posts/manage-tweets/integrate",
        "https://docs.x.com/x-api/media/introduction",
        "https://docs.x.com/x-api/fundamentals/rate-limits",
        "https://docs.x.com/x-api/activity/introduction",
        "https://docs.x.com/x-api/getting-started/pricing",
        "https://docs.x.com/fundamentals/counting-characters",
    ),
)
