"""What the desk can ask before writing, private answers, and the answer to the newest message that may be answered."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from connectors.facebook.facts import FACTS as FACEBOOK_FACTS
from connectors.twitter.facts import FACTS as TWITTER_FACTS
from inbox.repositories import accounts, organisation, outbox
from inbox.rules.findings import FindingKind
from inbox.rules.permissions import Actor
from inbox.rules.reply_policy import Way
from inbox.services import applications, approval, approved_replies, costs, private_replies, telling
from inbox.services.reply_options import ReplyOptions, reply_options
from models.db import Database
from models.enums import ApplicationState, Kind, OutboxState, Role, SendMode, Surface
from models.errors import ConflictError, InputError, NotFoundError
from models.messages import Sender
from models.profile import Profile
from models.tables import Account, Application, Conversation, Identity, OutboxItem, Submission, User
from tests.builders import FACEBOOK, TWITTER, message, set_up, take_in
from tests.conftest import NOW
from tests.process_bench import process_bench

AYSE = Sender(external_id="ayse", display_name="Ayşe")


def comment(number: int = 1, **changes: Any) -> Any:
    fields = {"surface": Surface.COMMENT, "thread_id": "post-1", "sender": AYSE, "channel": FACEBOOK, **changes}
    return message(number, **fields)


async def conversation_of(database: Database, *events: Any) -> int:
    keys = (await take_in(database, NOW, *events)).conversation_ids
    return next(iter(keys))


async def ask(database: Database, conversation_id: int, *, after: timedelta = timedelta()) -> ReplyOptions:
    async with database.read() as session:
        accounts = (await session.exec(select(Account))).all()
        facts = {one.id or 0: {FACEBOOK: FACEBOOK_FACTS, TWITTER: TWITTER_FACTS}[one.channel] for one in accounts}
        return await reply_options(session, conversation_id, facts=facts, now=NOW + after)


async def test_a_comment_may_be_answered_publicly_and_once_privately(database: Database) -> None:
    await set_up(database, NOW, FACEBOOK)
    key = await conversation_of(database, comment(sent_at=NOW))
    options = await ask(database, key)
    assert (options.here.way, options.here.until) == (Way.REPLY, None)
    assert options.privately
    assert (options.privately.way, options.privately.until) == (Way.PRIVATE_REPLY, NOW + timedelta(days=7))


async def test_a_closed_window_says_why_and_what_else_is_possible(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    direct = await conversation_of(sqlite_database, message(1, channel=FACEBOOK, sender=AYSE, thread_id="ayse"))
    public = await conversation_of(sqlite_database, comment(2))
    options = await ask(sqlite_database, direct, after=timedelta(days=8))
    assert (options.here.allowed, options.privately) == (False, None)
    assert "süresi doldu" in options.here.reason
    assert [(one.conversation_id, one.way) for one in options.elsewhere] == [(public, Way.REPLY)]


async def test_another_channel_of_the_same_citizen_is_offered_with_its_price(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK, TWITTER)
    here = await conversation_of(sqlite_database, message(1, channel=FACEBOOK, sender=AYSE))
    there = await conversation_of(
        sqlite_database, message(2, channel=TWITTER, surface=Surface.MENTION, thread_id="t", sender=AYSE)
    )
    async with sqlite_database.write() as session:
        joined = await session.get_one(Conversation, here)
        other = await session.get_one(Conversation, there)
        other.citizen_id = joined.citizen_id
        session.add(other)
    (option,) = (await ask(sqlite_database, here)).elsewhere
    assert (option.channel, option.price) == (TWITTER, TWITTER_FACTS.surfaces[Surface.MENTION].price)
    assert option.price


async def test_without_a_summons_x_takes_no_answer(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, TWITTER)
    unsummoned = message(1, channel=TWITTER, surface=Surface.MENTION, thread_id="t", replyable=False)
    key = await conversation_of(sqlite_database, unsummoned)
    assert not (await ask(sqlite_database, key)).here.allowed
    await take_in(sqlite_database, NOW, replace(unsummoned, dedup_key="2", external_id="m2", replyable=True))
    assert (await ask(sqlite_database, key)).here.allowed


async def test_unknown_conversation(sqlite_database: Database) -> None:
    with pytest.raises(NotFoundError):
        await ask(sqlite_database, 99)


async def an_application(database: Database, conversation_id: int) -> Actor:
    async with database.write() as session:
        person = User(login="elif", name="Elif", password_hash="", roles=["agent"], created_at=NOW)
        session.add(person)
        place = await session.get_one(Conversation, conversation_id)
        session.add(
            Application(
                number="HİM-2026-0000001",
                conversation_id=conversation_id,
                citizen_id=place.citizen_id,
                account_id=place.account_id,
                channel=place.channel,
                state=ApplicationState.DRAFT,
                kind=Kind.COMPLAINT,
                received_at=NOW,
                due_at=NOW + timedelta(days=15),
                last_message_at=NOW,
                created_at=NOW,
            )
        )
        await session.flush()
        return Actor(user_id=person.id or 0, name="Elif", roles=frozenset({Role.AGENT}))


async def write_privately(database: Database, actor: Actor, text: str = "Adresiniz nedir?") -> int:
    async with database.write() as session:
        application = await session.get_one(Application, 1)
        return await private_replies.send_private_reply(
            session, application, actor, text=text, facts=FACEBOOK_FACTS, now=NOW
        )


async def queued(database: Database) -> list[OutboxItem]:
    async with database.read() as session:
        return list((await session.exec(select(OutboxItem).order_by(OutboxItem.id))).all())


async def test_a_private_answer_is_queued_once(database: Database) -> None:
    await set_up(database, NOW, FACEBOOK)
    key = await conversation_of(database, comment())
    actor = await an_application(database, key)
    await write_privately(database, actor)
    with pytest.raises(ConflictError):
        await write_privately(database, actor)
    (item,) = await queued(database)
    assert (item.mode, item.reply_to, item.user_id) == (SendMode.PRIVATE_REPLY, "m1", actor.user_id)
    assert item.not_before == NOW + telling.UNDO


async def test_a_private_answer_waits_for_approval_where_replies_do(database: Database, profile: Profile) -> None:
    """[İ8b2] It is handed in, given back with its reason, handed in again; approved it leaves in its writer's name."""
    await set_up(database, NOW, FACEBOOK)
    writer = await an_application(database, await conversation_of(database, comment()))
    async with database.read() as session:
        known = {user.login: user for user in (await session.exec(select(User))).all()}
    bench = await process_bench(database, profile, known=known)
    approver, facts = bench.staff["onay"], {1: FACEBOOK_FACTS}
    async with database.write() as session:
        await accounts.put_setting(session, organisation.APPROVES_REPLIES, True)
        one = await session.get_one(Application, 1)

        async def hand_in(text: str, *, at: datetime = NOW) -> Submission:
            return await private_replies.submit_private_reply(
                session, one, writer, text=text, facts=FACEBOOK_FACTS, desk=bench.review, rules=bench.rules, now=at
            )

        with pytest.raises(ConflictError, match="onaydan"):
            await private_replies.send_private_reply(session, one, writer, text="Ad?", facts=FACEBOOK_FACTS, now=NOW)
        with pytest.raises(ConflictError):
            await hand_in("Adresiniz?", at=NOW + timedelta(days=8))
        first = await hand_in("Telefonunuzu yazınız.")
        assert not [found for found in first.findings if found["kind"] == FindingKind.PERSONAL_DATA]
        await approval.reject(session, first, one, approver, reason="Selam veriniz.", now=NOW)
        second = await hand_in("Merhaba, telefonunuzu yazınız.")
        done = await approved_replies.approve(
            session, second, one, approver, text=second.text, facts=facts, given_by=None, now=NOW
        )
    (item,) = await queued(database)
    assert (item.id, item.mode, item.user_id) == (done.item_id, SendMode.PRIVATE_REPLY, writer.user_id)
    assert item.text == "Merhaba, telefonunuzu yazınız."


async def test_a_private_answer_that_was_taken_back_may_be_written_anew(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    actor = await an_application(sqlite_database, await conversation_of(sqlite_database, comment()))
    item_id = await write_privately(sqlite_database, actor)
    async with sqlite_database.write() as session:
        await outbox.cancel(session, item_id)
    await write_privately(sqlite_database, actor, "Açık adresiniz nedir?")
    assert [item.state for item in await queued(sqlite_database)] == [OutboxState.CANCELLED, OutboxState.QUEUED]


@pytest.mark.parametrize("text", ["  ", "a" * 2_001])
async def test_a_private_answer_is_one_message_with_words(sqlite_database: Database, text: str) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    actor = await an_application(sqlite_database, await conversation_of(sqlite_database, comment()))
    with pytest.raises(InputError):
        await write_privately(sqlite_database, actor, text)


async def test_a_direct_message_has_no_private_answer(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    key = await conversation_of(sqlite_database, message(1, channel=FACEBOOK))
    actor = await an_application(sqlite_database, key)
    with pytest.raises(ConflictError):
        await write_privately(sqlite_database, actor)


async def test_an_answer_goes_to_the_newest_message_that_may_be_answered(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, TWITTER)
    summoned = message(1, channel=TWITTER, surface=Surface.MENTION, thread_id="t")
    key = await conversation_of(sqlite_database, summoned)
    await take_in(sqlite_database, NOW, replace(summoned, dedup_key="2", external_id="m2", replyable=False))
    actor = await an_application(sqlite_database, key)
    async with sqlite_database.write() as session:
        application = await session.get_one(Application, 1)
        facts = TWITTER_FACTS.surfaces[Surface.MENTION]
        await applications.send_answer(
            session, application, actor, text="Ekip yolda.", facts=facts, seen_version=1, now=NOW
        )
    assert [item.reply_to for item in await queued(sqlite_database)] == ["m1"]


async def test_nobody_answers_somebody_who_is_blocked(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    key = await conversation_of(sqlite_database, comment())
    async with sqlite_database.write() as session:
        identity = (await session.exec(select(Identity))).one()
        identity.blocked_at = NOW
        session.add(identity)
    options = await ask(sqlite_database, key)
    assert not options.here.allowed
    assert options.privately
    assert not options.privately.allowed


async def test_more_threads_of_the_same_kind_are_no_other_way(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, FACEBOOK)
    here = await conversation_of(sqlite_database, comment(1))
    await conversation_of(sqlite_database, comment(2, thread_id="post-2"))
    direct = await conversation_of(sqlite_database, message(3, channel=FACEBOOK, sender=AYSE, thread_id="ayse"))
    options = await ask(sqlite_database, here)
    assert [one.conversation_id for one in options.elsewhere] == [direct]


async def test_the_organisations_own_price_goes_before_the_list(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, TWITTER)
    here = await conversation_of(sqlite_database, message(1, channel=TWITTER, surface=Surface.MENTION, thread_id="t"))
    async with sqlite_database.write() as session:
        await costs.set_price(session, 1, "0,02")
    option = (await ask(sqlite_database, here)).here
    assert (str(option.price), option.price_with_link) == ("0.02", None)
