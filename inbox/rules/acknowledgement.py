"""Whether the bot may acknowledge, and with which of the profile's texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.enums import Kind, Surface, Urgency

_SILENT_SURFACES = frozenset({Surface.LISTENING, Surface.GROUP, Surface.MANUAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementCase:
    """What the decision depends on. `replyable` is the platform's word on the message itself."""

    surface: Surface
    kind: Kind
    replyable: bool
    listen_only: bool
    bots_enabled: bool


def may_acknowledge(case: AcknowledgementCase) -> bool:
    """Never in groups, on listening hits, to `gecersiz`, where the account only listens or the bots are off."""
    if not case.bots_enabled or case.listen_only or not case.replyable:
        return False
    return case.kind is not Kind.INVALID and case.surface not in _SILENT_SURFACES


def acknowledgement_text(
    texts: Mapping[str, Sequence[str]], *, number: str, variant: int, surface: Surface, kind: Kind, urgency: Urgency
) -> str:
    """A text of the profile's `acknowledgement` section with the number in it.

    `variant` picks among equals, so that a platform sees no duplicates in a row; the number makes each text unique.
    """
    choices = texts[_section(surface=surface, kind=kind, urgency=urgency)]
    return choices[variant % len(choices)].format(number=number)


def _section(*, surface: Surface, kind: Kind, urgency: Urgency) -> str:
    if urgency is Urgency.EMERGENCY:
        return "emergency"
    if kind is Kind.THANKS:
        return "thanks"
    return "public" if surface.is_public else "direct"
