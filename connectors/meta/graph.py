"""The Graph client over aiohttp: token in a header, proof, our errors, no secret in what it gives back."""

import json as json_format
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import aiohttp

from connectors.http import Answer, open_session, request
from connectors.meta.errors import ErrorClass, error_from
from connectors.meta.signature import appsecret_proof
from connectors.meta.usage import Usage, read_usage
from models.errors import RateLimitedError
from models.ports import Clock

SECRET_PARAMETERS = frozenset({"access_token", "appsecret_proof", "client_secret"})
PAUSE_WHEN_EXHAUSTED = timedelta(minutes=5)


class GraphClient:
    """One access token on one Graph host. `codes` are the platform's own error codes.

    Reads stop by themselves while usage stands at 95 % or more; writes (replies to citizens) always try.
    """

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        access_token: str,
        app_secret: str,
        clock: Clock,
        codes: Mapping[int, ErrorClass] | None = None,
    ) -> None:
        self.usage = Usage()
        self._base_url = f"{base_url.rstrip('/')}/{version}"
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._proof = {"appsecret_proof": appsecret_proof(app_secret, access_token)} if app_secret else {}
        self._clock = clock
        self._codes = codes
        self._resume_at: datetime | None = None
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read `path` below the version. Raises ChannelError."""
        if self._resume_at and self._clock.now() < self._resume_at:
            raise RateLimitedError("usage of the platform's allowance is too high", retry_at=self._resume_at)
        return await self._call("GET", path, params=params)

    async def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Any = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Write to `path`, once. Raises ChannelError; OutcomeUnknownError where it may have been accepted."""
        return await self._call("POST", path, params=params, json=json, data=data)

    async def delete(self, path: str, *, json: Any = None) -> Answer:
        """Take away at `path`, once. Raises as `post`."""
        return await self._call("DELETE", path, params=None, json=json)

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, path: str, *, params: Mapping[str, Any] | None, **options: Any) -> Answer:
        if self._session is None:
            self._session = open_session()
        url = f"{self._base_url}/{path.lstrip('/')}"
        query = {**(params or {}), **self._proof}
        options |= {"params": query, "headers": self._headers, "allow_redirects": False}
        answer = await request(self._session, method, url, **options)
        self._watch_usage(answer.headers)
        return self._judged(answer, writes=method != "GET")

    def _judged(self, answer: Answer, *, writes: bool) -> Answer:
        said_error = isinstance(answer.json, dict) and "error" in answer.json
        if 200 <= answer.status < 300 and answer.json is not None and not said_error:
            return without_secrets(answer)
        raise error_from(
            answer.status, answer.json, answer.headers, writes=writes, now=self._clock.now(), codes=self._codes
        )

    def _watch_usage(self, headers: Mapping[str, str]) -> None:
        self.usage = read_usage(headers)
        pause = self.usage.regain or PAUSE_WHEN_EXHAUSTED
        self._resume_at = self._clock.now() + pause if self.usage.is_exhausted else None


def without_secrets(answer: Answer) -> Answer:
    """The answer with tokens taken out of its paging links; its bytes are written anew only where one stood there."""
    cleaned = _clean(answer.json)
    if cleaned == answer.json:
        return answer
    return replace(answer, json=cleaned, body=json_format.dumps(cleaned).encode())


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean_link(item) if key in ("next", "previous") else _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _clean_link(link: Any) -> Any:
    if not isinstance(link, str) or not any(name in link for name in SECRET_PARAMETERS):
        return _clean(link)
    parts = urlsplit(link)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in SECRET_PARAMETERS]
    return urlunsplit(parts._replace(query=urlencode(query)))
