"""Where an application's matter lies: taken by a person from a picture or a place that the citizen sent."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads, staff_files
from inbox.rules.permissions import Action, Actor
from inbox.services import history
from models.errors import NotFoundError
from models.tables import Application, MessageAttachment, StaffFile

NO_PLACE = "Bu ekte bir konum yok ya da ek silinmiş."


async def take_place(
    session: AsyncSession, application: Application, actor: Actor, *, attachment_id: int, now: datetime
) -> None:
    """The attachment's position becomes the application's. The history names the attachment, never the position."""
    actor.require(Action.CORRECT)
    found = await downloads.attachment(session, attachment_id)
    if found is None or found[0].latitude is None or found[1].conversation_id != application.conversation_id:
        raise NotFoundError(NO_PLACE)
    await _take(session, application, actor, found[0], content={"attachment_id": attachment_id}, now=now)


async def take_place_of_look(
    session: AsyncSession, application: Application, actor: Actor, *, file_id: int, now: datetime
) -> None:
    """The same of a picture that the field team took on the spot."""
    actor.require(Action.CORRECT)
    found = await staff_files.file(session, file_id)
    if found is None or found.latitude is None or not found.check_id or found.application_id != application.id:
        raise NotFoundError(NO_PLACE)
    await _take(session, application, actor, found, content={"file_id": file_id}, now=now)


async def _take(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    found: MessageAttachment | StaffFile,
    *,
    content: dict[str, int],
    now: datetime,
) -> None:
    application.latitude, application.longitude = found.latitude, found.longitude
    application.version += 1
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0, actor=actor.reference, action="place_taken", content=content
    )
    await history.append(session, [note], at=now)
