"""Renewal of OAuth 2.0 tokens. A refresh token serves once: what comes back must be stored before anything uses it.

https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
"""

from datetime import timedelta

import aiohttp

from connectors.http import Answer, open_session, request
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.values import as_object, as_text
from models.credentials import Renewal
from models.errors import OutcomeUnknownError, RateLimitedError, ReauthoriseError, RequestRefusedError
from models.ports import Clock

ROUTE = "/2/oauth2/token"
DEAD = ("invalid_request", "invalid_grant", "invalid_client", "unauthorized_client")
"""What X says of a refresh token that was used or withdrawn, or of another app's."""
LIFETIME = timedelta(hours=2)


async def refresh(settings: TwitterSettings, clock: Clock) -> Renewal:
    """A new pair for the one that is used up by this call. Raises ChannelError."""
    form = {"grant_type": "refresh_token", "refresh_token": settings.refresh_token, "client_id": settings.client_id}
    who = {"Authorization": aiohttp.encode_basic_auth(settings.client_id, settings.client_secret)}
    async with open_session() as session:
        url, headers = f"{settings.base_url}{ROUTE}", who if settings.client_secret else {}
        answer = await request(session, "POST", url, data=form, headers=headers)
    _require_success(answer)
    pair = as_object(answer.json)
    access, fresh, seconds = as_text(pair.get("access_token")), as_text(pair.get("refresh_token")), _seconds(pair)
    if not access or not fresh:
        raise ReauthoriseError("X gave no new pair of tokens (is offline.access granted?)")
    expires_at = clock.now() + timedelta(seconds=seconds)
    values = {"access_token": access, "refresh_token": fresh, "token_expires": expires_at.isoformat()}
    return Renewal(values=values, expires_at=expires_at)


def _require_success(answer: Answer) -> None:
    """Faults of X's own leave open whether the refresh token was used up; the next try tells."""
    code = str(answer.status)
    if answer.status == 200:
        return
    if answer.status == 429:
        raise RateLimitedError("too many renewals", code=code)
    if answer.status >= 500:
        raise OutcomeUnknownError(f"X has a passing fault (HTTP {answer.status})", code=code)
    reason = as_text(as_object(answer.json).get("error"))
    if answer.status == 401 or reason in DEAD:
        raise ReauthoriseError(f"X does not accept the refresh token ({reason or code})", code=code)
    raise RequestRefusedError(f"X refused to renew the tokens ({reason or code})", code=code)


def _seconds(pair: object) -> float:
    told = as_object(pair).get("expires_in")
    return float(told) if isinstance(told, int | float) and told > 0 else LIFETIME.total_seconds()
