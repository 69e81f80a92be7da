"""What the bots say to citizens: the profile's texts, until the administrator writes her own."""

from collections.abc import Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts
from inbox.rules.permissions import Action
from inbox.services import security_events
from inbox.services.security_events import What
from inbox.services.users import By
from models.channel_facts import SurfaceFacts
from models.errors import InputError, NotFoundError
from models.profile import Profile

KEY = "acknowledgement"
"""Of `Setting`: sections that the administrator has written, with their texts."""
NUMBER = "{number}"
MOST_TEXTS = 5
"""Of one section; the bots take them by turns, so that a platform sees no two alike in a row."""
Texts = Mapping[str, Sequence[str]]


async def acknowledgements(session: AsyncSession, profile: Profile) -> Texts:
    """By section (public, direct, emergency, thanks). The one path: whoever acknowledges asks here."""
    written: Texts = await accounts.setting(session, KEY, default={})
    return {**profile.texts["acknowledgement"], **written}


async def written_sections(session: AsyncSession) -> frozenset[str]:
    """Sections in which the administrator's texts stand instead of the profile's."""
    return frozenset(await accounts.setting(session, KEY, default={}))


async def change(
    session: AsyncSession,
    section: str,
    texts: Sequence[str],
    *,
    profile: Profile,
    limits: Mapping[str, SurfaceFacts],
    by: By,
) -> None:
    """Write a section's texts. `limits` by the name of each place that they go to; nothing is cut, it is refused."""
    by.actor.require(Action.MANAGE_ORGANISATION)
    _known(section, profile)
    wanted = [" ".join(text.split()) for text in texts if text.strip()]
    if not 1 <= len(wanted) <= MOST_TEXTS:
        raise InputError(f"En az bir, en çok {MOST_TEXTS} metin yazınız.")
    for text in wanted:
        _check(text, limits)
    await _put(session, {section: wanted}, by=by, detail=f"otomatik metin değişti: {section}")


async def restore(session: AsyncSession, section: str, *, profile: Profile, by: By) -> None:
    """The profile's texts stand again."""
    by.actor.require(Action.MANAGE_ORGANISATION)
    _known(section, profile)
    await _put(session, {}, by=by, detail=f"otomatik metin ilk hâline döndü: {section}", without=section)


def preview(text: str, *, number: str) -> str:
    """As a citizen gets it."""
    return text.replace(NUMBER, number)


def _known(section: str, profile: Profile) -> None:
    if section not in profile.texts["acknowledgement"]:
        raise NotFoundError("Böyle bir otomatik metin yok.")


def _check(text: str, limits: Mapping[str, SurfaceFacts]) -> None:
    if text.count(NUMBER) != 1 or set(text.replace(NUMBER, "")) & set("{}"):
        raise InputError(f"Her metinde başvuru numarasının yeri bir kez {NUMBER} olarak yazılmalıdır.")
    for place, facts in limits.items():
        used = facts.measure(preview(text, number="HİM-2026-0000001"))
        if used > facts.limit:
            raise InputError(f"{place} için metin çok uzun: {used} / {facts.limit} {facts.unit_name}.")


async def _put(session: AsyncSession, texts: Texts, *, by: By, detail: str, without: str = "") -> None:
    stored: Texts = await accounts.setting(session, KEY, default={})
    kept = {name: list(value) for name, value in {**stored, **texts}.items() if name != without}
    await accounts.put_setting(session, KEY, kept)
    await security_events.record(
        session, What.ORGANISATION_CHANGED, now=by.now, user_id=by.actor.user_id, where=by.where, detail=detail
    )
