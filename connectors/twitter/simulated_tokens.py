"""OAuth 2.0 tokens of the simulated X: an access token lives two hours, a refresh token serves once."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.twitter.simulated_problems import ProblemError
from models.ports import Clock

CLIENT_ID = "simulatedClientId000000000000000000"
CLIENT_SECRET = "simulatedClientSecret00000000000000000000000000000"  # noqa: S105
LIFETIME = timedelta(hours=2)
SCOPES = "tweet.read tweet.write users.read dm.read dm.write media.write offline.access"


@dataclass(slots=True)
class Tokens:
    """The pair that the account's owner granted, and those that followed."""

    clock: Clock
    refresh_token: str = "simulatedRefreshToken0"  # noqa: S105
    renewals: int = 0
    reused: int = 0
    """How often a refresh token came that had been used."""
    _living: dict[str, datetime] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def grant(self) -> str:
        """A new access token."""
        token = secrets.token_urlsafe(24)
        self._living[token] = self.clock.now() + LIFETIME
        return token

    def accepts(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and token in self._living and self._living[token] > self.clock.now()

    def renew(self, form: Mapping[str, Any], authorization: str) -> dict[str, Any]:
        """A new pair for a refresh token that was not used yet. Raises ProblemError."""
        if not hmac.compare_digest(authorization, f"Basic {_basic()}"):
            raise _refused(401, "unauthorized_client", "Missing valid authorization header")
        given = str(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or given != self.refresh_token:
            self.reused += given in self._used
            raise _refused(400, "invalid_request", "Value passed for the token was invalid.")
        self._used.add(given)
        self.renewals += 1
        self.refresh_token = f"simulatedRefreshToken{self.renewals}"
        return {
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "access_token": self.grant(),
            "scope": SCOPES,
            "refresh_token": self.refresh_token,
        }


def _basic() -> str:
    return base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


def _refused(status: int, error: str, description: str) -> ProblemError:
    return ProblemError(status, {"error": error, "error_description": description})
