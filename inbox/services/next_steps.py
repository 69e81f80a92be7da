"""The next step and owner of applications, as the rule says it from what is stored."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import next_steps as rows
from inbox.rules.next_step import NextStep, Standing, next_step
from models.tables import Application


async def next_steps(session: AsyncSession, applications: Sequence[Application]) -> dict[int, NextStep]:
    """By application; those that are finished have none. A fixed number of queries for any number."""
    ids = [one.id or 0 for one in applications if one.is_open]
    if not ids:
        return {}
    ringing, asking = await rows.ringing(session, ids), await rows.asking_for_a_date(session, ids)
    returnable = await rows.returnable_until(session, ids)
    found: dict[int, NextStep] = {}
    for one in applications:
        key = one.id or 0
        step = next_step(
            Standing(
                state=one.state,
                due_at=one.due_at,
                assignee_id=one.assignee_id,
                unit=one.routed_unit,
                rings=key in ringing,
                awaits_consent=key in asking,
                soonest=min(filter(None, (one.due_at, returnable.get(key)))),
            )
        )
        if step is not None:
            found[key] = step
    return found
