"""All rows of one application of the invented city, as its state says: messages, answers, routing, history."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any

from sqlmodel import SQLModel

from inbox.rules.history import GENESIS
from models.enums import (
    SOCIAL_CHANNELS,
    ApplicationState,
    Author,
    Decision,
    DeliveryState,
    DeliveryStatus,
    Direction,
    EventKind,
    JobState,
    Kind,
    OutboxState,
    Outcome,
    Purpose,
    ResponseKind,
    ResponseState,
    SubmissionKind,
    SubmissionState,
    Surface,
    SurveyState,
    Urgency,
)
from models.profile import Profile
from models.tables import (
    Application,
    Citizen,
    ClassificationRecord,
    Conversation,
    ConversationLease,
    Delivery,
    Draft,
    EmergencyAlarm,
    Event,
    HistoryContent,
    HistoryEntry,
    Identity,
    Job,
    Message,
    OutboxItem,
    Routing,
    Submission,
    Survey,
    UnitResponse,
)

MEAN_OPEN_DAYS = 5.54
"""The chance to be open falls with an application's age so fast that two of a hundred are open in 277 days."""
STRIDES = {"message": 3, "outbox_item": 2, "history_entry": 8, "history_content": 8}
"""So many ids an application has in these tables, in others one."""
FIRST_NAMES = (
    "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra Özlem Yasemin "
    "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Deniz"
).split()
LAST_NAMES = (
    "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç "
    "Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Tekin Uçar Güneş Keskin Aksoy Turan Suna Sungur"
).split()
_OPEN_STATES = {
    ApplicationState.DRAFT: 30,
    ApplicationState.AWAITING_APPROVAL: 8,
    ApplicationState.ROUTED: 14,
    ApplicationState.IN_PROGRESS: 26,
    ApplicationState.RETURNED: 3,
    ApplicationState.SCHEDULED: 4,
    ApplicationState.ANSWER_REVIEW: 7,
    ApplicationState.ANSWERED: 8,
}
_STEPS = (
    "registered", "acknowledged", "assigned", "submitted", "approved", "accepted", "unit_answered", "answer_sent",
)  # fmt: skip
_REACHED = {
    ApplicationState.DRAFT: 2,
    ApplicationState.AWAITING_APPROVAL: 4,
    ApplicationState.ROUTED: 5,
    ApplicationState.RETURNED: 6,
    ApplicationState.IN_PROGRESS: 6,
    ApplicationState.SCHEDULED: 6,
    ApplicationState.ANSWER_REVIEW: 7,
    ApplicationState.ANSWERED: 8,
    ApplicationState.CLOSED: 8,
}
"""How many of the steps lie behind an application in each state."""
DIGEST = "0123456789abcdef" * 4
ANSWER = "Merhaba, başvurunuz birimimizce incelenmiş ve gereği yapılmıştır. Bildiriminiz için teşekkür ederiz."


@dataclass(slots=True, kw_only=True)
class CityRows:
    """Draws the rows. `agents` have the ids from 1 on."""

    profile: Profile
    now: datetime
    agents: int
    chance: random.Random

    def name(self) -> str:
        return f"{self.chance.choice(FIRST_NAMES)} {self.chance.choice(LAST_NAMES)}"

    def of(self, key: int, row: dict[str, Any], *, name: str, at: datetime) -> Iterator[SQLModel]:
        """Every row of the application with this id, received at that time."""
        one = self._application(key, row, at)
        steps = _REACHED[one.state]
        yield from self._arrival(one, name)
        yield one
        yield from self._talk(one, row["text"], steps)
        yield from self._machine(one)
        yield from self._process(one, steps)
        yield from self._history(one, steps)

    def _application(self, key: int, row: dict[str, Any], at: datetime) -> Application:
        days = (self.now - at) / timedelta(days=1)
        is_open = self.chance.random() < exp(-days / MEAN_OPEN_DAYS)
        state = ApplicationState.CLOSED
        if is_open:
            state = self.chance.choices(list(_OPEN_STATES), list(_OPEN_STATES.values()))[0]
        steps = _REACHED[state]
        urgency = Urgency(row["urgency"])
        routed = at + timedelta(hours=5) if steps >= 5 else None
        answered = min(at + timedelta(days=3), self.now) if steps == 8 else None
        channel = self.chance.randrange(len(SOCIAL_CHANNELS))
        agent = self.chance.randint(1, self.agents) if steps > 2 or self.chance.random() < 0.3 else None
        return Application(
            id=key, number=f"{self.profile.number_prefix}-2026-{key:07d}", conversation_id=key, citizen_id=key,
            account_id=1 + channel, channel=SOCIAL_CHANNELS[channel],
            state=state, is_open=is_open, rank=0 if urgency is Urgency.EMERGENCY else 1, kind=Kind(row["kind"]),
            topic=row["topic"], unit=row["unit"], urgency=urgency, district=row["district"],
            neighbourhood=row["neighbourhood"], confidence=0.9, summary=row["text"][:160],
            decision=Decision.AUTO if self.chance.random() < 0.85 else Decision.REVIEW,
            assignee_id=agent, unread=is_open and steps == 2, received_at=at, due_at=at + timedelta(days=30),
            last_message_at=at, first_answer_at=answered, answered_at=answered, first_word_at=answered,
            routed_unit=row["unit"] if routed and state is not ApplicationState.RETURNED else None, routed_at=routed,
            accepted_at=at + timedelta(hours=9) if steps >= 6 else None, waiting_since=at, created_at=at,
            outcome=None if is_open else Outcome.POSITIVE, closed_at=None if is_open else answered,
        )  # fmt: skip

    def _arrival(self, one: Application, name: str) -> Iterator[SQLModel]:
        key, channel, at = one.id or 0, one.channel, one.received_at
        recent = self.now - at < timedelta(days=30)
        yield Citizen(id=key, display_name=name, created_at=at)
        yield Identity(
            id=key, citizen_id=key, channel=channel, external_id=f"c{key}", handle=f"yurttas{key}", display_name=name,
            created_at=at,
        )  # fmt: skip
        yield Conversation(
            id=key, account_id=one.account_id, channel=channel, surface=Surface.DIRECT, thread_id=f"t{key}",
            identity_id=key, citizen_id=key, last_inbound_at=at, created_at=at,
        )  # fmt: skip
        yield ConversationLease(conversation_id=key, owner="worker", expires_at=0.0)
        yield Delivery(
            id=key, channel=channel, account_id=one.account_id, source="webhook", received_at=at, event_count=1,
            state=DeliveryState.PARSED, body=one.summary.encode() if recent else None,
        )  # fmt: skip
        yield Event(
            id=key, delivery_id=key, account_id=one.account_id or 0, dedup_key=f"message:m{key * 3 - 2}", sent_at=at,
            kind=EventKind.MESSAGE, external_id=f"m{key * 3 - 2}", received_at=at,
        )  # fmt: skip
        yield Job(
            id=key, conversation_id=key, message_id=key * 3 - 2, state=JobState.DONE, quiet_at=at, latest_at=at,
            created_at=at, finished_at=at,
        )  # fmt: skip

    def _talk(self, one: Application, text: str, steps: int) -> Iterator[SQLModel]:
        """What she wrote, the receipt, and the answer where there is one."""
        key, at = one.id or 0, one.received_at
        said = [(Direction.INBOUND, Author.CITIZEN, text, at)]
        said.append((Direction.OUTBOUND, Author.BOT, f"Başvurunuz {one.number} numarasıyla alındı.", at))
        if steps == 8 and one.answered_at:
            said.append((Direction.OUTBOUND, Author.AGENT, ANSWER, one.answered_at))
        for place, (direction, author, words, sent) in enumerate(said):
            outbox_id = key * 2 - 2 + place if place else None
            yield Message(
                id=key * 3 - 2 + place, conversation_id=key, application_id=key, channel=one.channel,
                external_id=f"m{key * 3 - 2 + place}", direction=direction, author=author, text=words, sent_at=sent,
                received_at=sent, triaged_at=sent, outbox_id=outbox_id,
                user_id=one.assignee_id if author is Author.AGENT else None,
                status=DeliveryStatus.READ if outbox_id else None,
            )  # fmt: skip
            if outbox_id:
                purpose = Purpose.ACKNOWLEDGEMENT if place == 1 else Purpose.ANSWER
                yield OutboxItem(
                    id=outbox_id, unique_key=f"{purpose}:{key}", application_id=key, conversation_id=key,
                    account_id=one.account_id or 0, purpose=purpose, text=words, state=OutboxState.SENT,
                    not_before=sent, attempts=1, sent_at=sent, created_at=sent,
                    user_id=one.assignee_id if author is Author.AGENT else None,
                )  # fmt: skip

    def _machine(self, one: Application) -> Iterator[SQLModel]:
        key, at = one.id or 0, one.received_at
        yield ClassificationRecord(
            id=key, message_id=key * 3 - 2, application_id=key, kind=one.kind, topic=one.topic, unit=one.unit,
            urgency=one.urgency, confidence=0.9, decision=one.decision, created_at=at,
            details={"topics": [[one.topic, 0.9], ["yol_bozuk", 0.06]], "units": [[one.unit, 0.9]], "reasons": []},
        )  # fmt: skip
        yield Draft(
            id=key, application_id=key, article_id="basvuru-durumu", short_text=ANSWER, long_text=ANSWER, created_at=at,
        )  # fmt: skip
        if one.rank == 0:
            taken = None if one.is_open and self.chance.random() < 0.02 else at
            yield EmergencyAlarm(
                id=key, application_id=key, raised_at=at, taken_by=1, taken_at=taken, management_informed_at=at
            )

    def _process(self, one: Application, steps: int) -> Iterator[SQLModel]:
        key, at, agent = one.id or 0, one.received_at, one.assignee_id
        if steps >= 4:
            yield Submission(
                id=key, application_id=key, kind=SubmissionKind.ROUTING, text=one.summary, unit=one.unit,
                state=SubmissionState.APPROVED if steps > 4 else SubmissionState.WAITING, submitted_by=agent,
                submitted_at=at,
            )  # fmt: skip
        if steps >= 5 and one.routed_at:
            yield Routing(
                id=key, application_id=key, unit=one.unit or "", routed_by=agent, routed_at=one.routed_at,
                return_due_at=one.routed_at + timedelta(days=2), accepted_at=one.accepted_at, ended_at=one.answered_at,
            )  # fmt: skip
        if steps >= 7:
            yield UnitResponse(
                id=key, application_id=key, unit=one.unit or "", kind=ResponseKind.ANSWER, text=ANSWER, user_id=1,
                state=ResponseState.PASSED_ON if steps == 8 else ResponseState.WAITING, created_at=at,
            )  # fmt: skip
        if one.closed_at:
            fresh = self.now - one.closed_at < timedelta(days=2)
            yield Survey(
                id=key, application_id=key, state=SurveyState.WAITING if fresh else SurveyState.DONE,
                score=None if fresh else 4, created_at=one.closed_at, not_before=one.closed_at,
            )  # fmt: skip

    def _history(self, one: Application, steps: int) -> Iterator[SQLModel]:
        for place, action in enumerate(_STEPS[:steps]):
            key = (one.id or 0) * 8 - 7 + place
            actor = f"user:{one.assignee_id}" if place > 1 else "bot"
            yield HistoryEntry(
                id=key, application_id=one.id or 0, position=place + 1, at=one.received_at + timedelta(hours=place),
                actor=actor, action=action, content_digest=DIGEST, previous_hash=GENESIS, hash=DIGEST,
            )  # fmt: skip
            content = {"to": one.assignee_id} if action == "assigned" else {}
            yield HistoryContent(entry_id=key, salt=b"0123456789abcdef", content=content)
