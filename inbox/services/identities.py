"""A platform says that ids are one citizen's: new number, new user id. From then on she is one."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import identities
from models.enums import ChannelName


async def join(
    session: AsyncSession,
    channel: ChannelName,
    *,
    previous: Sequence[str],
    current: Sequence[str],
    at: datetime,
    scope: str = "",
) -> None:
    """Make all ids one citizen's; her direct conversations go on under the first current id.

    The older citizen stays. Ids of which none is known say nothing about anybody here.
    """
    ids = list(dict.fromkeys((*previous, *current)))
    found = await identities.known(session, channel, scope, ids)
    if not found:
        return
    oldest = min(found.values(), key=lambda one: one.citizen_id)
    others = {one.citizen_id for one in found.values()} - {oldest.citizen_id}
    if others:
        await identities.merge_citizens(session, into=oldest.citizen_id, others=others)
        await session.refresh(oldest)
    await identities.add(session, oldest, [one for one in ids if one not in found], at=at)
    old = {found[one].id or 0 for one in previous if one in found}
    if current and old:
        now_known = await identities.known(session, channel, scope, current[:1])
        await identities.move_direct_threads(session, old=old, new=now_known[current[0]])
