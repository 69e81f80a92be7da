"""Articles' revisions, and what drafts say of Akıl Kutusu."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import OutboxState, Purpose
from models.tables import Application, ArticleRevision, Draft, OutboxItem


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUse:
    """A draft with its application; `answers` are texts that were sent for it."""

    draft: Draft
    application: Application
    answers: Sequence[str] = ()


async def number_of_revisions(session: AsyncSession) -> int:
    """How many there are: grows with every change, also where two come to be known in another order than their ids."""
    return (await session.exec(select(func.count()).select_from(ArticleRevision))).one()


async def ruling(session: AsyncSession) -> Sequence[ArticleRevision]:
    """The newest revision of each article that was ever changed or written here."""
    newest = select(func.max(ArticleRevision.id)).group_by(ArticleRevision.article_id)
    return (await session.exec(select(ArticleRevision).where(ArticleRevision.id.in_(newest)))).all()


async def revisions(session: AsyncSession, article_id: str) -> Sequence[ArticleRevision]:
    """Of one article, the newest first."""
    query = select(ArticleRevision).where(ArticleRevision.article_id == article_id)
    return (await session.exec(query.order_by(ArticleRevision.id.desc()))).all()


async def add(session: AsyncSession, rows: Collection[ArticleRevision]) -> None:
    session.add_all(rows)
    await session.flush()


async def last_drafts(session: AsyncSession, *, limit: int) -> list[DraftUse]:
    """The newest drafts of applications that are no secret, with what was answered; the newest first."""
    query = (
        select(Draft, Application)
        .join(Application, Application.id == Draft.application_id)
        .where(Application.confidential.is_(False))
        .order_by(Draft.id.desc())
        .limit(limit)
    )
    found = (await session.exec(query)).all()
    answers = await _answers(session, [one.id or 0 for draft, one in found if draft.article_id and one.first_answer_at])
    return [DraftUse(draft=draft, application=one, answers=answers.get(one.id or 0, ())) for draft, one in found]


async def _answers(session: AsyncSession, application_ids: Collection[int]) -> dict[int, list[str]]:
    query = select(OutboxItem.application_id, OutboxItem.text).where(
        OutboxItem.application_id.in_(application_ids),
        OutboxItem.purpose == Purpose.ANSWER,
        OutboxItem.state == OutboxState.SENT,
    )
    texts: dict[int, list[str]] = {}
    for application_id, text in (await session.exec(query)).all():
        texts.setdefault(application_id, []).append(text)
    return texts
