"""May this be written to this citizen here, until when, and in which way. Pure: facts of the channel, the clock given.

The windows are the platforms' (docs of each connector's facts); listen-only, the bots' switch and blocks are ours.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.channel_facts import SurfaceFacts
from models.enums import Surface


class Way(StrEnum):
    """How a text could leave."""

    REPLY = "reply"
    HUMAN_AGENT = "human_agent"
    """In the longer window that is open to texts written by a person."""
    TEMPLATE = "template"
    """An approved template first; the text itself once the citizen has written again."""
    PRIVATE_REPLY = "private_reply"
    """Once, to the writer of a public comment."""


class Obstacle(StrEnum):
    """Why a text may not leave."""

    LISTENS_ONLY = "listens_only"
    BOTS_OFF = "bots_off"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NOT_REPLYABLE = "not_replyable"
    """The platform forbids it for this very message: X without a summons, a thread that another app owns."""
    WINDOW_OVER = "window_over"
    NO_SUCH_WAY = "no_such_way"
    ALREADY_USED = "already_used"
    NEVER_HEARD = "never_heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How we stand with a citizen in one conversation. `facts` are None while the account is not connected."""

    surface: Surface
    facts: SurfaceFacts | None
    last_inbound_at: datetime | None
    replyable: bool = True
    listen_only: bool = False
    bots_enabled: bool = True
    blocked: bool = False
    unreachable_at: datetime | None = None
    private_reply_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`way` is None where the text may not leave; then `obstacle` says why. `until` is None where there is no end."""

    way: Way | None
    obstacle: Obstacle | None = None
    until: datetime | None = None

    @property
    def allowed(self) -> bool:
        return self.way is not None


def reply_verdict(standing: Standing, *, by_human: bool, now: datetime) -> Verdict:
    """Of a text to the citizen in her own thread."""
    if obstacle := _held_back(standing, by_human=by_human):
        return Verdict(way=None, obstacle=obstacle)
    if not standing.replyable:
        return Verdict(way=None, obstacle=Obstacle.NOT_REPLYABLE)
    return _in_window(standing, by_human=by_human, now=now)


def private_reply_verdict(standing: Standing, *, written_at: datetime, by_human: bool, now: datetime) -> Verdict:
    """Of a private message to the writer of a public comment, counted from when she wrote it."""
    window = standing.facts.private_reply_window if standing.facts else None
    if window is None:
        return Verdict(way=None, obstacle=Obstacle.NO_SUCH_WAY)
    if obstacle := _held_back(standing, by_human=by_human):
        return Verdict(way=None, obstacle=obstacle)
    if standing.private_reply_used:
        return Verdict(way=None, obstacle=Obstacle.ALREADY_USED)
    until = written_at + window
    if now >= until:
        return Verdict(way=None, obstacle=Obstacle.WINDOW_OVER, until=until)
    return Verdict(way=Way.PRIVATE_REPLY, until=until)


def _held_back(standing: Standing, *, by_human: bool) -> Obstacle | None:
    if standing.listen_only:
        return Obstacle.LISTENS_ONLY
    if not by_human and not standing.bots_enabled:
        return Obstacle.BOTS_OFF
    if standing.blocked:
        return Obstacle.BLOCKED
    return Obstacle.UNREACHABLE if _is_unreachable(standing) else None


def _is_unreachable(standing: Standing) -> bool:
    """Until she writes again."""
    if standing.unreachable_at is None:
        return False
    return standing.last_inbound_at is None or standing.last_inbound_at <= standing.unreachable_at


def _in_window(standing: Standing, *, by_human: bool, now: datetime) -> Verdict:
    facts, heard = standing.facts, standing.last_inbound_at
    if facts is None or facts.reply_window is None:
        return Verdict(way=Way.REPLY)
    if heard is None:
        return Verdict(way=None, obstacle=Obstacle.NEVER_HEARD)
    ends_at = heard + facts.reply_window
    longest = heard + facts.human_window if by_human and facts.human_window else ends_at
    if now < ends_at:
        return Verdict(way=Way.REPLY, until=longest)
    if now < longest:
        return Verdict(way=Way.HUMAN_AGENT, until=longest)
    if by_human and facts.templates:
        return Verdict(way=Way.TEMPLATE)
    return Verdict(way=None, obstacle=Obstacle.WINDOW_OVER, until=longest)


OBSTACLE_WORDS: dict[Obstacle, str] = {
    Obstacle.LISTENS_ONLY: "Bu hesap yalnızca dinliyor; buradan cevap gönderilmez.",
    Obstacle.BOTS_OFF: "Otomatik metinler kapalı.",
    Obstacle.BLOCKED: "Bu kişi engellendi; engel kaldırılmadan kendisine yazılamaz.",
    Obstacle.UNREACHABLE: "Platform bu kişiye yazılamadığını bildirdi; kişi yeniden yazınca cevap verilebilir.",
    Obstacle.NOT_REPLYABLE: "Platform bu mesaja buradan cevap verilmesine izin vermiyor.",
    Obstacle.WINDOW_OVER: "Platformun cevap süresi doldu; vatandaş yeniden yazınca cevap verilebilir.",
    Obstacle.NO_SUCH_WAY: "Bu kanalda yoruma özel mesajla cevap verilemez.",
    Obstacle.ALREADY_USED: "Bu yoruma bir kez özel mesaj gönderildi; platform ikincisine izin vermiyor.",
    Obstacle.NEVER_HEARD: "Vatandaş bu kanaldan bize yazmadan kendisine yazılamaz.",
}
"""What a clerk reads."""
