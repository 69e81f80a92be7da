"""Requests of persons, and everything that is kept about one citizen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_
from sqlmodel import SQLModel, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.retention import OPEN_REQUESTS
from models.tables import (
    AccessRecord,
    Application,
    Citizen,
    Conversation,
    HistoryEntry,
    Identity,
    Message,
    MessageAttachment,
    Note,
    PersonRequest,
    Routing,
    StaffFile,
    Survey,
    UnitResponse,
)


@dataclass(slots=True, kw_only=True)
class PersonFile:
    """Rows about one citizen, each list oldest first."""

    citizen: Citizen
    identities: Sequence[Identity] = ()
    applications: Sequence[Application] = ()
    messages: Sequence[Message] = ()
    attachments: Sequence[MessageAttachment] = ()
    of_applications: dict[type[SQLModel], Sequence[Any]] = field(default_factory=dict)
    """Rows of her applications by their table."""
    looks: Sequence[AccessRecord] = ()


OF_APPLICATIONS: tuple[type[SQLModel], ...] = (Routing, UnitResponse, StaffFile, Note, Survey, HistoryEntry)


async def add(session: AsyncSession, request: PersonRequest) -> None:
    session.add(request)
    await session.flush()


async def request(session: AsyncSession, key: int) -> PersonRequest | None:
    query = select(PersonRequest).where(PersonRequest.id == key).with_for_update()
    return (await session.exec(query)).first()


async def requests(session: AsyncSession, *, limit: int = 200) -> Sequence[tuple[PersonRequest, str]]:
    """(request, the citizen's name): open ones first, the soonest limit on top; then the last that were decided."""
    query = select(PersonRequest, Citizen.display_name).join(Citizen, Citizen.id == PersonRequest.citizen_id)
    waiting = query.where(PersonRequest.state.in_(OPEN_REQUESTS)).order_by(PersonRequest.due_at, PersonRequest.id)
    decided = query.where(PersonRequest.state.not_in(OPEN_REQUESTS)).order_by(PersonRequest.decided_at.desc())
    return [*(await session.exec(waiting)).all(), *(await session.exec(decided.limit(limit))).all()]


async def applications_of(session: AsyncSession, citizen_id: int) -> Sequence[Application]:
    query = select(Application).where(Application.citizen_id == citizen_id).order_by(Application.id)
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def loose_messages(session: AsyncSession, citizen_id: int) -> Sequence[Message]:
    """Messages of the citizen that belong to no application and were not taken back."""
    query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
    loose = query.where(
        Conversation.citizen_id == citizen_id, Message.application_id.is_(None), Message.deleted_at.is_(None)
    )
    return (await session.exec(loose.order_by(Message.id))).all()


async def rename(session: AsyncSession, citizen_id: int, name: str) -> None:
    await session.exec(update(Citizen).where(Citizen.id == citizen_id).values(display_name=name))
    named = update(Identity).where(Identity.citizen_id == citizen_id, Identity.display_name != "")
    await session.exec(named.values(display_name=name))


async def file_of(session: AsyncSession, citizen_id: int) -> PersonFile:
    """Everything that is kept about her."""
    file = PersonFile(citizen=await session.get_one(Citizen, citizen_id))
    identities = select(Identity).where(Identity.citizen_id == citizen_id)
    file.identities = (await session.exec(identities.order_by(Identity.id))).all()
    file.applications = await applications_of(session, citizen_id)
    talk = select(Conversation.id).where(Conversation.citizen_id == citizen_id)
    keys = [one.id for one in file.applications]
    messages = select(Message).where(or_(Message.conversation_id.in_(talk), Message.application_id.in_(keys)))
    file.messages = (await session.exec(messages.order_by(Message.sent_at, Message.id))).all()
    attached = select(MessageAttachment).where(MessageAttachment.message_id.in_([one.id for one in file.messages]))
    file.attachments = (await session.exec(attached.order_by(MessageAttachment.id))).all()
    for table in OF_APPLICATIONS:
        rows = select(table).where(table.application_id.in_(keys)).order_by(table.id)
        file.of_applications[table] = (await session.exec(rows)).all()
    looks = select(AccessRecord).where(AccessRecord.citizen_id == citizen_id)
    file.looks = (await session.exec(looks.order_by(AccessRecord.id))).all()
    return file
