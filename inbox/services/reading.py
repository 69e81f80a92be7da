"""Everything that an application's page shows, read in one go and bound to what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, conversations, field_checks, people
from inbox.repositories import outbox as outbox_rows
from inbox.repositories.applications import Surroundings
from inbox.rules.masking import hides_citizen
from inbox.rules.next_step import NextStep
from inbox.rules.permissions import Actor
from inbox.services import staff_files
from inbox.services.applications import NOT_THERE
from inbox.services.hiding import Veil, names_of
from inbox.services.next_steps import next_steps
from models.enums import Surface
from models.errors import NotFoundError
from models.tables import (
    Account,
    Application,
    Citizen,
    ClassificationRecord,
    Conversation,
    Draft,
    FieldCheck,
    HistoryContent,
    HistoryEntry,
    Identity,
    Message,
    MessageAttachment,
    Note,
    OutboxItem,
    StaffFile,
)

History = Sequence[tuple[HistoryEntry, HistoryContent | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFile:
    """An application with all that belongs to it. `others` are the citizen's other applications, newest first."""

    application: Application
    conversation: Conversation | None = None
    account: Account | None = None
    citizen: Citizen | None = None
    identity: Identity | None = None
    messages: Sequence[Message] = ()
    attachments: Sequence[MessageAttachment] = ()
    outbox: Sequence[OutboxItem] = ()
    draft: Draft | None = None
    classification: ClassificationRecord | None = None
    history: History = ()
    notes: Sequence[Note] = ()
    looks: Sequence[FieldCheck] = ()
    files: Sequence[StaffFile] = ()
    """What people who work here put to it, as far as this reader may be shown it."""
    others: Sequence[Application] = ()
    next_step: NextStep | None = None
    people: Mapping[int, str] = field(default_factory=dict)
    """Names of everybody who stands in it."""

    @property
    def surface(self) -> Surface:
        return self.conversation.surface if self.conversation else Surface.MANUAL


async def open_file(session: AsyncSession, application_id: int, actor: Actor) -> ApplicationFile:
    """Read the file of one that is there for this reader. Raises NotFoundError.

    Who does not see the whole desk gets this application's messages, and others that are there for her. The citizen
    of a confidential one is taken out of all rows for its unit, but for a look that was recorded.
    """
    around = await applications.surroundings(session, application_id)
    if around is None or not actor.may_see(around.application):
        raise NotFoundError(NOT_THERE)
    return await _shown(session, around, actor, revealed=False)


async def changed_file(
    session: AsyncSession, application: Application, actor: Actor, *, revealed: bool = False
) -> ApplicationFile:
    """The same of one that she has just changed: it may have left her sight by that."""
    around = await applications.surroundings(session, application.id or 0)
    if around is None:
        raise NotFoundError(NOT_THERE)
    return await _shown(session, around, actor, revealed=revealed)


async def _shown(session: AsyncSession, around: Surroundings, actor: Actor, *, revealed: bool) -> ApplicationFile:
    file = await _read(session, around, actor)
    hidden = hides_citizen(actor, confidential=around.application.confidential) and not revealed
    return _without_citizen(file, actor) if hidden else file


def _without_citizen(file: ApplicationFile, actor: Actor) -> ApplicationFile:
    veil = Veil(actor, names_of(file.citizen, file.identity))
    return replace(
        file,
        application=veil.application(file.application),
        citizen=None,
        identity=None,
        messages=[veil.message(one) for one in file.messages],
        attachments=[veil.attachment(one) for one in file.attachments],
        outbox=[veil.outbox_item(one) for one in file.outbox],
        draft=None,
        classification=veil.classification(file.classification) if file.classification else None,
        history=[veil.step(one) for one in file.history],
        notes=[veil.note(one) for one in file.notes],
        looks=[veil.look(one) for one in file.looks],
        files=[one for one in file.files if one.check_id is None],
        others=[],
    )


async def _read(session: AsyncSession, around: Surroundings, actor: Actor) -> ApplicationFile:
    application, record, has = around.application, around.record, around.has
    key = application.id or 0
    messages = await _messages(session, application, actor)
    outbox = await outbox_rows.of_application(session, key)
    history = await applications.history(session, key)
    notes = await applications.notes(session, key) if Note in has else []
    others = await applications.of_citizen(session, application.citizen_id, without=key)
    looks = await field_checks.of_application(session, key) if FieldCheck in has else []
    attached = [one.id or 0 for one in messages] if MessageAttachment in has else []
    return ApplicationFile(
        application=application,
        conversation=around.conversation,
        account=around.account,
        citizen=around.citizen,
        identity=around.identity,
        messages=messages,
        attachments=await conversations.attachments_of(session, attached),
        outbox=outbox,
        draft=around.draft,
        classification=record,
        history=history,
        notes=notes,
        looks=looks,
        files=await staff_files.visible(session, application, actor) if StaffFile in has else [],
        others=[one for one in others if actor.may_see(one)],
        next_step=(await next_steps(session, [application])).get(key),
        people=await people.names(
            session, sorted(_people(application, messages, outbox, record, history, notes, looks))
        ),
    )


async def _messages(session: AsyncSession, application: Application, actor: Actor) -> Sequence[Message]:
    if application.conversation_id is None:
        return []
    found = await conversations.messages_of_conversation(session, application.conversation_id)
    if actor.reach.everything:
        return found
    return [message for message in found if message.application_id == application.id]


def _people(
    application: Application,
    messages: Sequence[Message],
    outbox: Sequence[OutboxItem],
    record: ClassificationRecord | None,
    history: History,
    notes: Sequence[Note],
    looks: Sequence[FieldCheck],
) -> set[int]:
    named = {application.assignee_id, *(one.user_id for one in messages), *(one.user_id for one in outbox)}
    named.update(note.user_id for note in notes)
    named.update(look.checked_by for look in looks)
    named.add(record.corrected_by if record else None)
    for entry, content in history:
        if entry.actor.startswith("user:"):
            named.add(int(entry.actor.removeprefix("user:")))
        if content and entry.action == "assigned":
            named.update((content.content.get("from"), content.content.get("to")))
    return {user_id for user_id in named if user_id is not None}
