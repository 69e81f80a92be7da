"""Corrective and preventive actions: prepared, planned, closed as effective or not."""

from datetime import timedelta

import pytest

from inbox.rules.permissions import Actor
from inbox.services import corrective
from models.db import Database
from models.enums import CorrectiveKind, Role
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import CorrectiveAction
from tests.conftest import NOW
from tests.process_bench import Bench, process_bench

TODAY = NOW.date()
PROBLEM = "Onaydan iade edilen başvuruların gerekçesi okunmadan yeniden gönderiliyor."


@pytest.fixture
async def bench(database: Database, profile: Profile) -> Bench:
    return await process_bench(database, profile)


def quality(bench: Bench) -> Actor:
    return Actor(user_id=bench.staff["mudur"].user_id, name="Kaan", roles=frozenset({Role.QUALITY}))


async def prepare(bench: Bench, problem: str = PROBLEM) -> int:
    async with bench.database.write() as session:
        made = await corrective.prepare(
            session, bench.staff["elif"], kind=CorrectiveKind.CORRECTIVE, problem=problem, now=NOW
        )
    return made.id or 0


async def plan(bench: Bench, key: int, *, after: int = 7) -> None:
    async with bench.database.write() as session:
        await corrective.plan(
            session, key, bench.staff["elif"], cause="Gerekçe listede görünmüyor.", remedy="Gerekçe öne alınacak.",
            due_on=TODAY + timedelta(days=after), today=TODAY, now=NOW,
        )  # fmt: skip


async def close(bench: Bench, key: int, who: Actor, *, effective: bool = True) -> None:
    async with bench.database.write() as session:
        await corrective.close(session, key, who, effective=effective, result="İadeler yarıya indi.", now=NOW)


async def test_a_form_is_prepared_planned_and_closed(bench: Bench) -> None:
    """[İ8a12, İ9a9] By anybody of the centre; quality looks whether it helped. Each part is written once."""
    key = await prepare(bench)
    with pytest.raises(InputError, match="etkili olarak"):
        await close(bench, key, quality(bench))
    await plan(bench, key)
    with pytest.raises(ConflictError):
        await plan(bench, key)
    with pytest.raises(ForbiddenError):
        await close(bench, key, bench.staff["elif"])
    await close(bench, key, quality(bench))
    with pytest.raises(ConflictError):
        await close(bench, key, quality(bench), effective=False)
    async with bench.database.read() as session:
        one = await session.get_one(CorrectiveAction, key)
    writer = bench.staff["elif"].user_id
    assert (one.opened_by, one.planned_by, one.effective, one.closed_at) == (writer, writer, True, NOW)


async def test_the_next_to_end_comes_first(bench: Bench) -> None:
    """[İ9a9] What quality follows: open ones by their date, then those without one; closed ones apart."""
    later, undated, sooner, done = [await prepare(bench) for _ in range(4)]
    await plan(bench, later, after=9)
    await plan(bench, sooner, after=2)
    await close(bench, done, quality(bench), effective=False)
    async with bench.database.read() as session:
        waiting, closed = await corrective.listing(session, bench.staff["onay"])
        with pytest.raises(ForbiddenError):
            await corrective.listing(session, bench.staff["izsu"])
        with pytest.raises(NotFoundError):
            await corrective.read(session, 99, bench.staff["elif"])
    assert [one.id for one in waiting] == [sooner, later, undated]
    assert [(one.id, one.effective) for one in closed] == [(done, False)]


async def test_no_personal_data_and_no_day_that_is_over(sqlite_database: Database, profile: Profile) -> None:
    """[İ8a12, İ19h] The form is about our own work, not about a citizen."""
    bench = await process_bench(sqlite_database, profile)
    for wrong in (" ", "0532 123 45 67 numaralı vatandaş", "a" * 4001):
        with pytest.raises(InputError):
            await prepare(bench, wrong)
    key = await prepare(bench)
    with pytest.raises(InputError, match="geçmişte"):
        await plan(bench, key, after=-1)
