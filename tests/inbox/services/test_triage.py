"""Triage: one application per matter, continued by follow-ups, acknowledged once where it is allowed."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from inbox.knowledge.drafts import DraftText
from inbox.repositories import accounts, jobs
from inbox.rules.history import GENESIS, content_digest
from inbox.services import triage
from inbox.services.triage import Finding, TriageResult
from models.db import Database
from models.enums import ApplicationState, Decision, EventKind, Kind, Purpose, Surface, Urgency
from models.messages import ChannelEvent, Classification, Guess, Sender
from models.profile import Profile
from models.tables import (
    Application,
    ClassificationRecord,
    Draft,
    HistoryContent,
    HistoryEntry,
    Job,
    Message,
    OutboxItem,
)
from tests.builders import FACEBOOK, TELEGRAM, TWITTER, classification, message, set_up, take_in
from tests.conftest import NOW

LATER = NOW + timedelta(hours=2)
DRAFT = DraftText(article_id="su-kesintisi", title="Su kesintisi", score=0.8, short="kısa", long="uzun")
OTHER_MATTER = classification(
    topic="otobus_sefer", unit="eshot", topics=(Guess(label="otobus_sefer", probability=0.9),)
)


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(*table.__table__.primary_key.columns))).all())


async def work(
    database: Database, profile: Profile, found: Classification, *, now: datetime = NOW, draft: DraftText | None = None
) -> list[TriageResult]:
    """Take every turn that waits and apply the same finding to each."""
    later = now + timedelta(minutes=1)
    async with database.write() as session:
        due = await jobs.due_conversations(session, now=later)
        taken = await jobs.take_turns(session, due, now=later)
        turns = await triage.read_turns(session, {key: [job.message_id for job in all_] for key, all_ in taken.items()})
        cases = [(turn, Finding(classification=found, draft=draft)) for turn in turns.values()]
        results = await triage.triage(session, cases, profile=profile, now=now)
        await jobs.finish(session, [job for all_ in taken.values() for job in all_], at=now)
    return results


async def test_a_message_becomes_a_numbered_application(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "Üç gündür su akmıyor"))
    (result,) = await work(database, profile, classification(district="Buca"), draft=DRAFT)
    (application,) = await rows(database, Application)
    assert result.opened
    assert application.number == "HİM-2026-0000001"
    assert (application.topic, application.unit, application.district) == ("su_kesintisi", "izsu", "Buca")
    assert application.state is ApplicationState.DRAFT
    assert application.summary == "Üç gündür su akmıyor"
    assert application.due_at.astimezone(profile.time_zone).strftime("%d.%m.%Y %H:%M") == "23.12.2026 23:59"
    (stored,) = await rows(database, Message)
    assert (stored.application_id, stored.triaged_at) == (application.id, NOW)
    (draft,) = await rows(database, Draft)
    assert (draft.article_id, draft.long_text) == ("su-kesintisi", "uzun")
    (record,) = await rows(database, ClassificationRecord)
    assert record.details["topics"] == [["su_kesintisi", 0.97]]


async def test_numbers_follow_each_other_without_gaps(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, *(message(n, thread_id=f"chat-{n}") for n in range(3)))
    await work(database, profile, classification())
    await take_in(database, NOW, message(7, thread_id="chat-7"))
    await work(database, profile, classification())
    numbers = [one.number for one in await rows(database, Application)]
    assert numbers == [f"HİM-2026-{n:07d}" for n in (1, 2, 3, 4)]


async def test_a_turn_of_several_messages_is_one_application(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "Merhaba"), message(2, "su yok"))
    await work(database, profile, classification())
    (application,) = await rows(database, Application)
    assert application.summary == "Merhaba su yok"
    assert {one.application_id for one in await rows(database, Message)} == {application.id}


async def test_a_follow_up_continues_the_open_application(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    await take_in(database, LATER, message(2, "adres 12. sokak"))
    (result,) = await work(database, profile, classification(kind=Kind.INVALID, topic=None, unit=None), now=LATER)
    (application,) = await rows(database, Application)
    assert not result.opened
    assert application.unread
    assert len(await rows(database, OutboxItem)) == 1


async def test_a_word_of_the_citizen_brings_back_what_was_laid_aside(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    async with database.write() as session:
        application = (await session.exec(select(Application))).one()
        application.snoozed_until = NOW + timedelta(days=5)
        session.add(application)
    await take_in(database, LATER, message(2, "su hâlâ yok"))
    await work(database, profile, classification(), now=LATER)
    (application,) = await rows(database, Application)
    assert application.snoozed_until is None


async def test_a_new_matter_in_the_same_conversation_opens_another(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    await take_in(database, LATER, message(2, "ayrıca 690 numaralı otobüs kaç gündür gelmiyor", sent_at=LATER))
    await work(database, profile, OTHER_MATTER, now=LATER)
    assert [one.topic for one in await rows(database, Application)] == ["su_kesintisi", "otobus_sefer"]


async def test_a_closed_application_is_not_continued(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    async with database.write() as session:
        application = (await session.exec(select(Application))).one()
        application.state, application.is_open = ApplicationState.CLOSED, False
        session.add(application)
    await take_in(database, LATER, message(2, "yine kesildi"))
    await work(database, profile, classification(), now=LATER)
    assert len(await rows(database, Application)) == 2


async def test_a_follow_up_brings_place_and_urgency(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    await take_in(database, LATER, message(2, "Buca Adatepe, şimdi de yol çöktü"))
    (result,) = await work(database, profile, classification(urgency=Urgency.EMERGENCY, district="Buca"), now=LATER)
    (application,) = await rows(database, Application)
    assert result.emergency
    assert (application.urgency, application.rank, application.district) == (Urgency.EMERGENCY, 0, "Buca")


async def test_gecersiz_is_kept_opens_nothing_and_is_not_acknowledged(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "maç kaçta"))
    (result,) = await work(database, profile, classification(kind=Kind.INVALID, topic=None, unit=None))
    assert result.application_id is None
    (stored,) = await rows(database, Message)
    assert stored.awaits_check
    assert await rows(database, Application) == await rows(database, OutboxItem) == []


async def test_doubt_opens_and_acknowledges_as_usual(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification(decision=Decision.REVIEW, confidence=0.4))
    (application,) = await rows(database, Application)
    assert application.decision is Decision.REVIEW
    assert len(await rows(database, OutboxItem)) == 1


async def test_the_acknowledgement_names_the_number_once(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    (item,) = await rows(database, OutboxItem)
    assert item.purpose is Purpose.ACKNOWLEDGEMENT
    assert "HİM-2026-0000001" in item.text
    assert "http" not in item.text
    assert item.reply_to == "m1"


async def test_a_crash_before_the_commit_leaves_the_turn_whole(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    later = NOW + timedelta(minutes=1)
    try:
        async with database.write() as session:
            taken = await jobs.take_turns(session, [1], now=later)
            turns = await triage.read_turns(
                session, {key: [job.message_id for job in all_] for key, all_ in taken.items()}
            )
            cases = [(turn, Finding(classification=classification(), draft=None)) for turn in turns.values()]
            await triage.triage(session, cases, profile=profile, now=NOW)
            raise RuntimeError
    except RuntimeError:
        pass
    assert await rows(database, OutboxItem) == []
    await work(database, profile, classification())
    assert len(await rows(database, OutboxItem)) == len(await rows(database, Application)) == 1


async def test_a_triaged_message_is_never_read_again(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    async with database.read() as session:
        assert await triage.read_turns(session, {1: [1]}) == {}


async def silent(database: Database, profile: Profile, event: ChannelEvent, **facts: Any) -> None:
    await set_up(database, NOW, event.channel, **facts)
    await take_in(database, NOW, event)
    await work(database, profile, classification())
    assert len(await rows(database, Application)) == 1
    assert await rows(database, OutboxItem) == []


async def test_no_acknowledgement_where_the_account_only_listens(sqlite_database: Database, profile: Profile) -> None:
    await silent(sqlite_database, profile, message(1), listen_only=True)


async def test_no_acknowledgement_where_the_platform_forbids_it(sqlite_database: Database, profile: Profile) -> None:
    await silent(sqlite_database, profile, message(1, replyable=False))


async def test_no_acknowledgement_while_the_bots_are_off(sqlite_database: Database, profile: Profile) -> None:
    async with sqlite_database.write() as session:
        await accounts.put_setting(session, accounts.BOTS_ENABLED, False)
    await silent(sqlite_database, profile, message(1))


async def test_public_and_private_texts_differ(sqlite_database: Database, profile: Profile) -> None:
    await set_up(sqlite_database, NOW, TELEGRAM, FACEBOOK)
    comment = message(2, channel=FACEBOOK, surface=Surface.COMMENT, thread_id="post")
    await take_in(sqlite_database, NOW, message(1))
    await take_in(sqlite_database, NOW, comment)
    await work(sqlite_database, profile, classification())
    private, public = await rows(sqlite_database, OutboxItem)
    texts = profile.texts["acknowledgement"]
    numbers = ("HİM-2026-0000001", "HİM-2026-0000002")
    assert private.text in [text.format(number=numbers[0]) for text in texts["direct"]]
    assert public.text in [text.format(number=numbers[1]) for text in texts["public"]]


async def test_history_is_a_chain_whose_contents_can_be_erased(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    await work(database, profile, classification())
    await take_in(database, LATER, message(2, "hâlâ yok"))
    await work(database, profile, classification(), now=LATER)
    await take_in(database, LATER, message(2, "düzeltme", kind=EventKind.EDIT, dedup_key="edit:2:1"))
    entries = await rows(database, HistoryEntry)
    contents = {one.entry_id: one for one in await rows(database, HistoryContent)}
    assert [one.action for one in entries] == ["registered", "message_added", "message_edited"]
    assert [one.previous_hash for one in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    for entry in entries:
        kept = contents[entry.id]
        assert content_digest(kept.salt, kept.content) == entry.content_digest


async def test_what_was_overheard_opens_nothing(sqlite_database: Database, profile: Profile) -> None:
    await set_up(sqlite_database, NOW, TWITTER)
    overheard = message(1, channel=TWITTER, surface=Surface.LISTENING, replyable=False)
    noise = message(
        2, channel=TWITTER, surface=Surface.LISTENING, thread_id="x", sender=Sender(external_id="b"), replyable=False
    )
    await take_in(sqlite_database, NOW, overheard, noise)
    kinds = {"m1": Kind.COMPLAINT, "m2": Kind.INVALID}
    async with sqlite_database.write() as session:
        waiting = (await session.exec(select(Job))).all()
        turns = await triage.read_turns(session, {one.conversation_id: [one.message_id] for one in waiting})
        cases = [
            (turn, Finding(classification=classification(kind=kinds[turn.messages[0].external_id]), draft=None))
            for turn in turns.values()
        ]
        results = await triage.triage(session, cases, profile=profile, now=NOW)
    assert [one.application_id for one in results] == [None, None]
    async with sqlite_database.read() as session:
        stored = (await session.exec(select(Message).order_by(Message.id))).all()
        assert [one.awaits_check for one in stored] == [True, False]
        assert (await session.exec(select(OutboxItem))).all() == []
