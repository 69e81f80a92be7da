"""Incidents with their applications, the pairs that are none, and what may belong together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import held
from models.db import insert_new
from models.enums import IncidentState, OutboxState, Purpose
from models.tables import Application, Incident, IncidentApart, IncidentMember, OutboxItem

LIVE = (IncidentState.PROPOSED, IncidentState.CONFIRMED)


async def recent(session: AsyncSession, *, since: datetime, limit: int) -> Sequence[Application]:
    """Open applications with a topic that stand in no incident, the newest first."""
    query = (
        select(Application)
        .join(IncidentMember, IncidentMember.application_id == Application.id, isouter=True)
        .where(
            Application.is_open,
            Application.received_at >= since,
            Application.topic.is_not(None),
            Application.confidential.is_(False),
            IncidentMember.application_id.is_(None),
        )
        .order_by(Application.received_at.desc(), Application.id.desc())
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def live(session: AsyncSession) -> Sequence[Incident]:
    """Proposed and confirmed ones, the newest first."""
    query = select(Incident).where(Incident.state.in_(LIVE)).order_by(Incident.began_at.desc(), Incident.id.desc())
    return (await session.exec(query)).all()


async def finished(session: AsyncSession, *, limit: int = 20) -> Sequence[Incident]:
    """Answered or dismissed, the newest first."""
    query = select(Incident).where(Incident.state.not_in(LIVE)).order_by(Incident.id.desc()).limit(limit)
    return (await session.exec(query)).all()


async def sizes(session: AsyncSession, incident_ids: Collection[int]) -> dict[int, int]:
    query = (
        select(IncidentMember.incident_id, func.count())
        .where(IncidentMember.incident_id.in_(incident_ids))
        .group_by(IncidentMember.incident_id)
    )
    return dict((await session.exec(query)).all())


async def incident(session: AsyncSession, incident_id: int) -> Incident | None:
    return await session.get(Incident, incident_id)


async def incident_for_change(session: AsyncSession, incident_id: int) -> Incident | None:
    query = select(Incident).where(Incident.id == incident_id).with_for_update()
    return (await session.exec(query)).first()


async def members(session: AsyncSession, incident_ids: Collection[int]) -> dict[int, list[Application]]:
    """The applications of each incident, oldest first."""
    query = (
        select(IncidentMember.incident_id, Application)
        .join(Application, Application.id == IncidentMember.application_id)
        .where(IncidentMember.incident_id.in_(incident_ids))
        .order_by(Application.received_at, Application.id)
    )
    found: dict[int, list[Application]] = {incident_id: [] for incident_id in incident_ids}
    for incident_id, application in (await session.exec(query)).all():
        found[incident_id].append(application)
    return found


async def members_of(session: AsyncSession, incident_id: int, *, change: bool = False) -> list[Application]:
    """One incident's applications, oldest first; with `change` held, by id, until the transaction ends."""
    query = select(Application).join(IncidentMember, IncidentMember.application_id == Application.id)
    query = query.where(IncidentMember.incident_id == incident_id).order_by(Application.id)
    found = (await session.exec(held(query) if change else query)).all()
    return sorted(found, key=lambda one: (one.received_at, one.id))


async def answers_to(session: AsyncSession, application_ids: Collection[int]) -> set[tuple[int, str]]:
    """(application, text) of every answer that has left, perhaps has, or is on its way."""
    query = select(OutboxItem.application_id, OutboxItem.text).where(
        OutboxItem.application_id.in_(application_ids),
        OutboxItem.purpose == Purpose.ANSWER,
        OutboxItem.state.not_in((OutboxState.FAILED, OutboxState.CANCELLED)),
    )
    return set((await session.exec(query)).all())


async def incident_of(session: AsyncSession, application_id: int) -> Incident | None:
    """The incident in which an application stands."""
    query = select(Incident).join(IncidentMember, IncidentMember.incident_id == Incident.id)
    return (await session.exec(query.where(IncidentMember.application_id == application_id))).first()


async def add(session: AsyncSession, incidents: Sequence[Incident]) -> None:
    session.add_all(incidents)
    await session.flush()


async def add_members(session: AsyncSession, pairs: Iterable[tuple[int, int]], *, at: datetime) -> None:
    """(incident, application) pairs; an application that stands in one already stays there."""
    rows = [IncidentMember(incident_id=one, application_id=other, added_at=at) for one, other in pairs]
    await insert_new(session, rows)


async def remove_members(session: AsyncSession, application_ids: Collection[int]) -> None:
    await session.exec(delete(IncidentMember).where(IncidentMember.application_id.in_(application_ids)))


async def apart(session: AsyncSession, application_ids: Collection[int]) -> set[frozenset[int]]:
    """Pairs of these that an agent has declared different."""
    query = select(IncidentApart.one_id, IncidentApart.other_id).where(
        or_(IncidentApart.one_id.in_(application_ids), IncidentApart.other_id.in_(application_ids))
    )
    return {frozenset(pair) for pair in (await session.exec(query)).all()}


async def set_apart(session: AsyncSession, application_id: int, others: Iterable[int]) -> None:
    """This application is about something else than those."""
    pairs = [sorted((application_id, other)) for other in others if other != application_id]
    await insert_new(session, [IncidentApart(one_id=one, other_id=other) for one, other in pairs])


async def forget_apart(session: AsyncSession, application_id: int, others: Collection[int]) -> None:
    """An agent thought better of it."""
    of_one = [(IncidentApart.one_id, IncidentApart.other_id), (IncidentApart.other_id, IncidentApart.one_id)]
    for this, that in of_one:
        await session.exec(delete(IncidentApart).where(this == application_id, that.in_(others)))
