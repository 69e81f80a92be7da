"""Hiding replies and blocking direct messages, against the simulated X."""

import pytest

from connectors.twitter.connector import TwitterConnector
from connectors.twitter.simulator import TwitterSimulator
from models.errors import RequestRefusedError


async def test_a_reply_under_our_post_is_hidden(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    ours = simulator.records.add_post(simulator.account, "Bugünkü çalışmalarımız")
    reply = simulator.records.add_post(simulator.citizens.person("can"), "hakaret", answers=ours)
    await connector.hide(reply.id, hidden=True)
    assert simulator.hidden == {reply.id}
    await connector.hide(reply.id, hidden=False)
    assert simulator.hidden == set()


async def test_others_threads_are_not_ours_to_hide(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    theirs = simulator.records.add_post(simulator.citizens.person("can"), "hakaret")
    with pytest.raises(RequestRefusedError):
        await connector.hide(theirs.id, hidden=True)


async def test_direct_messages_are_blocked(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    person = simulator.citizens.person("can")
    await connector.block(person.id, blocked=True)
    assert simulator.blocked == {person.id}
    await connector.block(person.id, blocked=False)
    assert simulator.blocked == set()
