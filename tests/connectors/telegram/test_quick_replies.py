"""Buttons under texts, against the simulated Bot API."""

from connectors.telegram.connector import TelegramConnector
from connectors.telegram.simulator import TelegramSimulator
from models.enums import Surface
from models.messages import OutboundMessage
from tests.connectors.telegram.test_connector import post


async def test_what_a_button_brings_back_fits_its_bytes(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    await simulator.write(post())
    (person,) = simulator.chats.people.values()
    long_title = "ş" * 40
    text = OutboundMessage(
        reference="1",
        surface=Surface.DIRECT,
        recipient_id=str(person.user["id"]),
        text="Sorununuz çözüldü mü?",
        quick_replies=("Evet", long_title),
    )
    await connector.send(text)
    rows = person.messages[max(person.messages)]["reply_markup"]["inline_keyboard"]
    assert [button["callback_data"] for (button,) in rows] == ["Evet", "ş" * 32]
