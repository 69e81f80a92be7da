"""Those who work in the inbox."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import json_value, optional_time, primary_key, reference, time


class User(SQLModel, table=True):
    id: int | None = primary_key()
    login: str = Field(unique=True)
    name: str
    password_hash: str
    roles: list[str] = json_value(list)
    unit: str | None = None
    active: bool = True
    created_at: datetime = time()


class UserSession(SQLModel, table=True):
    """A log-in. Only the digest of its token is kept."""

    __tablename__ = "user_session"

    token_digest: str = Field(primary_key=True)
    user_id: int = reference("user.id")
    csrf_token: str
    created_at: datetime = time()
    expires_at: datetime = time(index=True)
    last_seen_at: datetime | None = optional_time()
