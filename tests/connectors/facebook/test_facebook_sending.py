"""Private answers, quick replies, hiding and blocking, against the simulated Page."""

import pytest

from connectors.facebook.simulator import PAGE, FacebookSimulator
from models.enums import SendMode, Surface
from models.errors import OutcomeUnknownError, ReauthoriseError, RequestRefusedError, TransientError
from models.messages import OutboundMessage
from models.ports import Blocks, Hides, KnowsPeople


def private_answer(comment_id, person_id, text="Adresinizi buraya yazar mısınız?", **more):
    return OutboundMessage(
        reference=more.pop("reference", "1"),
        surface=Surface.COMMENT,
        recipient_id=person_id,
        text=text,
        reply_to=comment_id,
        mode=SendMode.PRIVATE_REPLY,
        by_human=True,
        **more,
    )


def writer(simulator: FacebookSimulator, comment_id: str) -> str:
    return simulator._find(comment_id)[1].writer.id


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


async def test_an_answered_comment_tells_where_the_messages_do_not(simulator, connector, says, clock):
    """The writer of a comment may have another id in Messenger."""
    comment = await simulator.write(says("Sokak lambası yanmıyor"))
    text = private_answer(comment, "another-id")
    assert await connector.check(text, since=clock.now()) is None
    simulator.fault("hang_up_after", path="/messages", method="POST")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(text)
    clock.advance(seconds=5)
    with pytest.raises(OutcomeUnknownError):
        await connector.check(text, since=clock.now())


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


async def test_templates_are_not_facebooks(connector):
    with pytest.raises(RequestRefusedError):
        await connector.send(
            OutboundMessage(reference="1", surface=Surface.DIRECT, recipient_id="1", text="x", mode=SendMode.TEMPLATE)
        )


async def test_names_of_who_wrote(simulator, connector, says):
    await simulator.write(says("Su yok", author="ayse kaya", surface=Surface.DIRECT))
    (person,) = simulator.messages.by_citizen
    assert isinstance(connector, KnowsPeople)
    named = await connector.person(person)
    assert (named.external_id, named.display_name, named.scope) == (person, "Ayse Kaya", PAGE.id)


async def test_who_only_commented_keeps_her_name(simulator, connector, says):
    comment = await simulator.write(says("Su yok"))
    assert await connector.person(writer(simulator, comment)) is None
    assert await connector.person("1") is None


async def test_a_dead_token_is_no_persons_refusal(simulator, connector):
    simulator.fault("expired_token")
    with pytest.raises(ReauthoriseError):
        await connector.person("1")
