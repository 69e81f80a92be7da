"""Files on X: those of messages are private."""

import pytest

from connectors.twitter.files import TwitterFiles
from connectors.twitter.settings import TwitterSettings
from models.enums import AttachmentKind
from models.errors import RequestRefusedError
from models.messages import Attachment

SETTINGS = TwitterSettings(
    consumer_key="k", consumer_secret="s", access_token="1-t", access_token_secret="x", user_id="1"
)


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://ton.twitter.com/1.1/ton/data/dm/1/2/3.jpg", True),
        ("https://pbs.twimg.com/media/1.jpg", False),
        ("https://ton.twitter.com.example.org/1.jpg", False),
    ],
)
def test_files_of_messages_are_asked_for_with_a_signature(url: str, signed: bool) -> None:
    headers = TwitterFiles(SETTINGS)._signature(url)
    assert (headers is not None) is signed
    if headers:
        assert headers["Authorization"].startswith("OAuth ")
        assert "oauth_signature=" in headers["Authorization"]


async def test_a_file_without_address_is_gone() -> None:
    with pytest.raises(RequestRefusedError):
        await TwitterFiles(SETTINGS).fetch(Attachment(kind=AttachmentKind.IMAGE, external_id="3_1"), most=10)
