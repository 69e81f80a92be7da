"""Sets accounts up for the page: forms from the platforms' settings, and a test of the credentials before anything is
stored. Secrets go in and never come out."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from bots.account_credentials import secrets_name
from bots.compose import Installation, add_account, connect_accounts, desk_of
from connectors import credentials
from connectors.base import AccountSettings, Platform
from connectors.meta.errors import lacks_permission
from connectors.registry import PLATFORMS
from connectors.subscriptions import subscribe_account
from inbox.repositories import accounts
from inbox.services import accounts as account_service
from inbox.web.desk import Desk
from models.account_setup import ConnectOutcome, ConnectState, PlatformForm, SettingField
from models.credentials import CredentialReport
from models.enums import ChannelName
from models.errors import (
    AccountPausedError,
    ChannelError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    TransientError,
)
from models.tables import Account

UNREACHABLE = "Platforma ulaşılamadı; birazdan yineleyiniz. Ayarlar kaydedilmedi. Teknik ayrıntı: {detail}"
BUSY = "Platform şu anda çok sayıda istek aldığını söylüyor; birazdan yineleyiniz. Ayarlar kaydedilmedi."
NOT_ALLOWED = "Kimlik bilgileri tanındı ama izin yetersiz: {detail}. İzni verip yineleyiniz; ayarlar kaydedilmedi."
WRONG = "Platform bu kimlik bilgilerini kabul etmedi; denetleyiniz. Ayarlar kaydedilmedi. Teknik ayrıntı: {detail}"
OTHER = "Bu anahtar başka bir hesabın: {name} ({external_id}). Hesap numarasını düzeltiniz; ayarlar kaydedilmedi."
INCOMPLETE = "Eksik ya da biçimi yanlış: {titles}. Ayarlar kaydedilmedi."
CONNECTED = "Bağlandı: {name}"


class LocalAccountOffice:
    """Implements models.account_setup.AccountOffice over one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def channels(self) -> Sequence[tuple[ChannelName, str]]:
        return [(platform.channel, platform.facts.title) for platform in PLATFORMS.values()]

    async def form(self, channel: ChannelName, *, account_id: int | None = None) -> PlatformForm:
        platform = PLATFORMS.get(channel)
        if platform is None:
            raise NotFoundError("Bu kanal için hesap eklenemez.")
        account = await self._account(channel, account_id)
        kept = self._installation.secrets.get(secrets_name(account_id)) if account else {}
        known = account.settings if account else {}
        return PlatformForm(
            channel=channel,
            title=platform.facts.title,
            pushes=platform.facts.pushes,
            fields=[_field(platform.settings, name, known, kept) for name in _asked(platform.settings)],
            documentation=platform.facts.documentation,
        )

    async def connect(
        self, channel: ChannelName, values: Mapping[str, str], *, account_id: int | None = None
    ) -> ConnectOutcome:
        platform = PLATFORMS.get(channel)
        if platform is None:
            raise NotFoundError("Bu kanal için hesap eklenemez.")
        await self._account(channel, account_id)
        given = {name: values[name].strip() for name in _asked(platform.settings) if values.get(name, "").strip()}
        try:
            settings = platform.settings(**self._known(platform, account_id, given))
        except ValidationError as error:
            return _incomplete(platform.settings, error)
        report = await self._tested(settings)
        if isinstance(report, ConnectOutcome):
            return report
        renewed = platform.settings(**self._known(platform, account_id, given))
        return await self._keep(renewed, report, platform.facts.title)

    def _known(self, platform: Platform, account_id: int | None, given: Mapping[str, str]) -> dict[str, str]:
        """What was given, and of the stored secrets what was not: read anew, since a renewal may come between.

        What belongs to a renewed pair does not outlive a pair given by hand.
        """
        kept = self._installation.secrets.get(secrets_name(account_id)) if account_id else {}
        asked = _asked(platform.settings)
        by_hand = not kept.keys().isdisjoint(given)
        return {name: value for name, value in kept.items() if name in asked or not by_hand} | dict(given)

    async def _account(self, channel: ChannelName, account_id: int | None) -> Account | None:
        if account_id is None:
            return None
        async with self._installation.database.read() as session:
            found = await accounts.account(session, account_id)
        if found is None or found.channel is not channel:
            raise NotFoundError("Böyle bir hesap yok.")
        return found

    async def _tested(self, settings: AccountSettings) -> CredentialReport | ConnectOutcome:
        clock = self._installation.clock
        try:
            report = await credentials.examine(settings, clock)
        except ChannelError as error:
            return outcome_of(error)
        if report.identity.external_id != settings.account_id:
            told = OTHER.format(name=report.identity.name, external_id=report.identity.external_id)
            return ConnectOutcome(state=ConnectState.WRONG, message=told)
        try:
            lacks = report.missing_permissions or await subscribe_account(settings, clock)
        except ChannelError as error:
            return outcome_of(error)
        if lacks:
            return ConnectOutcome(state=ConnectState.NOT_ALLOWED, message=NOT_ALLOWED.format(detail=", ".join(lacks)))
        return report

    async def _keep(self, settings: AccountSettings, report: CredentialReport, title: str) -> ConnectOutcome:
        name = report.identity.name or title
        account_id = await add_account(self._installation, settings, name=name)
        now = self._installation.clock.now()
        async with self._installation.database.write() as session:
            await account_service.record_connected(
                session, account_id, name=name, handle=report.identity.handle, report=report, now=now
            )
        await connect_accounts(self._installation)
        told = CONNECTED.format(name=name)
        return ConnectOutcome(state=ConnectState.CONNECTED, message=told, account_id=account_id)


def office_desk(installation: Installation) -> Desk:
    """What the pages may reach, setting accounts up included."""
    desk = desk_of(installation)
    desk.accounts = LocalAccountOffice(installation)
    return desk


def outcome_of(error: ChannelError) -> ConnectOutcome:
    """What a failed test means to the person who can mend it."""
    if isinstance(error, RateLimitedError):
        return ConnectOutcome(state=ConnectState.UNREACHABLE, message=BUSY)
    if isinstance(error, TransientError | OutcomeUnknownError):
        return ConnectOutcome(state=ConnectState.UNREACHABLE, message=UNREACHABLE.format(detail=error.detail))
    if isinstance(error, AccountPausedError) or lacks_permission(error):
        return ConnectOutcome(state=ConnectState.NOT_ALLOWED, message=NOT_ALLOWED.format(detail=error.detail))
    return ConnectOutcome(state=ConnectState.WRONG, message=WRONG.format(detail=error.detail))


def _incomplete(settings: type[AccountSettings], error: ValidationError) -> ConnectOutcome:
    names = tuple(dict.fromkeys(str(problem["loc"][0]) for problem in error.errors() if problem["loc"]))
    titles = ", ".join(settings.model_fields[name].title or name for name in names if name in settings.model_fields)
    return ConnectOutcome(state=ConnectState.INCOMPLETE, message=INCOMPLETE.format(titles=titles), fields=names)


def _asked(settings: type[AccountSettings]) -> list[str]:
    """The settings that a person gives; the others belong to a renewal."""
    hidden = {
        name
        for name, field in settings.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("hidden")
    }
    return [name for name in settings.model_fields if name not in hidden]


def _field(
    settings: type[AccountSettings], name: str, known: Mapping[str, object], kept: Mapping[str, str]
) -> SettingField:
    field = settings.model_fields[name]
    extra = field.json_schema_extra
    is_secret = isinstance(extra, dict) and bool(extra.get("secret"))
    default = "" if field.is_required() else field.default
    return SettingField(
        name=name,
        title=field.title or name,
        help=field.description or "",
        is_secret=is_secret,
        is_required=field.is_required(),
        value="" if is_secret else str(known.get(name, default)),
        is_kept=is_secret and bool(kept.get(name)),
    )
