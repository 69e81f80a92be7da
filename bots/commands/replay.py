"""`replay`: champion and challenger on past weeks' messages with the desk's final labels, as one JSON object; kept."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from bots.databases import open_database
from bots.settings import Settings, load_settings
from classifier import store
from classifier.replay import replay
from classifier.shelf import CHALLENGER, CHAMPION, ModelFolders
from inbox.repositories import learning as rows
from inbox.rules.drift import week_start
from inbox.services import learning
from models.clock import SystemClock
from models.errors import ArtefactError
from models.learning import ModelFacts, ReplayVerdict, SettledText
from models.profile import Profile, load_profile
from models.tables import ModelComparison


def run(options: argparse.Namespace) -> int:
    print(json.dumps(asyncio.run(_replay(load_settings(), weeks=options.weeks)), ensure_ascii=False))
    return 0


async def _replay(settings: Settings, *, weeks: int) -> dict[str, Any]:
    """The figures of both, stored as the proof that a promotion asks for."""
    profile = load_profile(settings.profile)
    now = SystemClock().now()
    shelf = ModelFolders(settings.data_dir)
    since = start_of_test([shelf.champion, shelf.challenger], earliest=now - timedelta(weeks=weeks))
    async with open_database(settings) as database:
        async with database.read() as session:
            texts = await learning.settled_texts(session, profile=profile, since=since, until=now, answered=True)
        figures = _figures(settings, profile, texts)
        comparison = _comparison(shelf, figures, since=since, until=now)
        async with database.write() as session:
            await rows.add_comparison(session, comparison)
    return {"champion_version": comparison.champion, "challenger_version": comparison.challenger,
            "since": since.isoformat(), "until": now.isoformat(), **figures}  # fmt: skip


def start_of_test(models: Sequence[ModelFacts | None], *, earliest: datetime) -> datetime:
    """No message that either model learned from may try them. Raises ArtefactError where one is missing."""
    if None in models:
        raise ArtefactError("replay needs a champion and a challenger: run `train`, then `train --with-corrections`")
    ends = [datetime.fromisoformat(one.corrections_until) for one in models if one and one.corrections_until]
    return max([earliest, *ends])


def _figures(settings: Settings, profile: Profile, texts: Sequence[SettledText]) -> dict[str, Any]:
    champion = store.load(settings.data_dir / CHAMPION, profile)
    challenger = store.load(settings.data_dir / CHALLENGER, profile)
    return replay(champion, challenger, [replay_row(text, profile.time_zone) for text in texts])


def replay_row(text: SettledText, zone: tzinfo) -> dict[str, Any]:
    """A settled text, as the replay reads it."""
    week = week_start(text.received_at, zone).date().isoformat()
    return {"key": text.key, "channel": text.channel, "text": text.text, "week": week, **text.labels}


def _comparison(shelf: ModelFolders, figures: dict[str, Any], *, since: datetime, until: datetime) -> ModelComparison:
    assert shelf.champion is not None
    assert shelf.challenger is not None
    return ModelComparison(
        champion=shelf.champion.version,
        challenger=shelf.challenger.version,
        since=since,
        until=until,
        verdict=ReplayVerdict(figures["verdict"]),
        figures={name: value for name, value in figures.items() if name != "disagreements"},
        created_at=until,
    )
