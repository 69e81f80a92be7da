"""Akıl Kutusu as the desk has written it; articles that nobody touched stand in the profile."""

from datetime import date, datetime

from sqlalchemy import Date
from sqlmodel import Field, SQLModel

from models.enums import Kind
from models.tables.columns import json_value, long_text, primary_key, reference, time, word


class ArticleRevision(SQLModel, table=True):
    """One state of an article. Never changed, only followed by another; the newest of an article rules."""

    __tablename__ = "article_revision"

    id: int | None = primary_key()
    article_id: str = Field(index=True)
    title: str
    topic: str
    unit: str
    kind: Kind | None = word(Kind, default=None)
    """Set where the article answers one kind of message on any topic (thanks)."""
    questions: list[str] = json_value(list)
    short_text: str = long_text()
    long_text: str = long_text()
    source: str = ""
    valid_until: date = Field(sa_type=Date)
    retired: bool = False
    """Out of use: no draft is made of it."""
    user_id: int | None = reference("user.id", optional=True, index=False)
    """Who wrote it; empty for the profile's text, kept beside its first change."""
    created_at: datetime = time()
