"""Codes of an application and recovery codes: right ones once, wrong ones never, secrets outside the database."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from bots.secret_files import FileSecretStore
from inbox.services import people, second_factor
from inbox.services.security_events import What, Where
from models.db import Database
from models.errors import InputError
from models.tables import RecoveryCode, SecurityEvent, User
from tests.conftest import NOW

HERE = Where(address="10.0.0.1")


@pytest.fixture
def store(tmp_path: Path) -> FileSecretStore:
    return FileSecretStore(tmp_path / "secrets.json")


async def enrolled(database: Database, store: FileSecretStore) -> tuple[User, pyotp.TOTP, list[str]]:
    """A user whose second factor was switched on two minutes ago."""
    async with database.write() as session:
        user = await people.add_user(
            session, login="elif", name="Elif", password="mavi-vapur-35", roles=["agent"], now=NOW
        )
        begun = await second_factor.begin(store, user, issuer="HİM")
        totp, then = pyotp.TOTP(begun.secret), NOW - timedelta(minutes=2)
        codes = await second_factor.confirm(session, store, user, code=totp.at(then), now=then, where=HERE)
    return user, totp, codes


async def check(database: Database, store: FileSecretStore, user: User, code: str, *, minutes: float = 0) -> bool:
    async with database.write() as session:
        now = NOW + timedelta(minutes=minutes)
        return await second_factor.check(session, store, user, code=code, now=now, where=HERE)


async def test_a_code_is_good_once(database: Database, store: FileSecretStore) -> None:
    """[ASVS 2.8.4, 2.8.5]"""
    user, totp, _ = await enrolled(database, store)
    assert await check(database, store, user, totp.at(NOW))
    assert not await check(database, store, user, totp.at(NOW))
    async with database.read() as session:
        events = (await session.exec(select(SecurityEvent.what))).all()
    assert events[-1] == What.CODE_REPEATED


async def test_an_older_code_is_not_taken_after_a_newer_one(sqlite_database: Database, store: FileSecretStore) -> None:
    user, totp, _ = await enrolled(sqlite_database, store)
    assert await check(sqlite_database, store, user, totp.at(NOW + timedelta(seconds=30)))
    assert not await check(sqlite_database, store, user, totp.at(NOW))


@pytest.mark.parametrize(("seconds", "fits"), [(-30, True), (30, True), (-90, False), (90, False)])
async def test_clocks_may_differ_by_one_step(
    sqlite_database: Database, store: FileSecretStore, seconds: int, fits: bool
) -> None:
    """[ASVS 2.8.1]"""
    user, totp, _ = await enrolled(sqlite_database, store)
    assert await check(sqlite_database, store, user, totp.at(NOW + timedelta(seconds=seconds))) is fits


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "９９９９９９", "aaaa-bbbb-cccc-dddd-eeee-ffff"])
async def test_wrong_codes_are_refused(sqlite_database: Database, store: FileSecretStore, code: str) -> None:
    user, _, _ = await enrolled(sqlite_database, store)
    assert not await check(sqlite_database, store, user, code)


async def test_recovery_codes_stand_in_once_each(database: Database, store: FileSecretStore) -> None:
    """[ASVS 2.6.1, 2.6.2]"""
    user, _, codes = await enrolled(database, store)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert all(len(code.replace("-", "")) * 5 >= 112 for code in codes)
    assert await check(database, store, user, codes[0].upper())
    assert not await check(database, store, user, codes[0])
    assert await check(database, store, user, codes[1].replace("-", " "))


async def test_neither_secret_nor_recovery_codes_stand_in_the_database(
    sqlite_database: Database, store: FileSecretStore
) -> None:
    """[ASVS 2.6.3, 2.8.2]"""
    user, totp, codes = await enrolled(sqlite_database, store)
    async with sqlite_database.read() as session:
        kept = (await session.exec(select(RecoveryCode))).all()
        known = await session.get(User, user.id)
    assert len(kept) == len(codes)
    assert not {one.digest for one in kept} & set(codes)
    assert totp.secret not in repr(known)


async def test_it_counts_only_after_a_first_right_code(sqlite_database: Database, store: FileSecretStore) -> None:
    async with sqlite_database.write() as session:
        user = await people.add_user(
            session, login="elif", name="Elif", password="mavi-vapur-35", roles=["agent"], now=NOW
        )
        first = await second_factor.begin(store, user, issuer="HİM")
        with pytest.raises(InputError):
            await second_factor.confirm(session, store, user, code="000000", now=NOW, where=HERE)
        assert user.totp_since is None
        assert (await second_factor.begin(store, user, issuer="HİM")).secret == first.secret
    assert first.picture.startswith("<svg")
    assert "style=" not in first.picture


async def test_switched_off_nothing_is_left(sqlite_database: Database, store: FileSecretStore) -> None:
    """[ASVS 2.8.6]"""
    user, totp, codes = await enrolled(sqlite_database, store)
    async with sqlite_database.write() as session:
        token = await people.log_in(session, user, now=NOW)
        await second_factor.switch_off(session, store, user, now=NOW, where=HERE)
        assert await people.read_log_in(session, token, now=NOW) is None
    assert not await check(sqlite_database, store, user, totp.at(NOW))
    assert not await check(sqlite_database, store, user, codes[0])
    assert totp.secret not in (store._path).read_text()


async def test_administrators_need_one_until_somebody_decides_otherwise(sqlite_database: Database) -> None:
    """[ASVS 4.3.1]"""
    async with sqlite_database.write() as session:
        fields: Any = {"name": "Bir Kişi", "password": "mavi-vapur-35", "now": NOW}
        admin = await people.add_user(session, login="yonetici", roles=["administrator"], **fields)
        agent = await people.add_user(session, login="elif", roles=["agent"], **fields)
        assert await second_factor.is_required(session, admin)
        assert not await second_factor.is_required(session, agent)
        await second_factor.require_for(session, [])
        assert not await second_factor.is_required(session, admin)
