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
    email: str = ""
    password_changed_at: datetime | None = optional_time()
    totp_since: datetime | None = optional_time()
    """Since when a second factor is asked; its secret is in the `SecretStore`."""
    totp_step: int = 0
    """The last time step that was used: a code is good once."""
    authorised_by: int | None = reference("user.id", optional=True, index=False)
    """Who authorised a unit's user (directive 004, 9a8)."""
    authorised_at: datetime | None = optional_time()
    channels: list[str] = json_value(list)
    """Channels whose applications are given to her; empty: all."""
    topics: list[str] = json_value(list)
    most_open: int | None = None
    """So many open applications are enough for her."""
    last_given_at: datetime | None = optional_time()
    single_keys: bool = True
    """Whether a key alone presses something on her pages (WCAG 2.1.4)."""


class UserSession(SQLModel, table=True):
    """A log-in. Only the digest of its token is kept."""

    __tablename__ = "user_session"

    token_digest: str = Field(primary_key=True)
    user_id: int = reference("user.id")
    csrf_token: str
    created_at: datetime = time()
    expires_at: datetime = time(index=True)
    last_seen_at: datetime | None = optional_time()
    address: str = ""
    device: str = ""
    """Browser and system in short, so that she knows her own."""
    waits_for: str = ""
    """What she still has to give (`inbox.services.people.Waits`); empty: she is in."""


class LogInTry(SQLModel, table=True):
    """A password or code that was tried and has not proved right; only a digest of the log-in is kept."""

    __tablename__ = "log_in_try"

    id: int | None = primary_key()
    login_digest: str = Field(index=True)
    address: str = Field(index=True)
    at: datetime = time(index=True)


class AccountToken(SQLModel, table=True):
    """An invitation or a password reset, good once. Only the digest of its token is kept."""

    __tablename__ = "account_token"

    token_digest: str = Field(primary_key=True)
    user_id: int = reference("user.id")
    created_by: int | None = reference("user.id", optional=True, index=False)
    created_at: datetime = time()
    expires_at: datetime = time()
    used_at: datetime | None = optional_time()


class RecoveryCode(SQLModel, table=True):
    """Stands in once for a lost second factor."""

    __tablename__ = "recovery_code"

    digest: str = Field(primary_key=True)
    user_id: int = reference("user.id")
    used_at: datetime | None = optional_time()


class OidcIdentity(SQLModel, table=True):
    """A person as the city's identity provider knows her."""

    __tablename__ = "oidc_identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    user_id: int = reference("user.id")


class SecurityEvent(SQLModel, table=True):
    """Log-ins, failures, changes of rights: who, when, from where (ASVS 7). Never changed."""

    __tablename__ = "security_event"

    id: int | None = primary_key()
    at: datetime = time(index=True)
    user_id: int | None = reference("user.id", optional=True)
    what: str
    address: str = ""
    detail: str = ""
