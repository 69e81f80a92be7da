"""What must be known of one Facebook Page. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings
from models.enums import ChannelName


class FacebookSettings(AccountSettings):
    """One Page of one app."""

    channel: ClassVar[ChannelName] = ChannelName.FACEBOOK

    page_id: str = Field(
        pattern=r"^\d+$",
        title="Sayfa numarası",
        description="Sayfanın «Hakkında» bölümündeki Sayfa Kimliği; yalnız rakam.",
    )
    access_token: str = Field(
        min_length=1,
        title="Sayfa erişim anahtarı",
        description="Business Manager'da sistem kullanıcısı için üretilen süresiz sayfa anahtarı. İzinler: "
        "pages_read_engagement, pages_read_user_content, pages_manage_engagement, pages_manage_metadata, "
        "pages_messaging.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    app_secret: str = Field(
        min_length=1,
        title="Uygulama gizli anahtarı",
        description="developers.facebook.com'da uygulamanın Ayarlar › Temel bölümündeki gizli anahtar.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    verify_token: str = Field(
        default="",
        title="Webhook doğrulama sözcüğü",
        description="Sizin belirlediğiniz bir sözcük; Meta'nın Webhooks sayfasına da aynısını yazın. Boşsa webhook "
        "kurulamaz, sayfa yalnız düzenli sorgulanır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    look_back_hours: int = Field(
        default=24,
        ge=0,
        le=24 * 30,
        title="İlk açılışta geriye bakış (saat)",
        description="Hesap ilk bağlandığında kaç saat öncesine kadarki mesajların alınacağı.",
    )
    watch_days: int = Field(
        default=30,
        ge=1,
        le=365,
        title="İzlenen gönderiler (gün)",
        description="Yeni yorumlar, bu kadar gün içinde paylaşılmış gönderilerin altında aranır. Daha eskiler yalnız "
        "webhook ile gelir.",
    )
    version: str = Field(
        default="v25.0",
        pattern=r"^v\d+\.\d+$",
        title="Graph API sürümü",
        description="Meta bir sürümü kaldıracağını bildirmedikçe değiştirmeyin.",
    )
    base_url: str = Field(
        default="https://graph.facebook.com",
        title="Sunucu adresi",
        description="Değiştirmeyin.",
    )

    @property
    def account_id(self) -> str:
        """The platform's id of our account."""
        return self.page_id
