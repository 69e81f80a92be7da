"""Looks at the credentials of any platform and renews those that can be renewed. Stores nothing."""

from collections.abc import Mapping

from connectors.base import AccountSettings
from connectors.facebook.settings import FacebookSettings
from connectors.instagram.settings import InstagramSettings
from connectors.meta.tokens import TokenOffice
from connectors.registry import PLATFORMS
from connectors.whatsapp.settings import WhatsAppSettings
from models.credentials import CredentialReport, Renewal
from models.enums import ChannelName
from models.messages import AccountIdentity
from models.ports import Clock

PAGE_PERMISSIONS = (
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
)
INSTAGRAM_PERMISSIONS = ("instagram_basic", "instagram_manage_comments", "instagram_manage_messages")
WHATSAPP_PERMISSIONS = ("whatsapp_business_messaging", "whatsapp_business_management")
PERMISSIONS: Mapping[ChannelName, tuple[str, ...]] = {
    ChannelName.FACEBOOK: PAGE_PERMISSIONS,
    ChannelName.INSTAGRAM: INSTAGRAM_PERMISSIONS,
    ChannelName.WHATSAPP: WHATSAPP_PERMISSIONS,
}


async def examine(settings: AccountSettings, clock: Clock) -> CredentialReport:
    """Whose the credentials are, until when, and what they lack. Raises ChannelError."""
    identity = await _identify(settings, clock)
    office = _office(settings, clock)
    if office is None or _by_instagram_login(settings):
        return CredentialReport(identity=identity)
    try:
        return await office.inspect(identity, wanted=PERMISSIONS[settings.channel])
    finally:
        await office.close()


async def renew(settings: AccountSettings, clock: Clock) -> Renewal | None:
    """New credentials; None where these do not die or must be renewed by a person. Raises ChannelError."""
    office = _office(settings, clock)
    if office is None or not _by_instagram_login(settings):
        return None
    try:
        return await office.refresh()
    finally:
        await office.close()


async def _identify(settings: AccountSettings, clock: Clock) -> AccountIdentity:
    connector = PLATFORMS[settings.channel].build(settings, clock)
    try:
        return await connector.identify()
    finally:
        await connector.close()


def _office(settings: AccountSettings, clock: Clock) -> TokenOffice | None:
    """None for platforms outside Meta: X's OAuth 1.0a tokens and Telegram's do not die by themselves."""
    match settings:
        case FacebookSettings() | InstagramSettings():
            version = settings.version
        case WhatsAppSettings():
            version = settings.graph_version
        case _:
            return None
    return TokenOffice(
        base_url=settings.base_url,
        version=version,
        access_token=settings.access_token,
        app_secret=settings.app_secret,
        clock=clock,
    )


def _by_instagram_login(settings: AccountSettings) -> bool:
    """Such tokens live for sixty days, and their host has no `debug_token`."""
    return isinstance(settings, InstagramSettings) and not settings.page_id
