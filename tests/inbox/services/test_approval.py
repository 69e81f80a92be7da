"""What leaves for a unit or a citizen is looked at first, by channel; emergencies go at once."""

import asyncio

import pytest
from sqlmodel import select

from inbox.repositories import organisation, process
from inbox.rules.workflow import Step
from inbox.services import applications, approval, approved_replies, routing, telling
from models.db import Database
from models.enums import (
    ApplicationState,
    ChannelName,
    Kind,
    OutboxState,
    SubmissionKind,
    SubmissionState,
    Urgency,
)
from models.errors import ConflictError, ForbiddenError, InputError
from models.profile import Profile
from models.tables import HistoryContent, HistoryEntry, Message, OutboxItem, Setting, Submission
from tests.conftest import NOW
from tests.locks import somebody_waits
from tests.process_bench import BRIEF, Bench, process_bench


@pytest.fixture
async def bench(database: Database, profile: Profile) -> Bench:
    return await process_bench(database, profile)


async def last_history(bench: Bench, key: int) -> tuple[str, dict[str, object]]:
    query = (
        select(HistoryEntry.action, HistoryContent.content)
        .join(HistoryContent, HistoryContent.entry_id == HistoryEntry.id)
        .where(HistoryEntry.application_id == key)
        .order_by(HistoryEntry.position.desc())
    )
    async with bench.database.read() as session:
        found = (await session.exec(query)).first()
    assert found
    return found[0], found[1]


async def approve_replies(bench: Bench) -> None:
    async with bench.database.write() as session:
        setting = await session.get_one(Setting, organisation.APPROVES_REPLIES)
        setting.value = True
        session.add(setting)


async def test_what_comes_by_phone_waits_for_approval(bench: Bench) -> None:
    """[İ7ç2, İ8b2] Spelling, wording and routing are checked before an application leaves."""
    key = await bench.register()
    assert await bench.submit(key) is Step.SUBMIT
    one = await bench.now_is(key)
    assert (one.state, one.routed_unit, one.brief) == (ApplicationState.AWAITING_APPROVAL, None, BRIEF)
    await bench.approve(key)
    one = await bench.now_is(key)
    assert (one.state, one.routed_unit, one.routed_at) == (ApplicationState.ROUTED, "izsu", NOW)


@pytest.mark.parametrize("channel", [ChannelName.WEB, ChannelName.EMAIL, ChannelName.IN_PERSON, ChannelName.SURVEY])
async def test_some_channels_need_no_approval(bench: Bench, channel: ChannelName) -> None:
    """[İ8b2] Web, e-mail, in person and survey go to the unit without the approval desk."""
    key = await bench.register(channel=channel)
    assert await bench.submit(key) is Step.ROUTE
    assert (await bench.now_is(key)).routed_unit == "izsu"


async def test_the_setting_rules_not_the_profile(bench: Bench) -> None:
    """[İ8b2] Approval is a setting per intake channel."""
    async with bench.database.write() as session:
        setting = await session.get_one(Setting, organisation.APPROVAL_CHANNELS)
        setting.value = [ChannelName.WEB]
        session.add(setting)
    assert await bench.submit(await bench.register(channel=ChannelName.WEB)) is Step.SUBMIT
    assert await bench.submit(await bench.register()) is Step.ROUTE


async def test_an_emergency_goes_at_once_and_is_approved_afterwards(bench: Bench) -> None:
    """[İ7b2] An emergency skips approval, which follows."""
    key = await bench.register(urgency=Urgency.EMERGENCY)
    assert await bench.submit(key, brief="") is Step.ROUTE
    one = await bench.now_is(key)
    assert (one.state, one.approval_owed) == (ApplicationState.ROUTED, True)
    await bench.approve(key, text="")
    one = await bench.now_is(key)
    assert (one.state, one.approval_owed) == (ApplicationState.ROUTED, False)


@pytest.mark.parametrize("approves", [True, False])
async def test_the_approval_of_an_earlier_way_leaves_the_later_one(bench: Bench, approves: bool) -> None:
    """[İ7b2] The first unit returned it, the second reads its own summary; the second way's approval is owed still."""
    key = await bench.register(urgency=Urgency.EMERGENCY)
    await bench.submit(key, brief="")
    async with bench.database.write() as session:
        first = await bench.submission(session, key)
        one, unit = await bench.read(session, key, "izsu"), bench.staff["izsu"]
        await routing.give_back(
            session, one, unit, reason="Bizim değil.", rules=bench.rules, seen_version=one.version, now=NOW
        )
        one.unit = "eshot"
    await bench.submit(key, brief="Otobüs yanıyor.")
    async with bench.database.write() as session:
        approver = bench.staff["onay"]
        submission = await approval.waiting(session, first, approver)
        one = await bench.read(session, key, "onay")
        if approves:
            await approval.approve_routing(
                session, submission, one, approver, text="", letter=None, rules=bench.rules, now=NOW
            )
        else:
            await approval.reject(session, submission, one, approver, reason="Yanlış birim.", now=NOW)
    one = await bench.now_is(key)
    assert (one.routed_unit, one.brief, one.approval_owed) == ("eshot", "Otobüs yanıyor.", True)
    await bench.approve(key, text="Otobüs yanıyor.")
    assert not (await bench.now_is(key)).approval_owed


async def test_two_approvers_decide_once(bench: Bench) -> None:
    """[İ7ç2] Whoever is slower reads that somebody was faster; the unit gets it once."""
    key = await bench.register()
    await bench.submit(key)
    done = await asyncio.gather(bench.approve(key, who="onay"), bench.approve(key, who="onay2"), return_exceptions=True)
    assert [type(one) for one in done if one is not None] == [ConflictError]
    async with bench.database.read() as session:
        assert await process.open_routing(session, key)


async def test_whoever_takes_it_back_first_has_it(bench: Bench) -> None:
    """[İ8a2] An approver who is slower reads so; neither of the two waits for the other for ever."""
    key = await bench.register()
    await bench.submit(key)

    async def take_back() -> None:
        async with bench.database.write() as session:
            one = await bench.read(session, key, "elif")
            is_held.set()
            await somebody_waits(bench.database)
            await approval.withdraw(session, one, bench.staff["elif"], kind=SubmissionKind.ROUTING, now=NOW)

    is_held = asyncio.Event()
    first = asyncio.create_task(take_back())
    await is_held.wait()
    with pytest.raises(ConflictError):
        await bench.approve(key)
    await first
    assert (await bench.now_is(key)).state is ApplicationState.DRAFT


async def test_what_the_approver_corrected_is_kept(bench: Bench) -> None:
    """[İ8b2, S13(4)j] The approver may correct the text; both stand in the record."""
    key = await bench.register()
    await bench.submit(key, brief="Mahalede su yok.")
    await bench.approve(key, text="Mahallede su yok.")
    assert (await bench.now_is(key)).brief == "Mahallede su yok."
    async with bench.database.read() as session:
        action, content = await last_history(bench, key)
        submission = await session.get_one(Submission, await bench.submission(session, key))
    assert action == "approved"
    assert (content["text_before"], content["text"]) == ("Mahalede su yok.", "Mahallede su yok.")
    assert submission.state is SubmissionState.APPROVED


async def test_a_rejection_needs_a_reason_and_goes_back_to_the_agent(bench: Bench) -> None:
    """[İ7ç2] The approval desk rejects with a reason."""
    key = await bench.register()
    await bench.submit(key)
    for reason in (" ", "Adres eksik."):
        async with bench.database.write() as session:
            submission = await approval.waiting(session, await bench.submission(session, key), bench.staff["onay"])
            one = await bench.read(session, key, "onay")
            step = approval.reject(session, submission, one, bench.staff["onay"], reason=reason, now=NOW)
            if not reason.strip():
                with pytest.raises(InputError):
                    await step
                continue
            await step
    one = await bench.now_is(key)
    assert (one.state, one.unread) == (ApplicationState.REJECTED, True)
    assert (await last_history(bench, key))[1]["reason"] == "Adres eksik."
    assert await bench.submit(key) is Step.SUBMIT


async def test_the_desk_withdraws_what_nobody_decided_on(bench: Bench) -> None:
    """[İ8a2] Until it is approved the agent may take it back."""
    key = await bench.register()
    await bench.submit(key)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        await approval.withdraw(session, one, bench.staff["elif"], kind=SubmissionKind.ROUTING, now=NOW)
    assert (await bench.now_is(key)).state is ApplicationState.DRAFT
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        with pytest.raises(ConflictError):
            await approval.withdraw(session, one, bench.staff["elif"], kind=SubmissionKind.ROUTING, now=NOW)


async def test_findings_are_kept_with_the_submission(bench: Bench) -> None:
    """[İ7ç2, İ8b2] What the rules found stands beside the text."""
    key = await bench.register(unit="eshot")
    await bench.submit(key, brief="Herkez şikayetçi.")
    async with bench.database.read() as session:
        submission = await session.get_one(Submission, await bench.submission(session, key))
    assert {"yonlendirme", "yazim"} <= {one["kind"] for one in submission.findings}


async def test_an_outside_body_gets_no_routing(bench: Bench) -> None:
    """[3071/5] To an outside body nothing is routed: the citizen is told where to turn."""
    key = await bench.register(topic="dis_altyapi", unit="gdz_elektrik")
    with pytest.raises(InputError, match="dış kurumdur"):
        await bench.submit(key)


async def test_a_district_must_be_known(bench: Bench) -> None:
    """[İ6a7] The district municipality is a receiver by its own name."""
    key = await bench.register(topic="yol_bozuk", unit="ilce", district=None)
    with pytest.raises(InputError, match="ilçeyi"):
        await bench.submit(key)


async def test_a_district_outside_the_inbox_is_never_reached_without_a_letter(bench: Bench) -> None:
    """[İ6a7, İ8a4] Even from a channel without approval the letter waits for approval and signature."""
    key = await bench.register(topic="yol_bozuk", unit="ilce", channel=ChannelName.WEB)
    assert await bench.submit(key) is Step.SUBMIT
    with pytest.raises(InputError, match="yazı"):
        await bench.approve(key)


async def test_only_the_approval_desk_approves(bench: Bench) -> None:
    """[İ7ç2] Agents do not approve their own."""
    key = await bench.register()
    await bench.submit(key)
    with pytest.raises(ForbiddenError):
        await bench.approve(key, who="elif")


async def test_a_reply_waits_for_approval_where_the_setting_says_so(bench: Bench) -> None:
    """[İ8b2] Approval of replies is a setting; approved, the answer is given in its writer's name."""
    await approve_replies(bench)
    key = await bench.register(kind=Kind.QUESTION)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        waiting = await approval.submit_reply(
            session, one, bench.staff["elif"], text="Su akşam geliyor.", desk=bench.review, rules=bench.rules, now=NOW
        )
        with pytest.raises(ConflictError):
            await approval.submit_reply(
                session, one, bench.staff["elif"], text="Yine", desk=bench.review, rules=bench.rules, now=NOW
            )
    assert (await bench.now_is(key)).answered_at is None
    async with bench.database.write() as session:
        submission = await approval.waiting(session, waiting.id or 0, bench.staff["onay"])
        one = await bench.read(session, key, "onay")
        await approved_replies.approve(
            session, submission, one, bench.staff["onay"], text="Su akşam gelecek.", facts={},
            given_by=telling.GivenBy.PHONE, now=NOW,
        )  # fmt: skip
    one = await bench.now_is(key)
    assert (one.state, one.answered_at) == (ApplicationState.ANSWERED, NOW)
    async with bench.database.read() as session:
        said = (await session.exec(select(Message).where(Message.application_id == key).order_by(Message.id))).all()
    assert said[-1].text == "Su akşam gelecek."


async def test_an_answer_by_hand_says_how_it_was_given(bench: Bench) -> None:
    """[İ19ç, Ç16] Answers also leave by telephone and post: recorded with the way, nothing is queued."""
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        with pytest.raises(InputError, match="nasıl verildiğini"):
            await applications.send_answer(
                session, one, bench.staff["elif"], text="Su geldi.", facts=None, seen_version=one.version, now=NOW
            )
        await applications.send_answer(
            session, one, bench.staff["elif"], text="Su geldi.", facts=None, seen_version=one.version, now=NOW,
            given_by=telling.GivenBy.PHONE,
        )  # fmt: skip
    async with bench.database.read() as session:
        queued = (await session.exec(select(OutboxItem).where(OutboxItem.state == OutboxState.QUEUED))).all()
    assert not queued
    assert (await bench.now_is(key)).first_answer_at == NOW


async def test_no_answer_leaves_around_the_approval_desk(bench: Bench) -> None:
    """[İ8b2] Where replies need approval nothing goes straight to the citizen."""
    await approve_replies(bench)
    key = await bench.register()
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        with pytest.raises(ConflictError, match="onaydan"):
            await applications.send_answer(
                session, one, bench.staff["elif"], text="Su geldi.", facts=None, seen_version=one.version, now=NOW,
                given_by=telling.GivenBy.PHONE,
            )  # fmt: skip


async def test_a_unit_that_was_changed_meanwhile_is_not_approved(bench: Bench) -> None:
    """[İ8b2] What is approved is what was submitted; a changed unit goes back and is submitted anew."""
    key = await bench.register()
    await bench.submit(key)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        one.unit = "eshot"
    with pytest.raises(ConflictError, match="birimi onay beklerken"):
        await bench.approve(key)
