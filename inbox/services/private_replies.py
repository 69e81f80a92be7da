"""Private answers to public comments: one a comment, as the platforms allow. Nothing public is written here."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations
from inbox.repositories import outbox as outbox_rows
from inbox.rules.permissions import Action, Actor
from inbox.rules.reply_policy import OBSTACLE_WORDS
from inbox.services import approval, history
from inbox.services.deadlines import DeadlineRules
from inbox.services.findings import ReviewDesk
from inbox.services.reply_options import private_reply_key, private_verdict
from inbox.services.telling import UNDO
from models.channel_facts import ChannelFacts
from models.enums import Purpose, SendMode, SubmissionKind, Surface
from models.errors import ConflictError, InputError
from models.tables import Application, Conversation, Message, OutboxItem, Submission

FASTER = "Bu yoruma az önce özel mesaj yazıldı."


async def send_private_reply(
    session: AsyncSession, application: Application, actor: Actor, *, text: str, facts: ChannelFacts, now: datetime
) -> int:
    """Queue a private answer to the citizen's newest comment, to leave in ten seconds; the outbox row's id.

    Raises InputError where the text is empty or too long for one message, ConflictError where it may not be sent.
    """
    actor.require(Action.ANSWER)
    await approval.require_no_approval(session)
    item_id = await queue(session, application, text=text, facts=facts, user_id=actor.user_id, now=now)
    note = history.HistoryNote(
        application_id=application.id or 0,
        actor=actor.reference,
        action="private_reply_queued",
        content={"outbox_id": item_id},
    )
    await history.append(session, [note], at=now)
    return item_id


async def submit_private_reply(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    facts: ChannelFacts,
    desk: ReviewDesk,
    rules: DeadlineRules,
    now: datetime,
) -> Submission:
    """The same where replies need approval: it waits, if it may be sent at all."""
    actor.require(Action.ANSWER)
    await _open_comment(session, application, facts=facts, now=now)
    return await approval.submit_reply(
        session, application, actor, text=_one_message(text, facts), kind=SubmissionKind.PRIVATE_REPLY, desk=desk,
        rules=rules, now=now,
    )  # fmt: skip


async def queue(
    session: AsyncSession,
    application: Application,
    *,
    text: str,
    facts: ChannelFacts,
    user_id: int | None,
    now: datetime,
) -> int:
    """Into the outbox, in the name of `user_id`; the row's id."""
    conversation, comment = await _open_comment(session, application, facts=facts, now=now)
    key = private_reply_key(comment)
    earlier = await outbox_rows.with_key(session, key, conversation_id=comment.conversation_id)
    item = OutboxItem(
        unique_key=f"{key}{1 + len(earlier)}",
        application_id=application.id,
        conversation_id=conversation.id or 0,
        account_id=conversation.account_id or 0,
        purpose=Purpose.ANSWER,
        mode=SendMode.PRIVATE_REPLY,
        text=_one_message(text, facts),
        reply_to=comment.external_id,
        user_id=user_id,
        not_before=now + UNDO,
        created_at=now,
    )
    (item_id,) = await outbox_rows.add(session, [item]) or (0,)
    if not item_id:
        raise ConflictError(FASTER)
    return item_id


async def _open_comment(
    session: AsyncSession, application: Application, *, facts: ChannelFacts, now: datetime
) -> tuple[Conversation, Message]:
    """The newest comment, with its conversation. Raises where there is none, or its writer may not be written to."""
    conversation = await conversations.conversation(session, application.conversation_id or 0)
    comment = await conversations.last_inbound(session, conversation.id or 0) if conversation else None
    if conversation is None or comment is None:
        raise InputError("Bu başvuruda özel mesajla cevaplanacak bir yorum yok.")
    surface = facts.surfaces.get(conversation.surface)
    verdict = await private_verdict(session, conversation, comment, facts=surface, now=now)
    if verdict.obstacle:
        raise ConflictError(f"{OBSTACLE_WORDS[verdict.obstacle]} Metniniz duruyor.")
    return conversation, comment


def _one_message(text: str, facts: ChannelFacts) -> str:
    """Private answers cannot be split."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError("Metin boş; göndermeden önce bir şey yazınız.")
    direct = facts.surfaces.get(Surface.DIRECT)
    if direct and direct.measure(text) > direct.limit:
        raise InputError(f"Özel mesaj tek parça gider; en çok {direct.limit} {direct.unit_name} olabilir.")
    return text
