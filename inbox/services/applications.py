"""What people do with an application. Every verb checks role, state and version, and writes history; none commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, organisation, people
from inbox.repositories import outbox as outbox_rows
from inbox.rules import workflow
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.workflow import Step
from inbox.services import approval, deadlines, staff_files, telling
from inbox.services.steps import FASTER, record, take_step
from inbox.services.telling import GivenBy, written
from models.channel_facts import SurfaceFacts
from models.enums import ApplicationState, Decision, Kind, OutboxState, Outcome, Purpose, Urgency
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Note, StaffFile, Topic

NOT_THERE = "Bu numarada bir başvuru yok ya da sizin biriminizde değil."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's word on what a message is about; all fields, the unchanged ones too."""

    kind: Kind
    topic: str
    unit: str
    urgency: Urgency
    district: str | None = None


async def read(session: AsyncSession, application_id: int, actor: Actor, *, change: bool = False) -> Application:
    """The application, if it is there for this reader; with `change` held until the transaction ends."""
    find = applications.application_for_change if change else applications.application
    found = await find(session, application_id)
    if found is None or not actor.may_see(found):
        raise NotFoundError(NOT_THERE)
    return found


async def take(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Become the one who works on it, also where somebody else was (she reads it in the history)."""
    _require(application, actor, Action.TAKE, Step.WORK)
    if application.assignee_id != actor.user_id:
        await _assign(session, application, actor, user_id=actor.user_id, now=now)


async def assign(
    session: AsyncSession, application: Application, actor: Actor, *, user_id: int | None, now: datetime
) -> None:
    """Give it to somebody who may answer, or to nobody. Without the right to assign: only lay down one's own."""
    workflow.require(Step.WORK, application.state)
    lays_down = user_id is None and application.assignee_id == actor.user_id
    actor.require(Action.TAKE if lays_down else Action.ASSIGN)
    if user_id is not None:
        user = await people.user(session, user_id)
        if user is None or not user.active:
            raise InputError("Seçtiğiniz kişi artık çalışmıyor; başka birini seçiniz.")
        if not Actor(user_id=user_id, name=user.name, roles=known_roles(user.roles)).may(Action.ANSWER):
            raise InputError(f"{user.name} başvuru cevaplayamıyor; başka birini seçiniz.")
    await _assign(session, application, actor, user_id=user_id, now=now)


async def _assign(
    session: AsyncSession, application: Application, actor: Actor, *, user_id: int | None, now: datetime
) -> None:
    content = {"from": application.assignee_id, "to": user_id}
    application.assignee_id = user_id
    await record(session, application, actor, "assigned", content, now=now)


async def correct(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    correction: Correction,
    profile: Profile,
    seen_version: int,
    now: datetime,
) -> None:
    """Set kind, topic, unit, urgency and district; also how a person confirms an uncertain classification."""
    _require(application, actor, Action.CORRECT, Step.WORK, seen_version=seen_version)
    topic = await known_topic(session, correction)
    before = _labels(application)
    _apply(application, correction, topic)
    await deadlines.refresh_due(session, [application], rules=await deadlines.read_rules(session, profile))
    changed = {name: [before[name], value] for name, value in _labels(application).items() if before[name] != value}
    await record_labels(session, application, actor, now=now)
    await record(session, application, actor, "corrected" if changed else "confirmed", changed, now=now)


async def topics_by_id(session: AsyncSession) -> dict[str, Topic]:
    return {topic.id: topic for topic in await organisation.all_topics(session)}


async def known_topic(session: AsyncSession, correction: Correction) -> Topic:
    """The topic of a correction. Raises InputError where topic or unit are not this organisation's."""
    topics = await topics_by_id(session)
    units = {unit.id for unit in await organisation.all_units(session) if unit.active and not unit.parent}
    if correction.topic not in topics or correction.unit not in units:
        wrong = "unit" if correction.topic in topics else "topic"
        raise InputError("Konu ve birim listeden seçilmelidir. Değişiklik kaydedilmedi.", field=wrong)
    return topics[correction.topic]


async def record_labels(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Keep a person's labels beside those of the machine, as training material and for the record."""
    earlier = await applications.latest_classification(session, application.id or 0)
    if earlier is None:
        return
    session.add(labels_of(application, actor, message_id=earlier.message_id, details=earlier.details, now=now))


def labels_of(
    application: Application,
    actor: Actor,
    *,
    message_id: int,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> ClassificationRecord:
    """The application's labels as a person's word about a message."""
    return ClassificationRecord(
        message_id=message_id,
        application_id=application.id,
        kind=application.kind,
        topic=application.topic,
        unit=application.unit,
        urgency=application.urgency,
        district=application.district,
        neighbourhood=application.neighbourhood,
        confidence=1.0,
        decision=Decision.AUTO,
        details=dict(details or {}),
        corrected_by=actor.user_id,
        created_at=now,
    )


def _apply(application: Application, correction: Correction, topic: Topic) -> None:
    if correction.district != application.district:
        application.district, application.neighbourhood = correction.district, None
    application.kind, application.urgency = correction.kind, correction.urgency
    application.topic, application.unit = correction.topic, correction.unit
    application.rank = 0 if correction.urgency is Urgency.EMERGENCY else 1
    if correction.urgency is Urgency.EMERGENCY:
        application.snoozed_until = None
    application.decision, application.confidence = Decision.AUTO, 1.0
    application.confidential = application.confidential or topic.confidential
    application.deadline_class = deadline_class_of(
        application.channel,
        application.kind,
        known=application.deadline_class,
        routed=application.routed_at is not None,
    )


def _labels(application: Application) -> dict[str, Any]:
    names = ("kind", "topic", "unit", "urgency", "district")
    return {name: getattr(application, name) for name in names}


async def send_answer(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    facts: SurfaceFacts | None,
    seen_version: int,
    now: datetime,
    given_by: GivenBy | None = None,
    files: Sequence[StaffFile] = (),
) -> int | None:
    """Queue an answer, to leave in ten seconds; the outbox row's id. `facts` are those of the surface, if known.

    What its writer had chosen for it before leaves with it, then `files`. A unit's answer that waited counts as passed
    on. None where it was recorded as given already, by phone or post.
    """
    check_answer(application, actor, seen_version=seen_version)
    await approval.require_no_approval(session)
    item_id = await telling.tell(
        session,
        application,
        actor,
        text=text,
        purpose=Purpose.ANSWER,
        facts=facts,
        rules=None,
        now=now,
        given_by=given_by,
        files=[*await staff_files.unsent(session, application.id or 0, actor.user_id), *files],
    )
    await telling.settle_response(session, application, actor, now=now)
    application.unread = False
    application.assignee_id = application.assignee_id or actor.user_id
    content = {"outbox_id": item_id} if item_id else {"given_by": given_by}
    await record(session, application, actor, "answer_queued" if item_id else "answer_given", content, now=now)
    return item_id


def check_answer(application: Application, actor: Actor, *, seen_version: int) -> None:
    """Raise where this person may not answer now, or has not seen the newest state."""
    _require(application, actor, Action.ANSWER, Step.ANSWER, seen_version=seen_version)


async def undo_answer(
    session: AsyncSession, application: Application, actor: Actor, *, item_id: int, now: datetime
) -> None:
    """Take back an answer that has not left. Raises ConflictError where the sender was faster."""
    if not (actor.may(Action.APPROVE) and await approval.replies_need_approval(session)):
        actor.require(Action.ANSWER)
    item = await outbox_rows.item(session, item_id)
    if item is None or item.application_id != application.id or item.purpose is not Purpose.ANSWER:
        raise NotFoundError("Geri alınacak cevap bulunamadı.")
    if item.state is OutboxState.CANCELLED:
        return
    if not await outbox_rows.cancel(session, item_id):
        raise ConflictError("Cevap gönderilmeye başlandı; artık geri alınamıyor.")
    await session.refresh(item)
    await staff_files.take_back(session, item, now=now)
    await telling.unsettle_response(session, application)
    await record(session, application, actor, "answer_undone", {"outbox_id": item_id}, now=now)


async def add_note(session: AsyncSession, application: Application, actor: Actor, *, text: str, now: datetime) -> Note:
    """A word to colleagues; never leaves the house."""
    actor.require(Action.NOTE)
    note = Note(application_id=application.id or 0, user_id=actor.user_id, text=written(text), created_at=now)
    await applications.add_note(session, note)
    await record(session, application, actor, "note_added", {"note_id": note.id}, now=now)
    return note


async def close(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    outcome: Outcome,
    seen_version: int,
    now: datetime,
    note: str = "",
) -> None:
    """A negative outcome names its reason, the remedy and the period; a duplicate the other application [İ6a12]."""
    note = note.replace("\r\n", "\n").strip()
    if outcome is Outcome.NEGATIVE and not note:
        raise InputError("Olumsuz sonuçta gerekçeyi, başvuru yolunu ve süresini yazınız.")
    await take_step(
        session, application, Step.CLOSE, actor=actor, now=now, seen_version=seen_version, content={"outcome": outcome}
    )
    application.outcome, application.closed_at, application.unread = outcome, now, False
    application.closing_note = note


async def reopen(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Back to the desk, as answered where the citizen has an answer."""
    outcome = application.outcome
    target = ApplicationState.ANSWERED if application.answered_at else ApplicationState.DRAFT
    await take_step(
        session, application, Step.REOPEN, actor=actor, now=now, target=target, content={"outcome": outcome}
    )
    application.outcome = application.closed_at = None
    application.closing_note = ""


async def dismiss(
    session: AsyncSession, application: Application, actor: Actor, *, reason: str, seen_version: int, now: datetime
) -> None:
    """Nothing to act on, confirmed by a person with a reason: refusing a petition unlawfully is a crime [3071/7]."""
    await take_step(session, application, Step.DISMISS, actor=actor, now=now, reason=reason, seen_version=seen_version)
    application.closed_at, application.closing_note, application.unread = now, reason.strip(), False


async def mark_read(session: AsyncSession, application: Application, actor: Actor) -> None:
    """Somebody of the desk has seen it. No step of the process: neither history nor version."""
    if application.unread and actor.may(Action.TAKE):
        application.unread = False
        session.add(application)


def _require(
    application: Application, actor: Actor, action: Action, step: Step, *, seen_version: int | None = None
) -> None:
    actor.require(action)
    if not actor.may_see(application):
        raise ForbiddenError("Bu başvuru sizin biriminizde değil.")
    workflow.require(step, application.state)
    if seen_version is not None and seen_version != application.version:
        raise ConflictError(FASTER)
