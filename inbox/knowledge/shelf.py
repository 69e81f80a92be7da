"""Akıl Kutusu as it stands now: the profile's articles under those that the desk has changed or written."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.knowledge.articles import Article, read_articles
from inbox.knowledge.search import ArticleIndex
from inbox.repositories import knowledge as rows
from models.tables import ArticleRevision


class Shelf:
    """The articles in use, with their index. Built anew, off the event loop, once somebody has changed one.

    A look at the last change goes before each use, so that every process takes it up at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = -1
        self._index = ArticleIndex([])
        self._making = asyncio.Lock()

    async def index(self, session: AsyncSession) -> ArticleIndex:
        """The index of the articles that are in use; what is no more valid is left out by the search itself."""
        revisions = await rows.number_of_revisions(session)
        async with self._making:
            if revisions > self._seen:
                articles = await articles_in_use(session, self._folder)
                self._index = await asyncio.to_thread(ArticleIndex, list(articles.values()))
                self._seen = revisions
        return self._index


async def articles_in_use(session: AsyncSession, folder: Path) -> dict[str, Article]:
    """By id; what was taken out of use is not among them."""
    changed = {row.article_id: row for row in await rows.ruling(session)}
    known = {key: article for key, article in (await profile_articles(folder)).items() if key not in changed}
    return known | {key: article_of(row) for key, row in changed.items() if not row.retired}


async def profile_articles(folder: Path) -> Mapping[str, Article]:
    """By id. Raises InputError naming the file that cannot be read."""
    return await asyncio.to_thread(_read, folder)


@lru_cache(maxsize=2)
def _read(folder: Path) -> Mapping[str, Article]:
    return {article.id: article for article in read_articles(folder)}


def article_of(row: ArticleRevision) -> Article:
    return Article(
        id=row.article_id,
        title=row.title,
        topic=row.topic,
        unit=row.unit,
        kind=row.kind,
        valid_until=row.valid_until,
        source=row.source,
        questions=tuple(row.questions),
        short=row.short_text,
        long=row.long_text,
    )


async def article_now(session: AsyncSession, folder: Path, article_id: str) -> Article | None:
    """One article as it stands; what was taken out of use is valid no more since that day."""
    row = next(iter(await rows.revisions(session, article_id)), None)
    if row is None:
        return (await profile_articles(folder)).get(article_id)
    article = article_of(row)
    if not row.retired:
        return article
    return replace(article, valid_until=min(article.valid_until, row.created_at.date() - timedelta(days=1)))
