"""Private answers, quick replies, hiding and blocking: the same on a Page and on an Instagram account."""

import pytest

from connectors.facebook.simulator import FacebookSimulator
from connectors.instagram.simulator import InstagramSimulator
from connectors.registry import PLATFORMS
from models.enums import SendMode, Surface
from models.errors import OutcomeUnknownError, RequestRefusedError, TransientError
from models.messages import OutboundMessage
from models.ports import Blocks, Hides
from tests.connectors.meta.private import private_answer, writer


@pytest.fixture(params=[FacebookSimulator, InstagramSimulator], ids=lambda kind: kind.channel)
async def simulator(request, clock):
    simulator = request.param(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator, clock):
    platform = PLATFORMS[simulator.channel]
    connector = platform.build(platform.settings(**simulator.account_settings()), clock)
    yield connector
    await connector.close()


async def test_a_comment_is_answered_privately_once(simulator, connector, says):
    comment = await simulator.write(says("Sokak lambası yanmıyor"))
    person = writer(simulator, comment)
    result = await connector.send(private_answer(comment, person))
    (message,) = simulator.messages.by_citizen[person].messages
    assert (message.id, message.text) == (*result.external_ids, "Adresinizi buraya yazar mısınız?")
    with pytest.raises(RequestRefusedError):
        await connector.send(private_answer(comment, person, reference="2"))


async def test_not_after_seven_days(simulator, connector, says, clock):
    comment = await simulator.write(says("Sokak lambası yanmıyor"))
    clock.advance(days=8)
    with pytest.raises(RequestRefusedError):
        await connector.send(private_answer(comment, writer(simulator, comment)))


async def test_a_private_answer_is_never_split(simulator, connector, says):
    comment = await simulator.write(says("Sokak lambası yanmıyor"))
    with pytest.raises(RequestRefusedError):
        await connector.send(private_answer(comment, writer(simulator, comment), "ş" * 2_001))


async def test_an_uncertain_private_answer_is_found(simulator, connector, says, clock):
    comment = await simulator.write(says("Sokak lambası yanmıyor"))
    text = private_answer(comment, writer(simulator, comment))
    simulator.fault("hang_up_after", path="/messages", method="POST")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(text)
    assert await connector.check(text, since=clock.now()) is not None


async def test_quick_replies_stand_on_the_last_piece(simulator, connector, says):
    await simulator.write(says("Merhaba", surface=Surface.DIRECT))
    (person,) = simulator.messages.by_citizen
    taken = []
    original = simulator.messages._check_quick_replies
    simulator.messages._check_quick_replies = lambda message: (taken.append(message), original(message))
    text = OutboundMessage(
        reference="1",
        surface=Surface.DIRECT,
        recipient_id=person,
        text="kelime " * 600,
        quick_replies=("Evet", "Hayır"),
    )
    await connector.send(text)
    assert [len(message.get("quick_replies", ())) for message in taken] == [0] * (len(taken) - 1) + [2]


async def test_hiding_and_showing(simulator, connector, says):
    comment = await simulator.write(says("hakaret"))
    assert isinstance(connector, Hides)
    for hidden in (True, True, False):
        await connector.hide(comment, hidden=hidden)
        assert simulator._find(comment)[1].is_hidden is hidden


async def test_blocking_and_opening(simulator, connector):
    assert isinstance(connector, Blocks)
    await connector.block("781", blocked=True)
    assert simulator.messages.blocked == {"781"}
    await connector.block("781", blocked=False)
    assert not simulator.messages.blocked


async def test_hiding_may_be_tried_again(simulator, connector, says):
    comment = await simulator.write(says("hakaret"))
    simulator.fault("hang_up_after", method="POST")
    with pytest.raises(TransientError):
        await connector.hide(comment, hidden=True)


async def test_templates_are_whatsapps(connector):
    with pytest.raises(RequestRefusedError):
        await connector.send(
            OutboundMessage(reference="1", surface=Surface.DIRECT, recipient_id="1", text="x", mode=SendMode.TEMPLATE)
        )
