"""What a connector can tell of its credentials, and how it renews them. Optional: not every platform can."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from models.messages import AccountIdentity

KeepSecrets = Callable[[Mapping[str, str]], Awaitable[None]]
"""Stores new secrets durably, by the names of the settings' fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialReport:
    """Whose the credentials are, when they die (None: never, or the platform does not say), what they lack."""

    identity: AccountIdentity
    expires_at: datetime | None = None
    missing_permissions: tuple[str, ...] = ()


@runtime_checkable
class Probing(Protocol):
    """A connector that can tell more of its credentials than whose they are."""

    async def probe(self) -> CredentialReport:
        """Ask the platform. Raises ChannelError."""


@runtime_checkable
class Renewing(Protocol):
    """A connector whose credentials die unless they are renewed."""

    async def renew(self, keep: KeepSecrets) -> datetime | None:
        """Get new credentials, `keep` them, and only then use them; when they die. Raises ChannelError."""
