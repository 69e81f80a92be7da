"""People and their sessions, on both databases."""

from datetime import timedelta

import pytest

from inbox.services import people
from models.db import Database
from models.errors import InputError
from models.tables import User
from tests.conftest import NOW


async def add(database: Database, **changes: object) -> User:
    fields = {"login": "Elif", "name": "Elif Aydın", "password": "mavi-vapur-35", "roles": ["agent"], "now": NOW}
    async with database.write() as session:
        return await people.add_user(session, **{**fields, **changes})  # type: ignore[arg-type]


async def test_a_password_is_kept_as_a_hash_and_found_again(database: Database) -> None:
    user = await add(database)
    assert user.login == "elif"
    assert "mavi-vapur-35" not in user.password_hash
    async with database.read() as session:
        assert await people.find_by_password(session, "ELIF", password="mavi-vapur-35") is not None
        assert await people.find_by_password(session, "elif", password="kısa") is None
        assert await people.find_by_password(session, "burcu", password="mavi-vapur-35") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "kisa"},
        {"password": "a" * 300},
        {"password": "galatasaray1905"},
        {"login": " "},
        {"login": "elif aydın"},
        {"name": ""},
        {"roles": ["unit_user"]},
    ],
)
async def test_what_is_missing_is_said(sqlite_database: Database, wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        await add(sqlite_database, **wrong)


async def test_a_log_in_name_is_taken_once(sqlite_database: Database) -> None:
    await add(sqlite_database)
    with pytest.raises(InputError, match="alınmış"):
        await add(sqlite_database, login="ELIF ".lower())


async def test_sessions_are_read_touched_and_ended(database: Database) -> None:
    user = await add(database)
    async with database.write() as session:
        token = await people.log_in(session, user, now=NOW)
        found = await people.read_log_in(session, token, now=NOW + timedelta(minutes=6))
        assert found is not None
        assert (found.login, found.actor.name, found.should_touch(NOW + timedelta(minutes=6))) == (
            "elif",
            "Elif Aydın",
            True,
        )
        await people.touch(session, found, now=NOW + timedelta(minutes=20))
        assert await people.read_log_in(session, token, now=NOW + timedelta(minutes=50))
        assert await people.read_log_in(session, token, now=NOW + timedelta(minutes=51)) is None
        await people.log_out(session, found)
        assert await people.read_log_in(session, token, now=NOW) is None
        assert await people.read_log_in(session, "", now=NOW) is None


async def test_sessions_that_ran_out_are_swept_at_the_next_log_in(database: Database) -> None:
    user = await add(database)
    async with database.write() as session:
        old = await people.log_in(session, user, now=NOW)
        await people.log_in(session, user, now=NOW + timedelta(hours=13))
        assert await people.read_log_in(session, old, now=NOW) is None
