"""A small identity provider on loopback: real HTTP, real keys, and every way in which it can be wrong."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from models.ports import Clock

CLIENT_ID, CLIENT_SECRET = "him", "a secret of at least thirty-two bytes"


@dataclass(slots=True)
class OidcSimulator:
    """`claims` are put over what is right; `mistake` names what is done wrong."""

    clock: Clock
    claims: dict[str, Any] = field(default_factory=dict)
    mistake: str = ""
    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the browser brought, by the code it was given."""

    def log_in(self, address: str) -> str:
        """A person at the provider's page agrees; the address that her browser is sent to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        state = "another" if self.mistake == "state" else query["state"]
        return f"{query['redirect_uri']}?code={code}&state={state}"

    async def discovery(self, _request: web.Request) -> web.Response:
        issuer = "https://other.example" if self.mistake == "issuer" else self.address
        base = "http://provider.example" if self.mistake == "plain http" else self.address
        return web.json_response(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{self.address}/keys",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.asked.pop(str(form["code"]), None)
        pair = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        if asked is None or pair != f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '%20')}" or not _fits(asked, form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        if self.mistake == "too long":
            return web.Response(text="x" * 1_000_000)
        if self.mistake == "not json":
            return web.Response(text="<html>")
        return web.json_response({"token_type": "Bearer", "id_token": self._signed(asked["nonce"])})

    async def keys(self, _request: web.Request) -> web.Response:
        shared = OctKey.import_key(CLIENT_SECRET, {"kid": "shared"}).as_dict(private=True)
        return web.json_response({"keys": [self.key.as_dict(private=False), shared]})

    def _signed(self, nonce: str) -> str:
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.address,
            "sub": "subject-1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "elif@example.org",
            "email_verified": True,
            **self.claims,
        }
        if self.mistake == "none":
            return ".".join((_part(json.dumps({"alg": "none"}).encode()), _part(json.dumps(claims).encode()), ""))
        if self.mistake == "shared secret":
            key = OctKey.import_key(CLIENT_SECRET, {"kid": "shared"})
            return jwt.encode({"alg": "HS256", "kid": "shared"}, claims, key, algorithms=["HS256"])
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.mistake == "key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@asynccontextmanager
async def running(clock: Clock) -> AsyncIterator[OidcSimulator]:
    provider = OidcSimulator(clock)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.discovery)
    app.router.add_post("/token", provider.token)
    app.router.add_get("/keys", provider.keys)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    provider.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    await runner.cleanup()


def _fits(asked: dict[str, str], form: Any) -> bool:
    digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
    return _part(digest) == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
