"""Webhooks of the X Activity API: the challenge and the signature."""

import base64
import hashlib
import hmac
import json

from connectors.twitter.connector import TwitterConnector
from connectors.twitter.simulator import CONSUMER_SECRET


def signed(body: bytes, secret: str = CONSUMER_SECRET) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


async def test_the_challenge_is_answered(connector: TwitterConnector) -> None:
    answer = connector.handshake({"crc_token": "abc", "nonce": "1"})
    assert answer
    assert json.loads(answer) == {"response_token": signed(b"abc")}
    assert connector.handshake({"hub.challenge": "1"}) is None


async def test_signature_over_raw_bytes(connector: TwitterConnector) -> None:
    body = b'{"data": {"event_type":"dm.received"} }'
    assert connector.verify({"x-twitter-webhooks-signature": signed(body)}, body)
    assert not connector.verify({"x-twitter-webhooks-signature": signed(body)}, body.replace(b" ", b""))
    for wrong in (signed(body, "other"), "", "sha256=", "sha256=çöp"):
        assert not connector.verify({"x-twitter-webhooks-signature": wrong}, body)
    assert not connector.verify({}, body)
