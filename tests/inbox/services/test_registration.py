"""What people register by hand, and the clocks of the laws that go with the channel."""

import asyncio
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from inbox.services import applications, deadlines, pauses, registration
from inbox.services.applications import Correction
from inbox.services.registration import Entry
from inbox.services.telling import GivenBy
from models.db import Database
from models.enums import ApplicationState, ChannelName, DeadlineClass, Kind, Outcome, Surface, Urgency
from models.errors import ConflictError, ForbiddenError, InputError
from models.profile import Profile
from models.tables import Citizen, Conversation, Identity, Message
from tests.conftest import NOW
from tests.process_bench import TEXT, Bench, days, process_bench

IZMIR = ZoneInfo("Europe/Istanbul")


@pytest.fixture
async def bench(database: Database, profile: Profile) -> Bench:
    return await process_bench(database, profile)


async def test_a_call_becomes_a_numbered_application(bench: Bench) -> None:
    """[İ5g, İ8a2, Ç14a, M7ğ] What comes by phone is registered with its channel, as the citizen said it."""
    key = await bench.register(on_behalf_of="annesi")
    one = await bench.now_is(key)
    assert (one.state, one.channel, one.account_id) == (ApplicationState.DRAFT, ChannelName.PHONE, None)
    assert (one.on_behalf_of, one.registered_by) == ("annesi", bench.staff["elif"].user_id)
    async with bench.database.read() as session:
        (said,) = (await session.exec(select(Message).where(Message.application_id == key))).all()
        place = await session.get_one(Conversation, one.conversation_id)
    assert (said.text, place.surface, place.account_id) == (TEXT, Surface.MANUAL, None)


async def test_the_citizen_is_found_by_phone_or_mail(bench: Bench) -> None:
    """[İ5g] One citizen on two channels is one citizen where her phone or e-mail says so."""
    first = await bench.register(phone="0532 123 45 67", email="Ayse@Ornek.com")
    second = await bench.register(phone="+90 (532) 1234567")
    third = await bench.register(phone="", email="ayse@ornek.com", channel=ChannelName.EMAIL)
    stranger = await bench.register(phone="", email="")
    owners = [(await bench.now_is(key)).citizen_id for key in (first, second, third, stranger)]
    assert owners[0] == owners[1] == owners[2] != owners[3]


async def test_the_citizen_of_a_whatsapp_line_is_found_by_her_number(bench: Bench) -> None:
    """[İ5g] Her number on WhatsApp and on the phone are the same."""
    async with bench.database.write() as session:
        known = Citizen(display_name="Ayşe", created_at=NOW)
        session.add(known)
        await session.flush()
        session.add(
            Identity(citizen_id=known.id or 0, channel=ChannelName.WHATSAPP, external_id="905321234567", created_at=NOW)
        )
    assert (await bench.now_is(await bench.register())).citizen_id == known.id


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": ChannelName.TWITTER},
        {"text": "  "},
        {"phone": "123"},
        {"email": "ayse@"},
        {"received_at": NOW + days(1)},
        {"topic": "yok"},
    ],
)
async def test_what_cannot_be_is_refused(bench: Bench, changes: dict[str, object]) -> None:
    """[İ8a2] Errors say what is missing; nothing is registered."""
    with pytest.raises(InputError):
        await bench.register(**changes)


async def test_only_who_may_registers(bench: Bench) -> None:
    """[İ8a2, İ7d3] Registering is the desk's and the survey's."""
    labels = Correction(kind=Kind.REQUEST, topic="su_kesintisi", unit="izsu", urgency=Urgency.NORMAL)
    entry = Entry(channel=ChannelName.PHONE, text="x", labels=labels, received_at=NOW)
    async with bench.database.write() as session:
        with pytest.raises(ForbiddenError):
            await registration.register(session, bench.staff["onay"], entry=entry, profile=bench.profile, now=NOW)


@pytest.mark.parametrize(
    ("channel", "deadline_class", "last_day"),
    [
        (ChannelName.PHONE, DeadlineClass.NORMAL, date(2026, 12, 23)),
        (ChannelName.CIMER, DeadlineClass.CIMER, date(2026, 12, 23)),
        (ChannelName.OPEN_DOOR, DeadlineClass.OPEN_DOOR, date(2026, 12, 23)),
        (ChannelName.INFORMATION, DeadlineClass.INFORMATION, date(2026, 12, 14)),
    ],
)
async def test_the_channel_says_which_law_counts(
    bench: Bench, channel: ChannelName, deadline_class: DeadlineClass, last_day: date
) -> None:
    """[İ13c, İ6a16, İ13b, S4l] CİMER and Açık Kapı: 30 days; Bilgi Edinme: 15 working days."""
    one = await bench.now_is(await bench.register(channel=channel))
    assert (one.deadline_class, one.due_at.astimezone(IZMIR).date()) == (deadline_class, last_day)


async def test_an_urgency_may_shorten_the_limit(bench: Bench) -> None:
    """[İ20a] Hizmet standardı: the profile may set shorter limits."""
    key = await bench.register(urgency=Urgency.HIGH)
    rules = replace(bench.rules, policy=replace(bench.rules.policy, urgency_days={Urgency.HIGH: 2}))
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await deadlines.refresh_due(session, [one], rules=rules)
    assert ((await bench.now_is(key)).due_at - NOW).days == 2


async def test_a_pause_stops_the_clock_and_its_days_are_added(bench: Bench) -> None:
    """[İ13b, S4l] A pause needs a reason; resumed, its days do not count."""
    key = await bench.register()
    before = (await bench.now_is(key)).due_at
    chief = bench.staff["mudur"]
    async with bench.database.write() as session:
        one = await bench.read(session, key, "mudur")
        with pytest.raises(InputError):
            await pauses.pause(
                session, one, chief, reason=" ", is_fee_notice=False, rules=bench.rules, seen_version=one.version,
                now=NOW,
            )  # fmt: skip
        await pauses.pause(
            session, one, chief, reason="Adres soruldu.", is_fee_notice=False, rules=bench.rules,
            seen_version=one.version, now=NOW,
        )  # fmt: skip
        with pytest.raises(ConflictError):
            await pauses.pause(
                session, one, chief, reason="Yine.", is_fee_notice=False, rules=bench.rules,
                seen_version=one.version, now=NOW,
            )  # fmt: skip
    assert (await bench.now_is(key)).paused_at == NOW
    async with bench.database.write() as session:
        one = await bench.read(session, key, "mudur")
        await pauses.resume(session, one, chief, rules=bench.rules, now=NOW + days(4))
    one = await bench.now_is(key)
    assert (one.paused_at, one.due_at) == (None, before + days(4))


async def test_a_fee_notice_is_of_bilgi_edinme_alone(bench: Bench) -> None:
    """[S4l] A fee notice stops the clock of law 4982, of no other."""
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "mudur")
        with pytest.raises(InputError, match="bilgi edinme"):
            await pauses.pause(
                session, one, bench.staff["mudur"], reason="Ücret.", is_fee_notice=True, rules=bench.rules,
                seen_version=one.version, now=NOW,
            )  # fmt: skip


async def test_another_body_makes_thirty_working_days(bench: Bench) -> None:
    """[İ13b, S4l] Bilgi Edinme: 30 working days where another body is needed and the citizen told before day 15."""
    key = await bench.register(channel=ChannelName.INFORMATION)
    before = (await bench.now_is(key)).due_at
    async with bench.database.write() as session:
        one = await bench.read(session, key, "mudur")
        await pauses.need_other_body(
            session, one, bench.staff["mudur"], text="Bakanlıktan bilgi istendi.", facts=None,
            given_by=GivenBy.POST, rules=bench.rules, now=NOW + days(2),
        )  # fmt: skip
    one = await bench.now_is(key)
    assert one.told_of_other_body_at == NOW + days(2)
    assert one.due_at > before + days(14)


async def test_of_another_body_nobody_hears_when_all_is_over(bench: Bench) -> None:
    """[S4l] A form that was left open does not tell the citizen of more time after her application has ended."""
    key, chief = await bench.register(channel=ChannelName.INFORMATION), bench.staff["mudur"]
    async with bench.database.write() as session:
        one = await bench.read(session, key, "mudur")
        await applications.close(session, one, chief, outcome=Outcome.POSITIVE, seen_version=one.version, now=NOW)
        with pytest.raises(ConflictError):
            await pauses.need_other_body(
                session,
                one,
                chief,
                text="Bilgi istendi.",
                facts=None,
                given_by=GivenBy.POST,
                rules=bench.rules,
                now=NOW,
            )


async def test_a_form_that_is_sent_twice_is_registered_once(bench: Bench) -> None:
    """[İ5g] Pressed twice it is one application; filled in anew after a step back it is another one."""
    keys = await asyncio.gather(bench.register(form="f1"), bench.register(form="f1"))
    assert keys[0] == keys[1]
    others = [await bench.register(form="f1", name="Fatma Yılmaz"), await bench.register(form="f2")]
    assert len({*keys, *others}) == 3


async def test_two_calls_of_a_new_citizen_make_her_once(bench: Bench) -> None:
    """[İ5g] Registered by two agents at the same moment she is one citizen still."""
    keys = await asyncio.gather(bench.register(), bench.register())
    first, second = [await bench.now_is(key) for key in keys]
    assert first.citizen_id == second.citizen_id
    assert first.number != second.number
