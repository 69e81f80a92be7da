"""Hiding and blocking: on the platform, here, and in the history; nothing is recorded that did not happen."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.rules.permissions import Actor
from inbox.services import moderation
from models.db import Database
from models.enums import ApplicationState, Kind, Role, Surface
from models.errors import (
    ChannelError,
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
    RequestRefusedError,
    TransientError,
)
from models.tables import Application, Conversation, HistoryContent, HistoryEntry, Identity, Message
from tests.builders import FACEBOOK, message, set_up, take_in
from tests.conftest import NOW

LEAD = Actor(user_id=1, name="Burcu", roles=frozenset({Role.TEAM_LEAD}))
AGENT = Actor(user_id=2, name="Elif", roles=frozenset({Role.AGENT}))


class Platform:
    """Does as it is told, or fails as the test wants it."""

    def __init__(self, fault: ChannelError | None = None) -> None:
        self.fault = fault
        self.done: list[tuple[str, str, bool]] = []

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        self._do("hide", external_id, hidden)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        self._do("block", person_id, blocked)

    def _do(self, verb: str, what: str, on: bool) -> None:
        if self.fault:
            raise self.fault
        self.done.append((verb, what, on))


class SilentPlatform:
    """Knows neither."""


async def a_comment(database: Database, *, surface: Surface = Surface.COMMENT) -> None:
    await set_up(database, NOW, FACEBOOK)
    await take_in(database, NOW, message(1, "hakaret", channel=FACEBOOK, surface=surface, thread_id="post"))
    async with database.write() as session:
        place = (await session.exec(select(Conversation))).one()
        application = Application(
            number="HİM-2026-0000001",
            conversation_id=place.id,
            citizen_id=place.citizen_id,
            channel=FACEBOOK,
            state=ApplicationState.DRAFT,
            kind=Kind.COMPLAINT,
            received_at=NOW,
            due_at=NOW + timedelta(days=15),
            last_message_at=NOW,
            created_at=NOW,
        )
        session.add(application)
        await session.flush()
        (comment,) = (await session.exec(select(Message))).all()
        comment.application_id = application.id
        session.add(comment)


async def history(database: Database) -> list[tuple[str, dict[str, object]]]:
    async with database.read() as session:
        query = select(HistoryEntry.action, HistoryContent.content).join(HistoryContent)
        return [(action, content) for action, content in (await session.exec(query.order_by(HistoryEntry.id))).all()]


async def hide(database: Database, platform: object, *, hidden: bool = True, actor: Actor = AGENT) -> None:
    await moderation.set_hidden(
        database,
        {1: platform},
        actor,
        message_id=1,
        hidden=hidden,
        now=NOW,  # type: ignore[dict-item]
    )


async def block(
    database: Database, platform: object, *, blocked: bool = True, reason: str = "hakaret", actor: Actor = LEAD
) -> moderation.Blocking:
    return await moderation.set_blocked(
        database,
        {1: platform},  # type: ignore[dict-item]
        actor,
        conversation_id=1,
        blocked=blocked,
        reason=reason,
        now=NOW,
    )


async def test_a_comment_is_hidden_and_shown_again(database: Database) -> None:
    await a_comment(database)
    platform = Platform()
    for hidden in (True, True, False):
        await hide(database, platform, hidden=hidden)
    assert platform.done == [("hide", "m1", True), ("hide", "m1", False)]
    assert [action for action, _ in await history(database)] == ["comment_hidden", "comment_shown"]
    async with database.read() as session:
        assert (await session.exec(select(Message))).one().hidden_at is None


@pytest.mark.parametrize("fault", [TransientError("503"), RequestRefusedError("100")])
async def test_what_the_platform_did_not_do_is_not_recorded(sqlite_database: Database, fault: ChannelError) -> None:
    await a_comment(sqlite_database)
    with pytest.raises(type(fault)):
        await hide(sqlite_database, Platform(fault))
    assert await history(sqlite_database) == []


async def test_only_what_stands_under_our_posts_can_be_hidden(sqlite_database: Database) -> None:
    await a_comment(sqlite_database, surface=Surface.DIRECT)
    with pytest.raises(InputError):
        await hide(sqlite_database, Platform())
    with pytest.raises(InputError):
        await hide(sqlite_database, SilentPlatform())
    with pytest.raises(NotFoundError):
        await moderation.set_hidden(sqlite_database, {}, AGENT, message_id=9, hidden=True, now=NOW)


async def test_a_person_is_blocked_and_opened_again_with_a_reason(database: Database) -> None:
    await a_comment(database, surface=Surface.DIRECT)
    platform = Platform()
    assert (await block(database, platform)).on_platform
    with pytest.raises(ConflictError):
        await block(database, platform)
    await block(database, platform, blocked=False, reason="")
    assert platform.done == [("block", "citizen-1", True), ("block", "citizen-1", False)]
    assert await history(database) == [
        ("citizen_blocked", {"on_platform": True, "reason": "hakaret"}),
        ("citizen_unblocked", {"on_platform": True, "reason": ""}),
    ]


@pytest.mark.parametrize("platform", [SilentPlatform(), Platform(RequestRefusedError("unknown person"))])
async def test_where_the_platform_cannot_the_desk_alone_holds_back(sqlite_database: Database, platform: object) -> None:
    await a_comment(sqlite_database)
    assert not (await block(sqlite_database, platform)).on_platform
    async with sqlite_database.read() as session:
        assert (await session.exec(select(Identity))).one().blocked_at == NOW


async def test_a_platform_that_cannot_be_asked_changes_nothing(sqlite_database: Database) -> None:
    await a_comment(sqlite_database)
    with pytest.raises(TransientError):
        await block(sqlite_database, Platform(TransientError("503")))
    async with sqlite_database.read() as session:
        assert (await session.exec(select(Identity))).one().blocked_at is None


async def test_a_reason_and_the_right_are_needed(sqlite_database: Database) -> None:
    await a_comment(sqlite_database)
    with pytest.raises(InputError):
        await block(sqlite_database, Platform(), reason=" ")
    with pytest.raises(ForbiddenError):
        await block(sqlite_database, Platform(), actor=AGENT)
    with pytest.raises(ForbiddenError):
        await hide(sqlite_database, Platform(), actor=Actor(user_id=3, name="O", roles=frozenset({Role.APPROVER})))
