"""How an account fares, as the administrator reads it: state, what came and went, token, losses, silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from inbox.services import reconciliation
from inbox.services.accounts import AccountView
from inbox.services.switches import Deed
from inbox.web.views.moments import Moments
from models.enums import AccountDeed, AccountState, ChannelName
from models.tables import Account

STATE_NAMES = {
    AccountState.OK: "çalışıyor",
    AccountState.DEGRADED: "aksıyor",
    AccountState.REAUTHORISE: "yeniden yetki verilmeli",
    AccountState.PAUSED: "platform durdurdu",
}
DEED_NAMES = {
    AccountDeed.CONNECTED: "bağladı",
    AccountDeed.SWITCHED_ON: "hesabı açtı",
    AccountDeed.SWITCHED_OFF: "hesabı kapattı",
    AccountDeed.LISTENS_ONLY: "yalnız dinlemeye aldı",
    AccountDeed.ANSWERS_AGAIN: "yanıt vermeye açtı",
    AccountDeed.BOTS_STOPPED: "bütün otomatik yanıtları durdurdu",
    AccountDeed.BOTS_STARTED: "otomatik yanıtları başlattı",
    AccountDeed.BUDGET: "günlük sınırı değiştirdi",
    AccountDeed.PRICE: "metin ücretini değiştirdi",
}
FEW_DAYS = 10
FORGED_LATELY = timedelta(days=7)
PUSHED_ONLY = frozenset({ChannelName.WHATSAPP})
"""Platforms without a list: what their webhooks bring is all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the card; `late` where a person should look."""

    name: str
    value: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    account: Account
    channel: str
    state: str
    bad: bool
    problem: str
    facts: Sequence[Fact]
    listens_since: str
    """Who let it only listen, and when."""
    uncertain: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """`Yönetici · X hesabını kapattı`, with its time."""

    who: str
    what: str
    at: str


def account_row(view: AccountView, *, channel: str, listened: Deed | None, moments: Moments) -> AccountRow:
    health = view.health
    return AccountRow(
        account=view.account,
        channel=channel,
        state=STATE_NAMES[view.account.state] if view.account.enabled else "kapalı",
        bad=view.account.enabled and view.account.state is not AccountState.OK,
        problem=view.account.state_detail or (health.problem if health else ""),
        facts=[*_traffic(view, moments), *_token(view, moments), *_watch(view, moments)],
        listens_since=signed(listened, moments) if view.account.listen_only else "",
        uncertain=view.uncertain,
        unreadable=view.unreadable,
    )


def signed(deed: Deed | None, moments: Moments) -> str:
    """`Yönetici, 23 Kasım Pazartesi 14.02`; empty where nobody is known."""
    return f"{deed.who}, {moments.exact(deed.at)}" if deed else ""


def deed_line(deed: Deed, names: dict[int, str], moments: Moments) -> DeedLine:
    """`names` of accounts by id."""
    where = f"{names.get(deed.account_id, 'Silinmiş hesap')}: " if deed.account_id else ""
    detail = f" ({deed.detail})" if deed.detail else ""
    return DeedLine(who=deed.who, what=f"{where}{DEED_NAMES[deed.what]}{detail}", at=moments.exact(deed.at))


def _traffic(view: AccountView, moments: Moments) -> list[Fact]:
    heard = moments.exact(view.last_heard) if view.last_heard else "henüz yok"
    sent = moments.exact(view.last_sent) if view.last_sent else "henüz yok"
    facts = [Fact(name="Son gelen", value=heard), Fact(name="Son başarılı gönderim", value=sent)]
    if view.account.channel in PUSHED_ONLY:
        pushed = moments.exact(view.last_pushed) if view.last_pushed else "henüz gelmedi"
        facts.append(Fact(name="Son anlık bildirim", value=pushed, late=view.last_pushed is None))
    return facts


def _token(view: AccountView, moments: Moments) -> list[Fact]:
    """What is left of it, and when it was tried last."""
    probed = moments.exact(view.health.probed_at) if view.health and view.health.probed_at else "henüz yapılmadı"
    facts = [Fact(name="Son kimlik denetimi", value=probed)]
    if view.hours_left is not None:
        facts.append(Fact(name="Anahtarın kalan süresi", value=f"{view.hours_left} saat (kendiliğinden yenilenir)"))
    elif view.days_left is not None:
        facts.append(Fact(name="Anahtarın kalan süresi", value=f"{view.days_left} gün", late=view.days_left < FEW_DAYS))
    return facts


def _watch(view: AccountView, moments: Moments) -> list[Fact]:
    """Losses, silence, forged notices."""
    run, health = view.run, view.health
    silent = health.silent_since if health else None
    sentence = reconciliation.sentence(run, at=moments.exact(run.finished_at) if run else "")
    facts = [
        Fact(name="Kayıp denetimi", value=sentence, late=bool(run and (run.problem or run.signs))),
        Fact(
            name="Nabız",
            value=f"Alışılmadık sessizlik: {moments.exact(silent)} tarihinden beri mesaj gelmiyor"
            if silent
            else "olağan",
            late=silent is not None,
        ),
    ]
    if health and health.refused_at:
        told = f"{health.refused_pushes} (reddedildi), sonuncusu {moments.exact(health.refused_at)}"
        is_new = moments.now - health.refused_at < FORGED_LATELY
        facts.append(Fact(name="İmzası yanlış bildirim", value=told, late=is_new))
    return facts
