"""What each role of an installation runs: pollers, senders, workers and what looks after them. Owns nothing."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bots.account_credentials import AccountCredentials, settings_of
from bots.classification import ClassifierProcess
from bots.clock import DeskClock
from bots.compose import Installation, connect_accounts
from bots.destruction import Destroyer
from bots.downloader import AttachmentDownloader
from bots.drift_watch import DriftWatch
from bots.keeper import Keeper
from bots.lookups import WordFinder
from bots.notifier import PageNotifier, WebhookNotifier
from bots.poller import Poller
from bots.reconciler import Reconciler
from bots.reporter import Reporter
from bots.sender import Sender
from bots.worker import Sweeper, Worker
from connectors.registry import PLATFORMS
from inbox.knowledge.shelf import Shelf
from models.ports import Connector
from models.tables import Account

log = logging.getLogger(__name__)

Task = Callable[[], Coroutine[Any, Any, None]]
FOLLOW_SECONDS = 5.0
"""Real seconds until a process hears of an account that was connected elsewhere."""
HISTORY_SETTINGS = ("first_hours", "look_back_hours")
"""How the platforms' settings call the hours to look back."""
WORKERS = 2
"""Workers per process: one waits for the classifier while the other writes."""


def pollers(installation: Installation) -> list[Task]:
    """What receives: a poller for each account that is polled, the comparison with the lists, files, words."""
    return [
        lambda: attend(installation, _poller),
        _reconciler(installation).run,
        _downloader(installation).run,
        _word_finder(installation).run,
    ]


def senders(installation: Installation) -> list[Task]:
    """A sender for each account."""
    return [lambda: attend(installation, _sender)]


def keepers(installation: Installation) -> list[Task]:
    """What looks after the accounts themselves, whether they are well, and after the classifier."""
    keeper = Keeper(
        credentials=AccountCredentials(
            database=installation.database,
            secrets=installation.secrets,
            lease=installation.lease,
            clock=installation.clock,
        ),
        database=installation.database,
        bus=installation.bus,
        lease=installation.lease,
        clock=installation.clock,
        profile=installation.profile,
    )
    watch = DriftWatch(
        database=installation.database,
        lease=installation.lease,
        clock=installation.clock,
        profile=installation.profile,
    )
    return [keeper.run, watch.run]


def clocks(installation: Installation) -> list[Task]:
    """What time alone brings about: alarms, reminders, dates, take-overs, incidents, surveys, destruction."""
    address = installation.settings.management_webhook
    clock = DeskClock(
        database=installation.database,
        bus=installation.bus,
        lease=installation.lease,
        clock=installation.clock,
        profile=installation.profile,
        notifier=WebhookNotifier(address) if address else PageNotifier(),
    )
    destroyer = Destroyer(
        database=installation.database, lease=installation.lease, clock=installation.clock, profile=installation.profile
    )
    return [clock.run, destroyer.run]


def reporters(installation: Installation) -> list[Task]:
    """What counts the days for the reports."""
    reporter = Reporter(
        database=installation.database, lease=installation.lease, clock=installation.clock, profile=installation.profile
    )
    return [reporter.run]


def followers(installation: Installation) -> list[Task]:
    """What every process needs: to hear of accounts that came, changed or went."""
    return [lambda: follow_accounts(installation)]


async def follow_accounts(installation: Installation) -> None:
    """Bring the connectors up to date every few seconds."""
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            await connect_accounts(installation)
        except Exception:
            log.exception("reading the accounts failed; the next look follows")


async def attend(installation: Installation, make: Callable[[Installation, int, Connector], Task | None]) -> None:
    """Run one task for each connector that is there, and another one where the connector was built anew."""
    running: dict[int, tuple[Connector, asyncio.Task[None]]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            for account_id, (connector, task) in list(running.items()):
                if installation.connectors.get(account_id) is not connector:
                    task.cancel()
                    del running[account_id]
            for account_id, connector in installation.connectors.items():
                if account_id not in running and (work := make(installation, account_id, connector)):
                    name = f"{role_of(work)} of account {account_id}"
                    running[account_id] = (connector, group.create_task(work(), name=name))
            await asyncio.sleep(FOLLOW_SECONDS / 2)


def _poller(installation: Installation, account_id: int, connector: Connector) -> Task | None:
    if not connector.facts.streams:
        return None
    return Poller(
        account_id=account_id,
        connector=connector,
        database=installation.database,
        queue=installation.queue,
        bus=installation.bus,
        lease=installation.lease,
        clock=installation.clock,
    ).run


def _sender(installation: Installation, account_id: int, connector: Connector) -> Task:
    return Sender(
        account_id=account_id,
        connector=connector,
        database=installation.database,
        bus=installation.bus,
        clock=installation.clock,
        limiter=installation.limiter,
        files=installation.files,
        lease=installation.lease,
        profile=installation.profile,
    ).run


def _downloader(installation: Installation) -> AttachmentDownloader:
    return AttachmentDownloader(
        connectors=installation.connectors,
        database=installation.database,
        files=installation.files,
        bus=installation.bus,
        clock=installation.clock,
        pictures=installation.pictures,
    )


def _word_finder(installation: Installation) -> WordFinder:
    return WordFinder(
        connectors=installation.connectors,
        database=installation.database,
        queue=installation.queue,
        bus=installation.bus,
        clock=installation.clock,
    )


def _reconciler(installation: Installation) -> Reconciler:
    return Reconciler(
        build=lambda account, hours: _list_reader(installation, account, hours),
        database=installation.database,
        queue=installation.queue,
        bus=installation.bus,
        lease=installation.lease,
        clock=installation.clock,
    )


def _list_reader(installation: Installation, account: Account, hours: int) -> Connector | None:
    """A connector of its own that begins so many hours ago; None where the platform has no list to read."""
    platform = PLATFORMS[account.channel]
    if not platform.facts.recounted_streams:
        return None
    settings = settings_of(account, installation.secrets)
    history = {name: hours for name in HISTORY_SETTINGS if name in platform.settings.model_fields}
    return platform.build(settings.model_copy(update=history), installation.clock)


def workers(installation: Installation, classifier: ClassifierProcess) -> list[Task]:
    """Workers and the sweeper of this process."""
    articles = Shelf(installation.profile.knowledge_folder)
    made = [
        Worker(
            database=installation.database,
            queue=installation.queue,
            bus=installation.bus,
            clock=installation.clock,
            profile=installation.profile,
            classify=classifier.classify,
            articles=articles,
        ).run
        for _ in range(WORKERS)
    ]
    sweeper = Sweeper(database=installation.database, queue=installation.queue, clock=installation.clock)
    return [*made, sweeper.run]


async def run_all(tasks: list[Task]) -> None:
    """Run until one fails or all are cancelled."""
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task(), name=role_of(task))


def role_of(task: Task) -> str:
    """What a task is called where somebody asks what hangs."""
    owner = getattr(task, "__self__", None)
    return type(owner).__name__ if owner is not None else task.__qualname__
