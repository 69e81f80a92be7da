"""Has what happens in an account of any platform pushed to us, where push is set up. Stores nothing.

Telegram's connector sets its webhook itself; X's Activity subscriptions are the administrator's.
"""

from connectors.base import AccountSettings
from connectors.facebook.settings import FacebookSettings
from connectors.instagram.settings import InstagramSettings
from connectors.meta.errors import lacks_permission
from connectors.meta.graph import GraphClient
from connectors.meta.subscriptions import subscribe
from connectors.whatsapp.settings import WhatsAppSettings
from models.errors import ReauthoriseError
from models.ports import Clock

PAGE_FIELDS = (
    "feed",
    "mention",
    "ratings",
    "messages",
    "messaging_postbacks",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_handovers",
    "standby",
)
INSTAGRAM_FIELDS = (
    "comments",
    "live_comments",
    "mentions",
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
)
ANY_PAGE_FIELD = ("feed",)
"""By Facebook Login the linked Page must be subscribed to some field; Instagram's own are chosen in the app."""


BY_INSTAGRAM = ("instagram_business_manage_comments", "instagram_business_manage_messages")


async def subscribe_account(settings: AccountSettings, clock: Clock) -> tuple[str, ...]:
    """See to it that the account is subscribed to its app where a webhook is set up; the permissions that it lacks.

    Worth to be done again now and then: Meta ends subscriptions of apps that did not answer for long. Raises
    ChannelError.
    """
    match settings:
        case FacebookSettings(verify_token=str(word)) if word:
            return await _subscribe(settings, clock, settings.page_id, PAGE_FIELDS, ("pages_manage_metadata",))
        case InstagramSettings(verify_token=str(word), page_id=str(page)) if word and page:
            return await _subscribe(settings, clock, page, ANY_PAGE_FIELD, ("pages_manage_metadata",))
        case InstagramSettings(verify_token=str(word)) if word:
            return await _subscribe(settings, clock, settings.instagram_id, INSTAGRAM_FIELDS, BY_INSTAGRAM)
        case WhatsAppSettings():
            return await _subscribe(settings, clock, settings.waba_id, (), ("whatsapp_business_management",))
    return ()


async def _subscribe(
    settings: FacebookSettings | InstagramSettings | WhatsAppSettings,
    clock: Clock,
    node: str,
    fields: tuple[str, ...],
    permissions: tuple[str, ...],
) -> tuple[str, ...]:
    graph = GraphClient(
        base_url=settings.base_url,
        version=settings.graph_version if isinstance(settings, WhatsAppSettings) else settings.version,
        access_token=settings.access_token,
        app_secret=settings.app_secret,
        clock=clock,
    )
    try:
        await subscribe(graph, node, fields=fields)
    except ReauthoriseError as error:
        if not lacks_permission(error):
            raise
        return permissions
    finally:
        await graph.close()
    return ()
