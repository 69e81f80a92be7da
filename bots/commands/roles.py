"""The default command and each role alone: everything on, for the accounts that are configured."""

import argparse
import asyncio
import signal
import sys

import uvloop

from bots.account_office import office_desk
from bots.classification import ClassifierProcess
from bots.compose import Installation, open_installation
from bots.pages import PageServer, keep_what_is_loaded
from bots.roles import Task, clocks, followers, keepers, pollers, reporters, run_all, senders, workers
from bots.settings import load_settings
from models.errors import InputError


def run(options: argparse.Namespace) -> int:
    uvloop.run(_serve(options.role))
    return 0


async def _serve(role: str | None) -> None:
    installation = await open_installation(load_settings())
    if role and not installation.settings.redis_url:
        await installation.close()
        raise InputError("a single role needs REDIS_URL (and a DATABASE_URL that all roles share)")
    _say_what_is_missing(installation)
    classifier = None
    if role in (None, "worker"):
        classifier = ClassifierProcess(installation.settings.data_dir / "model", profile=installation.settings.profile)
        await classifier.start()
    try:
        await run_until_stopped(tasks_of(installation, role, classifier))
    finally:
        if classifier:
            classifier.close()
        await installation.close()


def tasks_of(installation: Installation, role: str | None, classifier: ClassifierProcess | None) -> list[Task]:
    """What a role runs; without a role, everything."""
    tasks: list[Task] = followers(installation)
    if role in (None, "web"):
        tasks.append(lambda: serve_pages(installation))
    if role in (None, "poller"):
        tasks += pollers(installation)
    if classifier is not None:
        tasks += workers(installation, classifier)
    if role in (None, "sender"):
        tasks += senders(installation)
    if role in (None, "clock"):
        tasks += [*keepers(installation), *clocks(installation)]
    if role in (None, "reporter"):
        tasks += reporters(installation)
    return tasks


async def serve_pages(installation: Installation) -> None:
    """Serve pages and webhooks until cancelled."""
    settings = installation.settings
    server = PageServer(office_desk(installation), host=settings.host, port=settings.port)
    await server.start()
    keep_what_is_loaded()
    print(server.address, file=sys.stderr)
    try:
        await server.wait()
    finally:
        await server.stop()


async def run_until_stopped(tasks: list[Task]) -> None:
    """Run tasks until SIGINT or SIGTERM."""
    running = asyncio.create_task(run_all(tasks))
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return


def _say_what_is_missing(installation: Installation) -> None:
    if not installation.connectors:
        print(
            "No account is configured: set the variables of at least one platform (README, «Real accounts»).",
            file=sys.stderr,
        )
