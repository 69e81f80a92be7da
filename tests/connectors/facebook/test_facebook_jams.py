"""After a jam up to a hundred parts come in one body: none is overlooked."""

from connectors.facebook.simulator import FacebookSimulator
from connectors.simulation import Disorder


async def test_a_hundred_parts_in_one_body(clock, connector, webhook, says):
    simulator = FacebookSimulator(clock, disorder=Disorder(backlog=1.0))
    await simulator.start()
    simulator.connect_webhook(webhook.url)
    written = {await simulator.write(says(f"{number}. yorum", author=f"a{number}")) for number in range(100)}
    await simulator.settle()
    await simulator.stop()
    ((_, body),) = webhook.bodies
    parsed = connector.parse(body)
    assert {event.external_id for event in parsed.events} == written
    assert not parsed.problems
    assert simulator.ledger.disorder["largest"] == 100
