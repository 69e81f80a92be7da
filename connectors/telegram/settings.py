"""What must be known of one Telegram bot. Titles and descriptions make the set-up page."""

from typing import ClassVar, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

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
        pattern=r"^[A-Za-z0-9_-]{0,256}$",
        title="Webhook parolası",
        description="Yalnız webhook kullanılacaksa: sizin belirlediğiniz uzun bir parola (A-Z, a-z, 0-9, _ ve -). "
        "Her botun parolası ayrı olmalıdır.",
        json_schema_extra={"secret": True},
        repr=False,
    )
    webhook_url: str = Field(
        default="",
        pattern=r"^(https://\S+)?$",
        title="Webhook adresi",
        description="Mesajlar sorgulanmadan, anında gelsin isteniyorsa bu kurulumun genel adresi: "
        "https://…/webhooks/telegram. Telegram'a kendiliğinden bildirilir. Boşsa mesajlar düzenli sorgulanır.",
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

    @model_validator(mode="after")
    def _no_webhook_without_secret(self) -> Self:
        """Anybody could write to an address that asks for no secret."""
        if self.webhook_url and not self.webhook_secret:
            missing = InitErrorDetails(type="missing", loc=("webhook_secret",), input=None)
            raise ValidationError.from_exception_data(type(self).__name__, [missing])
        return self

    @property
    def account_id(self) -> str:
        """Telegram's id of the bot: the part of the token before the colon, which is not secret."""
        return self.token.partition(":")[0]
