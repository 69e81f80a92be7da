"""Settings in, everything plugged together out. The one place that knows every room."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from redis.asyncio import Redis

from bots.account_credentials import AccountCredentials, secrets_name, settings_of
from bots.classification import ClassifierProcess
from bots.clock import DeskClock
from bots.destruction import Destroyer
from bots.downloader import AttachmentDownloader
from bots.drift_watch import DriftWatch
from bots.file_folder import FolderFileStore
from bots.keeper import Keeper
from bots.limits import LocalRateLimiter, RedisRateLimiter
from bots.lookups import WordFinder
from bots.mail import SmtpMailer, smtp_server
from bots.notifier import PageNotifier, WebhookNotifier
from bots.oidc import Client, OidcProvider
from bots.picture_process import PictureProcess
from bots.poller import Poller
from bots.queues.local import LocalBus, LocalLease, LocalQueue
from bots.queues.redis_streams import RedisBus, RedisLease, RedisQueue
from bots.reconciler import Reconciler
from bots.reporter import Reporter
from bots.secret_files import FileSecretStore
from bots.sender import Sender
from bots.settings import Settings, seed_of
from bots.worker import Sweeper, Worker
from classifier.shelf import ModelFolders
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
from inbox.knowledge.shelf import Shelf
from inbox.repositories import accounts
from inbox.services import organisation
from inbox.web.desk import Desk
from models import schema
from models.clock import SystemClock
from models.db import Database
from models.errors import InputError
from models.ports import Clock, Connector, FileStore, JobQueue, Lease, LiveBus, Mailer, RateLimiter, SecretStore
from models.profile import Profile, load_profile
from models.single_sign_on import IdentityProvider
from models.tables import Account

log = logging.getLogger(__name__)

Task = Callable[[], Coroutine[Any, Any, None]]
FOLLOW_SECONDS = 5.0
"""Real seconds until a process hears of an account that was connected elsewhere."""
HISTORY_SETTINGS = ("first_hours", "look_back_hours")
"""How the platforms' settings call the hours to look back."""
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
    limiter: RateLimiter
    secrets: SecretStore
    files: FileStore
    connectors: dict[int, Connector] = field(default_factory=dict)
    connected: dict[int, AccountSettings] = field(default_factory=dict)
    """The settings with which each connector was built."""
    pictures: PictureProcess = field(default_factory=PictureProcess)
    retired: list[Connector] = field(default_factory=list)
    """Replaced a moment ago: their pollers and senders may still be in the middle of a call."""

    async def close(self) -> None:
        """Give back connections."""
        self.pictures.close()
        for connector in (*self.connectors.values(), *self.retired):
            await connector.close()
        await self.queue.close()
        await self.bus.close()
        await self.database.close()


async def open_installation(settings: Settings, *, clock: Clock | None = None) -> Installation:
    """Open database and queue, bring the schema up, seed what the profile and the environment give."""
    database = Database(settings.effective_database_url)
    await schema.upgrade(database.engine)
    clock = clock or SystemClock()
    queue, bus, lease, limiter = _wiring(settings.redis_url, clock)
    installation = Installation(
        settings=settings,
        clock=clock,
        profile=load_profile(settings.profile),
        database=database,
        queue=queue,
        bus=bus,
        lease=lease,
        limiter=limiter,
        secrets=FileSecretStore(settings.data_dir / "secrets.json"),
        files=FolderFileStore(settings.data_dir / "files"),
    )
    async with database.write() as session:
        await organisation.seed(session, installation.profile)
    for platform in PLATFORMS.values():
        if (seed := seed_of(platform)) is not None:
            await add_account(installation, seed, name=platform.facts.title, is_seed=True)
    await connect_accounts(installation)
    return installation


def _wiring(redis_url: str, clock: Clock) -> tuple[JobQueue, LiveBus, Lease, RateLimiter]:
    if not redis_url:
        return LocalQueue(), LocalBus(), LocalLease(), LocalRateLimiter(clock)
    redis = Redis.from_url(redis_url, decode_responses=True)
    return RedisQueue(redis), RedisBus(redis), RedisLease(redis), RedisRateLimiter(redis, clock)


async def add_account(
    installation: Installation, settings: AccountSettings, *, name: str, is_seed: bool = False
) -> int:
    """Make or refresh the account that these settings belong to; its id. Secrets go to the secret store.

    A seed that gives the same secrets as at the last start overwrites none: they may have been renewed since.
    """
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
    if not is_seed or _is_new_seed(installation, account_id, settings):
        installation.secrets.put(secrets_name(account_id), settings.secret_values())
    return account_id


def _is_new_seed(installation: Installation, account_id: int, settings: AccountSettings) -> bool:
    """Whether the environment gives other secrets than at the last start; remembered from now on."""
    name, given = f"{secrets_name(account_id)}-seed", json.dumps(settings.secret_values(), sort_keys=True)
    mark = {"sha256": hashlib.sha256(given.encode()).hexdigest()}
    is_new = installation.secrets.get(name) != mark or not installation.secrets.get(secrets_name(account_id))
    if is_new:
        installation.secrets.put(name, mark)
    return is_new


async def connect_accounts(installation: Installation) -> None:
    """Build a connector for every enabled account, anew where its settings changed; retire those of the others."""
    retired, installation.retired = installation.retired, []
    for connector in retired:
        await connector.close()
    async with installation.database.read() as session:
        known = await accounts.all_accounts(session)
    wanted = {account.id or 0: account for account in known if account.enabled and account.channel in PLATFORMS}
    for account_id in installation.connectors.keys() - wanted.keys():
        _disconnect(installation, account_id)
    for account_id, account in wanted.items():
        try:
            settings = settings_of(account, installation.secrets)
        except ValidationError as error:
            log.error(
                "account %d cannot be connected: %d settings are missing or wrong", account_id, error.error_count()
            )
            continue
        if installation.connected.get(account_id) == settings:
            continue
        if account_id in installation.connectors:
            _disconnect(installation, account_id)
        installation.connected[account_id] = settings
        installation.connectors[account_id] = PLATFORMS[account.channel].build(settings, installation.clock)


def _disconnect(installation: Installation, account_id: int) -> None:
    """Closed at the next look: by then `attend` has ended what used it."""
    installation.connected.pop(account_id, None)
    installation.retired.append(installation.connectors.pop(account_id))


def desk_of(installation: Installation) -> Desk:
    """What the pages may reach."""
    return Desk(
        database=installation.database,
        clock=installation.clock,
        profile=installation.profile,
        queue=installation.queue,
        bus=installation.bus,
        connectors=installation.connectors,
        files=installation.files,
        secrets=installation.secrets,
        sign_on=_sign_on(installation),
        mailer=_mailer(installation.settings),
        public_address=installation.settings.public_address,
        secure_cookies=installation.settings.public_address.startswith("https://"),
        prepare_picture=installation.pictures.prepare,
        models=ModelFolders(installation.settings.data_dir),
    )


def _mailer(settings: Settings) -> Mailer | None:
    """The organisation's mail server, where one is set. Raises InputError where only half of it is."""
    if not settings.smtp_url:
        return None
    if not settings.mail_from or not settings.public_address:
        raise InputError("SMTP_URL needs MAIL_FROM and PUBLIC_ADDRESS")
    return SmtpMailer(smtp_server(settings.smtp_url), sender=settings.mail_from)


def _sign_on(installation: Installation) -> IdentityProvider | None:
    """The city's identity provider, where one is set. Raises InputError where only half of it is."""
    settings = installation.settings
    client = Client(
        issuer=settings.oidc_issuer, client_id=settings.oidc_client_id, client_secret=settings.oidc_client_secret
    )
    if not client.issuer:
        return None
    if not client.client_id or not client.client_secret:
        raise InputError("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
    return OidcProvider(client, clock=installation.clock)


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
