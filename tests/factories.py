"""A small city in a database: people, accounts, conversations, applications in every state, for pages and pictures."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bots.queues.local import LocalBus, LocalQueue
from connectors.registry import PLATFORMS
from inbox.knowledge.search import ArticleIndex
from inbox.repositories import accounts, jobs, process
from inbox.rules.findings import Reviewer
from inbox.rules.findings.vocabulary import Vocabulary
from inbox.rules.permissions import Actor
from inbox.services import applications, approval, organisation, people, second_factor, sending, telling, triage
from inbox.services.deadlines import read_rules
from inbox.services.findings import ReviewDesk
from inbox.services.sending import Errand
from inbox.services.triage import Finding
from inbox.web.desk import Desk
from models.channel_facts import ChannelFacts
from models.db import Database
from models.enums import (
    SOCIAL_CHANNELS,
    AttachmentKind,
    ChannelName,
    Decision,
    EventKind,
    OutboxState,
    Outcome,
    Role,
    SubmissionKind,
    Surface,
)
from models.messages import (
    ChannelEvent,
    Classification,
    Guess,
    OutboundMessage,
    Sender,
    SendResult,
)
from models.ports import Clock, Connector
from models.profile import Profile
from models.tables import Account, Application, OutboxItem, StaffFile, User
from tests.builders import take_in
from tests.scenes import ASIDE, SCENES, Scene

PASSWORD = "mavi-vapur-35"
Person = tuple[str, list[Role], str | None]
"""Name, roles, unit."""
PEOPLE: dict[str, Person] = {
    "elif": ("Elif Aydın", [Role.AGENT], None),
    "burcu": ("Burcu Kaya", [Role.AGENT, Role.TEAM_LEAD], None),
    "onay": ("Onur Yalçın", [Role.APPROVER], None),
    "izsu": ("İZSU Birim Kullanıcısı", [Role.UNIT_USER], "izsu"),
    "mudur": ("Müge Demir", [Role.CHIEF], None),
    "yonetici": ("Yönetici", [Role.ADMINISTRATOR], None),
    "nobet": ("Nöbetçi Merkez", [Role.DUTY_DESK], None),
    "anket": ("Aslı Anket", [Role.SURVEY_AGENT], None),
    "saha": ("Sami Saha", [Role.FIELD_TEAM], None),
    "kalite": ("Kaan Kalite", [Role.QUALITY], None),
}
HANDLES = {
    ChannelName.TWITTER: "izmirhim",
    ChannelName.INSTAGRAM: "izmirhim",
    ChannelName.FACEBOOK: "İzmir HİM",
    ChannelName.WHATSAPP: "HİM WhatsApp hattı",
    ChannelName.TELEGRAM: "izmirhim_bot",
}


@dataclass(frozen=True, slots=True)
class Connected:
    """Stands for a connected account where only its declared facts are asked for."""

    facts: ChannelFacts


@dataclass(slots=True, kw_only=True)
class City:
    """What `build_city` made: the desk, users by log-in, application ids by the citizen's name."""

    desk: Desk
    users: dict[str, User] = field(default_factory=dict)
    applications: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    """Ids of messages in the check queue."""

    def actor(self, login: str) -> Actor:
        name, roles, unit = PEOPLE[login]
        return Actor(user_id=self.users[login].id or 0, name=name, roles=frozenset(roles), unit=unit)


async def build_city(database: Database, *, profile: Profile, clock: Clock) -> City:
    """Fill an empty database and give back the desk over it, with all five accounts connected."""
    city = City(desk=make_desk(database, profile=profile, clock=clock))
    now = clock.now()
    async with database.write() as session:
        await organisation.seed(session, profile)
    await add_people(city)
    await _connect(city, now)
    articles = ArticleIndex.of_folder(profile.knowledge_folder)
    for number, scene in enumerate((*SCENES, *ASIDE)):
        await play(city, scene, number=number, articles=articles)
    await _work_on_some(city, now)
    return city


def staff_file(application: Application, user_id: int | None, **facts: object) -> StaffFile:
    """A picture that somebody of the house has chosen, as it is before it belongs to something."""
    name = f"answers/aa/{secrets.token_hex(4)}"
    values: dict[str, object] = {"file_name": "foto.jpg", "thumbnail": f"{name}-small", **facts}
    return StaffFile(
        application_id=application.id or 0,
        user_id=user_id or 0,
        kind=AttachmentKind.IMAGE,
        mime_type="image/jpeg",
        size=2_000_000,
        sha256="a" * 64,
        stored_as=name,
        created_at=application.received_at,
        **values,
    )


def make_desk(database: Database, *, profile: Profile, clock: Clock) -> Desk:
    return Desk(database=database, clock=clock, profile=profile, queue=LocalQueue(), bus=LocalBus())


async def add_people(city: City) -> None:
    """Every role has somebody; they all have the same password."""
    async with city.desk.database.write() as session:
        await second_factor.require_for(session, [])
        for login, person in PEOPLE.items():
            await add_person(session, city, login, person)


async def add_person(session: AsyncSession, city: City, login: str, person: Person) -> None:
    name, roles, unit = person
    city.users[login] = await people.add_user(
        session,
        login=login,
        name=name,
        password=PASSWORD,
        roles=[role.value for role in roles],
        unit=unit,
        now=city.desk.clock.now(),
    )


async def _connect(city: City, now: datetime) -> None:
    async with city.desk.database.write() as session:
        for channel in SOCIAL_CHANNELS:
            made = await accounts.ensure_account(
                session,
                Account(channel=channel, external_id=f"account-{channel}", name=HANDLES[channel], created_at=now),
            )
            connected = Connected(PLATFORMS[channel].facts)
            city.desk.connectors[made.id or 0] = cast(Connector, connected)


async def play(city: City, scene: Scene, *, number: int, articles: ArticleIndex | None = None) -> None:
    """A citizen writes; intake, turn and triage follow as in the product."""
    desk, at = city.desk, city.desk.clock.now() - timedelta(minutes=scene.minutes)
    events = [_event(scene, f"{number}-{place}", text, at, last=place == len(scene.texts) - 1)
              for place, text in enumerate(scene.texts)]  # fmt: skip
    await take_in(desk.database, at, *events)
    found = classification_of(scene)
    draft = articles.draft(" ".join(scene.texts), classification=found, today=at.date()) if articles else None
    later = at + timedelta(minutes=1)
    async with desk.database.write() as session:
        due = await jobs.due_conversations(session, now=later)
        taken = await jobs.take_turns(session, due, now=later)
        turns = await triage.read_turns(session, {key: [job.message_id for job in all_] for key, all_ in taken.items()})
        cases = [(turn, Finding(classification=found, draft=draft)) for turn in turns.values()]
        results = await triage.triage(session, cases, profile=desk.profile, now=at)
        await jobs.finish(session, [job for all_ in taken.values() for job in all_], at=at)
    name = scene.handle or scene.who or scene.sender_id
    for turn, result in zip(turns.values(), results, strict=True):
        if result.application_id:
            city.applications[name] = result.application_id
        else:
            city.checks[name] = turn.messages[-1].id or 0


async def route_to_units(city: City, *names: str) -> None:
    """The agent hands these citizens' applications in, the approver lets them go: they are with their units."""
    agent, approver, now = city.actor("elif"), city.actor("onay"), city.desk.clock.now()
    checks = ReviewDesk(profile=city.desk.profile, reviewer=Reviewer(vocabulary=Vocabulary(trusted=[])))
    async with city.desk.database.write() as session:
        rules = await read_rules(session, city.desk.profile)
        for name in names:
            one = await applications.read(session, city.applications[name], agent, change=True)
            await approval.submit(
                session, one, agent, brief="Bakılması gerekiyor.", desk=checks, rules=rules,
                seen_version=one.version, now=now,
            )  # fmt: skip
            waiting = await process.waiting_submission(session, one.id or 0, SubmissionKind.ROUTING)
            assert waiting
            await approval.approve_routing(
                session, waiting, one, approver, text=waiting.text, letter=None, rules=rules, now=now
            )


def _event(scene: Scene, key: str, text: str, at: datetime, *, last: bool) -> ChannelEvent:
    sender = scene.sender_id or f"citizen-{scene.handle or scene.who}"
    return ChannelEvent(
        kind=EventKind.MESSAGE,
        channel=scene.channel,
        dedup_key=f"message:{key}",
        account_id=f"account-{scene.channel}",
        surface=scene.stands_on,
        external_id=f"m{key}",
        thread_id=f"thread-{sender}",
        sender=Sender(external_id=sender, display_name=scene.who, handle=scene.handle),
        text=text,
        attachments=tuple(scene.attachments) if last else (),
        sent_at=at,
        replyable=scene.replyable,
    )


def classification_of(scene: Scene) -> Classification:
    topics = [(scene.topic, scene.sure), *scene.others] if scene.topic else []
    return Classification(
        kind=scene.kind,
        topic=scene.topic,
        unit=scene.unit,
        urgency=scene.urgency,
        district=scene.district,
        neighbourhood=scene.neighbourhood,
        confidence=scene.sure,
        decision=Decision.AUTO if scene.sure > 0.8 and scene.topic else Decision.REVIEW,
        kind_confidence=0.94,
        urgency_confidence=0.9,
        topics=tuple(Guess(label=topic, probability=share) for topic, share in topics if topic),
        units=(Guess(label=scene.unit, probability=scene.sure),) if scene.unit else (),
        reasons=tuple(scene.reasons),
        model_version="test",
    )


async def _work_on_some(city: City, now: datetime) -> None:
    """Somebody has taken, answered, closed and noted; acknowledgements have left."""
    await send_all(city, at=now - timedelta(minutes=2))
    elif_, burcu = city.actor("elif"), city.actor("burcu")
    async with city.desk.database.write() as session:
        for name, actor in (("deniz.kaya35", elif_), ("Ayşe Nur Yıldız", burcu), ("905551112233", elif_)):
            one = await applications.read(session, _key(city, name), actor)
            await applications.take(session, one, actor, now=now - timedelta(minutes=9))
        one = await applications.read(session, _key(city, "deniz.kaya35"), burcu)
        await applications.add_note(session, one, burcu, text="İZSU arıza masası saat 15.00 diyor.", now=now)
    await _answer(city, "ege_bisiklet", "Güzel sözleriniz için teşekkür ederiz.", now - timedelta(minutes=30))
    await _answer(city, "Ayşe Nur Yıldız", "Bildiriminiz ekiplerimize iletildi.", now - timedelta(minutes=25))
    async with city.desk.database.write() as session:
        one = await applications.read(session, _key(city, "ege_bisiklet"), elif_)
        await applications.close(
            session, one, elif_, outcome=Outcome.POSITIVE, seen_version=one.version, now=now - timedelta(minutes=20)
        )


def _key(city: City, name: str) -> int:
    names = {"905551112233": "Fatma Şahin"}
    return city.applications[names.get(name, name)]


async def _answer(city: City, name: str, text: str, at: datetime) -> None:
    actor = city.actor("elif")
    async with city.desk.database.write() as session:
        one = await applications.read(session, _key(city, name), actor)
        await applications.send_answer(
            session, one, actor, text=text, facts=None, seen_version=one.version, now=at - telling.UNDO
        )
    await send_all(city, at=at)


async def send_all(city: City, *, at: datetime) -> None:
    """What is due leaves, as if every platform took it."""
    due = select(OutboxItem).where(OutboxItem.state == OutboxState.QUEUED, OutboxItem.not_before <= at)
    async with city.desk.database.write() as session:
        for item in (await session.exec(due.order_by(OutboxItem.id))).all():
            await sending.record_sent(session, errand_of(item), SendResult(external_ids=(f"sent-{item.id}",)), at=at)


def errand_of(item: OutboxItem) -> Errand:
    """A text on its way, as the sender has it; where it goes plays no part."""
    message = OutboundMessage(
        reference=str(item.id), surface=Surface.DIRECT, recipient_id="", text=item.text, reply_to=item.reply_to
    )
    return Errand(item=item, message=message)
