"""Texts of a step to the citizen: queued for her channel, or recorded as said by phone or post where there is none."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations, process
from inbox.repositories import outbox as outbox_rows
from inbox.rules import workflow
from inbox.rules.permissions import Actor
from inbox.rules.reply_policy import OBSTACLE_WORDS, reply_verdict
from inbox.rules.workflow import Step
from inbox.services import deadlines, history, staff_files
from inbox.services.deadlines import DeadlineRules
from inbox.services.reply_options import answerable_message, standing_of
from inbox.services.steps import FASTER
from models.channel_facts import SurfaceFacts
from models.enums import ApplicationState, Author, Direction, Purpose, ResponseKind, ResponseState
from models.errors import ConflictError, InputError
from models.tables import Application, Conversation, Message, OutboxItem, StaffFile

UNDO = timedelta(seconds=10)
LONGEST_TEXT = 20_000
NOT_BY_HAND = "Dosya yalnız vatandaşın kanalından gider; dosyaları çıkarınız ya da kanalından gönderiniz."
NO_CHANNEL = "Bu başvurunun yazışması yok; cevabı buradan gönderilemez."


class GivenBy(StrEnum):
    """How somebody without a channel of ours was told."""

    PHONE = "telefon"
    POST = "posta"
    IN_PERSON = "yuz_yuze"
    EMAIL = "eposta"
    SMS = "sms"


GIVEN_NAMES = {
    GivenBy.PHONE: "Telefonla söylendi",
    GivenBy.POST: "Posta ile gönderildi",
    GivenBy.IN_PERSON: "Yüz yüze söylendi",
    GivenBy.EMAIL: "E-posta ile gönderildi",
    GivenBy.SMS: "SMS ile gönderildi",
}


async def tell(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    purpose: Purpose,
    facts: SurfaceFacts | None,
    rules: DeadlineRules | None,
    now: datetime,
    given_by: GivenBy | None = None,
    user_id: int | None = None,
    files: Sequence[StaffFile] = (),
) -> int | None:
    """Queue a text, to leave in ten seconds: the outbox row's id; None where it was recorded as said already.

    `user_id` is who wrote it, where that is not the actor. Raises InputError where a text or the way is missing,
    ConflictError where the platform or our own settings forbid to write to this citizen here.
    """
    text = written(text)
    conversation = await conversation_of(session, application)
    if conversation.account_id is None or given_by is not None:
        if files:
            raise InputError(NOT_BY_HAND)
        await _record_said(session, application, conversation, actor, text=text, given_by=given_by, now=now)
        await text_left(session, application, purpose, at=now, rules=rules, actor=actor.reference)
        return None
    last = await _answerable(session, conversation, facts, now)
    number = 1 + await outbox_rows.count_of(session, application.id or 0, purpose)
    item = OutboxItem(
        unique_key=f"{application.id}:{purpose}:{number}",
        application_id=application.id,
        conversation_id=conversation.id or 0,
        account_id=conversation.account_id,
        purpose=purpose,
        text=text,
        reply_to=last.external_id if last else "",
        user_id=user_id or actor.user_id,
        not_before=now + UNDO,
        created_at=now,
    )
    (item_id,) = await outbox_rows.add(session, [item]) or (0,)
    if not item_id:
        raise ConflictError(FASTER)
    if files:
        await staff_files.leave_with(session, item_id, files, facts=facts)
    return item_id


async def conversation_of(session: AsyncSession, application: Application) -> Conversation:
    found = application.conversation_id and await conversations.conversation(session, application.conversation_id)
    if not found:
        raise InputError(NO_CHANNEL)
    return found


async def _answerable(
    session: AsyncSession, conversation: Conversation, facts: SurfaceFacts | None, now: datetime
) -> Message | None:
    """The message to answer. Raises where the platform or our own settings forbid to write to this citizen here.

    Where the window is over and a template can ask her to write, the text is taken and waits for her.
    """
    standing = await standing_of(session, conversation, facts=facts)
    answered, replyable = await answerable_message(session, conversation.id or 0)
    verdict = reply_verdict(replace(standing, replyable=replyable), by_human=True, now=now)
    if verdict.obstacle:
        raise ConflictError(f"{OBSTACLE_WORDS[verdict.obstacle]} Metniniz duruyor.")
    return answered


async def _record_said(
    session: AsyncSession,
    application: Application,
    conversation: Conversation,
    actor: Actor,
    *,
    text: str,
    given_by: GivenBy | None,
    now: datetime,
) -> None:
    if given_by is None:
        raise InputError("Cevabın vatandaşa nasıl verildiğini seçiniz: telefon, posta, yüz yüze, e-posta ya da SMS.")
    message = Message(
        conversation_id=conversation.id or 0,
        application_id=application.id,
        channel=conversation.channel,
        external_id=f"said-{secrets.token_hex(12)}",
        direction=Direction.OUTBOUND,
        author=Author.AGENT,
        user_id=actor.user_id,
        text=text,
        sent_at=now,
        received_at=now,
        triaged_at=now,
        extra={"given_by": given_by},
    )
    session.add(message)


async def text_left(
    session: AsyncSession,
    application: Application,
    purpose: Purpose,
    *,
    at: datetime,
    rules: DeadlineRules | None,
    outbox_id: int | None = None,
    actor: str = "bot",
) -> None:
    """The citizen has a text of ours: what the process learns from that. Nothing from a mere receipt.

    `rules` are needed where the limit moves by it: a date, or the need of another body, that she was told of.
    """
    match purpose:
        case Purpose.ANSWER:
            await answer_left(session, application, at=at, outbox_id=outbox_id, actor=actor)
        case Purpose.SCHEDULE:
            application.told_of_schedule_at = application.told_of_schedule_at or at
            await _first_word(session, application, at=at, rules=rules)
        case Purpose.EXTENSION:
            application.told_of_other_body_at = application.told_of_other_body_at or at
            await _first_word(session, application, at=at, rules=rules)
        case Purpose.INTERIM | Purpose.REDIRECT:
            await _first_word(session, application, at=at, rules=None)
        case _:
            return
    if purpose is not Purpose.ANSWER:
        note = history.HistoryNote(
            application_id=application.id or 0, actor=actor, action=f"{purpose}_told", content={"outbox_id": outbox_id}
        )
        await history.append(session, [note], at=at)


async def _first_word(
    session: AsyncSession, application: Application, *, at: datetime, rules: DeadlineRules | None
) -> None:
    application.first_word_at = application.first_word_at or at
    session.add(application)
    if rules:
        await deadlines.refresh_due(session, [application], rules=rules)


async def answer_left(
    session: AsyncSession, application: Application, *, at: datetime, outbox_id: int | None = None, actor: str = "bot"
) -> None:
    """The citizen has the answer. An application that is finished, or with a unit, stays where it is.

    The version stays: whoever closes the application right after her own answer must not meet a conflict.
    """
    application.first_answer_at = application.first_answer_at or at
    application.first_word_at = application.first_word_at or at
    if workflow.fits(Step.ANSWER, application.state):
        application.state, application.waiting_since = ApplicationState.ANSWERED, at
    if not application.state.is_open or application.state is ApplicationState.ANSWERED:
        application.answered_at = at
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0, actor=actor, action="answer_sent", content={"outbox_id": outbox_id}
    )
    await history.append(session, [note], at=at)


async def settle_response(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """The unit's answer that waited goes on to the citizen with this text."""
    response = await process.waiting_response(session, application.id or 0, ResponseKind.ANSWER)
    if response:
        response.state, response.decided_by, response.decided_at = ResponseState.PASSED_ON, actor.user_id, now
        session.add(response)


async def unsettle_response(session: AsyncSession, application: Application) -> None:
    """The text was taken back: the unit's answer waits again."""
    response = await process.passed_answer(session, application.id or 0)
    if response and application.state is ApplicationState.ANSWER_REVIEW:
        response.state, response.decided_by, response.decided_at = ResponseState.WAITING, None, None
        session.add(response)


def written(text: str) -> str:
    """A text as it is kept. Raises InputError where there is none or too much."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError("Metin boş; göndermeden önce bir şey yazınız.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"Metin çok uzun; en çok {LONGEST_TEXT} karakter olabilir.")
    return text
