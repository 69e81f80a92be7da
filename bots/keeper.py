"""The keeper: looks at credentials, renews them in time, frees accounts that work again, feels their pulse."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bots.rounds import apart, make_rounds
from inbox.repositories import day_counts
from inbox.services import accounts, pulse
from models.credentials import CredentialReport, Renewal
from models.db import Database
from models.enums import AccountState
from models.errors import ChannelError, ReauthoriseError, RequestRefusedError
from models.messages import AccountIdentity
from models.ports import Clock, Lease, LiveBus
from models.profile import Profile
from models.tables import AccountFigure

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
RENEWAL_PAUSE = timedelta(minutes=10)
"""After a platform refused to renew; what may pass is tried at the next look."""


class Credentials(Protocol):
    """The credentials of all accounts, by the accounts' ids. Both calls raise ChannelError."""

    async def examine(self, account_id: int) -> CredentialReport | None:
        """Ask the platform; None where the account is not connected."""

    async def renew(self, account_id: int) -> Renewal | None:
        """Get new ones, stored durably before anybody uses them; None where these do not die."""


class Keeper:
    """Keeps all accounts of an installation."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        database: Database,
        bus: LiveBus,
        lease: Lease,
        clock: Clock,
        profile: Profile,
    ) -> None:
        self._credentials = credentials
        self._database = database
        self._bus = bus
        self._lease = lease
        self._clock = clock
        self._profile = profile
        self._not_before: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look every minute until cancelled."""
        await make_rounds(self.look, name="keeper", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> None:
        """Everything that is due now."""
        async with self._database.read() as session:
            renewals = await accounts.due_renewals(session, now=self._clock.now())
            probes = await accounts.due_probes(session, now=self._clock.now())
        for account_id in renewals:
            await apart(f"renewing account {account_id}", self._renew(account_id))
        for account_id in probes:
            await apart(f"probing account {account_id}", self.probe(account_id))
        await self._free_those_that_send()
        await self._feel_pulses()

    async def probe(self, account_id: int) -> None:
        """Ask the platform about the credentials of one account."""
        try:
            report = await self._credentials.examine(account_id)
        except ChannelError as error:
            log.warning("probe of account %d: %s", account_id, error.detail)
            async with self._database.write() as session:
                changed = await accounts.record_failed_probe(session, account_id, error, now=self._clock.now())
        else:
            if report is None:
                return
            async with self._database.write() as session:
                changed = await accounts.record_probe(session, account_id, report, now=self._clock.now())
                await self._note_figures(session, account_id, report.identity)
        if changed:
            await self._tell(account_id, changed)

    async def _note_figures(self, session: AsyncSession, account_id: int, identity: AccountIdentity) -> None:
        """Followers and posts of the day, for the reports."""
        if identity.followers is None and identity.posts is None:
            return
        day = self._clock.now().astimezone(self._profile.time_zone).date()
        row = AccountFigure(account_id=account_id, day=day, followers=identity.followers, posts=identity.posts)
        await day_counts.note_account(session, row)

    async def _renew(self, account_id: int) -> None:
        if self._not_before.get(account_id, self._clock.now()) > self._clock.now():
            return
        try:
            renewal = await self._credentials.renew(account_id)
        except ChannelError as error:
            await self._note_refusal(account_id, error)
            return
        if renewal is None:
            return
        async with self._database.write() as session:
            was_refused = await accounts.record_renewal(
                session, account_id, expires_at=renewal.expires_at, now=self._clock.now()
            )
        if was_refused:
            await self.probe(account_id)

    async def _note_refusal(self, account_id: int, error: ChannelError) -> None:
        """A person is needed only where the platform does not take the credentials; the rest is tried again."""
        log.warning("renewing the credentials of account %d: %s", account_id, error.detail)
        if not isinstance(error, ReauthoriseError | RequestRefusedError):
            return
        self._not_before[account_id] = self._clock.now() + RENEWAL_PAUSE
        if isinstance(error, ReauthoriseError):
            async with self._database.write() as session:
                changed = await accounts.record_failed_probe(session, account_id, error, now=self._clock.now())
            if changed:
                await self._tell(account_id, changed)

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
