"""People, their log-ins and what was recorded of them, in Turkish."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.staff import UNITS_OWN
from inbox.services.security_events import EventLine, What
from inbox.services.sessions import OpenLogIn
from inbox.web.views.moments import Moments
from models.enums import Role
from models.profile import UNKNOWN_DISTRICT_UNIT
from models.tables import Unit, User

NOTICES = {
    "password": "Parolanız değiştirildi. Öteki bütün oturumlarınız kapatıldı.",
    "ended": "Oturum kapatıldı.",
    "keys": "Kısayol seçiminiz kaydedildi.",
    "changed": "Değişiklik kaydedildi. Yetki değiştiyse kişinin oturumları kapatıldı.",
    "authorise": "Birim kullanıcısı yetkilendirildi.",
    "deactivate": "Hesap kapatıldı; açık oturumları sona erdi.",
    "activate": "Hesap yeniden açıldı.",
    "unlock": "Yanlış denemeler silindi; kişi hemen giriş yapabilir.",
    "sessions": "Kişinin bütün oturumları kapatıldı.",
    "second-factor": "İkinci adım kaldırıldı; kişi bir sonraki girişinde yenisini kurar.",
    "factor_rule": "İki adımlı giriş kuralı kaydedildi; bir sonraki girişten başlayarak geçerlidir.",
}
EVENT_NAMES = {
    What.LOG_IN: "Giriş yapıldı",
    What.LOG_IN_FAILED: "Yanlış parola",
    What.LOG_IN_HELD: "Çok yanlış deneme: giriş bekletildi",
    What.CODE_FAILED: "Yanlış kod",
    What.CODE_REPEATED: "Kullanılmış kod yeniden denendi",
    What.LOG_OUT: "Çıkış yapıldı",
    What.SESSION_ENDED: "Oturum kapatıldı",
    What.SESSIONS_ENDED: "Oturumlar kapatıldı",
    What.PASSWORD_CHANGED: "Parola değiştirildi",
    What.PASSWORD_SET: "Bağlantıyla parola belirlendi",
    What.LINK_MADE: "Parola bağlantısı üretildi",
    What.ADDED: "Kullanıcı eklendi",
    What.CHANGED: "Bilgiler ya da yetkiler değiştirildi",
    What.AUTHORISED: "Birim kullanıcısı yetkilendirildi",
    What.DEACTIVATED: "Hesap kapatıldı",
    What.ACTIVATED: "Hesap açıldı",
    What.UNLOCKED: "Kilit kaldırıldı",
    What.FACTOR_ON: "İki adımlı giriş açıldı",
    What.FACTOR_OFF: "İki adımlı giriş kapatıldı",
    What.RECOVERY_MADE: "Kurtarma kodları üretildi",
    What.RECOVERY_USED: "Kurtarma koduyla giriş",
    What.IDENTITY_LINKED: "Kurumsal hesap bağlandı",
    What.IDENTITY_REFUSED: "Kurumsal giriş reddedildi",
    What.RULES_CHANGED: "Güvenlik kuralı değiştirildi",
    What.ORGANISATION_CHANGED: "Birim, konu ya da metin değiştirildi",
    What.RESTORED: "Yedekten geri yüklendi",
    What.FORBIDDEN: "Yetkisiz işlem denendi",
}
_EVENT_WORDS = {what.value: words for what, words in EVENT_NAMES.items()}
_BAD = frozenset({What.LOG_IN_FAILED, What.LOG_IN_HELD, What.CODE_FAILED, What.CODE_REPEATED, What.FORBIDDEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as the list and her page show her."""

    id: int
    name: str
    login: str
    roles: str
    unit: str
    state: str
    active: bool
    needs_authorisation: bool
    factor: bool
    since: str


def person_row(user: User, moments: Moments, *, names: Mapping[str, str]) -> PersonRow:
    roles = known_roles(user.roles)
    return PersonRow(
        id=user.id or 0,
        name=user.name,
        login=user.login,
        roles=role_words(roles, names),
        unit=user.unit or "",
        state=_state(user, roles),
        active=user.active,
        needs_authorisation=bool(roles & UNITS_OWN) and user.authorised_at is None,
        factor=user.totp_since is not None,
        since=moments.day(user.created_at),
    )


def role_words(roles: Iterable[Role], names: Mapping[str, str]) -> str:
    return ", ".join(names[role] for role in Role if role in frozenset(roles))


def offered_roles(actor: Actor) -> list[Role]:
    """Roles that the actor gives."""
    return list(Role) if actor.may(Action.MANAGE_PEOPLE) else sorted(UNITS_OWN)


def unit_options(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """Everything that somebody can work for: units and single districts."""
    return [(unit.id, unit.name) for unit in units if unit.active and unit.id != UNKNOWN_DISTRICT_UNIT]


def session_rows(own: Sequence[OpenLogIn], moments: Moments) -> list[dict[str, object]]:
    return [
        {
            "mark": one.mark,
            "is_this": one.is_this,
            "device": one.session.device or "bilinmeyen cihaz",
            "address": one.session.address,
            "began": moments.exact(one.session.created_at),
            "seen": moments.age(one.session.last_seen_at or one.session.created_at).text,
        }
        for one in own
    ]


def event_rows(lines: Sequence[EventLine], moments: Moments, *, names: Mapping[str, str]) -> list[dict[str, object]]:
    """The record keeps codes of roles; people read their names."""
    codes = re.compile(rf"\b({'|'.join(Role)})\b")
    return [
        {
            "at": moments.exact(line.event.at),
            "what": _EVENT_WORDS.get(line.event.what, line.event.what),
            "bad": line.event.what in _BAD,
            "name": line.name,
            "address": line.event.address,
            "detail": codes.sub(lambda code: names[code[0]], line.event.detail),
        }
        for line in lines
    ]


def _state(user: User, roles: frozenset[Role]) -> str:
    if not user.active:
        return "kapalı"
    if roles & UNITS_OWN and user.authorised_at is None:
        return "yetkilendirme bekliyor"
    return "çalışıyor" if user.password_changed_at else "davet edildi"
