"""What a Page alone does when it sends: comments that tell of private answers, names of who wrote."""

import pytest

from connectors.facebook.simulator import PAGE
from models.enums import Surface
from models.errors import OutcomeUnknownError, ReauthoriseError
from models.ports import KnowsPeople
from tests.connectors.meta.private import private_answer, writer


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
