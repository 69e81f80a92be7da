"""What must be known of one WhatsApp number. Titles and descriptions make the set-up page."""

from typing import ClassVar

from pydantic import Field

from connectors.base import AccountSettings, secret
from connectors.meta import settings as fields
from models.enums import ChannelName


class WhatsAppSettings(AccountSettings):
    """One number of one business account and app."""

    channel: ClassVar[ChannelName] = ChannelName.WHATSAPP

    phone_number_id: str = Field(
        pattern=r"^\d+$",
        title="Telefon numarası kimliği",
        description="WhatsApp › API Kurulumu sayfasındaki «Phone number ID»; telefon numarasının kendisi değildir.",
    )
    waba_id: str = Field(
        pattern=r"^\d+$",
        title="WhatsApp Business hesap kimliği",
        description="Aynı sayfadaki «WhatsApp Business Account ID».",
    )
    access_token: str = secret(
        "Erişim anahtarı",
        "Business Manager'da sistem kullanıcısı için üretilen anahtar. İzinler: "
        "whatsapp_business_messaging, whatsapp_business_management.",
    )
    app_secret: str = secret(
        "Uygulama gizli anahtarı",
        "developers.facebook.com'da uygulamanın Ayarlar › Temel bölümündeki gizli anahtar; gelen "
        "bildirimlerin imzası bununla denetlenir.",
    )
    verify_token: str = secret(
        "Webhook doğrulama sözcüğü",
        "Sizin belirlediğiniz bir sözcük; Meta'nın WhatsApp › Yapılandırma sayfasına da aynısını yazın.",
    )
    answer_template: str = Field(
        default="cevabiniz_hazir",
        pattern=r"^[a-z0-9_]{0,512}$",
        title="«Cevabınız hazır» şablonu",
        description="24 saatlik süre dolunca vatandaşı yazmaya çağıran onaylı şablonun adı. Gövdesinde başvuru "
        "numarası için tek bir değişken ({{1}}) olmalıdır. Boş bırakılırsa süre dolunca cevap gönderilemez.",
    )
    template_language: str = Field(
        default="tr",
        pattern=r"^[a-z]{2}(_[A-Z]{2})?$",
        title="Şablonun dili",
        description="Onaylı şablonun dil kodu.",
    )
    graph_version: str = fields.graph_version()
    base_url: str = fields.base_url()

    @property
    def account_id(self) -> str:
        """The number's id: webhooks name it in their metadata."""
        return self.phone_number_id
