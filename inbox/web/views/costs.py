"""What the platforms cost, as the administrator reads it: today against the limit, what was paused, thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from inbox.rules.costs import LISTENING_SHARE, Purse
from inbox.services.costs import CostsOfAccount, DayOfCosts
from inbox.web.views.moments import Moments, Tone
from models.enums import ChannelName
from models.tables import Account
from models.turkish import MONTHS

NO_LIMIT = "Günlük sınır konmamış; harcama ne olursa olsun hiçbir şey durdurulmaz."
WITHIN = "Harcama sınırın içinde; her şey açık."
NO_LISTENING = (
    "Sınırın %{share} kadarı harcandı: anahtar kelime ve etiket dinlemesi durduruldu. Bahsetmeler alınmaya, cevaplar "
    "gitmeye devam eder. Dinleme {again} itibarıyla yeniden başlar."
)
SPENT = (
    "Günlük sınır doldu: dinleme ve otomatik metinler durduruldu; bekleyen otomatik metinler sırada tutulur. "
    "Personelin cevapları gönderilmeye devam eder. Sayaç {again} itibarıyla sıfırlanır."
)
SENDS = "send"
LISTED = "platformun listesi"
UNLISTED = "girilmemiş, 0 sayılır"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDay:
    """Money as people read it; `dollars` for the bar."""

    name: str
    reads: str
    sends: str
    total: str
    dollars: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    account: Account
    channel: str
    today: str
    budget: str
    total: str
    paused: str
    tone: Tone
    days: Sequence[CostDay]
    highest: float
    budget_value: str
    """As it stands in the form."""
    price_value: str
    price_hint: str
    """What counts where no price is given."""


def cost_row(costs: CostsOfAccount, *, channel: str, moments: Moments) -> CostRow:
    days = [_day(name, list(rows)) for name, rows in groupby(reversed(costs.days), key=lambda one: one.day)]
    return CostRow(
        account=costs.account,
        channel=channel,
        today=dollars(costs.today),
        budget=dollars(costs.budget) if costs.budget is not None else "",
        total=dollars(costs.total),
        paused=_paused(costs, moments),
        tone=Tone.PLAIN if costs.purse is Purse.OPEN else Tone.LATE if costs.purse is Purse.SPENT else Tone.SOON,
        days=days,
        highest=max([day.dollars for day in days], default=0.0),
        budget_value=_typed(costs.budget),
        price_value=_typed(costs.price),
        price_hint=LISTED if costs.account.channel is ChannelName.TWITTER else UNLISTED,
    )


def dollars(amount: Decimal) -> str:
    """`1,50 $`; small amounts with what they need, `0,005 $`."""
    places = amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount.normalize()
    return f"{places:f} $".replace(".", ",")


def _paused(costs: CostsOfAccount, moments: Moments) -> str:
    if costs.budget is None:
        return NO_LIMIT
    again = moments.exact(_next_utc_day(moments.now))
    match costs.purse:
        case Purse.OPEN:
            return WITHIN
        case Purse.NO_LISTENING:
            return NO_LISTENING.format(share=round(LISTENING_SHARE * 100), again=again)
        case Purse.SPENT:
            return SPENT.format(again=again)


def _next_utc_day(now: datetime) -> datetime:
    """The platforms count days by UTC, and so do we."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)


def _day(name: str, rows: Sequence[DayOfCosts]) -> CostDay:
    sends = [row for row in rows if row.kind == SENDS]
    reads = [row for row in rows if row.kind != SENDS]
    total, day = sum((row.dollars for row in rows), Decimal(0)), date.fromisoformat(name)
    return CostDay(
        name=f"{day.day} {MONTHS[day.month - 1]}",
        reads=_counted(reads),
        sends=_counted(sends),
        total=dollars(total),
        dollars=float(total),
    )


def _counted(rows: Sequence[DayOfCosts]) -> str:
    """`320 · 0,32 $`; a dash where nothing was."""
    if not rows:
        return "–"
    return f"{sum(row.pieces for row in rows)} · {dollars(sum((row.dollars for row in rows), Decimal(0)))}"


def _typed(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}".replace(".", ",")
