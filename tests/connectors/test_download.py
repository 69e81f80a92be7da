"""Files are fetched from the open internet and from a simulator, never from inside our own net."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from connectors.download import ADDRESS_REFUSED, GONE, TOO_LARGE, Downloader, PublicResolver, is_public
from connectors.simulation import SimulatorServer
from models.errors import RateLimitedError, RequestRefusedError, TransientError

PUBLIC_BASE = "https://graph.facebook.com"
FORBIDDEN = [
    "http://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:8000/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://10.1.2.3/",
    "https://192.168.0.1/x",
    "https://100.64.0.1/",
    "https://localhost/x",
    "https://db.internal/x",
    "https://example.org:8443/x",
    "https://name@example.org/x",
    "http://example.org/x",
    "ftp://example.org/x",
    "file:///etc/passwd",
    "https:///x",
    "https://example.org:99999/x",
    "https://[bad/",
    "",
]


@pytest.fixture
async def host() -> AsyncIterator[SimulatorServer]:
    """Serves a file, and answers that lead elsewhere or fail."""
    seen: list[str | None] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("Authorization"))
        match request.match_info["what"]:
            case "file":
                return web.Response(body=b"x" * 1000)
            case "stream":
                return await _endless(request)
            case "hop":
                return web.Response(status=302, headers={"Location": "/file"})
            case "inside":
                return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})
            case "circle":
                return web.Response(status=302, headers={"Location": "/circle"})
            case status:
                return web.Response(status=int(status))

    app = web.Application()
    app.router.add_get("/{what}", serve)
    server = SimulatorServer(app)
    await server.start()
    server.seen = seen  # type: ignore[attr-defined]
    yield server
    await server.stop()


async def _endless(request: web.Request) -> web.StreamResponse:
    """No length is told beforehand."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(40):
        await answer.write(b"x" * 1000)
    return answer


@pytest.fixture
async def downloader(host: SimulatorServer) -> AsyncIterator[Downloader]:
    opened = Downloader(host.base_url)
    yield opened
    await opened.close()


async def test_bytes_up_to_the_limit(host: SimulatorServer, downloader: Downloader) -> None:
    assert len(await downloader.get(f"{host.base_url}/file", most=1000)) == 1000
    assert len(await downloader.get(f"{host.base_url}/hop", most=1000)) == 1000


@pytest.mark.parametrize("what", ["file", "stream"])
async def test_larger_files_are_not_read_to_the_end(host: SimulatorServer, downloader: Downloader, what: str) -> None:
    with pytest.raises(RequestRefusedError) as caught:
        await downloader.get(f"{host.base_url}/{what}", most=999)
    assert caught.value.code == TOO_LARGE


@pytest.mark.parametrize("what", ["inside", "circle"])
async def test_leading_on_is_checked_anew(host: SimulatorServer, downloader: Downloader, what: str) -> None:
    with pytest.raises(RequestRefusedError) as caught:
        await downloader.get(f"{host.base_url}/{what}", most=10_000)
    assert caught.value.code == ADDRESS_REFUSED


async def test_credentials_stay_with_their_host(host: SimulatorServer, downloader: Downloader) -> None:
    await downloader.get(f"{host.base_url}/hop", most=1000, headers={"Authorization": "Bearer x"})
    assert host.seen == ["Bearer x", "Bearer x"]  # type: ignore[attr-defined]


async def test_failures_by_class(host: SimulatorServer, downloader: Downloader) -> None:
    expected = {404: RequestRefusedError, 403: RequestRefusedError, 500: TransientError, 429: RateLimitedError}
    for status, kind in expected.items():
        with pytest.raises(kind) as caught:
            await downloader.get(f"{host.base_url}/{status}", most=10)
        assert caught.value.code == (GONE if kind is RequestRefusedError else str(status))


@pytest.mark.parametrize("url", FORBIDDEN)
async def test_forbidden_addresses(url: str) -> None:
    downloader = Downloader(PUBLIC_BASE)
    with pytest.raises(RequestRefusedError) as caught:
        await downloader.get(url, most=10)
    assert caught.value.code == ADDRESS_REFUSED
    await downloader.close()


async def test_beside_a_simulator_nothing_else_is_reached(downloader: Downloader) -> None:
    with pytest.raises(RequestRefusedError):
        await downloader.get("https://example.org/x.jpg", most=10)


async def test_a_name_that_leads_inside_is_refused_at_connecting() -> None:
    resolver = PublicResolver("graph.facebook.com")
    with pytest.raises(RequestRefusedError):
        await resolver.resolve("localhost", 443)
    await resolver.close()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a03:2880:f10c::1", True),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
