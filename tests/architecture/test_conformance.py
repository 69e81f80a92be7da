"""The platforms' payloads, where the folder beside the project has them."""

from pathlib import Path

import pytest

from tests.conformance import check, differences

PAYLOADS = Path(__file__).parents[3] / "shared/payloads"


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="../shared/payloads is missing")
def test_every_payload_is_read_as_its_manifest_says() -> None:
    checked, found = check(PAYLOADS)
    assert checked > 100
    assert found == []


def test_a_wrong_reading_is_noticed() -> None:
    line = {"event": "message", "sender_id": "1", "event_id": "bot:chat:7", "text": "su"}
    entry = {"decision": "message", "expect": {"sender_id": 1, "platform_message_id": 7, "text": "su"}}
    assert differences(entry, [line]) == []
    assert differences({**entry, "decision": "ignore"}, [line])
    assert differences({**entry, "expect": {"text": "gaz"}}, [line])
    assert differences(entry, []) == ["nothing was read"]
