"""The composer: what stands in it at first, and what the channel allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.rules.replies import reply_window
from inbox.web.views.moments import Moment, Moments
from models.channel_facts import SurfaceFacts
from models.enums import ChannelName, OutboxState, Purpose, Surface
from models.tables import Account, Draft, Message, OutboxItem

SMALL_LIMIT = 500
"""Surfaces below this get the short form of a draft."""
NO_ARTICLE = "Akıl Kutusu'nda bu mesaja uyan bir metin bulunamadı; cevabı siz yazıyorsunuz."


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A text measured by the platform's own unit."""

    used: int
    limit: int
    unit_name: str

    @property
    def over(self) -> bool:
        return self.used > self.limit

    @property
    def text(self) -> str:
        return f"{_thousands(self.used)} / {_thousands(self.limit)} {self.unit_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """`blocked` says why nothing can be sent now; empty where it can."""

    text: str
    source: str
    remark: str
    audience: str
    public: bool
    count: Count | None
    window: Moment | None
    blocked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer would go. `facts` are None while the account is not connected."""

    channel: ChannelName
    surface: Surface
    facts: SurfaceFacts | None
    account: Account | None
    last_inbound_at: datetime | None
    last_inbound: Message | None = None


def composer(
    place: Place, *, draft: Draft | None, outbox: Sequence[OutboxItem], channel_name: str, moments: Moments
) -> Composer:
    text, source, remark = _opening(place, draft, outbox)
    window = reply_window(place.facts, last_inbound_at=place.last_inbound_at)
    return Composer(
        text=text,
        source=source,
        remark=remark,
        audience=_audience(place, channel_name),
        public=place.surface.is_public,
        count=measure(text, place.facts),
        window=moments.left(window.ends_at) if window.ends_at else None,
        blocked=_blocked(place, open_now=window.is_open(moments.now)),
    )


def measure(text: str, facts: SurfaceFacts | None) -> Count | None:
    """None where the channel's limit is not known."""
    if facts is None:
        return None
    return Count(used=facts.measure(text.strip()), limit=facts.limit, unit_name=facts.unit_name)


def _opening(place: Place, draft: Draft | None, outbox: Sequence[OutboxItem]) -> tuple[str, str, str]:
    """(text, source, remark): an answer taken back stands again; else the draft, until a first answer was sent."""
    answers = [item for item in outbox if item.purpose is Purpose.ANSWER]
    if answers and answers[-1].state is OutboxState.CANCELLED:
        return answers[-1].text, "", "Geri aldığınız metin"
    if answers:
        return "", "", ""
    if draft is None or not draft.article_id:
        return "", "", NO_ARTICLE
    return (draft.short_text if _is_small(place) else draft.long_text), draft.article_title, ""


def _is_small(place: Place) -> bool:
    if place.facts:
        return place.facts.limit <= SMALL_LIMIT
    return place.channel is ChannelName.TWITTER and place.surface.is_public


def _audience(place: Place, channel_name: str) -> str:
    if place.surface.is_public:
        return f"Herkese açık cevap · {channel_name} üzerinde herkes okur"
    return f"Özel mesaj · {channel_name} üzerinde yalnızca vatandaş okur"


def _blocked(place: Place, *, open_now: bool) -> str:
    if place.account and place.account.listen_only:
        return "Bu hesap yalnızca dinliyor; buradan cevap gönderilmez."
    if not open_now:
        return "Platformun cevap süresi doldu; vatandaş yeniden yazınca cevap verilebilir."
    if place.last_inbound and not place.last_inbound.replyable:
        return "Platform bu mesaja buradan cevap verilmesine izin vermiyor."
    return ""


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
