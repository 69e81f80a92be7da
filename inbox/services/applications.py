"""What people do with an application. Every verb checks role, state and version, and writes history; none commits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, conversations, organisation, people
from inbox.repositories import outbox as outbox_rows
from inbox.rules import workflow
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.reply_policy import OBSTACLE_WORDS, reply_verdict
from inbox.rules.workflow import Step
from inbox.services import deadlines, history
from inbox.services.reply_options import answerable_message, standing_of
from models.channel_facts import SurfaceFacts
from models.enums import ApplicationState, Decision, Kind, OutboxState, Outcome, Purpose, Urgency
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Conversation, Message, Note, OutboxItem, Topic

UNDO = timedelta(seconds=10)
LONGEST_TEXT = 20_000
FASTER = "Bu başvuru siz bakarken değişti. Yazdığınız metin duruyor; güncel hâline bakıp işlemi yineleyiniz."


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
        raise NotFoundError("Bu numarada bir başvuru yok ya da sizin biriminizde değil.")
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
    await _record(session, application, actor, "assigned", content, now=now)


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
    await _record(session, application, actor, "corrected" if changed else "confirmed", changed, now=now)


async def known_topic(session: AsyncSession, correction: Correction) -> Topic:
    """The topic of a correction. Raises InputError where topic or unit are not this organisation's."""
    topics = {topic.id: topic for topic in await organisation.all_topics(session)}
    units = {unit.id for unit in await organisation.all_units(session)}
    if correction.topic not in topics or correction.unit not in units:
        raise InputError("Konu ve birim listeden seçilmelidir. Değişiklik kaydedilmedi.")
    return topics[correction.topic]


async def record_labels(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Keep a person's labels beside those of the machine, as training material and for the record."""
    earlier = await applications.latest_classification(session, application.id or 0)
    if earlier is None:
        return
    session.add(
        ClassificationRecord(
            message_id=earlier.message_id,
            application_id=application.id,
            kind=application.kind,
            topic=application.topic,
            unit=application.unit,
            urgency=application.urgency,
            district=application.district,
            neighbourhood=application.neighbourhood,
            confidence=1.0,
            decision=Decision.AUTO,
            details=earlier.details,
            corrected_by=actor.user_id,
            created_at=now,
        )
    )


def _apply(application: Application, correction: Correction, topic: Topic) -> None:
    if correction.district != application.district:
        application.district, application.neighbourhood = correction.district, None
    application.kind, application.urgency = correction.kind, correction.urgency
    application.topic, application.unit = correction.topic, correction.unit
    application.rank = 0 if correction.urgency is Urgency.EMERGENCY else 1
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
) -> int:
    """Queue an answer, to leave in ten seconds; the outbox row's id. `facts` are those of the surface, if known."""
    _require(application, actor, Action.ANSWER, Step.ANSWER, seen_version=seen_version)
    text = _written(text)
    conversation = await _conversation(session, application)
    last = await _answerable(session, conversation, facts, now)
    number = 1 + await outbox_rows.count_of(session, application.id or 0, Purpose.ANSWER)
    item = OutboxItem(
        unique_key=f"{application.id}:{Purpose.ANSWER}:{number}",
        application_id=application.id,
        conversation_id=conversation.id or 0,
        account_id=conversation.account_id,
        purpose=Purpose.ANSWER,
        text=text,
        reply_to=last.external_id if last else "",
        user_id=actor.user_id,
        not_before=now + UNDO,
        created_at=now,
    )
    (item_id,) = await outbox_rows.add(session, [item]) or (0,)
    if not item_id:
        raise ConflictError(FASTER)
    application.unread = False
    application.assignee_id = application.assignee_id or actor.user_id
    await _record(session, application, actor, "answer_queued", {"outbox_id": item_id}, now=now)
    return item_id


async def _conversation(session: AsyncSession, application: Application) -> Conversation:
    found = application.conversation_id and await conversations.conversation(session, application.conversation_id)
    if not found:
        raise InputError("Bu başvuru bir kanaldan gelmedi; cevabı buradan gönderilemez.")
    return found


async def _answerable(
    session: AsyncSession, conversation: Conversation, facts: SurfaceFacts | None, now: datetime
) -> Message | None:
    """The message to answer. Raises where the platform or our own settings forbid to write to this citizen here.

    Where the window is over and a template can ask her to write, the answer is taken and waits for her.
    """
    standing = await standing_of(session, conversation, facts=facts)
    answered, replyable = await answerable_message(session, conversation.id or 0)
    verdict = reply_verdict(replace(standing, replyable=replyable), by_human=True, now=now)
    if verdict.obstacle:
        raise ConflictError(f"{OBSTACLE_WORDS[verdict.obstacle]} Metniniz duruyor.")
    return answered


async def undo_answer(
    session: AsyncSession, application: Application, actor: Actor, *, item_id: int, now: datetime
) -> None:
    """Take back an answer that has not left. Raises ConflictError where the sender was faster."""
    actor.require(Action.ANSWER)
    item = await outbox_rows.item(session, item_id)
    if item is None or item.application_id != application.id or item.purpose is not Purpose.ANSWER:
        raise NotFoundError("Geri alınacak cevap bulunamadı.")
    if item.state is OutboxState.CANCELLED:
        return
    if not await outbox_rows.cancel(session, item_id):
        raise ConflictError("Cevap gönderilmeye başlandı; artık geri alınamıyor.")
    await _record(session, application, actor, "answer_undone", {"outbox_id": item_id}, now=now)


async def answer_left(
    session: AsyncSession, application: Application, *, at: datetime, outbox_id: int | None = None
) -> None:
    """The platform took the answer: the citizen has it. A finished application stays finished.

    The version stays: whoever closes the application right after her own answer must not meet a conflict.
    """
    application.first_answer_at = application.first_answer_at or at
    application.answered_at = at
    if application.state.is_open:
        application.state = ApplicationState.ANSWERED
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0, actor="bot", action="answer_sent", content={"outbox_id": outbox_id}
    )
    await history.append(session, [note], at=at)


async def add_note(session: AsyncSession, application: Application, actor: Actor, *, text: str, now: datetime) -> None:
    """A word to colleagues; never leaves the house."""
    actor.require(Action.NOTE)
    note = Note(application_id=application.id or 0, user_id=actor.user_id, text=_written(text), created_at=now)
    await applications.add_note(session, note)
    await _record(session, application, actor, "note_added", {"note_id": note.id}, now=now)


async def close(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    outcome: Outcome,
    seen_version: int,
    now: datetime,
) -> None:
    _require(application, actor, Action.CLOSE, Step.CLOSE, seen_version=seen_version)
    before = application.state
    _set_state(application, ApplicationState.CLOSED)
    application.outcome, application.closed_at, application.unread = outcome, now, False
    await _record(session, application, actor, "closed", {"from": before, "outcome": outcome}, now=now)


async def reopen(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Back to the desk, as answered where the citizen has an answer."""
    _require(application, actor, Action.REOPEN, Step.REOPEN)
    outcome = application.outcome
    _set_state(application, ApplicationState.ANSWERED if application.answered_at else ApplicationState.DRAFT)
    application.outcome = application.closed_at = None
    await _record(session, application, actor, "reopened", {"outcome": outcome}, now=now)


async def mark_read(session: AsyncSession, application: Application, actor: Actor) -> None:
    """Somebody of the desk has seen it. No step of the process: neither history nor version."""
    if application.unread and actor.may(Action.TAKE):
        application.unread = False
        session.add(application)


async def reveal_citizen(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Record that somebody looked at the citizen's full name and account."""
    actor.require(Action.REVEAL_CONFIDENTIAL if application.confidential else Action.REVEAL_CITIZEN)
    note = history.HistoryNote(application_id=application.id or 0, actor=actor.reference, action="citizen_revealed")
    await history.append(session, [note], at=now)


def _require(
    application: Application, actor: Actor, action: Action, step: Step, *, seen_version: int | None = None
) -> None:
    actor.require(action)
    if not actor.may_see(application):
        raise ForbiddenError("Bu başvuru sizin biriminizde değil.")
    workflow.require(step, application.state)
    if seen_version is not None and seen_version != application.version:
        raise ConflictError(FASTER)


def _set_state(application: Application, state: ApplicationState) -> None:
    application.state, application.is_open = state, state.is_open


def _written(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError("Metin boş; göndermeden önce bir şey yazınız.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"Metin çok uzun; en çok {LONGEST_TEXT} karakter olabilir.")
    return text


async def _record(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    action: str,
    content: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Save the change with its history; the version grows."""
    application.version += 1
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0, actor=actor.reference, action=action, content=content
    )
    await history.append(session, [note], at=now)
