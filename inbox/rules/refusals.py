"""What a platform's no means, in the desk's language. Its own words stand behind, for whoever sets accounts up."""

from inbox.rules.reply_policy import OBSTACLE_WORDS, Obstacle
from models.errors import (
    FILE_GONE,
    NO_TEMPLATE,
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)

_OUR_OWN = {
    FILE_GONE: "Metnin dosyası artık yok; dosyayı yeniden ekleyip gönderiniz.",
    NO_TEMPLATE: "Bu numaraya onaylı «cevabınız hazır» şablonu tanımlanmadı; yönetici hesaba eklemeli.",
    "": "Bu istek bu kanalda bu hâliyle yapılamıyor.",
}
_WORDS: dict[type[ChannelError], str] = {
    TransientError: "Platformda geçici bir sorun var.",
    RateLimitedError: "Platform kısa sürede çok fazla istek aldığını bildirdi.",
    PersonLimitedError: "Platform bu kişiye kısa sürede çok fazla metin gönderildiğini bildirdi.",
    OutcomeUnknownError: "Platform yanıt vermedi; metin gitmiş de olabilir, gitmemiş de.",
    WindowClosedError: OBSTACLE_WORDS[Obstacle.WINDOW_OVER],
    ContactGoneError: OBSTACLE_WORDS[Obstacle.UNREACHABLE],
    ReauthoriseError: "Platform hesabın anahtarını ya da iznini kabul etmedi; yönetici hesabı yeniden bağlamalı.",
    AccountPausedError: "Platform hesabı ödeme ya da kural nedeniyle durdurdu.",
    RequestRefusedError: "Platform bu isteği kabul etmedi.",
}


def in_words(error: ChannelError) -> str:
    """One Turkish sentence, with the platform's code where it gave one."""
    if isinstance(error, RequestRefusedError) and error.code in _OUR_OWN:
        return _OUR_OWN[error.code]
    words = _WORDS[type(error)]
    return f"{words[:-1]} (kod {error.code})." if error.code else words


def explained(error: ChannelError) -> str:
    """The same with the technical detail, for whoever sets accounts up."""
    return f"{in_words(error)} Teknik ayrıntı: {error.detail}"
