"""A timed run ends, even where the loop itself is blocked, and says which role hung."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = """
import asyncio, time
from bots.roles import run_all
from bots.watchdog import Watchdog

class Sender:
    async def run(self):
        {hang}

async def main():
    Watchdog({seconds}).start()
    await run_all([Sender().run])

asyncio.run(main())
"""


def run(hang: str, *, seconds: float = 0.5) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RUN.format(hang=hang, seconds=seconds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("hang", ["await asyncio.Event().wait()", "time.sleep(600)"])
def test_what_hangs_is_named(hang: str) -> None:
    ended = run(hang)
    assert ended.returncode == 1
    assert "Sender: Sender.run" in ended.stderr


def test_what_ends_in_time_is_left_alone() -> None:
    assert run("return", seconds=30).returncode == 0
