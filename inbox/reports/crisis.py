"""A crisis report: one incident of many citizens, at once, as it stands (directive 004, 9b3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports import examples
from inbox.reports.counts import What, hours_of, median
from inbox.reports.document import Report, Row, Section, count, drawn, hours, words
from inbox.reports.names import NO_NAME, Names
from inbox.repositories import incidents
from models.errors import NotFoundError
from models.tables import Application, Incident

STATES = {"proposed": "Öneri, onaylanmadı", "confirmed": "Sürüyor", "answered": "Bitti", "dismissed": "Olay değil"}
ONLY = ("Sayı",)


async def crisis_report(
    session: AsyncSession, incident_id: int, *, names: Names, now: datetime, zone: ZoneInfo
) -> Report:
    """Raises NotFoundError."""
    incident = await incidents.incident(session, incident_id)
    if incident is None:
        raise NotFoundError("Böyle bir olay yok.")
    members = (await incidents.members(session, [incident_id]))[incident_id]
    open_ones = [one for one in members if not one.confidential]
    topic = names.of(What.TOPIC, incident.topic)
    return Report(
        name=f"kriz-raporu-{incident_id}",
        organisation=names.organisation,
        title="Kriz raporu",
        when=f"{now.astimezone(zone):%d.%m.%Y %H.%M} itibarıyla",
        headline=f"{topic}{f', {incident.place}' if incident.place else ''}: "
        f"{count(len({one.citizen_id for one in members})).shown} vatandaştan {count(len(members)).shown} başvuru.",
        sections=[
            Section(title="Özet", columns=("Durum",), rows=_summary(incident, members, zone)),
            *_charts(members, names, zone),
        ],
        examples=await examples.of_applications(session, [one.id or 0 for one in open_ones], names=names),
    )


def _summary(incident: Incident, members: Sequence[Application], zone: ZoneInfo) -> list[Row]:
    answered = [one for one in members if one.first_answer_at]
    times = Counter(hours_of(one.received_at, one.first_answer_at) for one in answered if one.first_answer_at)
    rows = [
        Row(label="Olayın durumu", cells=(words(STATES[incident.state]),)),
        Row(label="Açık başvuru", cells=(count(sum(one.is_open for one in members)),)),
        Row(label="Birime yönlendirilen", cells=(count(sum(one.routed_at is not None for one in members)),)),
        Row(label="Cevaplanan", cells=(count(len(answered)),)),
        Row(label="İlk cevap süresi, ortanca", cells=(hours(median(times)),), unit="saat"),
        Row(label="Ortak cevap", cells=(words(incident.answer or "Henüz verilmedi"),)),
    ]
    if members:
        first, last = (f"{one.received_at.astimezone(zone):%d.%m.%Y %H.%M}" for one in (members[0], members[-1]))
        rows[1:1] = [
            Row(label="İlk başvuru", cells=(words(first),)),
            Row(label="Son başvuru", cells=(words(last),)),
        ]
    return rows


def _charts(members: Sequence[Application], names: Names, zone: ZoneInfo) -> list[Section]:
    keys: tuple[tuple[str, str, Callable[[Application], str], bool], ...] = (
        ("Saatlere göre", "Saat", lambda one: f"{one.received_at.astimezone(zone):%d.%m. %H.00}", True),
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
    return names.of(What.PLACE, f"{one.district or ''}|{one.neighbourhood or ''}") or NO_NAME
