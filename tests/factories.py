"""A small city in a database: people, accounts, conversations, applications in every state, for pages and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from bots.queues.local import LocalBus, LocalQueue
from connectors.registry import PLATFORMS
from inbox.knowledge.search import ArticleIndex
from inbox.repositories import accounts, jobs, search
from inbox.rules.permissions import Actor
from inbox.services import applications, organisation, people, sending, triage
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
    Kind,
    Outcome,
    Role,
    Surface,
    Urgency,
)
from models.messages import Attachment, ChannelEvent, Classification, Guess, Sender, SendResult
from models.ports import Clock, Connector
from models.profile import Profile
from models.tables import Account, User
from tests.builders import take_in

PASSWORD = "deneme-1234"
PEOPLE: dict[str, tuple[str, list[Role], str | None]] = {
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
X, INSTAGRAM, FACEBOOK, WHATSAPP, TELEGRAM = SOCIAL_CHANNELS


@dataclass(frozen=True, slots=True)
class Connected:
    """Stands for a connected account where only its declared facts are asked for."""

    facts: ChannelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One citizen's messages, some minutes ago, and what the classifier says of them."""

    channel: ChannelName
    who: str
    texts: Sequence[str]
    minutes: int
    topic: str | None = None
    unit: str | None = None
    kind: Kind = Kind.COMPLAINT
    urgency: Urgency = Urgency.NORMAL
    district: str | None = None
    neighbourhood: str | None = None
    sure: float = 0.96
    others: Sequence[tuple[str, float]] = ()
    reasons: Sequence[str] = ()
    surface: Surface | None = None
    handle: str = ""
    attachments: Sequence[Attachment] = ()
    sender_id: str = ""
    replyable: bool = True

    @property
    def stands_on(self) -> Surface:
        public = {X: Surface.MENTION, INSTAGRAM: Surface.COMMENT, FACEBOOK: Surface.COMMENT}
        return self.surface or public.get(self.channel, Surface.DIRECT)


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


SCENES = (
    Scene(
        channel=WHATSAPP,
        who="Hatice Demir",
        sender_id="905321234500",
        minutes=4,
        topic="dis_altyapi",
        unit="izmirgaz",
        texts=["evde gaz kokusu var nereyi arayalım çok korktuk çocuklar uyuyor"],
        urgency=Urgency.EMERGENCY,
        district="Bornova",
        reasons=["gaz kokusu", "korktuk"],
        kind=Kind.REPORT,
    ),
    Scene(
        channel=INSTAGRAM,
        who="Deniz Kaya",
        handle="deniz.kaya35",
        minutes=18,
        topic="su_kesintisi",
        unit="izsu",
        texts=[
            "Adatepe mahallesinde 3 gündür su akmıyor, duyuruda dün gelecek yazıyordu. Bebek var evde, bidonla "
            "taşıyoruz. Daha ne kadar sürecek?",
            "3. sokak 14 numara da aynı, bütün sokakta yok",
        ],
        district="Buca",
        neighbourhood="Adatepe",
        urgency=Urgency.HIGH,
        reasons=["su akmıyor", "3 gündür", "Bebek"],
        attachments=[
            Attachment(kind=AttachmentKind.IMAGE, url="https://example.org/1.jpg"),
            Attachment(kind=AttachmentKind.IMAGE, url="https://example.org/2.jpg"),
        ],
    ),
    Scene(
        channel=X,
        who="gizemli sokak",
        handle="gizemlisokak",
        minutes=41,
        topic="otobus_sefer",
        unit="eshot",
        texts=["@izmirhim 690 yine gelmedi, 40 dk oldu. harika hizmet"],
        reasons=["690", "gelmedi"],
    ),
    Scene(
        channel=FACEBOOK,
        who="Mehmet Akın",
        minutes=64,
        topic="park_bakim",
        unit="ilce",
        sure=0.46,
        texts=[
            "Mahallemizdeki parkın lambaları yanmıyor, çocuklar karanlıkta oynuyor. Salıncağın zinciri de kopmuş, "
            "geçen hafta yeğenim düştü. Lütfen ilgilenir misiniz?"
        ],
        district="Karabağlar",
        others=[("aydinlatma", 0.34), ("tesis_tuvalet", 0.06)],
        reasons=["parkın", "lambaları yanmıyor"],
    ),
    Scene(
        channel=TELEGRAM,
        who="Selin Ak",
        minutes=121,
        topic="tarim_destek",
        unit="tarim",
        kind=Kind.QUESTION,
        texts=["Merhaba", "Fidan dağıtımına nasıl başvurabilirim, köyde 4 dönüm yerim var"],
        reasons=["Fidan"],
    ),
    Scene(
        channel=WHATSAPP,
        who="",
        sender_id="905327654300",
        minutes=183,
        topic="isgal_seyyar",
        unit="zabita",
        texts=[
            "Kaldırımı kaplayan masalar yüzünden tekerlekli sandalyeyle geçemiyorum. Kıbrıs Şehitleri Caddesi "
            "No:12 önü, telefonum 0532 765 43 00"
        ],
        district="Konak",
        neighbourhood="Alsancak",
        reasons=["Kaldırımı kaplayan"],
    ),
    Scene(
        channel=INSTAGRAM,
        who="ege_bisiklet",
        handle="ege_bisiklet",
        minutes=1500,
        topic="bisiklet_scooter",
        unit="ulasim",
        kind=Kind.THANKS,
        texts=["Bisiklet yolu çizgileri için teşekkürler, çok güzel olmuş"],
    ),
    Scene(
        channel=FACEBOOK,
        who="Ayşe Nur Yıldız",
        minutes=2900,
        topic="yol_bozuk",
        unit="fen_isleri",
        texts=["Yeşillik Caddesi üzerinde kocaman çukur var, her gün lastik patlatan araç görüyoruz."],
        district="Karabağlar",
        reasons=["çukur"],
        surface=Surface.VISITOR_POST,
    ),
    Scene(
        channel=X,
        who="Kerem",
        handle="kerem_35",
        minutes=300,
        topic="kanalizasyon",
        unit="izsu",
        texts=["@izmirhim rögar kapağı açık kalmış, gece biri düşecek. Bornova Süvari caddesi"],
        district="Bornova",
        urgency=Urgency.HIGH,
        reasons=["rögar kapağı açık"],
    ),
    Scene(
        channel=TELEGRAM,
        who="Halil İbrahim Uçar",
        minutes=45 * 24 * 60,
        topic="agac",
        unit="park_bahceler",
        texts=["Evimizin önündeki ağaç elektrik tellerine değiyor, budanmasını rica ederim."],
        district="Bayraklı",
        kind=Kind.REQUEST,
        reasons=["ağaç", "budanmasını"],
    ),
    Scene(
        channel=WHATSAPP,
        who="Fatma Şahin",
        sender_id="905551112233",
        minutes=29 * 24 * 60 + 400,
        topic="engelli_yasli",
        unit="sosyal_hizmetler",
        kind=Kind.REQUEST,
        district="Çiğli",
        texts=["Annem yatalak, evde bakım hizmeti için nereye başvuracağız?"],
        reasons=["evde bakım"],
    ),
    Scene(
        channel=WHATSAPP,
        who="Zeynep Koç",
        sender_id="905339998877",
        minutes=75,
        topic="siddet_siginma",
        unit="sosyal_hizmetler",
        urgency=Urgency.HIGH,
        texts=["Konuşabileceğim bir kadın danışma merkezi var mı, adresimi kimse bilmesin lütfen"],
        reasons=["kadın danışma"],
        kind=Kind.QUESTION,
    ),
    Scene(
        channel=INSTAGRAM,
        who="Onur Tan",
        handle="onurtan",
        minutes=95,
        topic="aydinlatma",
        unit="gdz_elektrik",
        texts=["Sokak lambamız 2 haftadır yanmıyor 1740 sokak no 5 Karşıyaka"],
        district="Karşıyaka",
        surface=Surface.DIRECT,
        reasons=["lambamız", "yanmıyor"],
    ),
    Scene(
        channel=FACEBOOK,
        who="Cem Öz",
        minutes=400,
        topic="gurultu",
        unit="zabita",
        sure=0.52,
        texts=["gece 3te mekanların müziğinden uyuyamıyoruz kaç kere aradık"],
        others=[("isyeri_denetim", 0.22)],
        reasons=["müziğinden uyuyamıyoruz"],
    ),
)
ASIDE = (
    Scene(channel=X, who="kripto kazan", handle="kriptokazan", minutes=30, kind=Kind.INVALID,
          texts=["Günde 5000 TL kazanmak ister misin? Profilimdeki linke tıkla"], reasons=["kazanmak", "linke"]),
    Scene(channel=INSTAGRAM, who="elifnaz", handle="elifnaz__", minutes=52, kind=Kind.INVALID,
          texts=["@canan bak bu bizim mahalle 😂"]),
)  # fmt: skip


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


def make_desk(database: Database, *, profile: Profile, clock: Clock) -> Desk:
    return Desk(database=database, clock=clock, profile=profile, queue=LocalQueue(), bus=LocalBus())


async def add_people(city: City) -> None:
    """Every role has somebody; they all have the same password."""
    async with city.desk.database.write() as session:
        for login, (name, roles, unit) in PEOPLE.items():
            city.users[login] = await people.add_user(
                session, login=login, name=name, password=PASSWORD, roles=[role.value for role in roles], unit=unit
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
        opened = [result.application_id for result in results if result.application_id]
        await search.index_applications(session, opened)
    name = scene.handle or scene.who or scene.sender_id
    for turn, result in zip(turns.values(), results, strict=True):
        if result.application_id:
            city.applications[name] = result.application_id
        else:
            city.checks[name] = turn.messages[-1].id or 0


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
            session, one, actor, text=text, facts=None, seen_version=one.version, now=at - applications.UNDO
        )
    await send_all(city, at=at)


async def send_all(city: City, *, at: datetime) -> None:
    """What is due leaves, as if every platform took it."""
    for account_id in city.desk.connectors:
        async with city.desk.database.write() as session:
            for errand in await sending.claim(
                session, account_id, facts=city.desk.connectors[account_id].facts, now=at, seconds=60
            ):
                result = SendResult(external_ids=(f"sent-{errand.item.id}",))
                await sending.record_sent(session, errand, result, at=at)


def form(**fields: Any) -> dict[str, str]:
    """Fields of a form as texts."""
    return {name: str(value) for name, value in fields.items()}
