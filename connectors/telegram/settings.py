"""What must be known of one Telegram bot. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings
from models.enums import ChannelName


class TelegramSettings(AccountSettings):
    """One bot. `base_url` and `base_file_url` have no slash at the end."""

    channel: ClassVar[ChannelName] = ChannelName.TELEGRAM

    token: str = Field(
        pattern=r"^\d+:[A-Za-z0-9_-]+$",
        title="Bot anahtarı",
        description="@BotFather'ın bot açılırken verdiği anahtar. Biçimi: 123456789:ABC…",
        json_schema_extra={"secret": True},
        repr=False,
    )
    webhook_secret: str = Field(
        default="",
        max_length=256,
        title="Webhook parolası",
        description="Yalnız webhook kullanılacaksa: setWebhook çağrısındaki secret_token değeri. "
        "Boş bırakılırsa mesajlar düzenli sorgulanarak alınır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    poll_timeout: int = Field(
        default=8,
        ge=0,
        le=50,
        title="Bekleme süresi (saniye)",
        description="Yeni mesaj yoksa Telegram'ın yanıtı ne kadar bekleteceği.",
    )
    base_url: str = Field(
        default="https://api.telegram.org",
        title="Sunucu adresi",
        description="Kendi Bot API sunucunuz yoksa değiştirmeyin.",
    )
    base_file_url: str = Field(
        default="",
        title="Dosya sunucusu adresi",
        description="Boşsa sunucu adresi kullanılır.",
    )

    @property
    def account_id(self) -> str:
        """Telegram's id of the bot: the part of the token before the colon, which is not secret."""
        return self.token.partition(":")[0]
