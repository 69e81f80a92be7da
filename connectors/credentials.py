"""Looks at the credentials of any platform and renews those that can be renewed. Stores nothing."""

from collections.abc import Mapping

from connectors.base import AccountSettings
from connectors.facebook.settings import FacebookSettings
from connectors.instagram.settings import InstagramSettings
from connectors.meta.tokens import TokenOffice
from connectors.registry import PLATFORMS
from connectors.twitter import tokens
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.values import as_time
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
PUBLIC_PERMISSIONS = ("instagram_basic", "instagram_manage_comments")
"""Of the User's token beside a Page's."""
WHATSAPP_PERMISSIONS = ("whatsapp_business_messaging", "whatsapp_business_management")
PERMISSIONS: Mapping[ChannelName, tuple[str, ...]] = {
    ChannelName.FACEBOOK: PAGE_PERMISSIONS,
    ChannelName.INSTAGRAM: INSTAGRAM_PERMISSIONS,
    ChannelName.WHATSAPP: WHATSAPP_PERMISSIONS,
}


async def examine(settings: AccountSettings, clock: Clock) -> CredentialReport:
    """Whose the credentials are, until when, and what they lack. Raises ChannelError.

    X does not tell when a token dies that it did not just give: such a one counts as dying now, and is renewed.
    """
    identity = await _identify(settings, clock)
    if isinstance(settings, TwitterSettings) and settings.by_oauth2:
        return CredentialReport(identity=identity, expires_at=as_time(settings.token_expires) or clock.now())
    if _by_instagram_login(settings):
        return CredentialReport(identity=identity)
    report = await _inspected(_office(settings, clock), identity, PERMISSIONS.get(settings.channel, ()))
    if isinstance(settings, InstagramSettings) and settings.user_token:
        by_user = settings.model_copy(update={"access_token": settings.user_token})
        other = await _inspected(_office(by_user, clock), identity, PUBLIC_PERMISSIONS)
        ends = [end for end in (report.expires_at, other.expires_at) if end]
        lacks = tuple(dict.fromkeys((*report.missing_permissions, *other.missing_permissions)))
        return CredentialReport(identity=identity, expires_at=min(ends, default=None), missing_permissions=lacks)
    return report


async def renew(settings: AccountSettings, clock: Clock) -> Renewal | None:
    """New credentials; None where these do not die or must be renewed by a person. Raises ChannelError.

    The old ones may be dead from then on: one caller at a time, who stores the new ones before anything else.
    """
    if isinstance(settings, TwitterSettings):
        return await tokens.refresh(settings, clock) if settings.by_oauth2 else None
    office = _office(settings, clock)
    if office is None or not _by_instagram_login(settings):
        return None
    try:
        return await office.refresh()
    finally:
        await office.close()


async def _inspected(
    office: TokenOffice | None, identity: AccountIdentity, wanted: tuple[str, ...]
) -> CredentialReport:
    if office is None:
        return CredentialReport(identity=identity)
    try:
        return await office.inspect(identity, wanted=wanted)
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
