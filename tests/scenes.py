"""Citizens of the tests' small city: what they wrote, and what the classifier says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.enums import SOCIAL_CHANNELS, AttachmentKind, ChannelName, Kind, Surface, Urgency
from models.messages import Attachment

X, INSTAGRAM, FACEBOOK, WHATSAPP, TELEGRAM = SOCIAL_CHANNELS


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
