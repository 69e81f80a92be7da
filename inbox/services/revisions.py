"""Edits of words that were judged already: they take another turn, and an untouched draft follows its new matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, conversations, jobs
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.matters import QUIET_PERIOD, is_new_matter
from inbox.rules.topic_units import RoutingPlan
from inbox.rules.turns import turn_times
from inbox.services import deadlines, history
from models.enums import ApplicationState, Direction
from models.messages import Classification
from models.profile import Profile
from models.tables import Application, Job, Message

LABELS = ("kind", "topic", "unit", "district")
Judged = tuple[Application, str, Classification]
"""An application, all that its citizen says in it now, and what the classifier makes of that."""


async def ask_again(session: AsyncSession, message: Message, *, at: datetime) -> None:
    """Let a message that had its turn take another one, unless its application is finished."""
    if message.triaged_at is None or message.direction is not Direction.INBOUND:
        return
    if message.application_id:
        (application,) = await applications.by_ids(session, [message.application_id])
        if not application.state.is_open:
            return
    place = await conversations.conversation(session, message.conversation_id)
    assert place is not None
    quiet_at, latest_at = turn_times(place.surface, at)
    message.triaged_at = None
    session.add(message)
    job = Job(
        conversation_id=message.conversation_id,
        message_id=message.id or 0,
        quiet_at=quiet_at,
        latest_at=latest_at,
        created_at=at,
    )
    await jobs.add_jobs(session, [job])


async def said_in(session: AsyncSession, application_ids: Sequence[int]) -> dict[int, list[Message]]:
    """Everything that citizens say in these applications, in order, as it stands now."""
    found: dict[int, list[Message]] = {application_id: [] for application_id in application_ids}
    for message in await conversations.inbound_of_applications(session, application_ids):
        found[message.application_id or 0].append(message)
    return found


async def follow(
    session: AsyncSession, cases: Sequence[Judged], *, plan: RoutingPlan, profile: Profile, now: datetime
) -> set[int]:
    """Where the words have another matter now, a draft that nobody touched gets its labels; the ids of these.

    Where a person has set the labels, or the application is on its way, she is told and nothing changes.
    """
    others = [(one, found) for one, text, found in cases if _is_another_matter(one, text, found)]
    notes, relabelled = [], []
    for application, classification in others:
        before = {name: getattr(application, name) for name in LABELS}
        if application.state is ApplicationState.DRAFT and not await _has_labels_of_a_person(session, application):
            _relabel(application, classification, plan)
            relabelled.append(application)
            notes.append(_note(application, "relabelled", _changes(before, application)))
        else:
            notes.append(_note(application, "other_matter", {"topic": [before["topic"], classification.topic]}))
    if relabelled:
        await deadlines.refresh_due(session, relabelled, rules=await deadlines.read_rules(session, profile))
    await history.append(session, notes, at=now)
    return {one.id or 0 for one in relabelled}


def _is_another_matter(application: Application, text: str, classification: Classification) -> bool:
    return is_new_matter(text, classification=classification, open_topic=application.topic, pause=QUIET_PERIOD)


async def _has_labels_of_a_person(session: AsyncSession, application: Application) -> bool:
    latest = await applications.latest_classification(session, application.id or 0)
    return latest is not None and latest.corrected_by is not None


def _relabel(application: Application, classification: Classification, plan: RoutingPlan) -> None:
    """Urgency only rises by what a citizen writes; confidential stays confidential."""
    application.kind, application.topic = classification.kind, classification.topic
    application.unit, application.decision = classification.unit, classification.decision
    application.confidence = classification.confidence
    application.confidential = application.confidential or classification.topic in plan.confidential
    application.deadline_class = deadline_class_of(application.channel, classification.kind)
    if classification.district:
        application.district, application.neighbourhood = classification.district, classification.neighbourhood


def _changes(before: Mapping[str, Any], application: Application) -> dict[str, Any]:
    after = {name: getattr(application, name) for name in before}
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}


def _note(application: Application, action: str, content: Mapping[str, Any]) -> history.HistoryNote:
    return history.HistoryNote(
        application_id=application.id or 0, actor="classifier", action=action, content=dict(content)
    )
