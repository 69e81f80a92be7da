"""What the process knows of one application, for its page: which steps are offered, what waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations, organisation, people, process
from inbox.rules import workflow
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import staff_files
from inbox.services.hiding import veil_for
from models.enums import ResponseState, SubmissionState
from models.tables import Application, DeadlinePause, SignedDocument, StaffFile, Submission, UnitResponse

_UNITS_OWN = frozenset({Step.ACCEPT, Step.RETURN, Step.INTERIM, Step.ASK_SCHEDULE, Step.UNIT_ANSWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFile:
    """`steps` are exactly those that this reader may be shown in the present state."""

    application: Application
    steps: frozenset[Step]
    submissions: Sequence[Submission]
    responses: Sequence[UnitResponse]
    documents: Sequence[SignedDocument]
    pauses: Sequence[DeadlinePause]
    files: Sequence[StaffFile]
    people: dict[int, str]
    has_channel: bool
    """Her channel takes texts of ours; else she is told by phone or post."""

    @property
    def waiting_submissions(self) -> list[Submission]:
        return [one for one in self.submissions if one.state is SubmissionState.WAITING and not one.after_the_fact]

    @property
    def waiting_responses(self) -> list[UnitResponse]:
        return [one for one in self.responses if one.state is ResponseState.WAITING]


async def read_process(session: AsyncSession, application: Application, actor: Actor) -> ProcessFile:
    """Read it. A unit's reader gets her own unit's responses, and no submissions of the desk."""
    key = application.id or 0
    sees_desk = actor.may(Action.SEE_INBOX)
    responses = await process.responses_of(session, key)
    submissions = await process.submissions_of(session, key) if sees_desk else []
    users = {one.user_id for one in responses} | {one.submitted_by for one in submissions}
    conversation = None
    if application.conversation_id:
        conversation = await conversations.conversation(session, application.conversation_id)
    file = ProcessFile(
        application=application,
        steps=frozenset(await _offered(session, application, actor)),
        submissions=submissions,
        responses=[one for one in responses if sees_desk or one.unit == actor.unit],
        documents=await process.documents_of(session, key) if sees_desk else [],
        pauses=await process.pauses(session, key),
        files=await staff_files.visible(session, application, actor),
        people=dict(await people.names(session, sorted(key for key in users if key))),
        has_channel=conversation is not None and conversation.account_id is not None,
    )
    return await _as_read_by(session, actor, file)


async def _as_read_by(session: AsyncSession, actor: Actor, file: ProcessFile) -> ProcessFile:
    """Without the citizen of a confidential application, for its unit."""
    veil = await veil_for(session, actor, file.application)
    if veil is None:
        return file
    return replace(
        file,
        application=veil.application(file.application),
        responses=[veil.response(one) for one in file.responses],
        pauses=[veil.pause(one) for one in file.pauses],
    )


async def _offered(session: AsyncSession, application: Application, actor: Actor) -> Sequence[Step]:
    """The table's steps; the unit's own only to the unit, or to the desk that stands for an outside body."""
    steps = workflow.offered(application.state, actor)
    if actor.may(Action.ACT_FOR_UNIT) and actor.unit == application.routed_unit:
        return steps
    unit = await organisation.unit(session, application.routed_unit or "")
    outside = unit is not None and not unit.integrated
    return [step for step in steps if step not in _UNITS_OWN or outside]
