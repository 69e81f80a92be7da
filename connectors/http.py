"""The one aiohttp session factory, and the one place that turns HTTP faults into our errors."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from models.errors import OutcomeUnknownError, TransientError

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
USER_AGENT = "him-inbox/0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, body read. `json` is None where the body is not JSON (5xx pages in HTML)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any


def open_session(**options: Any) -> aiohttp.ClientSession:
    """A session with our time-outs and user agent. Call inside a running loop; close it after use."""
    return aiohttp.ClientSession(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}, **options)


@asynccontextmanager
async def translated_faults(*, writes: bool) -> AsyncIterator[None]:
    """Turn connection faults into ours: a write that broke off after connecting may have been accepted.

    Raises TransientError, or OutcomeUnknownError where `writes` and the request may have reached the platform.
    """
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise TransientError("platform cannot be reached") from error
    except (TimeoutError, aiohttp.ServerTimeoutError) as error:
        raise _broken_off("platform did not answer in time", writes=writes) from error
    except aiohttp.ClientError as error:
        raise _broken_off(f"connection broke off ({type(error).__name__})", writes=writes) from error


async def request(
    session: aiohttp.ClientSession, method: str, url: str, *, writes: bool | None = None, **options: Any
) -> Answer:
    """One request, its body read. Status codes are the caller's to judge. Raises as `translated_faults`."""
    async with translated_faults(writes=method != "GET" if writes is None else writes):
        async with session.request(method, url, **options) as response:
            body = await response.read()
            return Answer(response.status, response.headers, body, _json(body))


def _broken_off(detail: str, *, writes: bool) -> OutcomeUnknownError | TransientError:
    return OutcomeUnknownError(detail) if writes else TransientError(detail)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
