"""What follows triage in the same transaction: emergencies go out and ring, the rest is given to people."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications
from inbox.services import assignment, deadlines, emergencies
from inbox.services.triage import TriageResult
from models.enums import Urgency
from models.profile import Profile


async def attend(
    session: AsyncSession, results: Sequence[TriageResult], *, profile: Profile, now: datetime
) -> list[int]:
    """See to what has come in; the ids of applications that ring now."""
    wanted = [one.application_id for one in results if one.application_id and (one.opened or one.emergency)]
    if not wanted:
        return []
    await session.flush()
    found = await applications.by_ids(session, wanted)
    urgent = [one for one in found if one.urgency is Urgency.EMERGENCY]
    raised: list[int] = []
    if urgent:
        rules = await deadlines.read_rules(session, profile)
        raised = await emergencies.ring(session, urgent, now=now, zone=profile.time_zone)
        await emergencies.send_out(session, [one for one in urgent if one.id in raised], rules=rules, now=now)
    opened = {one.application_id for one in results if one.opened}
    await assignment.distribute(session, [one for one in found if one.id in opened], now=now, zone=profile.time_zone)
    return raised
