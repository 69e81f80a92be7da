"""Pictures that citizens posted in public, for reports. Looked up when a report is read: what was erased is gone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import AttachmentKind, Direction, Surface
from models.tables import Application, Citizen, Conversation, Identity, Message, MessageAttachment

LOOKED_AT = 500
"""The newest applications of a topic in which pictures are looked for."""
PUBLIC = tuple(surface for surface in Surface if surface.is_public)


async def of_topic(session: AsyncSession, topic: str, *, since: datetime, until: datetime, limit: int) -> Sequence[Any]:
    """(attachment, message, application, citizen's names) of public posts with pictures, the newest first."""
    newest = (
        select(Application.id)
        .where(Application.topic == topic, Application.rank.in_((0, 1)), Application.last_message_at >= since)
        .order_by(Application.rank, Application.last_message_at.desc())
        .limit(LOOKED_AT)
    )
    query = _pictures().where(
        Application.id.in_(newest), Application.received_at >= since, Application.received_at < until
    )
    return (await session.exec(query.limit(limit))).all()


async def of_applications(session: AsyncSession, ids: Sequence[int], *, limit: int) -> Sequence[Any]:
    """The same of some applications."""
    return (await session.exec(_pictures().where(Application.id.in_(ids)).limit(limit))).all()


async def one(session: AsyncSession, attachment_id: int) -> MessageAttachment | None:
    """A picture that may stand in a report; None where it may not, or not any more."""
    found = (await session.exec(_pictures().where(MessageAttachment.id == attachment_id))).first()
    return found[0] if found else None


def _pictures() -> Any:
    """Of public posts that stand, of applications that nobody has marked as confidential."""
    columns: Any = select(MessageAttachment, Message, Application, Citizen.display_name, Identity.handle)
    return (
        columns.join(Message, Message.id == MessageAttachment.message_id)
        .join(Application, Application.id == Message.application_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Identity, Identity.id == Conversation.identity_id)
        .join(Citizen, Citizen.id == Application.citizen_id)
        .where(
            MessageAttachment.kind == AttachmentKind.IMAGE,
            MessageAttachment.thumbnail != "",
            Message.direction == Direction.INBOUND,
            Message.deleted_at.is_(None),
            Message.hidden_at.is_(None),
            Application.confidential.is_(False),
            Application.anonymised_at.is_(None),
            Conversation.surface.in_(PUBLIC),
        )
        .order_by(MessageAttachment.id.desc())
    )
