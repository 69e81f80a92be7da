"""Whatever a citizen writes stays text: in lists, conversations, names, notes, notices and addresses."""

import re

import pytest

from models.enums import ChannelName
from tests.factories import City, play
from tests.inbox.web.conftest import LogIn
from tests.scenes import Scene

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>tık</a>",
    "{{ 7*7 }} ${7*7} {% raw %}",
    '<div hx-get="/logout" hx-trigger="load">',
    "<!-- --><title>x</title>",
    "'; DROP TABLE application; --",
]


@pytest.mark.parametrize("attack", ATTACKS)
async def test_texts_and_names_are_inert(city: City, logged_in: LogIn, attack: str) -> None:
    scene = Scene(channel=ChannelName.TELEGRAM, who=attack, texts=[f"su yok {attack}"], minutes=1, handle=attack,
                  topic="su_kesintisi", unit="izsu", reasons=[attack, "su yok"], district=attack)  # fmt: skip
    await play(city, scene, number=95)
    visitor = await logged_in("elif")
    key = city.applications[attack]
    await visitor.post(f"/applications/{key}/note", text=attack)
    await visitor.post(f"/applications/{key}/answer", text=attack, version=await visitor.version(key))
    await visitor.post(f"/applications/{key}/reveal")
    for address in (f"/applications/{key}", "/inbox", "/inbox?q=su", f"/applications/{key}/side"):
        text = (await visitor.get(address)).text
        if re.search(r"[<>\"']", attack):
            assert attack not in text, address
        assert not re.search(r"<(script(?! defer src=\"/static/)|img|svg|iframe)", text)
        assert '<div hx-get="/logout"' not in text


@pytest.mark.parametrize("attack", ATTACKS)
async def test_search_words_are_inert(logged_in: LogIn, attack: str) -> None:
    visitor = await logged_in("elif")
    response = await visitor.client.get("/inbox", params={"q": attack, "view": attack, "district": attack})
    assert response.status_code == 200
    if re.search(r"[<>\"]", attack):
        assert attack not in response.text


@pytest.mark.parametrize("query", ['"', "*", "AND OR NOT", "a*", "NEAR(a b)", "col:x", "'", "\\", "ışğ ÇÖÜ", "-" * 500])
async def test_search_syntax_breaks_nothing(logged_in: LogIn, query: str) -> None:
    visitor = await logged_in("elif")
    assert (await visitor.client.get("/inbox", params={"q": query})).status_code == 200
