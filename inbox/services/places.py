"""Where an application's matter lies: taken by a person from a picture or a place that the citizen sent."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads
from inbox.rules.permissions import Action, Actor
from inbox.services import history
from models.errors import NotFoundError
from models.tables import Application

NO_PLACE = "Bu ekte bir konum yok ya da ek silinmiş."


async def take_place(
    session: AsyncSession, application: Application, actor: Actor, *, attachment_id: int, now: datetime
) -> None:
    """The attachment's position becomes the application's. The history names the attachment, never the position."""
    actor.require(Action.CORRECT)
    found = await downloads.attachment(session, attachment_id)
    if found is None or found[0].latitude is None or found[1].conversation_id != application.conversation_id:
        raise NotFoundError(NO_PLACE)
    application.latitude, application.longitude = found[0].latitude, found[0].longitude
    application.version += 1
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0,
        actor=actor.reference,
        action="place_taken",
        content={"attachment_id": attachment_id},
    )
    await history.append(session, [note], at=now)
