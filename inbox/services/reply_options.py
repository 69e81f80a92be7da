"""What the desk can ask before writing: may I, until when, at what cost, and what else is possible. Changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, citizens, conversations
from inbox.repositories import outbox as outbox_rows
from inbox.rules.reply_policy import (
    OBSTACLE_WORDS,
    Obstacle,
    Standing,
    Verdict,
    Way,
    private_reply_verdict,
    reply_verdict,
)
from inbox.services import costs
from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import ChannelName, OutboxState, Surface
from models.errors import NotFoundError
from models.tables import Application, Conversation, Message

NOT_REPLYABLE = Verdict(way=None, obstacle=Obstacle.NOT_REPLYABLE)
_NEVER_LEFT = (OutboxState.CANCELLED, OutboxState.FAILED)
FactsByAccount = Mapping[int, ChannelFacts]
"""Facts of the connected accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOption:
    """One way to one citizen. `price` and `price_with_link` are US dollars for one text, None where free or unknown."""

    conversation_id: int
    channel: ChannelName
    surface: Surface
    way: Way | None
    reason: str = ""
    """Why not, in the clerk's language; empty where it is possible."""
    until: datetime | None = None
    price: Decimal | None = None
    price_with_link: Decimal | None = None

    @property
    def allowed(self) -> bool:
        return self.way is not None

    @property
    def kind(self) -> tuple[ChannelName, bool]:
        """Ways of one channel that everybody reads are one kind to the clerk, private ones another."""
        return self.channel, self.surface.is_public


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOptions:
    """`here` is the thread itself; `privately` the private answer to its comment, None where there is no such way;
    `elsewhere` are the citizen's other threads in which a person may write now, the one heard last first."""

    here: ReplyOption
    privately: ReplyOption | None
    elsewhere: tuple[ReplyOption, ...] = ()


async def reply_options(
    session: AsyncSession, conversation_id: int, *, facts: FactsByAccount, now: datetime
) -> ReplyOptions:
    """For a text that a person writes. Raises NotFoundError."""
    conversation = await conversations.conversation(session, conversation_id)
    if conversation is None:
        raise NotFoundError("Bu yazışma bulunamadı.")
    others = await conversations.of_citizen(session, conversation.citizen_id, but=conversation_id)
    ways = [conversation, *(one for one in others if one.account_id in facts)]
    here, *elsewhere = await _options(session, ways, facts=facts, now=now)
    return ReplyOptions(
        here=here,
        privately=await _privately(session, conversation, facts=facts, now=now),
        elsewhere=tuple(_different(elsewhere, here)),
    )


def _different(options: Sequence[ReplyOption], here: ReplyOption) -> Iterator[ReplyOption]:
    """One of each kind that is possible; the kind of this very thread only where it is closed itself."""
    seen = {here.kind} if here.allowed else set()
    for option in options:
        if option.allowed and option.kind not in seen:
            seen.add(option.kind)
            yield option


async def standing_of(session: AsyncSession, conversation: Conversation, *, facts: SurfaceFacts | None) -> Standing:
    """How we stand with the citizen of a conversation."""
    bots_enabled = bool(await accounts.setting(session, accounts.BOTS_ENABLED, default=True))
    return replace(await _to_a_person(session, conversation, facts=facts), bots_enabled=bots_enabled)


async def _to_a_person(session: AsyncSession, conversation: Conversation, *, facts: SurfaceFacts | None) -> Standing:
    """The same for who writes herself, whatever the bots may. Account and identity are few in one session."""
    account = await accounts.account(session, conversation.account_id or 0)
    identity = await citizens.identity(session, conversation.identity_id)
    return Standing(
        surface=conversation.surface,
        facts=facts,
        last_inbound_at=conversation.last_inbound_at,
        listen_only=account is not None and account.listen_only,
        blocked=identity.blocked_at is not None,
        unreachable_at=identity.unreachable_at,
    )


async def answerable_message(session: AsyncSession, conversation_id: int) -> tuple[Message | None, bool]:
    """(the message to answer, whether the platform allows it): the last that it lets us answer, else the last."""
    found = await conversations.last_replyable(session, conversation_id)
    if found:
        return found, True
    last = await conversations.last_inbound(session, conversation_id)
    return last, last is None


async def _options(
    session: AsyncSession, ways: Sequence[Conversation], *, facts: FactsByAccount, now: datetime
) -> list[ReplyOption]:
    """Of each conversation, in its order."""
    closed = await conversations.unanswerable(session, [one.id or 0 for one in ways])
    prices = await costs.own_prices(session, {one.account_id or 0 for one in ways if one.channel in costs.PAID})
    options = []
    for one in ways:
        surface = _surface(one, facts)
        standing = await _to_a_person(session, one, facts=surface)
        verdict = reply_verdict(standing, by_human=True, now=now) if one.id not in closed else NOT_REPLYABLE
        option = _option(one, verdict, surface)
        price = prices.get(one.account_id or 0)
        options.append(option if price is None else replace(option, price=price, price_with_link=None))
    return options


async def _privately(
    session: AsyncSession, conversation: Conversation, *, facts: FactsByAccount, now: datetime
) -> ReplyOption | None:
    surface = _surface(conversation, facts)
    if surface is None or surface.private_reply_window is None:
        return None
    comment = await conversations.last_inbound(session, conversation.id or 0)
    if comment is None:
        return None
    return _option(conversation, await private_verdict(session, conversation, comment, facts=surface, now=now), surface)


async def private_verdict(
    session: AsyncSession, conversation: Conversation, comment: Message, *, facts: SurfaceFacts | None, now: datetime
) -> Verdict:
    """May a person write privately to the writer of this comment?"""
    known = await _to_a_person(session, conversation, facts=facts)
    key = private_reply_key(comment)
    earlier = await outbox_rows.with_key(session, key, conversation_id=comment.conversation_id)
    standing = replace(known, private_reply_used=any(item.state not in _NEVER_LEFT for item in earlier))
    return private_reply_verdict(standing, written_at=comment.sent_at, by_human=True, now=now)


def private_reply_key(comment: Message) -> str:
    """How the outbox's unique keys begin for private answers to a comment; behind it stands the number of the try."""
    return f"private_reply:{comment.channel}:{comment.external_id}:"


async def surface_facts(session: AsyncSession, application: Application, facts: FactsByAccount) -> SurfaceFacts | None:
    """What the account's connector declares of where an application came in; None where nothing is connected."""
    conversation = await conversations.conversation(session, application.conversation_id or 0)
    return _surface(conversation, facts) if conversation else None


def _surface(conversation: Conversation, facts: FactsByAccount) -> SurfaceFacts | None:
    channel = facts.get(conversation.account_id or 0)
    return channel.surfaces.get(conversation.surface) if channel else None


def _option(conversation: Conversation, verdict: Verdict, facts: SurfaceFacts | None) -> ReplyOption:
    return ReplyOption(
        conversation_id=conversation.id or 0,
        channel=conversation.channel,
        surface=conversation.surface,
        way=verdict.way,
        reason=OBSTACLE_WORDS[verdict.obstacle] if verdict.obstacle else "",
        until=verdict.until,
        price=facts.price if facts else None,
        price_with_link=facts.price_with_link if facts else None,
    )
