"""`report PERIOD --ending DATE --out DIR`: the channel report as HTML and JSON."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bots.settings import Settings, load_settings
from inbox.reports.figures import ReportFigures, channel_figures
from inbox.reports.names import Names, read_names
from inbox.reports.page import render
from inbox.reports.periods import Period, week_ending
from models import schema
from models.db import Database
from models.errors import InputError
from models.profile import Profile, load_profile


def run(options: argparse.Namespace) -> int:
    if options.period != "weekly":
        raise InputError(f"the {options.period} report is not available yet; weekly is")
    settings = load_settings()
    profile = load_profile(settings.profile)
    period = week_ending(_ending(options.ending, profile))
    figures, names = asyncio.run(_figures(settings, profile, period))
    for path in _write(figures, names, Path(options.out)):
        print(path)
    return 0


def _ending(given: str | None, profile: Profile) -> date:
    if given is None:
        return datetime.now(UTC).astimezone(profile.time_zone).date() - timedelta(days=1)
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InputError(f"--ending {given!r} is no date; write it as 2026-11-22") from error


async def _figures(settings: Settings, profile: Profile, period: Period) -> tuple[ReportFigures, Names]:
    database = Database(settings.effective_database_url)
    try:
        await schema.upgrade(database.engine)
        async with database.read() as session:
            return await channel_figures(session, period, profile=profile), await read_names(session, profile)
    finally:
        await database.close()


def _write(figures: ReportFigures, names: Names, folder: Path) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {folder}: {error.strerror}") from error
    name = f"kanal-raporu-{figures.period.last.isoformat()}"
    page, data = folder / f"{name}.html", folder / f"{name}.json"
    page.write_text(render(figures, names=names), encoding="utf-8")
    data.write_text(json.dumps(asdict(figures), ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return [page, data]
