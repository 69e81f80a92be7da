"""The one way to take a step: right, sight, version, condition, history; and the one path to the limit."""

from datetime import date

import pytest
from sqlmodel import select

from inbox.rules.permissions import Actor
from inbox.rules.workflow import Step
from inbox.services import deadlines
from inbox.services.steps import take_step
from models.db import Database
from models.enums import ApplicationState, ChannelName, Role
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import HistoryContent, HistoryEntry, LeaveDay, Topic
from tests.conftest import NOW
from tests.process_bench import Bench, days, process_bench


@pytest.fixture
async def bench(sqlite_database: Database, profile: Profile) -> Bench:
    return await process_bench(sqlite_database, profile)


async def test_a_step_is_recorded_with_who_when_and_what(bench: Bench) -> None:
    """[İ20a, S13(4)j] Every step is recorded: who, when, what changed."""
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        before = one.version
        row = await take_step(
            session, one, Step.DISMISS, actor=bench.staff["elif"], now=NOW + days(1), reason=" Deneme. "
        )
    assert row.target is ApplicationState.DISMISSED
    one = await bench.now_is(key)
    assert (one.version, one.is_open, one.waiting_since) == (before + 1, False, NOW + days(1))
    async with bench.database.read() as session:
        query = select(HistoryEntry, HistoryContent).join(HistoryContent, HistoryContent.entry_id == HistoryEntry.id)
        entry, content = (await session.exec(query.order_by(HistoryEntry.id.desc()))).first() or (None, None)
    assert entry
    assert content
    assert (entry.actor, entry.action) == (bench.staff["elif"].reference, "dismissed")
    assert content.content == {"reason": "Deneme.", "from": "draft", "to": "dismissed"}


async def test_right_sight_version_state_and_condition_are_asked_in_this_order(bench: Bench) -> None:
    """[İ9a8, İ20a] Who has no right reads that, whoever does not see it finds nothing, then what is wrong with it."""
    key = await bench.route()
    someone = Actor(user_id=1, name="Biri", roles=frozenset({Role.QUALITY}))
    cases = [
        (someone, Step.ACCEPT, {}, ForbiddenError),
        (bench.staff["eshot"], Step.ACCEPT, {}, NotFoundError),
        (bench.staff["izsu"], Step.ACCEPT, {"seen_version": 0}, ConflictError),
        (bench.staff["izsu"], Step.INTERIM, {}, ConflictError),
        (bench.staff["izsu"], Step.RETURN, {}, InputError),
        (None, Step.ACCEPT, {}, ForbiddenError),
    ]
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        for actor, step, fields, problem in cases:
            with pytest.raises(problem):
                await take_step(session, one, step, actor=actor, now=NOW, **fields)  # type: ignore[arg-type]
    assert (await bench.now_is(key)).state is ApplicationState.ROUTED


async def test_a_task_leads_to_what_is_out_of_reach(bench: Bench) -> None:
    """[İ6b9] The field team sees its task, and sends undone work back to the unit."""
    key = await bench.route()
    field = Actor(user_id=1, name="Saha", roles=frozenset({Role.FIELD_TEAM}))
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        one.state = ApplicationState.ANSWERED
        with pytest.raises(NotFoundError):
            await take_step(session, one, Step.WORK_UNDONE, actor=field, now=NOW)
        await take_step(session, one, Step.WORK_UNDONE, actor=field, now=NOW, by_task=True)
    assert (await bench.now_is(key)).state is ApplicationState.IN_PROGRESS


async def test_the_limit_follows_what_the_administrator_changed(bench: Bench) -> None:
    """[İ20a, S4l] Shorter limits of topics and administrative leave stand in the database, and count at once."""
    plain, information = await bench.register(), await bench.register(channel=ChannelName.INFORMATION)
    due = {key: (await bench.now_is(key)).due_at for key in (plain, information)}
    async with bench.database.write() as session:
        topic = await session.get_one(Topic, "su_kesintisi")
        topic.days = 5
        session.add(topic)
        session.add(LeaveDay(day=date(2026, 11, 25), reason="İdari izin", added_at=NOW))
    async with bench.database.write() as session:
        rules = await deadlines.read_rules(session, bench.profile)
        both = [await bench.read(session, key, "elif") for key in (plain, information)]
        await deadlines.refresh_due(session, both, rules=rules)
    assert ((await bench.now_is(plain)).due_at - NOW).days == 5
    assert (await bench.now_is(information)).due_at == due[information] + days(1)
