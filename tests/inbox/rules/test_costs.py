"""What a text costs, and when a day's money is spent."""

from decimal import Decimal

import pytest

from connectors.twitter.facts import FACTS
from inbox.rules.costs import Purse, purse, text_price
from models.channel_facts import SurfaceFacts
from models.enums import Surface

PUBLIC, DIRECT = FACTS.surfaces[Surface.MENTION], FACTS.surfaces[Surface.DIRECT]


@pytest.mark.parametrize(
    ("facts", "text", "price"),
    [
        (PUBLIC, "Başvurunuz alındı.", "0.010"),
        (PUBLIC, "Takip: https://izmir.bel.tr/1", "0.200"),
        (PUBLIC, "www.izmir.bel.tr", "0.200"),
        (DIRECT, "https://izmir.bel.tr/1", "0.015"),
        (SurfaceFacts(limit=1, measure=len), "x", "0"),
        (None, "x", "0"),
    ],
)
def test_prices(facts: SurfaceFacts | None, text: str, price: str) -> None:
    assert text_price(facts, text) == Decimal(price)


@pytest.mark.parametrize(
    ("spent", "budget", "state"),
    [
        ("99", None, Purse.OPEN),
        ("3.99", "5", Purse.OPEN),
        ("4", "5", Purse.NO_LISTENING),
        ("4.99", "5", Purse.NO_LISTENING),
        ("5", "5", Purse.SPENT),
        ("0", "0", Purse.SPENT),
    ],
)
def test_listening_stops_before_the_bots(spent: str, budget: str | None, state: Purse) -> None:
    assert purse(Decimal(spent), budget=Decimal(budget) if budget else None) is state
