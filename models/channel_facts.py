"""What the desk must know of a channel to offer, count and warn. The values come from each connector's `facts.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from models.enums import ChannelName, SendMode, Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceFacts:
    """Limits of one surface. `measure` counts a text in the platform's own unit; `unit_name` names it in Turkish.

    `reply_window` is the time after the citizen's last message in which a reply is free; None means no window.
    `human_window` is the longer window open to texts written by a person. `templates`: outside the window an approved
    template may ask the citizen to write. `private_reply_window`: so long after a comment its writer may be answered
    privately, once. Prices are US dollars for one text; None where the platform asks nothing or nobody knows.
    """

    limit: int
    measure: Callable[[str], int]
    unit_name: str = "karakter"
    reply_window: timedelta | None = None
    human_window: timedelta | None = None
    links_cost_extra: bool = False
    templates: bool = False
    private_reply_window: timedelta | None = None
    price: Decimal | None = None
    price_with_link: Decimal | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    """Types of files that an answer may carry, each with the most bytes; empty where it takes none."""
    most_files: int = 0
    quick_replies: bool = False
    """Whether answers may be offered as buttons; elsewhere the citizen writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimit:
    """A stated limit on sending as a bucket: `burst` texts at once, and room for one more after each `every`.

    `per_person`: a bucket for each citizen. Without `surfaces` or `modes` it holds for all.
    """

    name: str
    burst: int
    every: timedelta
    per_person: bool = False
    surfaces: frozenset[Surface] | None = None
    modes: frozenset[SendMode] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """Declared facts of a platform. `surfaces` lists only those on which we can answer."""

    channel: ChannelName
    title: str
    glyph: str
    surfaces: dict[Surface, SurfaceFacts]
    streams: tuple[str, ...] = ()
    """Names of the polled streams; empty where the platform only pushes."""
    recounted_streams: tuple[str, ...] = ()
    """Of these, the ones that are the platform's own list and can be read anew from any time on (reconciliation)."""
    pushes: bool = False
    checks_outcome: bool = False
    """True where an uncertain send can be looked up on the platform."""
    poll_every: timedelta = timedelta(seconds=30)
    send_limits: tuple[SendLimit, ...] = ()
    """What the platform states and its answers do not tell; limits told by headers are kept by the connector."""
    read_prices: Mapping[str, Decimal] = field(default_factory=dict)
    """US dollars for one item of a polled stream, where the platform sells them."""
    documentation: tuple[str, ...] = ()
