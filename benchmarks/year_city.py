"""The invented city of the year: who works at the desk, who writes what when. Everything is drawn from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules.permissions import Actor
from models.enums import ChannelName, Decision, EventKind, Kind, Role, Surface, Urgency
from models.messages import ChannelEvent, Classification, Guess, Sender
from models.profile import Profile
from models.tables import Absence, RosterShift, User, UserSession

STAFF: tuple[tuple[str, Role, int], ...] = (
    ("personel", Role.AGENT, 10),
    ("lider", Role.TEAM_LEAD, 2),
    ("onay", Role.APPROVER, 2),
    ("nobet", Role.DUTY_DESK, 1),
    ("mudur", Role.CHIEF, 1),
    ("anket", Role.SURVEY_AGENT, 2),
    ("saha", Role.FIELD_TEAM, 2),
    ("birim", Role.UNIT_USER, 1),
)
CHANNELS = {
    ChannelName.TWITTER: Surface.MENTION,
    ChannelName.INSTAGRAM: Surface.COMMENT,
    ChannelName.FACEBOOK: Surface.COMMENT,
    ChannelName.WHATSAPP: Surface.DIRECT,
    ChannelName.TELEGRAM: Surface.DIRECT,
}
PLACES = ("Yeşiltepe", "Çamlık", "Bahçeli", "Kuyulu", "İncirli", "Hisarlık")
KINDS = (Kind.COMPLAINT,) * 6 + (Kind.REQUEST,) * 3 + (Kind.QUESTION,) * 2 + (Kind.THANKS, Kind.SUGGESTION, Kind.REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What one day brings: messages, and older ones that their writers take back today."""

    events: list[ChannelEvent] = field(default_factory=list)
    takes_back: list[ChannelEvent] = field(default_factory=list)


@dataclass(slots=True)
class City:
    """Draws the days. `secrets` are words by message that only its writer ever wrote."""

    profile: Profile
    seed: int
    per_day: float
    draw: random.Random = field(init=False)
    findings: dict[str, Classification] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    _written: int = 0
    _owed: float = 0.0
    _regrets: dict[int, list[ChannelEvent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)

    def day(self, number: int, midnight: datetime) -> Wave:
        """The messages of a day, and those that are taken back on it."""
        self._owed += self.per_day
        count, wave = int(self._owed), Wave(takes_back=self._regrets.pop(number, []))
        self._owed -= count
        wave.events.extend(self._message(midnight, number) for _ in range(count))
        if number % 14 == 7:
            wave.events.extend(self._burst(midnight, number))
        return wave

    def _burst(self, midnight: datetime, number: int) -> Iterator[ChannelEvent]:
        """Many citizens about one thing."""
        draw, at = self.draw, midnight + timedelta(hours=9)
        place = (draw.choice(self.profile.districts), draw.choice(PLACES))
        for minute in range(draw.randint(4, 8)):
            yield self._message(at + timedelta(minutes=7 * minute), number, topic="su_kesintisi", place=place)

    def _message(
        self, midnight: datetime, number: int, *, topic: str = "", place: tuple[str, str] | None = None
    ) -> ChannelEvent:
        draw = self.draw
        self._written += 1
        key, channel = f"y{self._written}", draw.choice(list(CHANNELS))
        at = midnight if place else midnight + timedelta(minutes=draw.randint(8 * 60, 16 * 60))
        finding = self._finding(topic or draw.choice(list(self.profile.topics)), place)
        self.findings[key] = finding
        secret = f"zq{self._written}xk"
        self.secrets[key] = secret
        citizen = f"c{draw.randint(1, 400_000)}"
        event = ChannelEvent(
            kind=EventKind.MESSAGE,
            channel=channel,
            dedup_key=f"message:{key}",
            account_id=f"account-{channel}",
            surface=CHANNELS[channel],
            external_id=key,
            thread_id=f"t-{citizen}-{self._written}",
            sender=Sender(external_id=citizen, display_name=f"Vatandaş {citizen}"),
            text=f"{self.profile.topics[finding.topic or ''].name}, {finding.neighbourhood} {secret}",
            sent_at=at,
        )
        if draw.random() < 0.01:
            self._regret(event, number + draw.randint(1, 40))
        return event

    def _regret(self, event: ChannelEvent, on: int) -> None:
        gone = ChannelEvent(
            kind=EventKind.DELETE,
            channel=event.channel,
            dedup_key=f"delete:{event.external_id}",
            account_id=event.account_id,
            surface=event.surface,
            external_id=event.external_id,
            thread_id=event.thread_id,
            sender=event.sender,
            sent_at=event.sent_at,
        )
        self._regrets.setdefault(on, []).append(gone)

    def _finding(self, topic: str, place: tuple[str, str] | None) -> Classification:
        draw, entry = self.draw, self.profile.topics[topic]
        urgency = draw.choices([Urgency.NORMAL, Urgency.HIGH, Urgency.EMERGENCY], [90, 8.5, 1.5])[0]
        district, neighbourhood = place or (draw.choice(self.profile.districts), draw.choice(PLACES))
        sure = draw.random() < 0.85
        return Classification(
            kind=Kind.COMPLAINT if place else draw.choice(KINDS),
            topic=topic,
            unit=entry.unit,
            urgency=urgency,
            district=district,
            neighbourhood=neighbourhood,
            confidence=0.95 if sure else 0.5,
            decision=Decision.AUTO if sure else Decision.REVIEW,
            topics=(Guess(label=topic, probability=0.9),),
            units=(Guess(label=entry.unit, probability=0.9),),
        )


async def hire(session: AsyncSession, *, start: datetime, days: int, draw: random.Random) -> dict[Role, list[Actor]]:
    """The staff with shifts and leave for the whole year; their actors by role."""
    actors: dict[Role, list[Actor]] = {}
    for name, role, count in STAFF:
        for number in range(count):
            login = f"{name}{number}"
            user = User(login=login, name=login.title(), password_hash="", roles=[role.value], created_at=start)
            session.add(user)
            await session.flush()
            actors.setdefault(role, []).append(
                Actor(user_id=user.id or 0, name=user.name, roles=frozenset({role}), unit=None)
            )
            _roster(session, user.id or 0, start=start, days=days, draw=draw)
    return actors


def _roster(session: AsyncSession, user_id: int, *, start: datetime, days: int, draw: random.Random) -> None:
    session.add(RosterShift(user_id=user_id, starts=f"{time(8):%H:%M}", ends="20:00", weekdays=list(range(7))))
    end = start + timedelta(days=days + 400)
    session.add(
        UserSession(
            token_digest=f"year-{user_id}", user_id=user_id, csrf_token="", created_at=start, expires_at=end,
            last_seen_at=start,
        )
    )  # fmt: skip
    for _ in range(max(1, days // 60)):
        away = start + timedelta(days=draw.randint(0, days))
        session.add(
            Absence(user_id=user_id, starts_at=away, ends_at=away + timedelta(days=draw.randint(1, 12)), reason="izin")
        )
