"""What must be known of one Instagram account. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings, secret
from connectors.meta import settings as fields
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
    access_token: str = secret(
        "Erişim anahtarı",
        "Instagram ile girişte 60 günlük Instagram kullanıcı anahtarı; izinler: instagram_business_basic, "
        "instagram_business_manage_comments, instagram_business_manage_messages. Facebook ile girişte bağlı sayfanın "
        "anahtarı (mesajlar bununla alınıp gönderilir); izinler: instagram_basic, instagram_manage_comments, "
        "instagram_manage_messages, pages_manage_metadata, pages_read_engagement.",
    )
    user_token: str = secret(
        "Facebook kullanıcı anahtarı",
        "Yalnız Facebook ile girişte: sistem kullanıcısının kendi anahtarı. Meta'nın belgeleri yorumlar, etiketler ve "
        "anılmalar için sayfa değil kullanıcı anahtarı ister; izinleri aynıdır, sayfadaki görev Business Manager'dan "
        "verildiyse ayrıca ads_read. Boşsa bunlar da sayfa anahtarıyla denenir.",
        required=False,
    )
    app_secret: str = secret(
        "Uygulama gizli anahtarı",
        "Instagram ile girişte Instagram uygulamasının gizli anahtarı; Facebook ile girişte Facebook "
        "uygulamasınınki. İkisi farklıdır.",
    )
    verify_token: str = secret(
        "Webhook doğrulama sözcüğü",
        "Sizin belirlediğiniz bir sözcük; Meta'nın Webhooks sayfasına da aynısını yazın. Boşsa webhook "
        "kurulamaz, hesap yalnız düzenli sorgulanır.",
        required=False,
    )
    look_back_hours: int = fields.look_back_hours()
    watch_days: int = fields.watch_days()
    version: str = fields.graph_version()
    base_url: str = fields.base_url(
        "https://graph.instagram.com",
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
