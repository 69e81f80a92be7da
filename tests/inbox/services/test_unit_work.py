"""What a unit and the desk do with each other: accept, return, interim notices, answers, dates."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from inbox.repositories import process
from inbox.rules.permissions import Actor
from inbox.rules.workflow import Step
from inbox.services import applications, process_file, responses, routing, snoozing
from inbox.services.telling import GivenBy
from models.db import Database
from models.enums import ApplicationState, DeadlineClass, Kind, Outcome, ResponseKind, ResponseState, Role
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, Topic, UnitResponse
from tests.conftest import NOW
from tests.process_bench import Bench, days, process_bench

IZMIR = ZoneInfo("Europe/Istanbul")


@pytest.fixture
async def bench(database: Database, profile: Profile) -> Bench:
    return await process_bench(database, profile)


async def give_back(bench: Bench, key: int, *, at: datetime, reason: str = "Bizim hattımız değil.") -> None:
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await routing.give_back(
            session, one, bench.staff["izsu"], reason=reason, rules=bench.rules, seen_version=one.version, now=at
        )


async def answer_of_unit(bench: Bench, key: int, text: str = "Hat onarıldı.", at: datetime = NOW) -> None:
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await responses.give_answer(session, one, bench.staff["izsu"], text=text, seen_version=one.version, now=at)


async def pass_on(bench: Bench, key: int, *, at: datetime) -> None:
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await applications.send_answer(
            session, one, bench.staff["elif"], text="Hat onarıldı, su verildi.", facts=None, seen_version=one.version,
            now=at, given_by=GivenBy.PHONE,
        )  # fmt: skip


async def response(bench: Bench, key: int, kind: ResponseKind) -> UnitResponse:
    async with bench.database.read() as session:
        found = [one for one in await process.responses_of(session, key) if one.kind is kind]
    return found[-1]


async def test_a_unit_accepts_and_works(bench: Bench) -> None:
    """[İ9a8, İ20a] The unit's user accepts what is hers."""
    key = await bench.route()
    await bench.accept(key, at=NOW + days(1))
    one = await bench.now_is(key)
    assert (one.state, one.accepted_at) == (ApplicationState.IN_PROGRESS, NOW + days(1))


async def test_a_unit_returns_within_three_days_with_a_reason(bench: Bench) -> None:
    """[İ15d, İ20a] İade within 3 days of the routing, with a reason; back at the desk and out of the unit's sight."""
    key = await bench.route()
    with pytest.raises(InputError, match="Gerekçe"):
        await give_back(bench, key, at=NOW, reason=" ")
    await give_back(bench, key, at=NOW + days(3))
    one = await bench.now_is(key)
    assert (one.state, one.routed_unit, one.unread) == (ApplicationState.RETURNED, None, True)
    with pytest.raises(NotFoundError):
        await bench.accept(key)


async def test_after_three_days_nothing_is_returned(bench: Bench) -> None:
    """[İ20a] After the 3 days the unit answers."""
    key = await bench.route()
    with pytest.raises(InputError, match="İade süresi"):
        await give_back(bench, key, at=NOW + days(4))


async def test_each_routing_starts_the_return_limit_anew(bench: Bench) -> None:
    """[İ20a] The 3 days run from each routing."""
    key = await bench.route()
    await give_back(bench, key, at=NOW + days(2))
    await bench.submit(key, at=NOW + days(5))
    await bench.approve(key, at=NOW + days(5))
    await give_back(bench, key, at=NOW + days(8))
    assert (await bench.now_is(key)).state is ApplicationState.RETURNED


@pytest.mark.parametrize("step", [answer_of_unit, give_back])
async def test_what_the_unit_sends_is_laid_aside_no_longer(bench: Bench, step: Callable[..., Awaitable[None]]) -> None:
    """[İ20a] The desk had laid it aside; it stands in its lists again, unread."""
    key = await bench.route()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await snoozing.lay_aside(session, one, bench.staff["elif"], until=NOW + days(5), now=NOW)
        one.unread = False
    await step(bench, key, at=NOW + days(1))
    one = await bench.now_is(key)
    assert (one.unread, one.snoozed_until) == (True, None)


async def test_another_unit_is_not_there(bench: Bench) -> None:
    """[İ9a8] A unit reaches no application of another unit."""
    key = await bench.route()
    with pytest.raises(NotFoundError):
        await bench.accept(key, who="eshot")


async def test_the_desk_does_not_speak_for_a_unit_of_the_inbox(bench: Bench) -> None:
    """[İ9a8] The unit's own user answers."""
    key = await bench.route()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        with pytest.raises(ForbiddenError):
            await responses.give_answer(session, one, bench.staff["elif"], text="x", seen_version=one.version, now=NOW)


async def test_who_works_for_desk_and_unit_acts_for_her_own_unit_alone(bench: Bench) -> None:
    """[İ9a8, İ20a] She sees the other unit's application as the desk does, and none of its unit's steps."""
    key, other = await bench.route(), await bench.route(unit="eshot", topic="otobus_sefer")
    both = Actor(user_id=bench.staff["elif"].user_id, name="Elif", roles=frozenset({Role.AGENT, Role.UNIT_USER}),
                 unit="izsu")  # fmt: skip
    async with bench.database.write() as session:
        hers, theirs = [await applications.read(session, one, both, change=True) for one in (key, other)]
        offered = [(await process_file.read_process(session, one, both)).steps for one in (hers, theirs)]
        units = {Step.ACCEPT, Step.RETURN, Step.UNIT_ANSWER}
        assert [one & units for one in offered] == [units, set()]
        await routing.accept(session, hers, both, seen_version=hers.version, now=NOW)
        with pytest.raises(ForbiddenError):
            await routing.accept(session, theirs, both, seen_version=theirs.version, now=NOW)
        theirs.state = ApplicationState.IN_PROGRESS
        with pytest.raises(ForbiddenError):
            await responses.give_interim(session, theirs, both, text="Bakılıyor.", seen_version=theirs.version, now=NOW)
        with pytest.raises(ForbiddenError):
            await responses.ask_schedule(
                session, theirs, both, reason="Proje.", target_date=date(2027, 3, 31), rules=bench.rules,
                seen_version=theirs.version, now=NOW,
            )  # fmt: skip


async def test_an_interim_notice_waits_for_the_desk(bench: Bench) -> None:
    """[İ6a11] Ara bilgi is passed on by the desk, never by itself."""
    key = await bench.route()
    await bench.accept(key)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await responses.give_interim(
            session, one, bench.staff["izsu"], text="Kazı yarın.", seen_version=one.version, now=NOW
        )
    assert (await bench.now_is(key)).first_word_at is None
    waiting = await response(bench, key, ResponseKind.INTERIM)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await responses.pass_interim(
            session, one, bench.staff["elif"], response_id=waiting.id or 0, text="Kazı yarın başlıyor.", facts=None,
            given_by=GivenBy.PHONE, now=NOW + days(1),
        )  # fmt: skip
        with pytest.raises(ConflictError):
            await responses.keep_interim(session, one, bench.staff["elif"], response_id=waiting.id or 0, now=NOW)
    one = await bench.now_is(key)
    assert (one.state, one.first_word_at) == (ApplicationState.IN_PROGRESS, NOW + days(1))
    assert one.first_answer_at is None


async def test_the_desk_passes_a_units_answer_on(bench: Bench) -> None:
    """[İ6a10, İ19ç, İ20a] The desk checks the answer and passes it on."""
    key = await bench.route()
    await answer_of_unit(bench, key)
    one = await bench.now_is(key)
    assert (one.state, one.accepted_at, one.routed_unit) == (ApplicationState.ANSWER_REVIEW, NOW, "izsu")
    await pass_on(bench, key, at=NOW + days(2))
    one = await bench.now_is(key)
    assert (one.state, one.answered_at) == (ApplicationState.ANSWERED, NOW + days(2))
    assert (await response(bench, key, ResponseKind.ANSWER)).state is ResponseState.PASSED_ON


async def test_an_answer_that_will_not_do_goes_back(bench: Bench) -> None:
    """[İ6a10, İ20a] Centre to unit: the answer will not do, with the reason."""
    key = await bench.route()
    await answer_of_unit(bench, key)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        with pytest.raises(InputError):
            await responses.send_back(session, one, bench.staff["elif"], reason="", seen_version=one.version, now=NOW)
        await responses.send_back(
            session, one, bench.staff["elif"], reason="Tarih yok.", seen_version=one.version, now=NOW
        )
    assert (await bench.now_is(key)).state is ApplicationState.IN_PROGRESS
    sent_back = await response(bench, key, ResponseKind.ANSWER)
    assert (sent_back.state, sent_back.reason) == (ResponseState.SENT_BACK, "Tarih yok.")
    await answer_of_unit(bench, key, "Hat 30 Kasım'da onarıldı.")
    assert (await bench.now_is(key)).state is ApplicationState.ANSWER_REVIEW


async def ask_date(bench: Bench, key: int, day: date, *, at: datetime = NOW) -> UnitResponse:
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        return await responses.ask_schedule(
            session, one, bench.staff["izsu"], reason="Proje işi.", target_date=day, rules=bench.rules,
            seen_version=one.version, now=at,
        )  # fmt: skip


async def consent(bench: Bench, key: int, asked: UnitResponse, *, at: datetime) -> None:
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await responses.consent_schedule(
            session, one, bench.staff["elif"], response_id=asked.id or 0, text="Mart sonuna planlandı.", facts=None,
            given_by=GivenBy.PHONE, rules=bench.rules, seen_version=one.version, now=at,
        )  # fmt: skip


async def test_scheduled_work_waits_for_the_desks_consent_and_tells_the_citizen(bench: Bench) -> None:
    """[İ20a] Programa Alındı: reason and date by the unit, the desk's consent, the citizen told before day 30."""
    key = await bench.route()
    await bench.accept(key)
    before = (await bench.now_is(key)).due_at
    asked = await ask_date(bench, key, date(2027, 3, 31))
    assert ((await bench.now_is(key)).state, (await bench.now_is(key)).due_at) == (ApplicationState.IN_PROGRESS, before)
    await consent(bench, key, asked, at=NOW + days(5))
    one = await bench.now_is(key)
    assert (one.state, one.told_of_schedule_at) == (ApplicationState.SCHEDULED, NOW + days(5))
    assert one.due_at.astimezone(IZMIR).date() == date(2027, 3, 31)


async def test_told_too_late_the_thirty_days_stand(bench: Bench) -> None:
    """[İ20a] Told on day 30 or later the date does not lift the limit."""
    key = await bench.route()
    await bench.accept(key)
    before = (await bench.now_is(key)).due_at
    asked = await ask_date(bench, key, date(2027, 3, 31))
    await consent(bench, key, asked, at=NOW + days(30))
    assert (await bench.now_is(key)).due_at == before


async def test_a_date_is_asked_once_and_lies_ahead(bench: Bench) -> None:
    """[İ20a] The unit gives a date to come, and waits for the desk."""
    key = await bench.route()
    await bench.accept(key)
    with pytest.raises(InputError, match="bugünden sonra"):
        await ask_date(bench, key, NOW.astimezone(IZMIR).date())
    await ask_date(bench, key, date(2027, 3, 31))
    with pytest.raises(ConflictError):
        await ask_date(bench, key, date(2027, 4, 30))


async def test_a_date_that_is_over_is_not_promised(bench: Bench) -> None:
    """[İ20a] The citizen is told of no day that passed while the unit waited for the desk; it is refused instead."""
    key = await bench.route()
    await bench.accept(key)
    asked = await ask_date(bench, key, date(2026, 11, 25))
    with pytest.raises(InputError, match="geçti"):
        await consent(bench, key, asked, at=NOW + days(2))
    assert (await bench.now_is(key)).state is ApplicationState.IN_PROGRESS


async def test_a_refused_date_leaves_the_limit(bench: Bench) -> None:
    """[İ20a] Without the desk's consent nothing is scheduled."""
    key = await bench.route()
    await bench.accept(key)
    asked = await ask_date(bench, key, date(2027, 3, 31))
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await responses.refuse_schedule(
            session, one, bench.staff["elif"], response_id=asked.id or 0, reason="Çok uzak.", now=NOW
        )
    one = await bench.now_is(key)
    assert (one.state, one.target_date) == (ApplicationState.IN_PROGRESS, None)


async def test_the_date_brings_it_back_to_the_unit(bench: Bench) -> None:
    """[İ20a] Scheduled work is looked at again on its date, by the clock."""
    key = await bench.route()
    await bench.accept(key)
    await consent(bench, key, await ask_date(bench, key, date(2026, 12, 15)), at=NOW)
    async with bench.database.write() as session:
        assert not await responses.scheduled_reached(session, datetime(2026, 12, 14, 12, tzinfo=IZMIR), zone=IZMIR)
        (moved,) = await responses.scheduled_reached(session, datetime(2026, 12, 15, 0, 1, tzinfo=IZMIR), zone=IZMIR)
    assert (moved.id, (await bench.now_is(key)).state) == (key, ApplicationState.IN_PROGRESS)


async def test_a_question_that_goes_to_a_unit_has_thirty_days(bench: Bench) -> None:
    """[İ20a] At once: 7 days; where inspection or work is needed: 30."""
    key = await bench.register(kind=Kind.QUESTION)
    one = await bench.now_is(key)
    assert (one.deadline_class, (one.due_at - NOW).days) == (DeadlineClass.INSTANT, 7)
    await bench.submit(key)
    await bench.approve(key)
    one = await bench.now_is(key)
    assert (one.deadline_class, (one.due_at - NOW).days) == (DeadlineClass.NORMAL, 30)


async def test_a_negative_outcome_is_explained(bench: Bench) -> None:
    """[İ20a] A negative answer names its reason, the remedy and the period."""
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        actor, version = bench.staff["elif"], one.version
        with pytest.raises(InputError, match="gerekçeyi"):
            await applications.close(session, one, actor, outcome=Outcome.NEGATIVE, seen_version=version, now=NOW)
        note = "Mevzuat izin vermiyor; 60 gün içinde idare mahkemesine başvurulabilir."
        await applications.close(
            session, one, actor, outcome=Outcome.NEGATIVE, note=note, seen_version=version, now=NOW
        )
    one = await bench.now_is(key)
    assert (one.state, one.closing_note) == (ApplicationState.CLOSED, note)


async def test_an_outside_bodys_matter_is_redirected_and_the_citizen_told(bench: Bench) -> None:
    """[3071/5] The citizen is told where to turn; a proper petition is marked to be forwarded."""
    key = await bench.register(topic="dis_altyapi", unit="gdz_elektrik")
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await routing.redirect(
            session, one, bench.staff["elif"], body="GDZ Elektrik", text="186'yı arayınız.", is_petition=True,
            facts=None, given_by=GivenBy.PHONE, seen_version=one.version, now=NOW,
        )  # fmt: skip
    one = await bench.now_is(key)
    assert (one.state, one.is_open, one.first_word_at) == (ApplicationState.REDIRECTED, False, NOW)


async def test_a_second_matter_becomes_a_linked_application(bench: Bench) -> None:
    """[İ8a2, İ7d10] One text, two matters: the second is registered once, linked, and hidden where its topic is."""
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        seen = one.version
        topic = await session.get_one(Topic, "siddet_siginma")

        async def divide(number: str) -> Application:
            return await routing.second_matter(
                session, one, bench.staff["elif"], number=number, text="Evde şiddet de var.", topic=topic,
                rules=bench.rules, seen_version=seen, now=NOW,
            )  # fmt: skip

        fresh = await divide("HİM-2026-0000099")
        with pytest.raises(ConflictError):
            await divide("HİM-2026-0000100")
        assert (fresh.unit, fresh.confidential, one.confidential) == (topic.unit, True, False)
    one = await bench.now_is(fresh.id or 0)
    assert (one.linked_to_id, one.state, one.citizen_id) == (
        key,
        ApplicationState.DRAFT,
        (await bench.now_is(key)).citizen_id,
    )
