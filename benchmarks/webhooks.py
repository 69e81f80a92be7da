"""How long a webhook waits for its answer over loopback while poller, worker and sender are at work.

Reference: the same bodies posted to a bare aiohttp server in the same run.
"""

import asyncio
import hashlib
import hmac
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.faults import FaultPlan, FaultRun, Product
from bots.settings import load_settings
from connectors.simulation import SimulatorServer
from connectors.whatsapp.simulator import APP_SECRET, PHONE_NUMBER_ID, WABA_ID
from models.enums import ChannelName

SECONDS = 40
MESSAGES = 240
"""Written by citizens on all five channels meanwhile: polled or pushed, classified, acknowledged."""
EVERY = 0.1
"""Seconds between two measured pushes."""
START_WITHIN = 180.0


def main() -> None:
    model = load_settings().data_dir / "model"
    with tempfile.TemporaryDirectory() as folder:
        run = FaultRun(FaultPlan(messages=MESSAGES, kills=0, speed=20.0), Path(folder), model.resolve())
        pushes, bare = asyncio.run(_run(run))
    print(f"{'':>24} {'p50':>8} {'p95':>8} {'most':>8}")
    for name, times in (("webhook under load", pushes), ("bare aiohttp", bare)):
        middle, late = statistics.median(times), _percentile(times, 95)
        print(f"{name:>24} {middle * 1000:>6.1f}ms {late * 1000:>6.1f}ms {max(times) * 1000:>6.1f}ms")
    ratio = statistics.median(pushes) / statistics.median(bare)
    print(f"{len(pushes)} pushes beside {MESSAGES} messages in {SECONDS} s; p50 is {ratio:.1f} times the bare server's")
    print(f"{os.getloadavg()[0]:.0f} processes waited for {os.cpu_count()} cores in the last minute")


async def _run(run: FaultRun) -> tuple[list[float], list[float]]:
    for simulator in run.simulators.values():
        await simulator.start()
    product = Product(run.write_plan(), run.folder / "product.log")
    product.start()
    url = run.simulators[ChannelName.WHATSAPP]._webhook.url  # type: ignore[attr-defined]
    reference = await _bare_server()
    try:
        async with aiohttp.ClientSession() as session:
            await _until_ready(session, url.replace("/webhooks/whatsapp", "/health"), product)
            citizens = asyncio.create_task(run.play())
            await asyncio.sleep(3)
            pushes, bare = list[float](), list[float]()
            end = time.monotonic() + SECONDS - 3
            while time.monotonic() < end:
                body = _body(len(pushes))
                pushes.append(await _post(session, url, body))
                bare.append(await _post(session, f"{reference.base_url}/hook", body))
                await asyncio.sleep(EVERY)
            citizens.cancel()
            await asyncio.gather(citizens, return_exceptions=True)
        return pushes, bare
    finally:
        product.stop()
        await reference.stop()
        for simulator in run.simulators.values():
            await simulator.stop()


async def _bare_server() -> SimulatorServer:
    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="OK")

    app = web.Application()
    app.router.add_post("/hook", take)
    server = SimulatorServer(app)
    await server.start()
    return server


async def _until_ready(session: aiohttp.ClientSession, url: str, product: Product) -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end:
        product.require_alive()
        try:
            async with session.get(url):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.2)
    raise RuntimeError("the product did not start in time")


async def _post(session: aiohttp.ClientSession, url: str, body: bytes) -> float:
    """Seconds from the request to its whole answer."""
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
    started = time.perf_counter()
    async with session.post(url, data=body, headers=headers) as response:
        await response.read()
        response.raise_for_status()
    return time.perf_counter() - started


def _body(number: int) -> bytes:
    """A new text of one of forty citizens."""
    phone = f"90500{number % 40:07}"
    message = {"from": phone, "id": f"wamid.bench{number}", "timestamp": str(int(time.time())), "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "902325550153", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": "Hemşehri"}, "wa_id": phone}],
        "messages": [message | {"text": {"body": f"Sokağımızda su akmıyor, {number}. kez yazıyorum"}}],
    }
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": [change]}]}).encode()


def _percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
