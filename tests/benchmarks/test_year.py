"""A small year of the invented city: what must be true at its end, and that the checks see what is wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.year import replay
from benchmarks.year_checks import plain_limit, traces, without_next_step, wrong_limits
from inbox.rules.findings import Reviewer
from inbox.rules.findings.vocabulary import Vocabulary
from inbox.services.findings import ReviewDesk
from models.db import Database
from models.enums import ApplicationState, ChannelName, DeadlineClass, Kind
from models.profile import Profile, load_profile
from models.tables import Application, Citizen, DeadlinePause

FEW_WORDS = ReviewDesk(
    profile=load_profile("izmir"),
    reviewer=Reviewer(vocabulary=Vocabulary(trusted=["iş tamamlandı"])),
)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.timeout(600)
async def test_a_small_city_ends_its_year_in_order(tmp_path: Path) -> None:
    """[İ20a, İ7b2, İ9b3, İYUK 10] Next steps, limits by two paths, history, and no trace of the erased."""
    outcomes = await replay(tmp_path / "year.sqlite3", applications=160, days=60, review=FEW_WORDS)
    assert outcomes.problems == []
    counts = outcomes.counts
    assert counts["applications"] >= 160
    assert outcomes.links > counts["applications"]
    for what in ("approved", "returned", "scheduled", "paused", "surveys", "incidents confirmed", "taken back"):
        assert counts[what], what
    assert counts["erased words looked for"] >= counts["taken back"]


def application(**facts: object) -> Application:
    fields: dict[str, object] = {
        "number": "HİM-2026-0000001",
        "citizen_id": 1,
        "channel": ChannelName.PHONE,
        "state": ApplicationState.DRAFT,
        "kind": Kind.COMPLAINT,
        "received_at": AT,
        "due_at": AT,
        "last_message_at": AT,
        "created_at": AT,
    }
    return Application(**{**fields, **facts})


@pytest.mark.parametrize(
    ("facts", "last_day"),
    [
        ({}, "2026-04-01"),
        ({"deadline_class": DeadlineClass.INSTANT}, "2026-03-09"),
        ({"deadline_class": DeadlineClass.INFORMATION}, "2026-03-25"),
        ({"target_date": AT.date() + timedelta(days=80), "told_of_schedule_at": AT}, "2026-05-21"),
    ],
    ids=["normal", "instant", "information, over Ramazan Bayramı", "scheduled"],
)
def test_the_plain_count(profile: Profile, facts: dict[str, object], last_day: str) -> None:
    """[İ20a, S4l] The second path to a limit lists days one by one."""
    found = plain_limit(application(**facts), [], profile).astimezone(profile.time_zone)
    assert str(found.date()) == last_day


def test_the_plain_count_leaves_the_days_of_a_pause_out(profile: Profile) -> None:
    """[İ20a] Ten days of a pause move it by ten."""
    pause = DeadlinePause(application_id=1, reason="x", started_by=1, started_at=AT, ended_at=AT + timedelta(days=10))
    moved = plain_limit(application(), [pause], profile) - plain_limit(application(), [], profile)
    assert moved == timedelta(days=10)


async def test_the_checks_see_what_is_wrong(sqlite_database: Database, profile: Profile, tmp_path: Path) -> None:
    """[İ20a] A limit of its own, a state that is open and is not, a word that stayed."""
    async with sqlite_database.write() as session:
        session.add(Citizen(display_name="Kalan Söz", created_at=AT))
        await session.flush()
        session.add(application(is_open=False))
    assert await wrong_limits(sqlite_database, profile)
    assert await without_next_step(sqlite_database) == ["HİM-2026-0000001"]
    await sqlite_database.forget_deleted()
    found = traces(tmp_path / "him.sqlite3", ["Kalan Söz", "nirgends"])
    assert found == ["citizen: Kalan Söz", "him.sqlite3: Kalan Söz"]
