"""Settings in, everything plugged together out. The one place that knows every room."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis

from bots.classification import ClassifierProcess
from bots.poller import Poller
from bots.queues.local import LocalBus, LocalLease, LocalQueue
from bots.queues.redis_streams import RedisBus, RedisLease, RedisQueue
from bots.secret_files import FileSecretStore
from bots.sender import Sender
from bots.settings import Settings, seed_of
from bots.worker import Sweeper, Worker
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
from inbox.knowledge.search import ArticleIndex
from inbox.repositories import accounts
from inbox.services import organisation
from inbox.web.desk import Desk
from models import schema
from models.clock import SystemClock
from models.db import Database
from models.ports import Clock, Connector, JobQueue, Lease, LiveBus, SecretStore
from models.profile import Profile, load_profile
from models.tables import Account

WORKERS = 2
"""Workers per process: one waits for the classifier while the other writes."""


@dataclass(slots=True, kw_only=True)
class Installation:
    """Everything of one process, ready to run roles."""

    settings: Settings
    clock: Clock
    profile: Profile
    database: Database
    queue: JobQueue
    bus: LiveBus
    lease: Lease
    secrets: SecretStore
    connectors: dict[int, Connector] = field(default_factory=dict)

    async def close(self) -> None:
        """Give back connections."""
        for connector in self.connectors.values():
            await connector.close()
        await self.queue.close()
        await self.bus.close()
        await self.database.close()


async def open_installation(settings: Settings, *, clock: Clock | None = None) -> Installation:
    """Open database and queue, bring the schema up, seed what the profile and the environment give."""
    database = Database(settings.effective_database_url)
    await schema.upgrade(database.engine)
    queue, bus, lease = _wiring(settings.redis_url)
    installation = Installation(
        settings=settings,
        clock=clock or SystemClock(),
        profile=load_profile(settings.profile),
        database=database,
        queue=queue,
        bus=bus,
        lease=lease,
        secrets=FileSecretStore(settings.data_dir / "secrets.json"),
    )
    async with database.write() as session:
        await organisation.seed(session, installation.profile)
    for platform in PLATFORMS.values():
        if (seed := seed_of(platform)) is not None:
            await add_account(installation, seed, name=platform.facts.title)
    await connect_accounts(installation)
    return installation


def _wiring(redis_url: str) -> tuple[JobQueue, LiveBus, Lease]:
    if not redis_url:
        return LocalQueue(), LocalBus(), LocalLease()
    redis = Redis.from_url(redis_url, decode_responses=True)
    return RedisQueue(redis), RedisBus(redis), RedisLease(redis)


async def add_account(installation: Installation, settings: AccountSettings, *, name: str) -> int:
    """Make or refresh the account that these settings belong to; its id. Secrets go to the secret store."""
    async with installation.database.write() as session:
        account = await accounts.ensure_account(
            session,
            Account(
                channel=settings.channel,
                external_id=settings.account_id,
                name=name,
                settings=settings.public_values(),
                created_at=installation.clock.now(),
            ),
        )
    account_id = account.id or 0
    installation.secrets.put(f"account-{account_id}", settings.secret_values())
    return account_id


async def connect_accounts(installation: Installation) -> None:
    """Build a connector for every account that is set up and enabled."""
    async with installation.database.read() as session:
        known = await accounts.all_accounts(session)
    for account in known:
        if not account.enabled or account.id in installation.connectors:
            continue
        platform = PLATFORMS[account.channel]
        secrets = installation.secrets.get(f"account-{account.id}")
        settings = platform.settings(**{**account.settings, **secrets})
        installation.connectors[account.id or 0] = platform.build(settings, installation.clock)


def desk_of(installation: Installation) -> Desk:
    """What the pages may reach."""
    return Desk(
        database=installation.database,
        clock=installation.clock,
        profile=installation.profile,
        queue=installation.queue,
        bus=installation.bus,
        connectors=installation.connectors,
    )


def pollers(installation: Installation) -> list[Callable[[], Awaitable[None]]]:
    """One task per account that is polled."""
    return [
        Poller(
            account_id=account_id,
            connector=connector,
            database=installation.database,
            queue=installation.queue,
            bus=installation.bus,
            lease=installation.lease,
            clock=installation.clock,
        ).run
        for account_id, connector in installation.connectors.items()
        if connector.facts.streams
    ]


def senders(installation: Installation) -> list[Callable[[], Awaitable[None]]]:
    """One task per account."""
    return [
        Sender(
            account_id=account_id,
            connector=connector,
            database=installation.database,
            bus=installation.bus,
            clock=installation.clock,
        ).run
        for account_id, connector in installation.connectors.items()
    ]


def workers(installation: Installation, classifier: ClassifierProcess) -> list[Callable[[], Awaitable[None]]]:
    """Workers and the sweeper of this process."""
    articles = ArticleIndex.of_folder(installation.profile.knowledge_folder)
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


async def run_all(tasks: list[Callable[[], Awaitable[None]]]) -> None:
    """Run until one fails or all are cancelled."""
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task())  # type: ignore[arg-type]
