"""Proofs with the app secret: signed webhooks, the subscription handshake, `appsecret_proof`. Must not read JSON."""

import hashlib
import hmac
from collections.abc import Mapping

SIGNATURE_HEADER = "x-hub-signature-256"


def verify_signature(app_secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """True where `X-Hub-Signature-256` signs exactly these bytes. Header names are lower-case.

    Meta escapes non-ASCII letters before it signs, so `body` must be the bytes as received, never JSON written anew.
    """
    given = headers.get(SIGNATURE_HEADER, "")
    if not app_secret or not given.isascii():
        return False
    return hmac.compare_digest(given, f"sha256={_digest(app_secret, body)}")


def handshake(query: Mapping[str, str], verify_token: str) -> str | None:
    """The challenge to give back, or None (HTTP 403) where mode or token is wrong or no token is set."""
    given = query.get("hub.verify_token", "")
    if not verify_token or query.get("hub.mode") != "subscribe":
        return None
    if not hmac.compare_digest(given.encode(), verify_token.encode()):
        return None
    return query.get("hub.challenge")


def appsecret_proof(app_secret: str, access_token: str) -> str:
    """The query parameter that Graph asks for where «Require App Secret» is on."""
    return _digest(app_secret, access_token.encode())


def _digest(app_secret: str, message: bytes) -> str:
    return hmac.new(app_secret.encode(), message, hashlib.sha256).hexdigest()
