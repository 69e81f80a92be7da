"""`knowledge search TEXT`, `knowledge draft TEXT`: the articles, best first; the draft with its source."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from bots.settings import load_settings
from inbox.knowledge.search import ArticleIndex
from models.profile import load_profile

MOST = 5


def run(options: argparse.Namespace) -> int:
    profile = load_profile(load_settings().profile)
    index = ArticleIndex.of_folder(profile.knowledge_folder)
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


def _listing(hits: list[dict[str, object]]) -> str:
    return "\n".join(f"{hit['score']:.2f}  {hit['id']}  {hit['title']}" for hit in hits) or "Eşleşen metin yok."
