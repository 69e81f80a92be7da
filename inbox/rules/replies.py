"""Until when a person may write to a citizen on a surface, by the channel's declared windows. Pure."""

from dataclasses import dataclass
from datetime import datetime

from models.channel_facts import SurfaceFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWindow:
    """`ends_at` is None where the platform sets no limit."""

    ends_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.ends_at is None or now < self.ends_at


def reply_window(facts: SurfaceFacts | None, *, last_inbound_at: datetime | None) -> ReplyWindow:
    """The window for a text written by a person: the longer of the two where the platform has both."""
    if facts is None or last_inbound_at is None:
        return ReplyWindow(ends_at=None)
    length = facts.human_window or facts.reply_window
    return ReplyWindow(ends_at=last_inbound_at + length if length else None)
