"""The credentials of an installation's accounts: asked about, renewed by one process at a time, stored before use."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import replace

from connectors import credentials
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
from connectors.subscriptions import subscribe_account
from inbox.repositories import accounts
from models.credentials import CredentialReport, Renewal
from models.db import Database
from models.ports import Clock, Lease, SecretStore
from models.tables import Account

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""Real seconds; longer than a renewal with its time-outs can take."""


def secrets_name(account_id: int | None) -> str:
    """Where an account's secrets lie in the store."""
    return f"account-{account_id}"


def settings_of(account: Account, secrets: SecretStore) -> AccountSettings:
    """What is known of an account, secrets included. Raises ValidationError."""
    return PLATFORMS[account.channel].settings(**{**account.settings, **secrets.get(secrets_name(account.id))})


class AccountCredentials:
    """Always reads what is stored now: what a process remembers may have been renewed by another one."""

    def __init__(self, *, database: Database, secrets: SecretStore, lease: Lease, clock: Clock) -> None:
        self._database = database
        self._secrets = secrets
        self._lease = lease
        self._clock = clock
        self._alone: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def examine(self, account_id: int) -> CredentialReport | None:
        """Ask the platform, and have it push again where it has forgotten to."""
        settings = await self._settings(account_id)
        if settings is None:
            return None
        report = await credentials.examine(settings, self._clock)
        lacks = await subscribe_account(settings, self._clock)
        return replace(report, missing_permissions=tuple(dict.fromkeys((*report.missing_permissions, *lacks))))

    async def renew(self, account_id: int) -> Renewal | None:
        """A refresh token may serve once only: one renewal at a time, and its pair is stored before it is used."""
        name = f"renew:{account_id}"
        async with self._alone[account_id]:
            if not await self._lease.acquire(name, seconds=LEASE_SECONDS):
                return None
            try:
                return await self._renew(account_id)
            finally:
                await self._lease.release(name)

    async def _renew(self, account_id: int) -> Renewal | None:
        settings = await self._settings(account_id)
        renewal = await credentials.renew(settings, self._clock) if settings else None
        if renewal:
            name = secrets_name(account_id)
            self._secrets.put(name, {**self._secrets.get(name), **renewal.values})
        return renewal

    async def _settings(self, account_id: int) -> AccountSettings | None:
        async with self._database.read() as session:
            account = await accounts.account(session, account_id)
        if account is None or not account.enabled or account.channel not in PLATFORMS:
            return None
        try:
            return settings_of(account, self._secrets)
        except ValueError:
            log.error("account %d lacks settings: it cannot be looked at", account_id)
            return None
