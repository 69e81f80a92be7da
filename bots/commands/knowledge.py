"""`knowledge search TEXT`, `knowledge draft TEXT`: the articles, best first; the draft with its source."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime

from bots.databases import open_database
from bots.settings import Settings, load_settings
from inbox.knowledge.search import ArticleIndex
from inbox.knowledge.shelf import Shelf
from models.profile import Profile, load_profile

MOST = 5


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    profile = load_profile(settings.profile)
    index = asyncio.run(_index(settings, profile))
    today = datetime.now(UTC).astimezone(profile.time_zone).date()
    if options.verb == "search":
        hits = [
            {"id": hit.article.id, "title": hit.article.title, "score": round(hit.score, 4)}
            for hit in index.search(options.text, today=today)[:MOST]
        ]
        print(json.dumps(hits, ensure_ascii=False) if options.json else _listing(hits))
        return 0
    draft = index.draft(options.text, classification=None, today=today)
    if options.json:
        print(json.dumps({"draft": asdict(draft) if draft else None}, ensure_ascii=False))
    elif draft is None:
        print("Uygun bir metin bulunamadı; taslak hazırlanmadı.")
    else:
        print(f"{draft.long}\n\nKaynak: {draft.title} ({draft.article_id}, {draft.score:.2f})")
    return 0


async def _index(settings: Settings, profile: Profile) -> ArticleIndex:
    """With what the desk has changed and written."""
    async with open_database(settings) as database:
        async with database.read() as session:
            return await Shelf(profile.knowledge_folder).index(session)


def _listing(hits: list[dict[str, object]]) -> str:
    return "\n".join(f"{hit['score']:.2f}  {hit['id']}  {hit['title']}" for hit in hits) or "Eşleşen metin yok."
