"""Rows of the process: submissions, routings, units' responses, pauses, signed letters."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, update
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import held
from models.enums import ApplicationState, ResponseKind, ResponseState, SubmissionKind, SubmissionState
from models.tables import (
    Application,
    DeadlinePause,
    Routing,
    SignedDocument,
    Submission,
    UnitResponse,
)

Row = TypeVar("Row", bound=SQLModel)
MOST = 200
"""Rows of a queue on one page."""


async def add(session: AsyncSession, row: Row) -> Row:
    """Insert a row; its id is set."""
    session.add(row)
    await session.flush()
    return row


async def submission(session: AsyncSession, submission_id: int) -> Submission | None:
    return await session.get(Submission, submission_id)


async def waiting_submission(session: AsyncSession, application_id: int, kind: SubmissionKind) -> Submission | None:
    query = select(Submission).where(
        Submission.application_id == application_id,
        Submission.kind == kind,
        Submission.state == SubmissionState.WAITING,
    )
    return (await session.exec(query.order_by(Submission.id.desc()).limit(1).with_for_update())).first()


async def last_submission(session: AsyncSession, application_id: int, kind: SubmissionKind) -> Submission | None:
    query = select(Submission).where(Submission.application_id == application_id, Submission.kind == kind)
    return (await session.exec(query.order_by(Submission.id.desc()).limit(1))).first()


async def last_of_incident(session: AsyncSession, incident_id: int) -> Submission | None:
    """What was last handed in as the answer for all of an incident."""
    query = select(Submission).where(Submission.incident_id == incident_id)
    return (await session.exec(query.order_by(Submission.id.desc()).limit(1))).first()


async def submissions_of(session: AsyncSession, application_id: int) -> Sequence[Submission]:
    """Oldest first."""
    query = select(Submission).where(Submission.application_id == application_id)
    return (await session.exec(query.order_by(Submission.id))).all()


async def approval_queue(session: AsyncSession, *, limit: int = MOST) -> Sequence[tuple[Submission, Application]]:
    """What waits for the approval desk: emergencies first, then in order of their submission."""
    query = (
        select(Submission, Application)
        .join(Application, Application.id == Submission.application_id)
        .where(Submission.state == SubmissionState.WAITING)
        .order_by(Application.rank, Submission.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def count_waiting(session: AsyncSession) -> int:
    """How much waits for the approval desk."""
    query = select(func.count()).select_from(Submission).where(Submission.state == SubmissionState.WAITING)
    return (await session.exec(query)).one()


async def open_routing(session: AsyncSession, application_id: int) -> Routing | None:
    """The routing that the application is on now."""
    query = select(Routing).where(Routing.application_id == application_id, Routing.ended_at.is_(None))
    return (await session.exec(query.order_by(Routing.id.desc()).limit(1))).first()


async def end_routings(session: AsyncSession, application_id: int, *, at: datetime) -> None:
    query = update(Routing).where(Routing.application_id == application_id, Routing.ended_at.is_(None))
    await session.exec(query.values(ended_at=at))


async def last_routing(session: AsyncSession, application_id: int) -> Routing | None:
    query = select(Routing).where(Routing.application_id == application_id)
    return (await session.exec(query.order_by(Routing.id.desc()).limit(1))).first()


async def response_for_change(session: AsyncSession, response_id: int) -> UnitResponse | None:
    query = select(UnitResponse).where(UnitResponse.id == response_id).with_for_update()
    return (await session.exec(query)).first()


async def responses_of(session: AsyncSession, application_id: int) -> Sequence[UnitResponse]:
    """Oldest first."""
    query = select(UnitResponse).where(UnitResponse.application_id == application_id)
    return (await session.exec(query.order_by(UnitResponse.id))).all()


async def waiting_response(session: AsyncSession, application_id: int, kind: ResponseKind) -> UnitResponse | None:
    query = select(UnitResponse).where(
        UnitResponse.application_id == application_id,
        UnitResponse.kind == kind,
        UnitResponse.state == ResponseState.WAITING,
    )
    return (await session.exec(query.order_by(UnitResponse.id.desc()).limit(1))).first()


async def passed_answer(session: AsyncSession, application_id: int) -> UnitResponse | None:
    """The unit's answer that was passed on last."""
    query = select(UnitResponse).where(
        UnitResponse.application_id == application_id,
        UnitResponse.kind == ResponseKind.ANSWER,
        UnitResponse.state == ResponseState.PASSED_ON,
    )
    return (await session.exec(query.order_by(UnitResponse.id.desc()).limit(1))).first()


async def unit_list(session: AsyncSession, unit: str, *, limit: int = MOST) -> Sequence[Application]:
    """Open applications that are with this unit, emergencies first, then by their limit."""
    query = select(Application).where(Application.routed_unit == unit, Application.is_open)
    return (await session.exec(query.order_by(Application.rank, Application.due_at, Application.id).limit(limit))).all()


async def documents_of(session: AsyncSession, application_id: int) -> Sequence[SignedDocument]:
    query = select(SignedDocument).where(SignedDocument.application_id == application_id)
    return (await session.exec(query.order_by(SignedDocument.id))).all()


async def document(session: AsyncSession, document_id: int) -> SignedDocument | None:
    return await session.get(SignedDocument, document_id)


async def unsigned_documents(
    session: AsyncSession, *, limit: int = MOST
) -> Sequence[tuple[SignedDocument, Application]]:
    """Letters that wait for their number, oldest first."""
    query = (
        select(SignedDocument, Application)
        .join(Application, Application.id == SignedDocument.application_id)
        .where(SignedDocument.number == "")
        .order_by(SignedDocument.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def pauses(session: AsyncSession, application_id: int) -> Sequence[DeadlinePause]:
    query = select(DeadlinePause).where(DeadlinePause.application_id == application_id)
    return (await session.exec(query.order_by(DeadlinePause.id))).all()


async def scheduled_until(session: AsyncSession, day: date, *, limit: int = MOST) -> Sequence[Application]:
    """Scheduled applications whose date is this day or an earlier one, held for a change."""
    query = select(Application).where(Application.state == ApplicationState.SCHEDULED, Application.target_date <= day)
    query = query.order_by(Application.target_date, Application.id).limit(limit)
    return (await session.exec(held(query))).all()


async def open_routings(session: AsyncSession, application_ids: Sequence[int]) -> dict[int, Routing]:
    """By application, the routing that it is on now."""
    query = select(Routing).where(Routing.application_id.in_(application_ids), Routing.ended_at.is_(None))
    return {one.application_id: one for one in (await session.exec(query.order_by(Routing.id))).all()}
