"""What an Instagram account alone does when it sends: files, by Facebook Login."""

import pytest

from connectors.instagram.connector import PLATFORM
from connectors.instagram.settings import InstagramSettings
from models.enums import Surface
from models.errors import RequestRefusedError
from models.messages import OutboundMessage
from tests.contracts.connector_bench import file_of


async def test_files_leave_by_facebook_login(simulator, connector, says, clock):
    """Instagram Login has no upload: there nothing is offered, and nothing leaves."""
    await simulator.write(says("Plan var mı?", surface=Surface.DIRECT))
    (person,) = simulator.messages.by_citizen
    text = OutboundMessage(
        reference="1",
        surface=Surface.DIRECT,
        recipient_id=person,
        text="Ekte.",
        attachments=(file_of("image/png"), file_of("application/pdf")),
    )
    assert not connector.facts.surfaces[Surface.DIRECT].most_files
    with pytest.raises(RequestRefusedError):
        await connector.send(text)
    by_page = PLATFORM.build(InstagramSettings(**{**simulator.account_settings(), "page_id": "153"}), clock)
    result = await by_page.send(text)
    await by_page.close()
    sent = simulator.messages.by_citizen[person].messages[1:]
    assert [one.id for one in sent] == list(result.external_ids)
    assert [[file["type"] for file in one.attachments] for one in sent] == [["image"], ["file"], []]
