"""Which of our people the city's identity provider has proved somebody to be. Rights are never taken from there."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import credentials, people
from inbox.services import security_events
from inbox.services.security_events import What, Where
from models.single_sign_on import ProvenPerson
from models.tables import OidcIdentity, User


async def person_of(session: AsyncSession, proven: ProvenPerson, *, now: datetime, where: Where) -> User | None:
    """The active user, known by issuer and subject or, the first time, by a verified e-mail that one user alone has."""
    user = await credentials.oidc_user(session, proven.issuer, proven.subject)
    if user is None:
        user = await _by_email(session, proven)
        if user is not None:
            identity = OidcIdentity(issuer=proven.issuer, subject=proven.subject, user_id=user.id or 0)
            await credentials.add_oidc_identity(session, identity)
            await security_events.record(
                session, What.IDENTITY_LINKED, now=now, user_id=user.id, where=where, detail=proven.issuer
            )
    if user is None or not user.active:
        await security_events.record(
            session, What.IDENTITY_REFUSED, now=now, user_id=user.id if user else None, where=where
        )
        return None
    return user


async def _by_email(session: AsyncSession, proven: ProvenPerson) -> User | None:
    if not proven.email or not proven.is_email_verified:
        return None
    found = await people.by_email(session, proven.email)
    return found[0] if len(found) == 1 else None
