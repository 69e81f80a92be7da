"""The platforms, listed by hand: adding one is a line here."""

from connectors.base import Platform
from connectors.facebook.connector import PLATFORM as FACEBOOK
from connectors.instagram.connector import PLATFORM as INSTAGRAM
from connectors.telegram.connector import PLATFORM as TELEGRAM
from connectors.twitter.connector import PLATFORM as TWITTER
from connectors.whatsapp.connector import PLATFORM as WHATSAPP
from models.enums import ChannelName

PLATFORMS: dict[ChannelName, Platform] = {
    platform.channel: platform for platform in (TWITTER, INSTAGRAM, FACEBOOK, WHATSAPP, TELEGRAM)
}
