"""The keeper: looks at credentials, renews them in time, frees accounts that work again, feels their pulse."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from inbox.services import accounts, pulse
from models.credentials import CredentialReport, Probing, Renewing
from models.db import Database
from models.enums import AccountState
from models.errors import ChannelError
from models.ports import Clock, Connector, Lease, LiveBus, SecretStore
from models.profile import Profile

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
LEASE_SECONDS = 120.0
"""Real seconds; one keeper at a time, because a refresh token may be used once only."""


class Keeper:
    """Keeps all accounts of an installation."""

    def __init__(
        self,
        *,
        connectors: Mapping[int, Connector],
        database: Database,
        secrets: SecretStore,
        bus: LiveBus,
        lease: Lease,
        clock: Clock,
        profile: Profile,
    ) -> None:
        self._connectors = connectors
        self._database = database
        self._secrets = secrets
        self._bus = bus
        self._lease = lease
        self._clock = clock
        self._profile = profile

    async def run(self) -> None:
        """Look every minute until cancelled."""
        while True:
            try:
                if await self._lease.acquire("keeper", seconds=LEASE_SECONDS):
                    await self.look()
            except Exception:
                log.exception("looking after the accounts failed; the next look follows")
            await self._clock.sleep(LOOK_EVERY.total_seconds())

    async def look(self) -> None:
        """Everything that is due now."""
        async with self._database.read() as session:
            renewals = await accounts.due_renewals(session, now=self._clock.now())
            probes = await accounts.due_probes(session, now=self._clock.now())
        for account_id in renewals:
            await self._renew(account_id)
        for account_id in probes:
            await self.probe(account_id)
        await self._free_those_that_send()
        await self._feel_pulses()

    async def probe(self, account_id: int) -> None:
        """Ask the platform about the credentials of one account."""
        connector = self._connectors.get(account_id)
        if connector is None:
            return
        try:
            report = await examine(connector)
        except ChannelError as error:
            log.warning("probe of account %d: %s", account_id, error.detail)
            async with self._database.write() as session:
                changed = await accounts.record_failed_probe(session, account_id, error, now=self._clock.now())
        else:
            async with self._database.write() as session:
                changed = await accounts.record_probe(session, account_id, report, now=self._clock.now())
        if changed:
            await self._tell(account_id, changed)

    async def _renew(self, account_id: int) -> None:
        connector = self._connectors.get(account_id)
        if not isinstance(connector, Renewing):
            return

        async def keep(values: Mapping[str, str]) -> None:
            name = f"account-{account_id}"
            self._secrets.put(name, {**self._secrets.get(name), **values})

        try:
            expires_at = await connector.renew(keep)
        except ChannelError as error:
            log.warning("renewing the credentials of account %d: %s", account_id, error.detail)
            return
        async with self._database.write() as session:
            await accounts.record_renewal(session, account_id, expires_at=expires_at, now=self._clock.now())

    async def _free_those_that_send(self) -> None:
        async with self._database.write() as session:
            freed = await accounts.note_sends(session, now=self._clock.now(), within=LOOK_EVERY)
        for account_id in freed:
            await self._tell(account_id, AccountState.OK)

    async def _feel_pulses(self) -> None:
        async with self._database.write() as session:
            changes = await pulse.watch(session, now=self._clock.now(), zone=self._profile.time_zone)
        for change in changes:
            log.warning("account %d is %s", change.account_id, "silent" if change.is_silent else "heard again")
            what = "silent" if change.is_silent else "heard"
            await self._bus.publish("account", {"id": change.account_id, "what": what})

    async def _tell(self, account_id: int, state: AccountState) -> None:
        await self._bus.publish("account", {"id": account_id, "what": state.value})


async def examine(connector: Connector) -> CredentialReport:
    """All that a connector can tell of its credentials. Raises ChannelError."""
    if isinstance(connector, Probing):
        return await connector.probe()
    return CredentialReport(identity=await connector.identify())
