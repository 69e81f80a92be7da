"""What must be known of one Instagram account. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings
from models.enums import ChannelName


class InstagramSettings(AccountSettings):
    """One professional account, by Instagram Login, or by Facebook Login where `page_id` is given."""

    channel: ClassVar[ChannelName] = ChannelName.INSTAGRAM

    instagram_id: str = Field(
        pattern=r"^\d+$",
        title="Instagram hesap numarası",
        description="Profesyonel hesabın numarası (IG_ID); webhook bildirimlerinde entry.id olarak gelir.",
    )
    username: str = Field(
        default="",
        max_length=30,
        title="Kullanıcı adı",
        description="Hesabın @ işaretsiz kullanıcı adı; kendi yazdıklarımızı tanımak için.",
    )
    page_id: str = Field(
        default="",
        pattern=r"^\d*$",
        title="Bağlı Facebook sayfası",
        description="Yalnız Facebook ile giriş kullanılıyorsa: hesaba bağlı sayfanın numarası. Bu durumda sunucu "
        "adresi https://graph.facebook.com olmalıdır.",
    )
    access_token: str = Field(
        min_length=1,
        title="Erişim anahtarı",
        description="Instagram ile girişte 60 günlük kullanıcı anahtarı; Facebook ile girişte sayfa anahtarı. İzinler: "
        "instagram_business_basic, instagram_business_manage_comments, instagram_business_manage_messages.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    app_secret: str = Field(
        min_length=1,
        title="Uygulama gizli anahtarı",
        description="Instagram ile girişte Instagram uygulamasının gizli anahtarı; Facebook ile girişte Facebook "
        "uygulamasınınki. İkisi farklıdır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    verify_token: str = Field(
        default="",
        title="Webhook doğrulama sözcüğü",
        description="Sizin belirlediğiniz bir sözcük; Meta'nın Webhooks sayfasına da aynısını yazın. Boşsa webhook "
        "kurulamaz, hesap yalnız düzenli sorgulanır.",
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
        default="https://graph.instagram.com",
        title="Sunucu adresi",
        description="Facebook ile girişte https://graph.facebook.com; başka durumda değiştirmeyin.",
    )

    @property
    def account_id(self) -> str:
        """The platform's id of our account."""
        return self.instagram_id

    @property
    def messaging_node(self) -> str:
        """Whose edges carry direct messages: the Page with Facebook Login, else the account itself."""
        return self.page_id or self.account_id
