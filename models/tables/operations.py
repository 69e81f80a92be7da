"""How our accounts fare: probes of credentials, comparisons with the platforms' lists, what people did to them."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.enums import AccountDeed, ReconciliationState
from models.tables.columns import BIG_ID, json_value, long_text, optional_time, primary_key, reference, time, word


class AccountHealth(SQLModel, table=True):
    """What the last probe of an account's credentials said, and since when the account is silent."""

    __tablename__ = "account_health"

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=BIG_ID)
    probed_at: datetime | None = optional_time()
    problem: str = long_text()
    """Empty where the last probe went well."""
    failures: int = 0
    """Probes that failed in a row."""
    expires_at: datetime | None = optional_time()
    """When the token dies, where the platform tells."""
    missing_permissions: list[str] = json_value(list)
    renewed_at: datetime | None = optional_time()
    silent_since: datetime | None = optional_time()
    """Set while the account is unusually silent for hour and weekday."""
    refused_pushes: int = 0
    """Notices for it, or for its channel where they name no account, whose signature was wrong; ever since."""
    refused_at: datetime | None = optional_time()
    """The last of them."""


class ReconciliationRun(SQLModel, table=True):
    """One comparison of an account with the platform's own list, or, where there is none, one look for gaps."""

    __tablename__ = "reconciliation_run"

    id: int | None = primary_key()
    account_id: int = reference("account.id")
    state: ReconciliationState = word(ReconciliationState)
    since: datetime = time()
    started_at: datetime = time()
    finished_at: datetime = time()
    listed: int = 0
    """Citizens' messages in the platform's list."""
    missing: int = 0
    """Of those, not stored here although they were old enough; fetched by this run."""
    problem: str = long_text()
    signs: dict[str, Any] = json_value(dict)
    """Where there is no list: what hints at a gap, by name and count."""


class AccountEvent(SQLModel, table=True):
    """What a person did to an account; without an account, to the switch of all bots. Never changed."""

    __tablename__ = "account_event"

    id: int | None = primary_key()
    account_id: int | None = reference("account.id", optional=True)
    user_id: int = reference("user.id", index=False)
    what: AccountDeed = word(AccountDeed)
    detail: str = ""
    at: datetime = time()
