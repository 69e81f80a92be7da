"""The composer: what stands in it at first, and what the channel allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inbox.knowledge.articles import Article
from inbox.rules.answer_files import MEGABYTE, FileLimits
from inbox.rules.files import ending_of
from inbox.rules.quick_replies import offered
from inbox.rules.reply_policy import Way
from inbox.services.reply_options import ReplyOption
from inbox.web.views.chips import Chip
from inbox.web.views.moments import Moment, Moments
from models.channel_facts import SurfaceFacts
from models.enums import ChannelName, OutboxState, Purpose, SendMode, Surface
from models.splitting import split_text
from models.tables import OutboxItem

SMALL_LIMIT = 500
"""Surfaces below this get the short form of a draft."""
TEMPLATE_FIRST = (
    "Cevap süresi doldu: önce «cevabınız hazır» bildirimi gider, vatandaş yazınca cevabınız kendiliğinden iletilir."
)
OUT_OF_USE = "Bu mesaja önerilen Akıl Kutusu metni artık geçerli değil; cevabı siz yazıyorsunuz."
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
class PrivateWay:
    """A private message to the writer of the newest comment; `blocked` says why there can be none now."""

    text: str
    count: Count | None
    window: Moment | None
    blocked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWay:
    """Another thread in which the same citizen can be written to now; `href` is empty where no application is in it."""

    name: str
    href: str
    window: Moment | None
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """Files that an answer may carry here. `accept` is what a browser's dialogue offers, `words` what a clerk reads."""

    accept: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPart:
    lines: Sequence[str]
    count: Count | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An answer as the citizen will see it: its parts in order, files with the first or before it."""

    parts: Sequence[PreviewPart]
    files: Sequence[Chip] = ()
    buttons: Sequence[str] = ()
    """Answers that she may press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """`blocked` says why nothing can be sent now, `hint` what is special about sending; both may be empty."""

    text: str
    source: str
    remark: str
    audience: str
    public: bool
    count: Count | None
    window: Moment | None
    price: str
    """What one text costs, where the platform asks for money."""
    hint: str
    blocked: str
    private: PrivateWay | None = None
    elsewhere: Sequence[OtherWay] = ()
    takes: Takes | None = None
    """None where no file can be sent."""
    files: Sequence[Chip] = ()
    """Chosen, and not sent yet."""
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer would go. `facts` are None while the account is not connected, `option` where there is none."""

    channel: ChannelName
    surface: Surface
    facts: SurfaceFacts | None
    option: ReplyOption | None


def composer(
    place: Place,
    *,
    suggested: Article | str,
    outbox: Sequence[OutboxItem],
    channel_name: str,
    moments: Moments,
    private: PrivateWay | None = None,
    elsewhere: Sequence[OtherWay] = (),
) -> Composer:
    """`suggested`: the article that fits as it stands today, or why there is none."""
    text, source, remark = _opening(place, suggested, outbox)
    option = place.option
    return Composer(
        text=text,
        source=source,
        remark=remark,
        audience=_audience(place, channel_name),
        public=place.surface.is_public,
        count=measure(text, place.facts),
        window=moments.left(option.until) if option and option.allowed and option.until else None,
        price=price_words(option) if option else "",
        hint=TEMPLATE_FIRST if option and option.way is Way.TEMPLATE else "",
        blocked=option.reason if option else "Bu başvuru bir kanaldan gelmedi; cevabı buradan gönderilemez.",
        private=private,
        elsewhere=elsewhere,
    )


def private_way(
    option: ReplyOption | None, *, facts: SurfaceFacts | None, text: str, moments: Moments
) -> PrivateWay | None:
    """None where the platform knows no such way. `facts` are those of private messages; `text` stands there."""
    if option is None:
        return None
    window = moments.left(option.until) if option.allowed and option.until else None
    return PrivateWay(text=text, count=measure(text, facts), window=window, blocked=option.reason)


def price_words(option: ReplyOption) -> str:
    """What a text costs there, with a link in it too; empty where it is free."""
    words = _dollars(option.price) if option.price else ""
    if option.price_with_link and option.price_with_link != option.price:
        words = f"{words or 'ücretsiz'}, bağlantılı {_dollars(option.price_with_link)}"
    return words


def measure(text: str, facts: SurfaceFacts | None) -> Count | None:
    """None where the channel's limit is not known."""
    if facts is None:
        return None
    return Count(used=facts.measure(text.strip()), limit=facts.limit, unit_name=facts.unit_name)


def takes(limits: FileLimits | None) -> Takes | None:
    """None where nothing can be put there."""
    if limits is None or not limits.most_files:
        return None
    sizes: dict[int, list[str]] = {}
    for mime_type, most in limits.files.items():
        sizes.setdefault(most, []).append(ending_of(mime_type).upper())
    kinds = "; ".join(f"{', '.join(names)} {most // MEGABYTE} MB" for most, names in sizes.items())
    return Takes(accept=",".join(limits.files), words=f"En çok {limits.most_files} dosya: {kinds}")


def preview(text: str, facts: SurfaceFacts | None, *, files: Sequence[Chip]) -> Preview:
    """The text split and numbered by the channel's own measure, as its connector will."""
    text = text.replace("\r\n", "\n").strip()
    parts = split_text(text, limit=facts.limit, measure=facts.measure) if facts and text else [text] if text else []
    return Preview(
        parts=[PreviewPart(lines=part.splitlines(), count=measure(part, facts)) for part in parts],
        files=files,
        buttons=offered(text) if facts and facts.quick_replies else (),
    )


def _opening(place: Place, suggested: Article | str, outbox: Sequence[OutboxItem]) -> tuple[str, str, str]:
    """(text, source, remark): an answer taken back stands again; else the article, until a first answer was sent."""
    answers = [item for item in outbox if item.purpose is Purpose.ANSWER and item.mode is not SendMode.PRIVATE_REPLY]
    if answers and answers[-1].state is OutboxState.CANCELLED:
        return answers[-1].text, "", "Geri aldığınız metin"
    if answers:
        return "", "", ""
    if isinstance(suggested, str):
        return "", "", suggested
    return (suggested.short if _is_small(place) else suggested.long), suggested.title, ""


def _is_small(place: Place) -> bool:
    if place.facts:
        return place.facts.limit <= SMALL_LIMIT
    return place.channel is ChannelName.TWITTER and place.surface.is_public


def _audience(place: Place, channel_name: str) -> str:
    if place.surface.is_public:
        return f"Herkese açık cevap · {channel_name} üzerinde herkes okur"
    return f"Özel mesaj · {channel_name} üzerinde yalnızca vatandaş okur"


def _dollars(amount: Decimal) -> str:
    return f"{amount.normalize():f} $".replace(".", ",")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
