"""What must be known of one X account. Titles and descriptions make the set-up page."""

from pydantic import Field

from connectors.base import AccountSettings
from models.enums import ChannelName


class TwitterSettings(AccountSettings):
    """One account in OAuth 1.0a user context, whose tokens do not expire. `base_url` has no slash at the end."""

    channel = ChannelName.TWITTER

    consumer_key: str = Field(
        min_length=1,
        title="API anahtarı",
        description="console.x.com'da uygulamanızın «Keys and tokens» sayfasındaki API Key.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    consumer_secret: str = Field(
        min_length=1,
        title="API gizli anahtarı",
        description="Aynı sayfadaki API Key Secret. Webhook imzaları da bununla doğrulanır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    access_token: str = Field(
        min_length=1,
        title="Erişim anahtarı",
        description="Kurum hesabının Access Token değeri. İzinler «Read and write and Direct message» olmalıdır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    access_token_secret: str = Field(
        min_length=1,
        title="Gizli erişim anahtarı",
        description="Aynı yerdeki Access Token Secret.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    user_id: str = Field(
        pattern=r"^\d{1,19}$",
        title="Hesap numarası",
        description="Kurum hesabının sayısal kimliği; erişim anahtarının tireden önceki bölümüyle aynıdır.",
    )
    first_hours: int = Field(
        default=24,
        ge=0,
        le=168,
        title="İlk alımın geçmişi (saat)",
        description="Hesap ilk bağlandığında kaç saat geriye gidileceği.",
    )
    listening_query: str = Field(
        default="",
        max_length=400,
        title="Dinleme sorgusu",
        description="Hesabı anmadan kenti konu eden gönderiler: sözcükler ve etiketler, örneğin "
        "«#izmir (su OR çukur)». Boşsa dinlenmez. Bulunanlar cevaplanmaz, yalnız kontrol sırasına gelir; "
        "her biri ücretlidir.",
    )
    base_url: str = Field(
        default="https://api.twitter.com",
        title="Sunucu adresi",
        description="Değiştirmeyin: istekler bu sunucunun adıyla imzalanır.",
    )

    @property
    def account_id(self) -> str:
        return self.user_id
