"""Templates, buttons and blocks, against the simulated Cloud API."""

from dataclasses import replace

import pytest

from connectors.whatsapp.connector import WhatsAppConnector
from connectors.whatsapp.simulator import TEMPLATE, WhatsAppSimulator
from models.clock import StillClock
from models.enums import SendMode
from models.errors import RequestRefusedError
from models.ports import Blocks, Hides
from tests.connectors.whatsapp.test_connector import answer, citizen, sent_texts


async def test_a_template_names_the_application(simulator: WhatsAppSimulator, connector: WhatsAppConnector) -> None:
    person, _ = await citizen(simulator)
    ready = replace(answer(person), mode=SendMode.TEMPLATE, subject="HİM-2026-0000007")
    await connector.send(ready)
    assert sent_texts(simulator) == [f"[{TEMPLATE}] HİM-2026-0000007"]
    body, _ = simulator.exchanges[-1]
    assert (body["template"]["language"], body["biz_opaque_callback_data"]) == ({"code": "tr"}, "41")


async def test_a_template_without_its_number_is_refused(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector
) -> None:
    person, _ = await citizen(simulator)
    with pytest.raises(RequestRefusedError):
        await connector.send(replace(answer(person), mode=SendMode.TEMPLATE))


async def test_up_to_three_quick_replies_become_buttons(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector
) -> None:
    person, _ = await citizen(simulator)
    await connector.send(replace(answer(person), quick_replies=("Evet", "Hayır, hâlâ yanmıyor diyorum")))
    body, _ = simulator.exchanges[-1]
    titles = [button["reply"]["title"] for button in body["interactive"]["action"]["buttons"]]
    assert titles == ["Evet", "Hayır, hâlâ yanmıyor"]


@pytest.mark.parametrize("changes", [{"quick_replies": ("a", "b", "c", "d")}, {"text": "a " * 600}])
async def test_where_buttons_do_not_fit_the_text_goes_alone(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, changes: dict[str, object]
) -> None:
    person, _ = await citizen(simulator)
    await connector.send(replace(answer(person), **{"quick_replies": ("Evet",), **changes}))
    assert simulator.exchanges[-1][0]["type"] == "text"


async def test_blocking_needs_a_message_of_the_last_day(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, clock: StillClock
) -> None:
    assert isinstance(connector, Blocks)
    assert not isinstance(connector, Hides)
    person, _ = await citizen(simulator)
    await connector.block(person, blocked=True)
    assert simulator.town.people["ayse"].is_blocked
    await connector.block(person, blocked=False)
    assert not simulator.town.people["ayse"].is_blocked
    clock.advance(hours=25)
    with pytest.raises(RequestRefusedError):
        await connector.block(person, blocked=True)
