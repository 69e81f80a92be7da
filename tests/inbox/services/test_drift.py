"""The classifier's weeks are counted from what it said and what people made of it, and alarms are told once."""

from datetime import datetime, timedelta

from bots.drift_watch import DriftWatch
from bots.queues.local import LocalLease
from inbox.repositories import learning
from inbox.services import drift
from models.clock import StillClock
from models.db import Database, insert_all
from models.enums import Decision, Kind, Urgency
from models.profile import Profile
from models.tables import ClassificationRecord, Message, ModelWeek, User
from tests.builders import message, set_up, take_in
from tests.conftest import NOW


async def said(database: Database, at: datetime, count: int, *, auto: int, unknown: float | None = 0.1) -> None:
    """The machine classified so many turns."""
    async with database.write() as session:
        await insert_all(
            session,
            [_record(at, Decision.AUTO if n < auto else Decision.REVIEW, unknown) for n in range(count)],
        )


def _record(at: datetime, decision: Decision, unknown: float | None, **changes: object) -> ClassificationRecord:
    fields = {
        "message_id": 1,
        "kind": Kind.COMPLAINT,
        "topic": "su_kesintisi",
        "unit": "izsu",
        "urgency": Urgency.NORMAL,
        "confidence": 0.8,
        "decision": decision,
        "details": {} if unknown is None else {"unknown_words": unknown},
        "model_version": "v1",
        "created_at": at,
    }
    return ClassificationRecord(**{**fields, **changes})


async def weeks_of(database: Database, profile: Profile, now: datetime) -> list[ModelWeek]:
    async with database.read() as session:
        found = await drift.count_weeks(session, now=now, zone=profile.time_zone)
    async with database.write() as session:
        await drift.keep_weeks(session, found)
    return found


async def test_a_week_is_counted_and_counted_again(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1), message(2))
    await said(database, NOW, 3, auto=2, unknown=0.1)
    await said(database, NOW, 1, auto=0, unknown=None)
    (week,) = await weeks_of(database, profile, NOW)
    assert (week.turns, week.auto, round(week.confidence, 6), week.judged) == (4, 0.5, 0.8, 0)
    assert round(week.unknown_words or 0, 6) == 0.1
    assert week.model_versions == "v1"
    async with database.write() as session:
        session.add(User(login="e", name="E", password_hash="", roles=[], created_at=NOW))
        await session.flush()
        session.add(_record(NOW, Decision.AUTO, None, topic="su_fatura", corrected_by=1, model_version=""))
        session.add(_record(NOW, Decision.AUTO, None, message_id=2))
        await session.flush()
        session.add(_record(NOW, Decision.AUTO, None, message_id=2, unit="eshot", corrected_by=1, model_version=""))
    (week,) = await weeks_of(database, profile, NOW + timedelta(days=1))
    assert (week.turns, week.judged, week.topic_corrected, week.unit_corrected) == (5, 2, 1, 1)
    async with database.read() as session:
        (stored,) = await learning.weeks(session, most=9)
    assert (stored.judged, stored.counted_at) == (2, NOW + timedelta(days=1))


async def test_nothing_said_nothing_counted(sqlite_database: Database, profile: Profile) -> None:
    assert await weeks_of(sqlite_database, profile, NOW) == []


async def test_drift_is_told_once(sqlite_database: Database, profile: Profile, caplog) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1))
    for back in range(1, 5):
        await said(sqlite_database, NOW - timedelta(weeks=back), 120, auto=90)
    await said(sqlite_database, NOW, 120, auto=30)
    clock = StillClock(NOW)
    watch = DriftWatch(database=sqlite_database, lease=LocalLease(), clock=clock, profile=profile)
    await watch.look()
    assert [record.message for record in caplog.records if "drifts" in record.message] == [
        "the classifier drifts in the week from 2026-11-23: auto"
    ]
    caplog.clear()
    clock.advance(seconds=3600)
    await watch.look()
    assert [record for record in caplog.records if "drifts" in record.message] == []
    async with sqlite_database.read() as session:
        found = await learning.weeks(session, most=20)
    assert [week.turns for week in found] == [120] * 5
    assert [week.alarms for week in found][-1] == ["auto"]
    assert found[-1].alarmed_at == NOW


async def test_messages_without_words_of_the_machine_do_not_count(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1))
    async with sqlite_database.read() as session:
        assert (await session.get_one(Message, 1)).text
        assert await learning.first_classified(session) is None
