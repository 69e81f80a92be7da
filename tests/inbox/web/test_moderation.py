"""Hiding comments and blocking people from the opened application: asked of the platform, shown, recorded."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from connectors.registry import PLATFORMS
from models.channel_facts import ChannelFacts
from models.enums import ChannelName
from models.errors import ChannelError, TransientError
from models.ports import Connector
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_applications import actions, address


@dataclass(slots=True)
class Moderated:
    """A connected account that hides and blocks, or fails as the test wants it."""

    facts: ChannelFacts
    fault: ChannelError | None = None
    done: list[tuple[str, str, bool]] = field(default_factory=list)

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        self._do("hide", external_id, hidden)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        self._do("block", person_id, blocked)

    def _do(self, verb: str, what: str, on: bool) -> None:
        if self.fault:
            raise self.fault
        self.done.append((verb, what, on))


def connect(city: City, channel: ChannelName) -> Moderated:
    """Put a moderated account in the place of the channel's."""
    made = Moderated(PLATFORMS[channel].facts)
    for account_id, connector in city.desk.connectors.items():
        if connector.facts.channel is channel:
            city.desk.connectors[account_id] = cast(Connector, made)
    return made


@pytest.fixture
async def burcu(logged_in: LogIn) -> Visitor:
    return await logged_in("burcu")


async def first_comment(visitor: Visitor, city: City, name: str) -> int:
    page = (await visitor.get(address(city, name))).text
    form = page.split("Yorumu gizle")[0].rpartition('name="message" value="')[2]
    return int(form.partition('"')[0])


async def test_a_comment_is_hidden_and_shown_again(city: City, burcu: Visitor) -> None:
    platform = connect(city, ChannelName.INSTAGRAM)
    message = await first_comment(burcu, city, "deniz.kaya35")
    response = await burcu.post(address(city, "deniz.kaya35", "hide"), message=message, hidden=1, part=True)
    assert "Yorum herkesten gizlendi." in response.text
    assert "herkesten gizlendi" in response.text
    assert "Yeniden göster" in response.text
    await burcu.post(address(city, "deniz.kaya35", "hide"), message=message, hidden=0)
    assert [on for _, _, on in platform.done] == [True, False]
    told = [action for _, action in await actions(city, "deniz.kaya35")]
    assert told[-2:] == ["comment_hidden", "comment_shown"]


async def test_what_the_platform_refuses_is_said_and_changes_nothing(city: City, burcu: Visitor) -> None:
    platform = connect(city, ChannelName.INSTAGRAM)
    message = await first_comment(burcu, city, "deniz.kaya35")
    platform.fault = TransientError("time-out")
    response = await burcu.post(address(city, "deniz.kaya35", "hide"), message=message, hidden=1, part=True)
    assert response.status_code == 409
    assert "Platformda geçici bir sorun var. Hiçbir şey değişmedi." in response.text
    assert "Yorumu gizle" in (await burcu.get(address(city, "deniz.kaya35"))).text


async def test_a_comment_of_another_application_is_not_touched(city: City, burcu: Visitor) -> None:
    platform = connect(city, ChannelName.INSTAGRAM)
    message = await first_comment(burcu, city, "deniz.kaya35")
    response = await burcu.post(address(city, "gizemlisokak", "hide"), message=message, hidden=1)
    assert (response.status_code, platform.done) == (404, [])


async def test_where_nothing_can_be_hidden_nothing_is_offered(city: City, burcu: Visitor, logged_in: LogIn) -> None:
    assert "Yorumu gizle" not in (await burcu.get(address(city, "deniz.kaya35"))).text
    connect(city, ChannelName.INSTAGRAM)
    assert "Yorumu gizle" not in (await (await logged_in("onay")).get(address(city, "deniz.kaya35"))).text


async def test_a_person_is_blocked_with_a_reason_and_opened_again(city: City, burcu: Visitor) -> None:
    platform = connect(city, ChannelName.INSTAGRAM)
    empty = await burcu.post(address(city, "deniz.kaya35", "block"), blocked=1, reason=" ")
    assert empty.status_code == 422
    response = await burcu.post(address(city, "deniz.kaya35", "block"), blocked=1, reason="tehdit", part=True)
    for words in ("Engelli:", "Kişi engellendi", "tehdit", "engel kaldırılmadan"):
        assert words in response.text
    await burcu.post(address(city, "deniz.kaya35", "block"), blocked=0)
    assert platform.done == [
        ("block", "citizen-deniz.kaya35", True),
        ("block", "citizen-deniz.kaya35", False),
    ]
    assert "Kişinin engeli kaldırıldı" in (await burcu.get(address(city, "deniz.kaya35"))).text


async def test_where_the_platform_cannot_block_the_desk_does_and_says_so(city: City, burcu: Visitor) -> None:
    response = await burcu.post(address(city, "gizemlisokak", "block"), blocked=1, reason="küfür", part=True)
    assert "bu platformda engelleme yapılamıyor" in response.text


async def test_an_agent_is_not_offered_to_block(city: City, logged_in: LogIn) -> None:
    assert "Kişiyi engelle" not in (await (await logged_in("elif")).get(address(city, "gizemlisokak"))).text
