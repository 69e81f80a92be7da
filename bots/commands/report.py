"""`report PERIOD --ending DATE --out DIR`: the channel report as HTML and JSON."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bots.databases import open_database
from bots.reporter import keep_days
from bots.settings import Settings, load_settings
from inbox.reports.document import Report
from inbox.reports.making import Kind, make_report
from inbox.reports.page import render
from inbox.reports.periods import Period, Span, period_of
from models.errors import InputError
from models.profile import Profile, load_profile


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    profile = load_profile(settings.profile)
    period = period_of(Span(options.period), _ending(options.ending, profile))
    report = asyncio.run(_report(settings, profile, period))
    for path in _write(report, Path(options.out)):
        print(path)
    return 0


def _ending(given: str | None, profile: Profile) -> date:
    if given is None:
        return datetime.now(UTC).astimezone(profile.time_zone).date() - timedelta(days=1)
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InputError(f"--ending {given!r} is no date; write it as 2026-11-22") from error


async def _report(settings: Settings, profile: Profile, period: Period) -> Report:
    now = datetime.now(UTC)
    if period.first > now.astimezone(profile.time_zone).date():
        raise InputError(f"the {period.span} period of {period.last} has not begun yet")
    async with open_database(settings) as database:
        await keep_days(database, now=now, zone=profile.time_zone)
        async with database.read() as session:
            return await make_report(session, Kind.CHANNELS, period, now=now, profile=profile)


def _write(report: Report, folder: Path) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {folder}: {error.strerror}") from error
    page, data = folder / f"{report.name}.html", folder / f"{report.name}.json"
    page.write_text(render(report, pictures={}), encoding="utf-8")
    data.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1), encoding="utf-8")
    return [page, data]
