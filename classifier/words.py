"""Word lists by which places are told from other words. Skeleton spelling (no diacritics), separated by blanks."""

PLACE_SUFFIXES = frozenset(
    """a e ya ye i u yi yu in un nin nun da de ta te dan den tan ten daki deki taki teki dakiler dekiler
    li lu lilar luler liler lular liyiz luyuz liyim luyum nda nde ndan nden ndaki ndeki na ne ni nu
    la le yla yle daydi deydi dayim deyim dayiz deyiz tayim teyim tayiz teyiz dadir dedir dakini dekini dakine dekine
    danim denim daysa deyse miz muz miza muza mizda muzda imiz imizde imizin umuz larda lerde
    dayken deyken ninki dayken yiz yim lardan lerden danin denin deyiz deyim dayken""".split()
)
LOCATIVES = ("da", "de", "ta", "te", "nda", "nde")
"""A suffix that begins so says where something is."""
LOOSE_LOCATIVES = frozenset({"da", "de", "ta", "te", "daki", "deki", "dan", "den", "nin", "in", "un", "nun"})
"""Suffixes that people write as words of their own."""
NEIGHBOURHOOD_CUES = ("mahallesi", "mahllesi", "mahalesi")
NEIGHBOURHOOD_SIGNS = frozenset({"mah", "mh", "mhl", "mahalle"})
"""Words that begin so, or are so, make the bare name before them a neighbourhood's."""
STOP_CUES = ("dura", "iskele", "istasyon", "cikis", "giris", "hangar")
"""Behind the name of a line: a stop is a place."""
DISTRICT_CUES = ("belediye", "merkez", "giris", "iskele", "sahil", "meydan", "ilce", "carsi", "tramvay", "mah")
"""Behind a district's name that is also a word: the district is meant."""
STREET_CUES = (
    "sok",
    "sk",
    "cad",
    "cd",
    "bulvar",
    "blv",
    "bul",
    "meydani",
    "park",
    "lise",
    "ilkokul",
    "ortaokul",
    "kopru",
)
"""Behind a bare neighbourhood name: it is the name of a street, park or school."""
LINE_CUES = (
    "otobus",
    "hat",
    "dolmus",
    "minibus",
    "otoban",
    "otoyol",
    "vapur",
    "sefer",
    "yon",
    "istikamet",
    "tramvay",
    "metrosu",
)
"""Behind a bare name: the name of a line or its direction."""
BETWEEN_CUES = ("arasi", "hatti", "karayol", "devlet", "yolu")
"""Behind two names: the way between them."""
OTHER_CITIES = frozenset(
    """istanbul ankara manisa bursa antalya mugla denizli balikesir kutahya afyon eskisehir konya adana trabzon
    samsun kocaeli mersin gaziantep diyarbakir kayseri sivas usak canakkale tekirdag edirne malatya erzurum
    kusadasi soke didim marmaris fethiye ayvalik edremit burhaniye akhisar turgutlu salihli alasehir soma
    kirkagac nazilli saruhanli erzurum isparta burdur corum tokat rize artvin mardin sanliurfa adiyaman elazig giresun
    zonguldak kirikkale yozgat amasya sinop bartin karabuk yalova bilecik nigde tunceli bingol bitlis gumushane
    bayburt iskenderun kirklareli hakkari altinoluk bandirma""".split()
)
DISTRICT_WORDS = frozenset({"cesme", "kiraz"})
"""Districts that are words too: written small they need a suffix that says where."""
WATER_WORDS = ("su", "ak", "musluk", "ice")
"""Behind `çeşmeden`, `çeşmede`: the tap is meant."""
COMMON_NAMES = frozenset(
    """acarlar adalet ahmetler akdeniz akinci akincilar alacali anadolu ansizca ardic armutlu asagi ata atalan
    ataturk atesler avci aydin aydogdu aziziye bagcilar bahar bahceli balcilar barbaros baris barutcu basaran
    bayirli bayramli bebekler belen beyler birgi_ birlik bozkurt bucak cagdas caglayan calikusu cami camii camici
    camlik canakci cankaya capak catak cavus cay cayir cayli celebi cevapli cicek cicekli_ cinar cile ciftlik
    cobanlar cumhuriyet dagistan dalyan damlacik demirci denizli dere dereli develi devrim dicle doga dolaylar
    duatepe dumlupinar duzce efeler ege egemenlik egitim emek emenler ergene esenlik etiler fatih ferahli firat
    firinli gazi gaziler gedik gercekli goktepe golcuk goncalar gunes gunesli guney gungor guven hamam hasanlar
    hatay_ helvaci hilal hisar hurriyet huzur ikizler inkilap inonu irmak isik isiklar isikli iskele islamlar istiklal
    kaplan karabag karaman karanfil karsi kemer kesik kibar kir kirklar kisik kisla kizilay konak korfez
    koyici kultur kurt kurtulus kursak kure kuvvetli lale levent maltepe mehmetler mehtap mektep menderes_ merdivenli
    meric merkez mermerli mersinli_ millet murat musalar namazgah narli nergiz_ oguzlar okcular onur oren orta
    ortakoy ortulu ozgur parlak pasa pazaryeri pinarli postacilar_ reis rustem saglik saygi sehitler
    selcuk sevgi seyhan sira siteler sutculer subasi_ tan tekke teleferik tepecik tersane toki topalak trakya tuna turan
    turgut turgutlu turkmen ufuk ugur ulku ulus umit umut universite uzumlu vatan veliler villakent_ visneli yagcilar
    yaka yali yayla yazibasi_ yegenli yemisler yemislik yeni yeniler yesil yigitler yildirim yildiz yildizlar tabaklar
    yolustu yukari zafer zeybek zeytinlik mustafakemal kemalataturk uguurmumcu fevzicakmak mimarsinan
    gunaltay_ suvari poligon_ halkapinar_ bostan orhangazi kahraman kahramanlar_ altinordu altay kizilca
    esenyali_ sultaniye_ ertugrul osmaniye yenikoy ovacik derekoy bozkoy yesilkoy yenisehir yenice ilica_ karakoy
    camkoy baskoy hilal donanmaci_ bahariye_ ihsaniye mahmudiye kazimpasa ibrahimaga imariye tasliyatak""".split()
)
COMMON_NAMES = frozenset(name for name in COMMON_NAMES if not name.endswith("_"))
NEVER_ALONE = frozenset(
    "merkez yeni orta universite pazaryeri siteler saglik egitim korfez aydin denizli turgutlu toki".split()
)
"""Neighbourhoods that are meant only with «mahallesi»."""
