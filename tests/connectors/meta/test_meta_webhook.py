"""The simulated webhook behaves as Meta's does: an address proves itself first, and only 200 ends a push."""

from datetime import UTC, datetime

from aiohttp import web

from connectors.simulation import MetaWebhook, SimulatorServer
from models.clock import StillClock


async def test_an_address_proves_itself_and_a_body_comes_until_it_is_taken():
    seen, refusals = [], {"GET": 1, "POST": 2}

    async def take(request: web.Request) -> web.Response:
        seen.append((request.method, await request.read()))
        if refusals[request.method]:
            refusals[request.method] -= 1
            return web.Response(status=403)
        return web.Response(text=request.query.get("hub.challenge", ""))

    app = web.Application()
    app.router.add_route("*", "/", take)
    server = SimulatorServer(app)
    await server.start()
    webhook = MetaWebhook(app_secret="s", verify_token="v", clock=StillClock(datetime(2026, 11, 23, tzinfo=UTC)))
    webhook.url = server.base_url
    accepted = []
    webhook.push({"entry": []}, on_accepted=lambda: accepted.append(1))
    await webhook.settle()
    await webhook.stop()
    await server.stop()
    body = ("POST", b'{"entry":[]}')
    assert (seen, accepted) == ([("GET", b""), ("GET", b""), body, body, body], [1])
