"""What must be known of one Facebook Page. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings, secret
from connectors.meta import settings as fields
from models.enums import ChannelName


class FacebookSettings(AccountSettings):
    """One Page of one app."""

    channel: ClassVar[ChannelName] = ChannelName.FACEBOOK

    page_id: str = Field(
        pattern=r"^\d+$",
        title="Sayfa numarası",
        description="Sayfanın «Hakkında» bölümündeki Sayfa Kimliği; yalnız rakam.",
    )
    access_token: str = secret(
        "Sayfa erişim anahtarı",
        "Business Manager'da sistem kullanıcısı için üretilen süresiz sayfa anahtarı. İzinler: "
        "pages_read_engagement, pages_read_user_content, pages_manage_engagement, pages_manage_metadata, "
        "pages_messaging.",
    )
    app_secret: str = secret(
        "Uygulama gizli anahtarı",
        "developers.facebook.com'da uygulamanın Ayarlar › Temel bölümündeki gizli anahtar.",
    )
    verify_token: str = secret(
        "Webhook doğrulama sözcüğü",
        "Sizin belirlediğiniz bir sözcük; Meta'nın Webhooks sayfasına da aynısını yazın. Boşsa webhook "
        "kurulamaz, sayfa yalnız düzenli sorgulanır.",
        required=False,
    )
    look_back_hours: int = fields.look_back_hours()
    watch_days: int = fields.watch_days()
    version: str = fields.graph_version()
    base_url: str = fields.base_url()

    @property
    def account_id(self) -> str:
        """The platform's id of our account."""
        return self.page_id
