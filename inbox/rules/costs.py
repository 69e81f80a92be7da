"""What a text costs, and when a day's money is spent. Pure; amounts are US dollars."""

import re
from decimal import Decimal
from enum import StrEnum

from models.channel_facts import SurfaceFacts

LISTENING_SHARE = Decimal("0.8")
"""Of the day's budget: from here on nothing is spent on listening, so that replies can still be paid for."""
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class Purse(StrEnum):
    """How much of a day's budget is left: first listening stops, then the bots fall silent; people always write."""

    OPEN = "open"
    NO_LISTENING = "no_listening"
    SPENT = "spent"


def text_price(facts: SurfaceFacts | None, text: str) -> Decimal:
    """Of one text; zero where the platform asks nothing or nobody knows."""
    if facts is None:
        return Decimal(0)
    if facts.price_with_link is not None and _LINK.search(text):
        return facts.price_with_link
    return facts.price or Decimal(0)


def purse(spent: Decimal, *, budget: Decimal | None) -> Purse:
    """Without a budget it is always open."""
    if budget is None or spent < budget * LISTENING_SHARE:
        return Purse.OPEN
    return Purse.NO_LISTENING if spent < budget else Purse.SPENT
