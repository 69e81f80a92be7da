"""Fetches files that citizens sent, by address: public hosts alone, an address inside our own net is refused."""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from connectors.http import open_session, translated_faults
from models.errors import RateLimitedError, RequestRefusedError, TransientError

MOST_REDIRECTS = 3
CHUNK = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TRY_AGAIN = frozenset({408, 425})
ADDRESS_REFUSED = "address"
TOO_LARGE = "too_large"
GONE = "gone"
"""Codes of RequestRefusedError: what the address names is not reached, not taken, not there any more."""


def is_public(address: str) -> bool:
    """True for an address of the open internet; IPv4 addresses inside IPv6 ones count as what they are."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PublicResolver(AbstractResolver):
    """Names that lead to a private address lead nowhere. Asked at connecting, so that a second answer cannot differ."""

    def __init__(self, trusted: str) -> None:
        self._trusted = trusted
        self._resolver: ThreadedResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self._resolver = self._resolver or ThreadedResolver()
        found = await self._resolver.resolve(host, port, family)
        if host != self._trusted and not all(is_public(one["host"]) for one in found):
            raise RequestRefusedError("the file's address leads into our own net", code=ADDRESS_REFUSED)
        return found

    async def close(self) -> None:
        if self._resolver:
            await self._resolver.close()


class Downloader:
    """Files of one platform.

    `base_url` is the platform's own address. Where that is a private one (a simulator, an own server), its host may be
    reached in spite of that, and no other host at all.
    """

    def __init__(self, base_url: str) -> None:
        self._host = urlsplit(base_url).hostname or ""
        self._only_own = _is_private_name(self._host)
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, *, most: int, headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes, at most `most`. `headers` go to the host of `url` alone, not where it leads on to.

        Raises RequestRefusedError with a code of this module, RateLimitedError, TransientError.
        """
        for _ in range(MOST_REDIRECTS + 1):
            self._check(url)
            async with translated_faults(writes=False):
                async with self._opened().get(url, headers=headers, allow_redirects=False) as response:
                    if response.status not in REDIRECTS:
                        return await _read(response, most)
                    target = urljoin(url, response.headers.get("Location", ""))
            headers = headers if urlsplit(target).netloc == urlsplit(url).netloc else None
            url = target
        raise RequestRefusedError("the file's address leads in circles", code=ADDRESS_REFUSED)

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=PublicResolver(self._host), use_dns_cache=False)
            self._session = open_session(
                connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _check(self, url: str) -> None:
        """Numeric addresses never meet the resolver: they are judged here."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise RequestRefusedError("the file's address cannot be read", code=ADDRESS_REFUSED) from error
        if host and host == self._host and parts.scheme in ("http", "https"):
            return
        allowed = parts.scheme == "https" and port in (None, 443) and not parts.username and not self._only_own
        if not host or not allowed or _is_private_name(host):
            raise RequestRefusedError("the file's address may not be reached", code=ADDRESS_REFUSED)


def _is_private_name(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    _judge(response.status)
    if (response.content_length or 0) > most:
        raise _too_large(most)
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _judge(status: int) -> None:
    if status == 429:
        raise RateLimitedError("too many downloads", code=str(status))
    if status >= 500 or status in TRY_AGAIN:
        raise TransientError(f"the file's host has a passing fault (HTTP {status})", code=str(status))
    if status != 200:
        raise RequestRefusedError(f"the file is not there any more (HTTP {status})", code=GONE)


def _too_large(most: int) -> RequestRefusedError:
    return RequestRefusedError(f"the file is larger than {most // 1024} KB", code=TOO_LARGE)
