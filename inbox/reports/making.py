"""Makes the report of a kind and a period."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports import channels, daybook, examples, people, units
from inbox.reports.counts import What
from inbox.reports.daybook import Compared
from inbox.reports.document import Report, Section
from inbox.reports.names import Names, read_names
from inbox.reports.naming import KINDS_OF_SPAN, when
from inbox.reports.periods import Period, Span, bounds, period_of
from inbox.repositories import day_counts
from inbox.repositories import people as people_rows
from models.errors import NotFoundError
from models.profile import Profile


class Kind(StrEnum):
    """What a report is about."""

    CHANNELS = "channels"
    UNITS = "units"
    PEOPLE = "people"


TITLES = {Kind.CHANNELS: "kanal raporu", Kind.UNITS: "birim karneleri", Kind.PEOPLE: "personel performansı"}
FILES = {Kind.CHANNELS: "kanal-raporu", Kind.UNITS: "birim-karneleri", Kind.PEOPLE: "personel-performansi"}
SO_FAR = "Dönem sürüyor: sayılar şu ana kadardır; karşılaştırma önceki dönemin aynı sayıda tam günüyledir."
BEGAN = "Kayıtlar {day} günü başlar; önceki dönem bu yüzden eksik ya da boştur, artış ya da azalış söylenmez."
MISSING = "{days} günün sayısı henüz hazırlanmadı; toplamlarda yoktur. Az sonra yeniden bakınız."


async def make_report(
    session: AsyncSession, kind: Kind, period: Period, *, now: datetime, profile: Profile, unit: str = ""
) -> Report:
    """`unit` makes the scorecard of that unit alone. Raises NotFoundError where there is no such unit."""
    names = await read_names(session, profile)
    if unit and unit not in names.words[What.UNIT]:
        raise NotFoundError("Böyle bir birim yok.")
    compared = await daybook.compare(session, period, now=now, zone=profile.time_zone)
    headline, sections = await _content(session, kind, compared, names=names, unit=unit)
    ends = f"{FILES[kind]}-{period.span}-{period.last.isoformat()}"
    shown = []
    if kind is Kind.CHANNELS:
        shown = await examples.of_topics(
            session, _topics(compared), since=bounds(period.first, profile.time_zone)[0],
            until=bounds(period.last, profile.time_zone)[1], names=names,
        )  # fmt: skip
    return Report(
        name=f"{ends}-{unit}" if unit else ends,
        organisation=names.organisation,
        title=f"{KINDS_OF_SPAN[period.span]} {'birim karnesi' if unit else TITLES[kind]}",
        when=when(period) if compared.is_over else f"{when(period)} (sürüyor)",
        headline=headline,
        sections=sections,
        remarks=_remarks(compared),
        examples=shown,
    )


async def summary(session: AsyncSession, period: Period, *, now: datetime, profile: Profile) -> str:
    """The period in a sentence or two."""
    compared = await daybook.compare(session, period, now=now, zone=profile.time_zone)
    return channels.headline(compared, names=await read_names(session, profile))


async def _content(
    session: AsyncSession, kind: Kind, compared: Compared, *, names: Names, unit: str
) -> tuple[str, Sequence[Section]]:
    match kind:
        case Kind.CHANNELS:
            accounts = await _accounts(session, compared)
            return channels.headline(compared, names=names), channels.sections(compared, names=names, accounts=accounts)
        case Kind.UNITS:
            headline = units.headline(compared, names=names, unit=unit)
            return headline, units.sections(compared, names=names, unit=unit)
        case Kind.PEOPLE:
            known = await people_rows.names(session, [int(user) for user in people.people_of(compared.now)])
            return people.headline(compared), people.sections(compared, names=known)


async def _accounts(session: AsyncSession, compared: Compared) -> tuple[channels.Figures, channels.Figures]:
    now, before = compared.now.days, compared.before.days
    return (
        await day_counts.accounts_at(session, now[0], now[-1]),
        await day_counts.accounts_at(session, before[0], before[-1]),
    )


def _topics(compared: Compared) -> list[str]:
    """Those that grew most, then those that are written about most."""
    now, before = compared.now[What.TOPIC], compared.before[What.TOPIC]
    return sorted(filter(None, now), key=lambda topic: (before.get(topic, 0) - now[topic], -now[topic], topic))


def _remarks(compared: Compared) -> list[str]:
    missing = compared.now.missing + compared.before.missing
    return [
        *([] if compared.is_over else [SO_FAR]),
        *([BEGAN.format(day=when(period_of(Span.DAY, compared.began)))] if compared.began else []),
        *([MISSING.format(days=missing)] if missing else []),
    ]
