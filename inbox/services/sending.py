"""The outbox as the sender sees it: what to send, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, applications, citizens, conversations, outbound
from inbox.repositories import outbox as outbox_rows
from inbox.rules.costs import Purse, text_price
from inbox.rules.quick_replies import offered
from inbox.rules.reply_policy import OBSTACLE_WORDS, Obstacle, Verdict, Way, private_reply_verdict, reply_verdict
from inbox.services import answer_files, costs, deadlines, history, message_status, telling
from inbox.services.answer_files import outbound_files
from inbox.services.reply_options import standing_of
from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import AccountState, Author, DeliveryStatus, Direction, OutboxState, Purpose, SendMode
from models.messages import OutboundMessage, SendResult
from models.profile import Profile
from models.tables import Conversation, Message, OutboxItem

ANSWER_READY = "{number} numaralı başvurunuzun cevabı hazır. Görmek için bu mesaja yanıt yazınız."
"""What the template says, as the desk reads it; the approved text stands with the platform."""
HAS_WRITTEN = "Vatandaş bu arada yazdı; bildirime gerek kalmadı."
AWAITS_CITIZEN = "Cevap süresi dolmuştu; vatandaşa «cevabınız hazır» bildirimi gönderildi, yazınca cevap iletilecek."
_WAYS = {
    SendMode.REPLY: (Way.REPLY, Way.HUMAN_AGENT),
    SendMode.TEMPLATE: (Way.TEMPLATE,),
    SendMode.PRIVATE_REPLY: (Way.PRIVATE_REPLY,),
}
"""In which a text may leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A claimed outbox row with the message to send."""

    item: OutboxItem
    message: OutboundMessage


async def anything_due(session: AsyncSession, account_id: int, *, now: datetime) -> bool:
    """Whether it is worth to claim."""
    return await outbox_rows.anything_due(session, account_id, now=now)


async def claim(
    session: AsyncSession, account_id: int, *, facts: ChannelFacts, now: datetime, seconds: float, owner: str = ""
) -> list[Errand]:
    """Due texts of an account that may leave, claimed for so many real seconds.

    Nothing leaves by an account that only listens, and no bot's text while the bots are off or the day's money is
    spent: they wait in the queue.
    What the rules forbid by now is settled here, without a call to the platform.
    """
    account = await accounts.account(session, account_id)
    if account is None or account.listen_only:
        return []
    by_bots = bool(await accounts.setting(session, accounts.BOTS_ENABLED, default=True))
    by_bots = by_bots and await costs.state(session, account_id, at=now) is not Purse.SPENT
    items = await outbox_rows.claim(session, account_id, now=now, seconds=seconds, owner=owner, by_bots=by_bots)
    errands = [await _errand(session, item, facts=facts, now=now) for item in items]
    return [errand for errand in errands if errand]


async def _errand(session: AsyncSession, item: OutboxItem, *, facts: ChannelFacts, now: datetime) -> Errand | None:
    """None where the text may not leave now. What was perhaps sent is looked up before any rule."""
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    surface = facts.surfaces.get(conversation.surface)
    errand = await _packed(session, item, conversation, surface)
    if item.perhaps_sent:
        return errand
    verdict = await _verdict(session, item, conversation, facts=surface, now=now)
    if verdict.way in _WAYS[item.mode]:
        return errand
    if verdict.obstacle:
        await _refuse(session, errand, verdict.obstacle, at=now)
    elif verdict.way is Way.TEMPLATE:
        await _ask_first(session, item, conversation, now=now)
    else:
        await outbox_rows.give_up(session, item, state=OutboxState.CANCELLED, problem=HAS_WRITTEN)
    return None


async def _verdict(
    session: AsyncSession, item: OutboxItem, conversation: Conversation, *, facts: SurfaceFacts | None, now: datetime
) -> Verdict:
    """By today's rules; a private answer counts from its comment, of which the platform knows if we do no more."""
    by_human, standing = item.user_id is not None, await standing_of(session, conversation, facts=facts)
    if item.mode is not SendMode.PRIVATE_REPLY:
        return reply_verdict(standing, by_human=by_human, now=now)
    comment = await conversations.find_message(session, conversation.channel, item.reply_to)
    written_at = comment.sent_at if comment else now
    return private_reply_verdict(standing, written_at=written_at, by_human=by_human, now=now)


async def _packed(
    session: AsyncSession, item: OutboxItem, conversation: Conversation, facts: SurfaceFacts | None
) -> Errand:
    identity = await citizens.identity(session, conversation.identity_id)
    message = OutboundMessage(
        reference=str(item.id),
        surface=conversation.surface,
        recipient_id=identity.external_id,
        text=item.text,
        thread_id=conversation.thread_id,
        reply_to=item.reply_to,
        purpose=item.purpose,
        by_human=item.user_id is not None,
        mode=item.mode,
        quick_replies=offered(item.text) if facts and facts.quick_replies and item.mode is SendMode.REPLY else (),
        subject=await _number(session, item) if item.mode is SendMode.TEMPLATE else "",
        accepted=tuple(item.external_ids),
        attachments=outbound_files(item),
    )
    return Errand(item=item, message=message)


async def _number(session: AsyncSession, item: OutboxItem) -> str:
    application = await applications.application(session, item.application_id or 0)
    return application.number if application else ""


async def _ask_first(session: AsyncSession, item: OutboxItem, conversation: Conversation, *, now: datetime) -> None:
    """The window is closed: a template asks the citizen to write, once per silence; the text waits for her.

    Where the template of this silence did not reach her, a text that a person sends again asks anew.
    """
    key = f"template:{conversation.id}:{conversation.last_inbound_at}:"
    earlier = await outbox_rows.with_key(session, key, conversation_id=item.conversation_id)
    if all([await _has_failed(session, one) for one in earlier]):
        await outbox_rows.add(session, [await _template(session, item, key=f"{key}{1 + len(earlier)}", now=now)])
    await outbox_rows.await_citizen(session, item, since=now, problem=AWAITS_CITIZEN)
    await _note(session, item, "answer_awaits_citizen", {"outbox_id": item.id}, at=now)


async def _has_failed(session: AsyncSession, template: OutboxItem) -> bool:
    """The platform refused it, or told later that it did not arrive."""
    if template.state is OutboxState.SENT:
        return await outbound.has_failed(session, template.id or 0)
    return template.state in (OutboxState.FAILED, OutboxState.CANCELLED)


async def _template(session: AsyncSession, item: OutboxItem, *, key: str, now: datetime) -> OutboxItem:
    number = await _number(session, item)
    return OutboxItem(
        unique_key=key,
        application_id=item.application_id,
        conversation_id=item.conversation_id,
        account_id=item.account_id,
        purpose=Purpose.NOTICE,
        mode=SendMode.TEMPLATE,
        text=ANSWER_READY.format(number=number),
        user_id=item.user_id,
        not_before=now,
        created_at=now,
    )


async def _refuse(session: AsyncSession, errand: Errand, obstacle: Obstacle, *, at: datetime) -> None:
    """A bot's word to somebody who is blocked is not even a failure."""
    given_up = obstacle is Obstacle.BLOCKED and errand.item.user_id is None
    state = OutboxState.CANCELLED if given_up else OutboxState.FAILED
    await record_failure(session, errand, state=state, problem=OBSTACLE_WORDS[obstacle], at=at)


async def note_accepted(session: AsyncSession, errand: Errand, external_ids: Sequence[str]) -> None:
    """Keep the accepted pieces of a text of which others still have to leave."""
    await outbox_rows.note_accepted(session, errand.item, external_ids)


async def note_unreachable(session: AsyncSession, errand: Errand, *, at: datetime) -> None:
    """The platform says that this citizen cannot be written to; until she writes again."""
    conversation = await conversations.conversation(session, errand.item.conversation_id)
    assert conversation is not None
    await citizens.set_unreachable(session, conversation.identity_id, at=at)


async def record_sent(
    session: AsyncSession,
    errand: Errand,
    result: SendResult,
    *,
    at: datetime,
    facts: SurfaceFacts | None = None,
    profile: Profile | None = None,
) -> None:
    """The platform accepted the text: keep it as outbound messages, count what it cost, move the application on.

    `profile` gives the limits that move once the citizen was told of a date. Once: where another sender recorded it,
    because this one's claim had run out, nothing is left to do.
    """
    item = errand.item
    if not await outbox_rows.record_sent(session, item, external_ids=result.external_ids, at=at):
        return
    own_price = await costs.own_price(session, item.account_id)
    price = text_price(facts, item.text) if own_price is None else own_price
    await costs.note(session, item.account_id, kind="send", pieces=len(result.external_ids), price=price, at=at)
    for position, external_id in enumerate(result.external_ids):
        await _keep_message(session, errand, external_id, status=result.status, first=position == 0, at=at)
    if item.application_id:
        await _tell_process(session, item, profile, at=at)


async def _keep_message(
    session: AsyncSession, errand: Errand, external_id: str, *, status: DeliveryStatus, first: bool, at: datetime
) -> None:
    """One row per post; an echo that came first is taken over, a receipt that came first is applied."""
    item = errand.item
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    message = await conversations.find_message(session, conversation.channel, external_id) or Message(
        conversation_id=item.conversation_id,
        channel=conversation.channel,
        external_id=external_id,
        direction=Direction.OUTBOUND,
        author=Author.BOT,
        sent_at=at,
        received_at=at,
    )
    message.author = Author.AGENT if item.user_id else Author.BOT
    message.user_id = item.user_id
    message.application_id = item.application_id
    message.outbox_id = item.id
    message.text = item.text if first else ""
    message.reply_to = item.reply_to
    message.triaged_at = message.triaged_at or at
    message.status = message.status or status
    session.add(message)
    await session.flush()
    if first:
        await answer_files.keep_with(session, message, outbound_files(item))
    await message_status.apply_parked(session, message, at=at)


async def _tell_process(session: AsyncSession, item: OutboxItem, profile: Profile | None, *, at: datetime) -> None:
    """What the application learns from a text that left; its limit may move by it."""
    application = await applications.application_for_change(session, item.application_id or 0)
    assert application is not None
    rules = None
    if item.purpose in (Purpose.SCHEDULE, Purpose.EXTENSION) and profile:
        rules = await deadlines.read_rules(session, profile)
    await telling.text_left(session, application, item.purpose, at=at, rules=rules, outbox_id=item.id)


async def start(session: AsyncSession, errand: Errand, *, seconds: float) -> bool:
    """Mark a text as under way right before it is sent; False where another sender has taken it over."""
    return await outbox_rows.start(session, errand.item, seconds=seconds)


async def postpone(session: AsyncSession, errand: Errand, *, until: datetime, problem: str, perhaps_sent: bool) -> None:
    """Try again, not before `until`."""
    await outbox_rows.postpone(session, errand.item, until=until, problem=problem, perhaps_sent=perhaps_sent)


async def give_back(session: AsyncSession, errands: Sequence[Errand], *, until: datetime) -> None:
    """Return errands that were claimed and never tried."""
    await outbox_rows.give_back(session, [errand.item for errand in errands], until=until)


async def take_from_the_dead(session: AsyncSession, account_id: int, owners: Iterable[str]) -> None:
    """End the claims of senders that are gone: what they had begun is looked up, the rest simply sent."""
    for owner in owners:
        await outbox_rows.let_go(session, account_id, owner)


async def holders(session: AsyncSession, account_id: int) -> set[str]:
    """The senders that hold claims on an account's texts."""
    return await outbox_rows.holders(session, account_id)


async def record_failure(
    session: AsyncSession, errand: Errand, *, state: OutboxState, problem: str, at: datetime
) -> None:
    """A text that did not leave, or of which nobody can say whether it did; a person sees it.

    Where a template failed, the texts that waited for its answer fail with it.
    """
    item = errand.item
    if not await outbox_rows.give_up(session, item, state=state, problem=problem):
        return
    if item.mode is SendMode.TEMPLATE and state is OutboxState.FAILED:
        await outbox_rows.fail_waiting(session, item.conversation_id, problem=problem)
    action = "send_unknown" if state is OutboxState.UNKNOWN else "send_failed"
    await _note(session, item, action, {"outbox_id": item.id, "problem": problem}, at=at)


async def _note(
    session: AsyncSession, item: OutboxItem, action: str, content: Mapping[str, Any], *, at: datetime
) -> None:
    if item.application_id:
        note = history.HistoryNote(application_id=item.application_id, actor="bot", action=action, content=content)
        await history.append(session, [note], at=at)


async def has_sent_since(session: AsyncSession, account_id: int, moment: datetime) -> bool:
    """Whether the platform has taken a text of the account after that."""
    return await outbox_rows.has_sent_since(session, account_id, moment)


async def set_account_state(session: AsyncSession, account_id: int, state: AccountState, *, detail: str) -> None:
    await accounts.set_state(session, account_id, state, detail=detail)
