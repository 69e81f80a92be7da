"""Settings in, an installation out: its parts plugged together, its accounts connected, its desk handed over."""

import hashlib
import json
import logging
from dataclasses import dataclass, field

from pydantic import ValidationError
from redis.asyncio import Redis

from bots.account_credentials import secrets_name, settings_of
from bots.file_folder import FolderFileStore
from bots.limits import LocalRateLimiter, RedisRateLimiter
from bots.mail import SmtpMailer, smtp_server
from bots.oidc import Client, OidcProvider
from bots.picture_process import PictureProcess
from bots.queues.local import LocalBus, LocalLease, LocalQueue
from bots.queues.redis_streams import RedisBus, RedisLease, RedisQueue
from bots.secret_files import FileSecretStore
from bots.settings import Settings, seed_of
from classifier.shelf import ModelFolders
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
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
    queue, bus, lease, limiter = _wiring(settings, clock)
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


def _wiring(settings: Settings, clock: Clock) -> tuple[JobQueue, LiveBus, Lease, RateLimiter]:
    if not settings.redis_url:
        return LocalQueue(), LocalBus(), LocalLease(), LocalRateLimiter(clock)
    redis = Redis.from_url(settings.redis_url, decode_responses=True)
    limiter = RedisRateLimiter(redis, clock, secret_key=settings.secret_key)
    return RedisQueue(redis), RedisBus(redis), RedisLease(redis), limiter


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
