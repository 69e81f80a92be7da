"""What the desk must know of a channel to offer, count and warn. The values come from each connector's `facts.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from models.enums import ChannelName, Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceFacts:
    """Limits of one surface. `measure` counts a text in the platform's own unit; `unit_name` names it in Turkish.

    `reply_window` is the time after the citizen's last message in which a reply is free; None means no window.
    `human_window` is the longer window open to texts written by a person.
    """

    limit: int
    measure: Callable[[str], int]
    unit_name: str = "karakter"
    reply_window: timedelta | None = None
    human_window: timedelta | None = None
    links_cost_extra: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """Declared facts of a platform. `surfaces` lists only those on which we can answer."""

    channel: ChannelName
    title: str
    glyph: str
    surfaces: dict[Surface, SurfaceFacts]
    streams: tuple[str, ...] = ()
    """Names of the polled streams; empty where the platform only pushes."""
    pushes: bool = False
    checks_outcome: bool = False
    """True where an uncertain send can be looked up on the platform."""
    poll_every: timedelta = timedelta(seconds=30)
    documentation: tuple[str, ...] = ()
