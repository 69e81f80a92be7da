"""What must be known of one X account. Titles and descriptions make the set-up page."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from connectors.base import AccountSettings, secret
from models.enums import ChannelName

OAUTH1 = ("consumer_key", "consumer_secret", "access_token_secret")
OAUTH2 = ("client_id", "refresh_token")


class TwitterSettings(AccountSettings):
    """One account in user context: by OAuth 1.0a, whose tokens do not expire, or by OAuth 2.0, whose tokens live two
    hours and are renewed by a refresh token that serves once. `base_url` has no slash at the end.
    """

    channel = ChannelName.TWITTER

    consumer_key: str = secret(
        "API anahtarı",
        "console.x.com'da uygulamanızın «Keys and tokens» sayfasındaki API Key. "
        "OAuth 2.0 ile bağlanırken boş bırakılır.",
        required=False,
    )
    consumer_secret: str = secret(
        "API gizli anahtarı",
        "Aynı sayfadaki API Key Secret. Webhook imzaları da bununla doğrulanır.",
        required=False,
    )
    access_token: str = secret(
        "Erişim anahtarı",
        "Kurum hesabının Access Token değeri. İzinler «Read and write and Direct message» olmalıdır. "
        "OAuth 2.0 ile bağlanırken kullanıcının access token'ı.",
    )
    access_token_secret: str = secret(
        "Gizli erişim anahtarı",
        "Aynı yerdeki Access Token Secret. OAuth 2.0 ile bağlanırken boş bırakılır.",
        required=False,
    )
    client_id: str = Field(
        default="",
        title="OAuth 2.0 istemci kimliği",
        description="Yalnız OAuth 2.0 için: «Keys and tokens» sayfasındaki Client ID.",
    )
    client_secret: str = secret(
        "OAuth 2.0 istemci sırrı",
        "Yalnız OAuth 2.0 ve gizli istemciler için: Client Secret.",
        required=False,
    )
    refresh_token: str = secret(
        "OAuth 2.0 yenileme anahtarı",
        "Yalnız OAuth 2.0 için: «offline.access» izniyle alınan refresh token. Bir kez kullanılır; "
        "her yenilemede yenisi kendiliğinden saklanır.",
        required=False,
    )
    token_expires: str = Field(
        default="",
        title="Erişim anahtarının bitişi",
        description="Yenilemede kendiliğinden yazılır.",
        json_schema_extra={"secret": True, "hidden": True},
        repr=False,
    )
    """When the access token dies (ISO), as its renewal told; kept beside the pair it belongs to."""
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
        "gönderinizi alıntılayanlar ise başvuru olur. Her biri ücretlidir.",
    )
    base_url: str = Field(
        default="https://api.twitter.com",
        title="Sunucu adresi",
        description="Değiştirmeyin: istekler bu sunucunun adıyla imzalanır.",
    )

    @property
    def account_id(self) -> str:
        return self.user_id

    @property
    def by_oauth2(self) -> bool:
        return bool(self.client_id and self.refresh_token)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        """Either the keys of OAuth 1.0a or those of OAuth 2.0; where neither is whole, the begun one's are missing."""
        lacks = {names: [name for name in names if not getattr(self, name)] for names in (OAUTH1, OAUTH2)}
        if all(lacks.values()):
            begun = OAUTH2 if len(lacks[OAUTH2]) < len(OAUTH2) else OAUTH1
            raise ValidationError.from_exception_data(type(self).__name__, _missing(lacks[begun]))
        return self


def _missing(names: Sequence[str]) -> list[InitErrorDetails]:
    return [InitErrorDetails(type="missing", loc=(name,), input=None) for name in names]
