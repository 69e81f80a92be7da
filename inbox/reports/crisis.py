"""Crisis reports, at once: an incident of many citizens, or a topic or district that surges (directive 004, 9b3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports import examples
from inbox.reports.counts import What, hours_of, median
from inbox.reports.document import Report, Row, Section, count, drawn, hours, words
from inbox.reports.names import NO_NAME, Names
from inbox.reports.surging import LAST_DAY
from inbox.repositories import incidents, report_rows
from models.errors import NotFoundError
from models.personal_data import mask
from models.tables import Application
from models.turkish import skeleton

STATES = {"proposed": "Öneri, onaylanmadı", "confirmed": "Sürüyor", "answered": "Bitti", "dismissed": "Olay değil"}
ONLY = ("Sayı",)
MOST = 2000
"""Applications of a surge that are looked at."""
SURGING = "Son 24 saat"


async def of_incident(
    session: AsyncSession, incident_id: int, *, names: Names, now: datetime, zone: ZoneInfo
) -> Report:
    """Raises NotFoundError."""
    incident = await incidents.incident(session, incident_id)
    if incident is None:
        raise NotFoundError("Böyle bir olay yok.")
    members = await incidents.members_of(session, incident_id)
    topic = names.of(What.TOPIC, incident.topic)
    matter = ", ".join(part for part in (topic, incident.place) if part)
    own = [
        Row(label="Olayın durumu", cells=(words(STATES[incident.state]),)),
        Row(label="Ortak cevap", cells=(words(mask(incident.answer) or "Henüz verilmedi"),)),
    ]
    return await _report(session, f"olay-{incident_id}", matter, members, own, names=names, now=now, zone=zone)


async def of_surge(
    session: AsyncSession, what: What, key: str, *, names: Names, now: datetime, zone: ZoneInfo
) -> Report:
    """A topic or a district in the last 24 hours. Raises NotFoundError where nobody wrote about it."""
    members = await report_rows.newest(session, since=now - LAST_DAY, limit=MOST, **{str(what): key})
    if not members:
        raise NotFoundError("Son 24 saatte bununla ilgili başvuru yok.")
    own = [Row(label="Bakılan süre", cells=(words(SURGING),))]
    return await _report(session, f"{what}-{key}", names.of(what, key), members, own, names=names, now=now, zone=zone)


async def _report(
    session: AsyncSession,
    name: str,
    matter: str,
    members: Sequence[Application],
    own: Sequence[Row],
    *,
    names: Names,
    now: datetime,
    zone: ZoneInfo,
) -> Report:
    """`own`: what only this kind of crisis knows."""
    citizens = count(len({one.citizen_id for one in members})).shown
    ids = [one.id or 0 for one in members]
    return Report(
        name=f"kriz-raporu-{skeleton(name).replace(' ', '-')}",
        organisation=names.organisation,
        title="Kriz raporu",
        when=f"{now.astimezone(zone):%d.%m.%Y %H.%M} itibarıyla",
        headline=f"{matter}: {citizens} vatandaştan {count(len(members)).shown} başvuru.",
        sections=[
            Section(title="Özet", columns=("Durum",), rows=[*own, *_summary(members, zone)]),
            *_charts(members, names, zone),
        ],
        examples=await examples.of_applications(session, ids, names=names),
    )


def _summary(members: Sequence[Application], zone: ZoneInfo) -> list[Row]:
    if not members:
        return []
    answered = [one for one in members if one.first_answer_at]
    times = Counter(hours_of(one.received_at, one.first_answer_at) for one in answered if one.first_answer_at)
    first, last = (f"{one.received_at.astimezone(zone):%d.%m.%Y %H.%M}" for one in (members[0], members[-1]))
    return [
        Row(label="İlk başvuru", cells=(words(first),)),
        Row(label="Son başvuru", cells=(words(last),)),
        Row(label="Açık başvuru", cells=(count(sum(one.is_open for one in members)),)),
        Row(label="Birime yönlendirilen", cells=(count(sum(one.routed_at is not None for one in members)),)),
        Row(label="Cevaplanan", cells=(count(len(answered)),)),
        Row(label="İlk cevap süresi, ortanca", cells=(hours(median(times)),), unit="saat"),
    ]


def _charts(members: Sequence[Application], names: Names, zone: ZoneInfo) -> list[Section]:
    keys: tuple[tuple[str, str, Callable[[Application], str], bool], ...] = (
        ("Saatlere göre", "Saat", lambda one: f"{one.received_at.astimezone(zone):%d.%m. %H.00}", True),
        ("Hangi konuda yazıldı", "Konu", lambda one: names.of(What.TOPIC, one.topic or ""), False),
        ("Nereden yazıldı", "Yer", lambda one: _place(one, names), False),
        ("Hangi kanaldan geldi", "Kanal", lambda one: names.of(What.CHANNEL, one.channel), False),
        ("Hangi birimde", "Birim", lambda one: names.of(What.UNIT, one.routed_unit or one.unit or ""), False),
    )
    return [
        Section(title=title, first=first, columns=ONLY, rows=_bars(map(key, members), in_order=in_order))
        for title, first, key, in_order in keys
        if members
    ]


def _bars(labels: Iterable[str], *, in_order: bool) -> list[Row]:
    """Members come in the order of time; other labels go by how many there are."""
    counted = Counter(labels)
    pairs = list(counted.items()) if in_order else counted.most_common()
    return [
        Row(label=row.label, cells=row.cells[:1], bar=row.bar)
        for row in drawn([(name, number, 0) for name, number in pairs])
    ]


def _place(one: Application, names: Names) -> str:
    if one.confidential:
        return names.of(What.DISTRICT, one.district or "")
    return names.of(What.PLACE, f"{one.district or ''}|{one.neighbourhood or ''}") or NO_NAME
