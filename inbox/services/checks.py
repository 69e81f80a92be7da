"""The check queue: messages that the machine takes for nothing to act on. A person opens or dismisses them."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, applications, conversations, search
from inbox.repositories import outbox as outbox_rows
from inbox.rules.acknowledgement import AcknowledgementCase, acknowledgement_text, may_acknowledge
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.permissions import Action, Actor
from inbox.services import bot_texts, deadlines, history
from inbox.services.applications import Correction, known_topic, labels_of
from models.db import lock
from models.enums import ApplicationState, Decision, Kind, Purpose, Urgency
from models.errors import ConflictError, NotFoundError
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Conversation, Message, OutboxItem

SUMMARY_LENGTH = 160
GONE = "Bu mesaja az önce başka biri baktı; kuyruk güncellendi."


async def waiting(session: AsyncSession, message_id: int, actor: Actor) -> tuple[Conversation, Sequence[Message]]:
    """The message with the others of its conversation that wait too, oldest first."""
    actor.require(Action.CHECK)
    message = next(iter(await conversations.messages_by_id(session, [message_id])), None)
    if message is None:
        raise NotFoundError("Böyle bir mesaj yok.")
    if not message.awaits_check:
        raise ConflictError(GONE)
    conversation = await conversations.conversation(session, message.conversation_id)
    assert conversation is not None
    return conversation, await conversations.awaiting_check(session, message.conversation_id)


async def _to_decide(session: AsyncSession, message_id: int, actor: Actor) -> tuple[Conversation, Sequence[Message]]:
    """As `waiting`; until the transaction ends nobody else decides on the same conversation."""
    conversation, _ = await waiting(session, message_id, actor)
    await lock(session, f"check:{conversation.id}")
    messages = await conversations.awaiting_check(session, conversation.id or 0)
    if message_id not in {one.id for one in messages}:
        raise ConflictError(GONE)
    return conversation, messages


async def confirm_dismissal(session: AsyncSession, message_id: int, actor: Actor, *, now: datetime) -> list[int]:
    """Nothing to act on: recorded with the person's name as a classification. The ids of the messages."""
    _, messages = await _to_decide(session, message_id, actor)
    ids = [message.id or 0 for message in messages]
    await conversations.set_awaits_check(session, ids, value=False)
    session.add_all([_dismissal(message, actor, now) for message in messages])
    return ids


async def undo_dismissal(session: AsyncSession, message_ids: Sequence[int], actor: Actor) -> None:
    """Put dismissed messages back into the queue, as long as they belong to no application."""
    actor.require(Action.CHECK)
    messages = await conversations.messages_by_id(session, message_ids)
    if not messages or any(one.application_id is not None or one.deleted_at for one in messages):
        raise ConflictError(GONE)
    await conversations.set_awaits_check(session, [one.id or 0 for one in messages], value=True)


async def open_from_check(
    session: AsyncSession, message_id: int, actor: Actor, *, labels: Correction, profile: Profile, now: datetime
) -> Application:
    """Register what the machine had set aside; the opener works on it, the citizen gets her number."""
    conversation, messages = await _to_decide(session, message_id, actor)
    topic = await known_topic(session, labels)
    year = messages[0].received_at.astimezone(profile.time_zone).year
    (number,) = await applications.reserve_numbers(session, prefix=profile.number_prefix, year=year, count=1)
    application = drafted(conversation, messages, labels, number=number, assignee_id=actor.user_id, now=now)
    application.confidential = topic.confidential
    await deadlines.refresh_due(session, [application], rules=await deadlines.read_rules(session, profile))
    await applications.add_all(session, [application])
    await conversations.mark_triaged(session, [([one.id or 0 for one in messages], application.id)], at=now)
    session.add(labels_of(application, actor, message_id=messages[-1].id or 0, now=now))
    note = history.HistoryNote(
        application_id=application.id or 0,
        actor=actor.reference,
        action="registered",
        content={"number": number, "topic": labels.topic, "unit": labels.unit},
    )
    await history.append(session, [note], at=now)
    await _acknowledge(session, application, conversation, messages[-1], profile, now)
    await search.index_applications(session, [application.id or 0])
    return application


def drafted(
    conversation: Conversation,
    messages: Sequence[Message],
    labels: Correction,
    *,
    number: str,
    assignee_id: int | None,
    now: datetime,
) -> Application:
    """A new application of a person's labels and a conversation's messages; its limit is not computed yet."""
    words = " ".join(message.text for message in messages)
    return Application(
        number=number,
        conversation_id=conversation.id,
        citizen_id=conversation.citizen_id,
        account_id=conversation.account_id,
        channel=conversation.channel,
        state=ApplicationState.DRAFT,
        rank=0 if labels.urgency is Urgency.EMERGENCY else 1,
        kind=labels.kind,
        topic=labels.topic,
        unit=labels.unit,
        urgency=labels.urgency,
        district=labels.district,
        decision=Decision.AUTO,
        confidence=1.0,
        summary=" ".join(words.split())[:SUMMARY_LENGTH],
        assignee_id=assignee_id,
        unread=False,
        received_at=messages[0].received_at,
        due_at=now,
        deadline_class=deadline_class_of(conversation.channel, labels.kind),
        last_message_at=messages[-1].sent_at,
        waiting_since=now,
        created_at=now,
    )


def _dismissal(message: Message, actor: Actor, now: datetime) -> ClassificationRecord:
    return ClassificationRecord(
        message_id=message.id or 0,
        kind=Kind.INVALID,
        urgency=Urgency.NORMAL,
        confidence=1.0,
        decision=Decision.AUTO,
        corrected_by=actor.user_id,
        created_at=now,
    )


async def _acknowledge(
    session: AsyncSession,
    application: Application,
    conversation: Conversation,
    message: Message,
    profile: Profile,
    now: datetime,
) -> None:
    account = await accounts.account(session, conversation.account_id or 0)
    case = AcknowledgementCase(
        surface=conversation.surface,
        kind=application.kind,
        replyable=message.replyable,
        listen_only=account is None or account.listen_only,
        bots_enabled=bool(await accounts.setting(session, accounts.BOTS_ENABLED, default=True)),
    )
    if not may_acknowledge(case):
        return
    text = acknowledgement_text(
        await bot_texts.acknowledgements(session, profile),
        number=application.number,
        variant=application.id or 0,
        surface=conversation.surface,
        kind=application.kind,
        urgency=application.urgency,
    )
    item = OutboxItem(
        unique_key=f"{application.id}:{Purpose.ACKNOWLEDGEMENT}",
        application_id=application.id,
        conversation_id=conversation.id or 0,
        account_id=conversation.account_id or 0,
        purpose=Purpose.ACKNOWLEDGEMENT,
        text=text,
        reply_to=message.external_id,
        not_before=now,
        created_at=now,
    )
    await outbox_rows.add(session, [item])
