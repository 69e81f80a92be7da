"""Files that people who work here put to an application: to what they belong, who sees them, how they leave."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads, person_requests
from inbox.services import applications, approval, approved_replies, attachments, responses, retention, staff_files
from inbox.services.person_data import person_data
from inbox.services.telling import GivenBy
from models.channel_facts import ChannelFacts, SurfaceFacts
from models.enums import ApplicationState, OutboxState, ResponseKind, Surface
from models.errors import ForbiddenError, InputError, NotFoundError
from models.tables import Application, FieldCheck, OutboxItem, StaffFile, Submission, UnitResponse
from tests.conftest import NOW
from tests.factories import City, staff_file
from tests.process_bench import process_bench

CITIZEN = "deniz.kaya35"
FACTS = SurfaceFacts(limit=1000, measure=len, files={"image/jpeg": 10_000_000}, most_files=2)
SOON = NOW + timedelta(days=1)


def everywhere(one: Application) -> dict[int, ChannelFacts]:
    """The account takes files wherever it was written to."""
    surfaces = dict.fromkeys(Surface, FACTS)
    return {one.account_id or 0: ChannelFacts(channel=one.channel, title="", glyph="", surfaces=surfaces)}


async def of(session: AsyncSession, city: City, name: str = CITIZEN) -> Application:
    return await session.get_one(Application, city.applications[name])


async def choose(session: AsyncSession, city: City, *, who: str = "elif", count: int = 1) -> Application:
    """Somebody has chosen files for an answer."""
    one = await of(session, city)
    await staff_files.keep(session, [staff_file(one, city.users[who].id) for _ in range(count)])
    return one


async def send(session: AsyncSession, city: City, one: Application, **more: Any) -> int | None:
    return await applications.send_answer(
        session, one, city.actor("elif"), text="Fotoğraflar ektedir.", facts=FACTS, seen_version=one.version, now=NOW,
        **more,
    )  # fmt: skip


async def rows(session: AsyncSession) -> list[StaffFile]:
    return list((await session.exec(select(StaffFile).order_by(StaffFile.id))).all())


async def test_chosen_files_leave_with_the_answer_and_come_back_with_it(city: City) -> None:
    """Undone in its ten seconds, they stand in the writer's unsent answer again, and nothing vanishes."""
    async with city.desk.database.write() as session:
        one = await choose(session, city)
        extra = staff_file(one, city.users["elif"].id)
        item_id = await send(session, city, one, files=[extra])
        await session.flush()
        item = await session.get_one(OutboxItem, item_id)
        assert [row["stored_as"] for row in item.files][1:] == [extra.stored_as]
        assert await rows(session) == []
    async with city.desk.database.write() as session:
        one = await of(session, city)
        await applications.undo_answer(session, one, city.actor("elif"), item_id=item_id or 0, now=NOW)
        await session.flush()
        back = await staff_files.unsent(session, one.id or 0, city.users["elif"].id or 0)
        item = await session.get_one(OutboxItem, item_id)
        assert (len(back), item.files, item.state) == (2, [], OutboxState.CANCELLED)
        assert all(file.thumbnail for file in back)
        assert await downloads.names_to_erase(session, now=SOON) == []


async def test_the_channel_counts_all_of_them(city: City) -> None:
    async with city.desk.database.write() as session:
        one = await choose(session, city, count=3)
        with pytest.raises(InputError, match="en çok 2 dosya"):
            await send(session, city, one)


async def test_what_is_told_by_phone_takes_no_files(city: City) -> None:
    async with city.desk.database.write() as session:
        one = await choose(session, city)
        with pytest.raises(InputError, match="kanalından"):
            await send(session, city, one, given_by=GivenBy.PHONE)


async def test_a_file_is_taken_away_by_whom_it_is(city: City) -> None:
    async with city.desk.database.write() as session:
        one = await choose(session, city)
        (file,) = await rows(session)
        with pytest.raises(NotFoundError):
            await staff_files.remove(session, one, city.actor("burcu"), file_id=file.id or 0, now=NOW)
        await staff_files.remove(session, one, city.actor("elif"), file_id=file.id or 0, now=NOW)
        await session.flush()
        assert await rows(session) == []
        assert await downloads.names_to_erase(session, now=NOW) == sorted([file.stored_as, file.thumbnail])


async def test_files_wait_with_a_reply_for_its_approval(city: City) -> None:
    """[İ7ç2] They are given back with the reply, or leave with it once it is approved."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    elif_, onay = city.actor("elif"), city.actor("onay")

    async def submit(session: AsyncSession, one: Application) -> Submission:
        return await approval.submit_reply(
            session, one, elif_, text="Fotoğraf ektedir.", desk=bench.review, rules=bench.rules, now=NOW
        )

    async with city.desk.database.write() as session:
        one = await choose(session, city)
        first = await submit(session, one)
        assert [file.submission_id for file in await rows(session)] == [first.id]
        await approval.reject(session, first, one, onay, reason="Metni düzeltiniz.", now=NOW)
        assert len(await staff_files.unsent(session, one.id or 0, elif_.user_id)) == 1
        second = await submit(session, one)
        done = await approved_replies.approve(
            session, second, one, onay, text="Fotoğraf ektedir.", facts=everywhere(one), given_by=None, now=NOW
        )
        await session.flush()
        assert len((await session.get_one(OutboxItem, done.item_id)).files) == 1
        assert await rows(session) == []


async def unit_answers(session: AsyncSession, city: City) -> Application:
    """İZSU's answer with one picture waits for the desk."""
    one = await of(session, city)
    one.state, one.routed_unit, one.accepted_at = ApplicationState.IN_PROGRESS, "izsu", NOW
    picture = staff_file(one, city.users["izsu"].id)
    await responses.give_answer(
        session, one, city.actor("izsu"), text="Onarıldı.", files=[picture], seen_version=one.version, now=NOW
    )
    return one


async def test_the_desk_passes_on_what_it_chooses(city: City) -> None:
    """[İ20a] And only the files of units' responses to this very application."""
    async with city.desk.database.write() as session:
        one = await unit_answers(session, city)
        (file,) = await rows(session)
        agent, other = city.actor("elif"), await of(session, city, "gizemlisokak")
        assert await staff_files.of_units(session, one, agent, chosen=[]) == []
        assert await staff_files.of_units(session, one, agent, chosen=[file.id or 0]) == [file]
        for elsewhere, chosen in ((one, [9999]), (other, [file.id or 0])):
            with pytest.raises(NotFoundError):
                await staff_files.of_units(session, elsewhere, agent, chosen=chosen)
        with pytest.raises(ForbiddenError):
            await staff_files.of_units(session, one, city.actor("izsu"), chosen=[file.id or 0])


async def readers(session: AsyncSession, city: City, file_id: int) -> set[str]:
    found = set()
    for login in city.users:
        try:
            await attachments.staff_file(session, file_id, city.actor(login), now=NOW)
            found.add(login)
        except NotFoundError:
            continue
    return found


DESK = {"elif", "burcu", "mudur", "nobet", "onay", "yonetici"}


async def test_who_may_have_a_file(city: City) -> None:
    """[ASVS 4.1.2] A unit's is for the desk and that unit, an unsent one for its writer, a look's for every reader."""
    async with city.desk.database.write() as session:
        one = await unit_answers(session, city)
        (units,) = await rows(session)
        unsent, looked, other = (staff_file(one, city.users["elif"].id) for _ in range(3))
        check = FieldCheck(application_id=one.id or 0, asked_by=1, asked_at=NOW)
        foreign = UnitResponse(
            application_id=one.id or 0, unit="eshot", kind=ResponseKind.ANSWER, user_id=1, created_at=NOW, text="x"
        )
        session.add_all([check, foreign])
        await session.flush()
        await staff_files.keep(session, [unsent])
        await staff_files.keep(session, [looked], check_id=check.id)
        await staff_files.keep(session, [other], response_id=foreign.id)
        await session.flush()
        assert await readers(session, city, units.id or 0) == DESK | {"izsu"}
        assert await readers(session, city, other.id or 0) == DESK
        assert await readers(session, city, unsent.id or 0) == {"elif"}
        assert await readers(session, city, looked.id or 0) == DESK | {"izsu"}
        one.confidential = True
        session.add(one)
        await session.flush()
        assert await readers(session, city, looked.id or 0) == DESK
        assert await readers(session, city, units.id or 0) == DESK | {"izsu"}


async def test_destruction_finds_them_all(city: City) -> None:
    """[İ7d10] Unsent, waiting or passed on: nothing of them is left with the application's words."""
    async with city.desk.database.write() as session:
        one = await unit_answers(session, city)
        await staff_files.keep(session, [staff_file(one, city.users["elif"].id, latitude=38.4, longitude=27.1)])
        await session.flush()
        names = {name for file in await rows(session) for name in (file.stored_as, file.thumbnail)}
        await retention.anonymise_applications(session, [one.id or 0], now=NOW)
        assert set(await downloads.names_to_erase(session, now=NOW)) >= names
        session.expire_all()
        for file in await rows(session):
            assert (file.stored_as, file.thumbnail, file.file_name, file.sha256, file.latitude) == (
                "",
                "",
                "",
                "",
                None,
            )


async def test_a_person_is_told_of_them(city: City) -> None:
    """[İ7d11] Those that belong to her matter, not what somebody has only chosen."""
    async with city.desk.database.write() as session:
        one = await unit_answers(session, city)
        await staff_files.keep(session, [staff_file(one, city.users["elif"].id, file_name="taslak.jpg")])
        await session.flush()
        data = person_data(await person_requests.file_of(session, one.citizen_id), at=NOW)
    assert [file["name"] for file in data["applications"][0]["files_of_the_work"]] == ["foto.jpg"]
