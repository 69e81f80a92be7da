"""What a platform says of credentials, and new ones in their place. Values of secrets stand in `Renewal` alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.messages import AccountIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialReport:
    """Whose the credentials are, when they die (None: never, or the platform does not say), what they lack."""

    identity: AccountIdentity
    expires_at: datetime | None = None
    missing_permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """New secrets by the names of the settings' fields; to be stored before they are used."""

    values: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None = None
