"""Letters to bodies outside the inbox: written before a transaction, kept in the `FileStore`, signed in EBYS [İ6a7]."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.letters.letter import LetterText, letter_data, letter_page
from inbox.letters.pdf import pdf_of
from inbox.repositories import citizens, conversations, organisation, process
from inbox.rules.permissions import Action, Actor
from inbox.services import routing
from inbox.services.approval import Letter
from inbox.services.steps import NOT_THERE
from models.enums import Direction
from models.errors import NotFoundError
from models.ports import FileStore
from models.profile import Profile
from models.tables import Application, SignedDocument, Unit

NO_TOPIC = "Vatandaş başvurusu"


async def letter_for(
    session: AsyncSession,
    application: Application,
    unit: Unit,
    *,
    brief: str,
    profile: Profile,
    now: datetime,
) -> LetterText:
    """What stands in the letter. A confidential application's citizen is not named in it."""
    zone = profile.time_zone
    citizen = await citizens.citizen(session, application.citizen_id)
    topics = {topic.id: topic.name for topic in await organisation.all_topics(session)}
    hidden = application.confidential
    return LetterText(
        sender=profile.name,
        desk=profile.desk,
        receiver=unit.name,
        subject=f"{topics.get(application.topic or '', NO_TOPIC)} ({application.number})",
        file_plan_code=profile.file_plan_code(topic=application.topic, unit=unit.id),
        application_number=application.number,
        written_on=now.astimezone(zone).date(),
        received_on=application.received_at.astimezone(zone).date(),
        due_on=application.due_at.astimezone(zone).date(),
        brief=brief.strip(),
        citizen_words=[] if hidden else await _words(session, application),
        citizen_name=citizen.display_name if citizen and not hidden else "",
        place=", ".join(part for part in (application.district, application.neighbourhood) if part),
        confidential=hidden,
    )


async def _words(session: AsyncSession, application: Application) -> Sequence[str]:
    messages = await conversations.messages_of_application(session, application.id or 0)
    return [one.text for one in messages if one.direction is Direction.INBOUND and one.text]


async def needed_for(session: AsyncSession, application: Application) -> Unit | None:
    """The receiver, where it is outside the inbox; None where its people work here."""
    unit = await routing.receiver(session, application)
    return None if unit.integrated else unit


async def print_letter(files: FileStore, text: LetterText) -> Letter:
    """Lay it out and keep the PDF. Takes a second or two: must not be called inside a transaction."""
    made = await pdf_of(letter_page(text))
    name = f"letters/{secrets.token_hex(16)}.pdf"
    await files.put(name, made)
    return Letter(
        subject=text.subject,
        file_plan_code=text.file_plan_code,
        stored_as=name,
        sha256=hashlib.sha256(made).hexdigest(),
    )


async def read_document(session: AsyncSession, document_id: int, actor: Actor) -> tuple[SignedDocument, Application]:
    """A letter and its application. Raises NotFoundError where it is not there for this reader."""
    actor.require(Action.SIGN)
    document = await process.document(session, document_id)
    application = await session.get(Application, document.application_id) if document else None
    if document is None or application is None or not actor.may_see(application):
        raise NotFoundError(NOT_THERE)
    return document, application


async def document_data(
    session: AsyncSession, document: SignedDocument, application: Application, *, profile: Profile, now: datetime
) -> dict[str, Any]:
    """The letter as data, with number and date once it is signed."""
    unit = await organisation.unit(session, document.receiver)
    assert unit is not None
    text = await letter_for(session, application, unit, brief=application.brief, profile=profile, now=now)
    return {
        **letter_data(text),
        "subject": document.subject,
        "file_plan_code": document.file_plan_code,
        "written_on": document.created_at.astimezone(profile.time_zone).date().isoformat(),
        "number": document.number,
        "signed_on": document.signed_on.isoformat() if document.signed_on else None,
        "sha256": document.sha256,
    }
