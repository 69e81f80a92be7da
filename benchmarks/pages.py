"""How long fifty agents wait for a page, with ten thousand to a million applications, on SQLite and PostgreSQL.

Each agent asks for one page every five seconds on average, for some seconds, in a random order of kinds. The table
gives how many lines a list showed on average, the median and the 95th percentile in milliseconds, and how both grew
since the smallest size. Filters and words fill a page in the small city, too: more lines take longer, and the growth
asked for is that of the data. Reference: `/health`, asked in the same run. Every page has the rail with the counts of
thirty saved views; `counts` is the rail alone, as an open page asks for it anew. Databases are kept for further runs in
the folder that `--keep` names.
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
from contextlib import AsyncExitStack, ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import aiohttp
from sqlalchemy import text
from sqlmodel import select

from benchmarks import city
from inbox.services import people
from models import schema
from models.db import Database
from models.profile import load_profile
from models.tables import User
from tests import servers

SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 40.0
PROCESSES = {"sqlite": 1, "postgresql": 2}
"""Of pages: SQLite's is the installation in one process, PostgreSQL's has as many as this machine has cores."""
WARM_UP = 10
"""Rounds of every kind that do not count: statements and templates are compiled by then."""
PAUSE = 5.0
"""Seconds between two pages of one agent, on average: people read for as long as it takes them."""
WORDS = ("çukur", "köpek", "su yok", "otobüs", "park", "sokak", "hım-2026-0000777")
FILTERS = (
    "channel=whatsapp&sort=due",
    "unit=izsu&sort=old",
    "view=everything&topic=sokak_hayvani&sort=old",
    "view=everything&topic=yol_bozuk&sort=new",
    "view=everything&district=Karşıyaka&sort=new",
    "view=closed&unit=eshot&sort=new",
)
"""Among the open applications, and in the archive."""
LINE = b'<li id="row-'


class Asked(NamedTuple):
    """A page that was asked for: how long it took, and how many lines of a list it had."""

    milliseconds: float
    lines: int


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = options.keep or Path(thrown_away)
        folder.mkdir(parents=True, exist_ok=True)
        for system in options.systems:
            with ExitStack() as stack:
                place = str(folder)
                if system == "postgresql":
                    (folder / system).mkdir(exist_ok=True)
                    place = stack.enter_context(servers.postgres(folder / system))
                _system(system, place, sizes=options.sizes, seconds=options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.pages")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--systems", nargs="+", default=("sqlite", "postgresql"), choices=("sqlite", "postgresql"))
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given, _ = parser.parse_known_args([one for one in sys.argv[1:] if one != "pages"])
    return given


def _system(system: str, place: str, *, sizes: list[int], seconds: float) -> None:
    first: dict[str, tuple[float, float]] = {}
    print(
        f"{system}\n{'applications':>13} {'page':<10} {'n':>5} {'lines':>6} {'p50 ms':>8} {'p95 ms':>8}"
        f" {'growth of p50, p95':>20}"
    )
    for size in sizes:
        url = asyncio.run(_database(place, size))
        tokens = asyncio.run(_log_in(url))
        with ExitStack() as stack:
            addresses = [stack.enter_context(_server(url)) for _ in range(PROCESSES[system])]
            times = asyncio.run(_load(addresses, tokens, size=size, seconds=seconds))
        for kind, asked in sorted(times.items()):
            taken = [one.milliseconds for one in asked]
            lines = sum(one.lines for one in asked) / len(asked)
            found = _percentile(taken, 0.5), _percentile(taken, 0.95)
            first.setdefault(kind, found)
            growth = [now / before for now, before in zip(found, first[kind], strict=True)]
            print(
                f"{size:>13,} {kind:<10} {len(taken):>5} {lines:>6.1f} {found[0]:>8.1f} {found[1]:>8.1f}"
                f" {growth[0]:>12.2f} {growth[1]:>7.2f}",
                flush=True,
            )


async def _database(place: str, size: int) -> str:
    """The URL of a city of that size; it is built where it is not there. An unfinished one never has its name."""
    if not place.startswith("postgresql"):
        path = Path(place) / f"city-{size}.sqlite3"
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            await _build(f"sqlite:///{unfinished}", size=size)
            unfinished.rename(path)
        return f"sqlite:///{path}"
    name = f"city_{size}"
    admin = Database(f"{place}/postgres")
    async with admin.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        there = await connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if there.first() is None:
            await connection.execute(text("DROP DATABASE IF EXISTS unfinished"))
            await connection.execute(text("CREATE DATABASE unfinished"))
            await _build(f"{place}/unfinished", size=size)
            await connection.execute(text(f"ALTER DATABASE unfinished RENAME TO {name}"))
    await admin.close()
    return f"{place}/{name}"


async def _build(url: str, *, size: int) -> None:
    database = Database(url)
    await city.build(database, profile=load_profile("izmir"), size=size)
    await database.close()


async def _log_in(url: str) -> list[str]:
    """Session tokens of the agents; a kept database is brought to the newest schema."""
    database = Database(url)
    await schema.upgrade(database.engine)
    async with database.write() as session:
        agents = (await session.exec(select(User))).all()
        tokens = [await people.log_in(session, agent, now=city.NOW) for agent in agents]
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


async def _load(addresses: list[str], tokens: list[str], *, size: int, seconds: float) -> dict[str, list[Asked]]:
    """By kind of page. The first rounds warm up and do not count."""
    times: dict[str, list[Asked]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(aiohttp.ClientSession(address)) for address in addresses]
        for http in doors:
            for _kind, path in _paths(size, random.Random(1), rounds=WARM_UP):
                await _ask(http, path, tokens[0], [])
        end = time.monotonic() + seconds
        turns = zip(tokens, cycle(doors), strict=False)
        await asyncio.gather(
            *(_agent(http, token, n, size=size, end=end, times=times) for n, (token, http) in enumerate(turns))
        )
    return times


async def _agent(
    http: aiohttp.ClientSession, token: str, number: int, *, size: int, end: float, times: dict[str, list[Asked]]
) -> None:
    chance = random.Random(number)
    await asyncio.sleep(PAUSE * number / city.AGENTS)
    while time.monotonic() < end:
        kind, path = chance.choice(list(_paths(size, chance, rounds=1)))
        await _ask(http, path, token, times[kind])
        await asyncio.sleep(chance.uniform(0, 2 * PAUSE))


def _paths(size: int, chance: random.Random, *, rounds: int) -> Iterator[tuple[str, str]]:
    kinds = cycle(("list", "filtered", "search", "page", "counts", "health"))
    for _ in range(rounds * 6):
        kind = next(kinds)
        yield (
            kind,
            {
                "list": "/inbox",
                "filtered": f"/inbox?{chance.choice(FILTERS)}",
                "search": f"/inbox?view=everything&q={chance.choice(WORDS)}",
                "page": f"/applications/{chance.randrange(1, size)}",
                "counts": f"/inbox/fresh?mark={max(0, size - 50)}",
                "health": "/health",
            }[kind],
        )


async def _ask(http: aiohttp.ClientSession, path: str, token: str, times: list[Asked]) -> None:
    started = time.perf_counter()
    async with http.get(path, cookies={"him_session": token}, allow_redirects=False) as answer:
        page = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    times.append(Asked((time.perf_counter() - started) * 1000, lines=page.count(LINE)))


def _percentile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(share * len(taken)))]


if __name__ == "__main__":
    main()
