"""Logging in with the city's identity provider (OpenID Connect): what the pages ask of it."""

from dataclasses import dataclass
from typing import Protocol

from models.errors import HimError


class SignOnError(HimError):
    """The provider cannot be reached, refused, or what it sent does not hold. The message is safe to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnTry:
    """What must come back unchanged; kept by the browser that began."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenPerson:
    """Who the provider says it is. `is_strong`: by more than one factor."""

    issuer: str
    subject: str
    email: str = ""
    is_email_verified: bool = False
    is_strong: bool = False


class IdentityProvider(Protocol):
    """One provider, found by its issuer's address."""

    async def begin(self, *, come_back_to: str) -> tuple[str, SignOnTry]:
        """The address to send the browser to, and what to keep. Raises SignOnError."""

    async def finish(self, begun: SignOnTry, *, code: str, come_back_to: str) -> ProvenPerson:
        """Exchange the code and verify what comes for it. Raises SignOnError."""
