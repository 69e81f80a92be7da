"""How long fifty agents wait for a page, with ten thousand to a million applications, on SQLite and PostgreSQL.

Each agent asks for one page every five seconds, for some seconds, in a random order of kinds. The table gives the
median and the 95th percentile in milliseconds, and how both grew since the smallest size. Reference: `/health`,
asked in the same run.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import aiohttp
from sqlalchemy import text

from benchmarks.city import NOW, build
from inbox.services import people
from models.db import Database
from models.enums import Role
from models.profile import load_profile
from models.tables import User
from tests import servers

SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 40.0
AGENTS = 50
PAUSE = 5.0
"""Seconds between two pages of one agent."""
WORDS = ("çukur", "su kesintisi", "otobüs gelmedi", "köpek", "park bank", "hım-2026-0000777", "1671 sokak", "gürültü")
TOPICS = ("su_kesintisi", "yol_bozuk", "otobus_sefer", "cop_toplama", "sokak_hayvani")


def main() -> None:
    options = _options()
    for system in options.systems:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            place = stack.enter_context(servers.postgres(Path(folder))) if system == "postgresql" else folder
            _system(system, place, sizes=options.sizes, seconds=options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.pages")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--systems", nargs="+", default=("sqlite", "postgresql"), choices=("sqlite", "postgresql"))
    parser.add_argument("--seconds", type=float, default=SECONDS)
    return parser.parse_args(sys.argv[1:] if __name__ == "__main__" else [])


def _system(system: str, place: str, *, sizes: list[int], seconds: float) -> None:
    first: dict[str, tuple[float, float]] = {}
    print(
        f"{system}\n{'applications':>13} {'page':<10} {'n':>5} {'p50 ms':>8} {'p95 ms':>8} {'growth of p50, p95':>20}"
    )
    for size in sizes:
        url = f"sqlite:///{place}/city-{size}.sqlite3" if system == "sqlite" else f"{place}/city_{size}"
        tokens = asyncio.run(_fill(url, size=size))
        with _server(url) as address:
            times = asyncio.run(_load(address, tokens, size=size, seconds=seconds))
        for kind, taken in sorted(times.items()):
            found = _percentile(taken, 0.5), _percentile(taken, 0.95)
            first.setdefault(kind, found)
            growth = [now / before for now, before in zip(found, first[kind], strict=True)]
            print(
                f"{size:>13,} {kind:<10} {len(taken):>5} {found[0]:>8.1f} {found[1]:>8.1f}"
                f" {growth[0]:>12.2f} {growth[1]:>7.2f}",
                flush=True,
            )


async def _fill(url: str, *, size: int) -> list[str]:
    """A city of that size, and the session tokens of its agents."""
    if url.startswith("postgresql"):
        admin = Database(url.rsplit("/", 1)[0] + "/postgres")
        async with admin.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"CREATE DATABASE {url.rsplit('/', 1)[1]}"))
        await admin.close()
    database = Database(url)
    await build(database, profile=load_profile("izmir"), size=size)
    async with database.write() as session:
        agents = [
            User(login=f"a{n}", name=f"Personel {n}", password_hash="", roles=[Role.AGENT.value], created_at=NOW)
            for n in range(AGENTS)
        ]
        session.add_all(agents)
        await session.flush()
        tokens = [await people.log_in(session, agent, now=NOW) for agent in agents]
    await database.close()
    return tokens


@contextmanager
def _server(url: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.page_server", url]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


async def _load(address: str, tokens: list[str], *, size: int, seconds: float) -> dict[str, list[float]]:
    """Milliseconds by kind of page. The first round of every kind warms up and does not count."""
    times: dict[str, list[float]] = defaultdict(list)
    async with aiohttp.ClientSession(address) as http:
        for _kind, path in _paths(size, random.Random(1), rounds=1):
            await _ask(http, path, tokens[0], [])
        end = time.monotonic() + seconds
        await asyncio.gather(
            *(_agent(http, token, number, size=size, end=end, times=times) for number, token in enumerate(tokens))
        )
    return times


async def _agent(
    http: aiohttp.ClientSession, token: str, number: int, *, size: int, end: float, times: dict[str, list[float]]
) -> None:
    chance = random.Random(number)
    await asyncio.sleep(PAUSE * number / AGENTS)
    while time.monotonic() < end:
        kind, path = chance.choice(list(_paths(size, chance, rounds=1)))
        await _ask(http, path, token, times[kind])
        await asyncio.sleep(PAUSE)


def _paths(size: int, chance: random.Random, *, rounds: int) -> Iterator[tuple[str, str]]:
    kinds = cycle(("list", "filtered", "search", "page", "counts", "health"))
    for _ in range(rounds * 6):
        kind = next(kinds)
        yield (
            kind,
            {
                "list": "/inbox",
                "filtered": f"/inbox?topic={chance.choice(TOPICS)}&sort={chance.choice(('due', 'new', 'old'))}",
                "search": f"/inbox?view=everything&q={chance.choice(WORDS)}",
                "page": f"/applications/{chance.randrange(1, size)}",
                "counts": f"/inbox/fresh?mark={max(0, size - 50)}",
                "health": "/health",
            }[kind],
        )


async def _ask(http: aiohttp.ClientSession, path: str, token: str, times: list[float]) -> None:
    started = time.perf_counter()
    async with http.get(path, cookies={"him_session": token}, allow_redirects=False) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    times.append((time.perf_counter() - started) * 1000)


def _percentile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(share * len(taken)))]


if __name__ == "__main__":
    main()
