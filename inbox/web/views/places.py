"""The pages there are to go to, in groups: one table of who finds which. The pages themselves check rights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inbox.rules.permissions import Action, Actor

Right = Callable[[Actor], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A link. `here`: "page" where the reader is on it, "true" where she is on a page below it, else empty."""

    address: str
    name: str
    here: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    places: tuple[Place, ...]


def _any(*actions: Action) -> Right:
    return lambda actor: any(actor.may(one) for one in actions)


def _all(*actions: Action) -> Right:
    return lambda actor: all(actor.may(one) for one in actions)


_ORGANISATION = _any(Action.MANAGE_ORGANISATION)
_SET_UP = _any(Action.SET_UP)
_TABLE: dict[str, tuple[tuple[str, str, Right], ...]] = {
    "": (
        ("/inbox", "Gelen kutusu", lambda actor: bool(actor.reach)),
        ("/approvals", "Onay", _any(Action.APPROVE)),
        ("/unit", "Birimim", _any(Action.ACT_FOR_UNIT)),
        ("/register", "Yeni başvuru", _any(Action.REGISTER)),
        ("/documents", "EBYS'de imzada", _any(Action.SIGN)),
        ("/emergencies", "Acil başvurular", _any(Action.TAKE_EMERGENCY)),
        ("/incidents", "Olaylar", _any(Action.DECIDE_INCIDENT)),
        ("/surveys", "Anketler", _any(Action.SURVEY)),
        ("/field-checks", "Yerinde tespit", _any(Action.FIELD_CHECK, Action.ASK_FIELD_CHECK)),
        ("/reminders", "Süre uyarıları", _any(Action.ANSWER, Action.ACT_FOR_UNIT)),
        ("/knowledge", "Akıl Kutusu", _any(Action.READ_KNOWLEDGE)),
        ("/texts", "Hazır metinler", _any(Action.ANSWER, Action.MANAGE_ORGANISATION)),
        ("/corrective", "Düzeltici ve önleyici faaliyetler", _any(Action.OPEN_CORRECTIVE)),
    ),
    "Raporlar ve izleme": (
        ("/wall", "Pano", _any(Action.SEE_WALL)),
        ("/late", "Gecikenler", _all(Action.SEE_REPORTS, Action.EXPORT)),
        ("/reports", "Raporlar", _any(Action.SEE_REPORTS)),
    ),
    "Yönetim": (
        ("/roster", "Vardiya ve dağıtım", _any(Action.MANAGE_ROSTER)),
        ("/people", "Kullanıcılar", _any(Action.MANAGE_PEOPLE, Action.AUTHORISE_UNIT_USERS)),
        ("/security", "Güvenlik kayıtları", _any(Action.MANAGE_PEOPLE)),
        ("/rules", "Kurallar", _ORGANISATION),
        ("/units", "Birimler", _ORGANISATION),
        ("/topics", "Konular", _ORGANISATION),
        ("/bot-texts", "Otomatik metinler", _ORGANISATION),
        ("/privacy", "Kişisel veriler", _any(Action.ANSWER_PERSON_REQUESTS)),
        ("/privacy/looks", "Kişisel veri erişimleri", _any(Action.REVEAL_CONFIDENTIAL)),
        ("/learning", "Sınıflandırıcı", _any(Action.PROMOTE_MODEL)),
    ),
    "Hesaplar": (
        ("/accounts", "Hesaplar ve kanallar", _SET_UP),
        ("/accounts/costs", "Maliyet", _SET_UP),
        ("/accounts/uncertain", "Belirsiz gönderimler", _SET_UP),
        ("/accounts/unreadable", "Okunamayanlar", _SET_UP),
        ("/accounts/poisoned", "İşlenemeyenler", _SET_UP),
    ),
    "Siz": (("/profile", "Profilim", _all()),),
}


def groups(actor: Actor, path: str) -> Iterator[Group]:
    """Those that are there for this reader, who looks at the page of this path."""
    found = {name: [one for one in places if one[2](actor)] for name, places in _TABLE.items()}
    above = [address for places in found.values() for address, *_ in places if f"{path}/".startswith(f"{address}/")]
    here = max(above, key=len, default="")
    mark = {here: "page" if here == path else "true"}
    for name, places in found.items():
        if places:
            links = (Place(address=address, name=words, here=mark.get(address, "")) for address, words, _ in places)
            yield Group(name=name, places=tuple(links))
