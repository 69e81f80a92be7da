"""The channel report: what came in, from where, about what, and how the desk kept up (process.md, last section)."""

from collections.abc import Mapping

from inbox.reports import document
from inbox.reports.counts import KEPT, MISSED, What, mean, median, nine_of_ten, share
from inbox.reports.day import AGES, OLDEST
from inbox.reports.daybook import Compared, Days
from inbox.reports.document import Row, Section, count, drawn, hours, pair, percent, score
from inbox.reports.names import Names
from inbox.reports.naming import columns_of, than_before
from models.tables import AccountFigure

MOST_BARS = 12
OTHERS = "Diğerleri"
MOST_RISING = 5
LEAST_RISING = 3
"""Fewer of a topic are no rise."""
CHARTS = (
    (What.CHANNEL, "Başvurular hangi kanaldan geldi", "Kanal"),
    (What.ACCOUNT, "Başvurular hangi hesaptan geldi", "Hesap"),
    (What.TOPIC, "En çok hangi konular yazıldı", "Konu"),
    (What.UNIT, "Hangi birimlere iş düştü", "Birim"),
    (What.KIND, "Ne istendi", "Tür"),
    (What.DISTRICT, "Nereden yazıldı", "İlçe"),
    (What.PLACE, "En çok başvuru gelen mahalleler", "Mahalle"),
    (What.URGENCY, "Ne kadar acildi", "Öncelik"),
    (What.TONE, "Hangi duyguyla yazıldı", "Duygu"),
    (What.OUTCOME, "Nasıl sonuçlandı", "Sonuç"),
)
MESSAGES = (
    (What.MESSAGES, What.CHANNEL, "Kanallara gelen mesajlar", "Kanal"),
    (What.ACCOUNT_MESSAGES, What.ACCOUNT, "Hesaplara gelen mesajlar", "Hesap"),
)
Figures = Mapping[int, AccountFigure]


def headline(compared: Compared, *, names: Names) -> str:
    """The period in one or two sentences."""
    now, topics = compared.now.total(What.CHANNEL), compared.now[What.TOPIC]
    if not now:
        return f"Bu dönemde {'' if compared.is_over else 'henüz '}başvuru kaydedilmedi."
    so_far = "" if compared.is_over else "Şimdiye dek "
    said = f"{so_far}{count(now).shown} başvuru kaydedildi{_trend(compared)}."
    named = sorted(filter(None, topics), key=lambda topic: (-topics[topic], topic))
    if not named:
        return said
    return f"{said} En çok yazılan konu {count(topics[named[0]]).shown} başvuruyla {names.of(What.TOPIC, named[0])}."


def _trend(compared: Compared) -> str:
    if not compared.is_fair:
        return ""
    change = compared.now.total(What.CHANNEL) - compared.before.total(What.CHANNEL)
    if not change:
        return ", önceki dönemle aynı sayıda"
    return f", {than_before(compared)} {count(abs(change)).shown} {'fazla' if change > 0 else 'eksik'}"


def sections(compared: Compared, *, names: Names, accounts: tuple[Figures, Figures]) -> list[Section]:
    """`accounts`: figures of our accounts at the end of the period and of the one before."""
    columns = columns_of(compared)
    charts = [
        Section(title=title, first=first, columns=columns, rows=_bars(compared, what, names))
        for what, title, first in CHARTS
        if compared.now[what]
    ]
    return [
        Section(title="Özet", columns=columns, rows=_summary(compared)),
        *(
            Section(title=title, first=first, columns=columns, rows=_messages(compared, what, named_by, names))
            for what, named_by, title, first in MESSAGES
            if compared.now[what] or compared.before[what]
        ),
        *_rising(compared, names),
        *charts,
        Section(title="Açık başvuruların yaşı", first="Yaş", columns=columns, rows=_ages(compared)),
        *_followers(accounts, names),
    ]


def _summary(compared: Compared) -> list[Row]:
    now, before = compared.now, compared.before

    def total(label: str, what: What) -> Row:
        return Row(label=label, cells=(count(now.total(what)), count(before.total(what))))

    def timed(label: str, what: What, value: document.Measure) -> Row:
        return pair(label, hours, value(now[what]), value(before[what]), unit="saat")

    return [
        total("Gelen mesaj", What.MESSAGES),
        total("Kaydedilen başvuru", What.CHANNEL),
        total("İlk kez cevaplanan", What.FIRST_ANSWER),
        total("Sonuçlanan", What.RESOLUTION),
        timed("İlk cevap süresi, ortanca", What.FIRST_ANSWER, median),
        timed("İlk cevap süresi, on başvurudan dokuzu", What.FIRST_ANSWER, nine_of_ten),
        timed("Sonuçlanma süresi, ortanca", What.RESOLUTION, median),
        timed("Sonuçlanma süresi, on başvurudan dokuzu", What.RESOLUTION, nine_of_ten),
        pair("Süresinde cevaplanan", percent, in_time(now), in_time(before), unit="%"),
        Row(
            label="Süresi geçen",
            cells=(count(now[What.LIMIT].get(MISSED, 0)), count(before[What.LIMIT].get(MISSED, 0))),
        ),
        Row(label="Dönem sonunda açık", cells=(count(_open(now)), count(_open(before)))),
        Row(
            label="En eski açık başvuru",
            cells=(document.days(now.backlog.get(OLDEST)), document.days(before.backlog.get(OLDEST))),
            unit="gün",
        ),
        pair("Memnuniyet, 5 üzerinden", score, mean(now[What.SCORE]), mean(before[What.SCORE])),
        total("Ankete katılan", What.SCORE),
        pair("Sorunu çözüldü diyen", percent, _solved(now), _solved(before), unit="%"),
    ]


def in_time(days: Days) -> float | None:
    """Of the applications that were answered or ran over their limit, the share that was answered in time."""
    return share(days[What.LIMIT].get(KEPT, 0), days[What.LIMIT].get(MISSED, 0))


def _solved(days: Days) -> float | None:
    return share(days[What.SOLVED].get("yes", 0), days[What.SOLVED].get("no", 0))


def _open(days: Days) -> int:
    return sum(number for age, number in days.backlog.items() if age != OLDEST)


def _messages(compared: Compared, what: What, named_by: What, names: Names) -> list[Row]:
    now, before = compared.now[what], compared.before[what]
    return [
        Row(label=names.of(named_by, key), cells=(count(now.get(key, 0)), count(before.get(key, 0))))
        for key in sorted({*now, *before}, key=lambda key: (-now.get(key, 0), key))
    ]


def _rising(compared: Compared, names: Names) -> list[Section]:
    """Topics that grew most."""
    if not compared.is_fair:
        return []
    now, before = compared.now[What.TOPIC], compared.before[What.TOPIC]
    grown = {topic: number - before.get(topic, 0) for topic, number in now.items() if topic and number >= LEAST_RISING}
    shown = sorted((topic for topic in grown if grown[topic] > 0), key=lambda topic: (-grown[topic], topic))
    rows = drawn([(names.of(What.TOPIC, one), now[one], before.get(one, 0)) for one in shown[:MOST_RISING]])
    return (
        [Section(title="En çok artan konular", first="Konu", columns=columns_of(compared), rows=rows)] if rows else []
    )


def _bars(compared: Compared, what: What, names: Names) -> list[Row]:
    """The longest, and the rest as one, so that a chart adds up to its total; of places the rest is not kept."""
    now, before = compared.now[what], compared.before[what]
    shown = sorted(now, key=lambda name: (-now[name], name))[:MOST_BARS]
    bars = [(names.of(what, name), now[name], before.get(name, 0)) for name in shown]
    rest, rest_before = (sum(side.values()) - sum(side.get(name, 0) for name in shown) for side in (now, before))
    if (rest or rest_before) and what is not What.PLACE:
        bars.append((OTHERS, rest, rest_before))
    return drawn(bars)


def _ages(compared: Compared) -> list[Row]:
    now, before = compared.now.backlog, compared.before.backlog
    first = (0, *(most + 1 for most in AGES[:-1]))
    words = {str(most): f"{least}–{most} gün" for least, most in zip(first, AGES, strict=True)}
    words["0"] = f"{AGES[-1]} günden eski"
    return drawn([(word, now.get(key, 0), before.get(key, 0)) for key, word in words.items()])


def _followers(accounts: tuple[Figures, Figures], names: Names) -> list[Section]:
    """[İ8a5, İ8a6] What platforms say of our accounts; those that say nothing are left out."""
    now, before = accounts
    rows = [
        Row(
            label=names.of(What.ACCOUNT, str(key)),
            cells=(
                count(one.followers),
                count(_change(one.followers, before[key].followers if key in before else None)),
                count(one.posts),
                count(_change(one.posts, before[key].posts if key in before else None)),
            ),
        )
        for key, one in sorted(now.items())
    ]
    columns = ("Takipçi", "Değişim", "Gönderi", "Değişim")
    note = "Telegram botlarının ve WhatsApp hatlarının takipçisi yoktur; Facebook gönderi sayısını bildirmez."
    return [Section(title="Hesaplarımız", first="Hesap", columns=columns, rows=rows, note=note)] if rows else []


def _change(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
