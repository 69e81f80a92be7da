"""`demo`: simulators, scripted citizens, everything on."""

import argparse
import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

import uvloop

from bots.demo import Demo, DemoPlan, write_ledger
from bots.settings import load_settings
from bots.watchdog import Watchdog
from models.errors import InputError

FAST, REAL = 60.0, 1.0
DEFAULT_MESSAGES = 300
GRACE = 100.0
"""Real seconds after the time is up, for the drain, the recount and a machine that is busy."""


def run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    if options.seconds is not None and options.seconds < 10:
        raise InputError("--for needs at least 10 seconds")
    plan = DemoPlan(
        seconds=options.seconds,
        messages=options.messages or DEFAULT_MESSAGES,
        speed=options.speed or (FAST if options.seconds else REAL),
        started=started,
    )
    demo = Demo(load_settings(), plan)
    counts = uvloop.run(_until_stopped(demo))
    if options.ledger:
        write_ledger(demo.ledger, Path(options.ledger))
    if counts is not None:
        print(json.dumps(counts, ensure_ascii=False) if options.json else _readable(counts))
    return 0


async def _until_stopped(demo: Demo) -> dict[str, Any] | None:
    if demo.plan.seconds is not None:
        Watchdog(demo.plan.seconds_left + GRACE).start()
    running = asyncio.create_task(demo.run())
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        return None


def _readable(counts: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in counts.items())
