"""A message that was taken back is nowhere any more."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, jobs, search
from inbox.repositories.erasure import without_texts
from inbox.rules.permissions import Actor
from inbox.rules.quotations import without_quotations
from inbox.services import applications as applications_service
from inbox.services import history, intake, learning, triage, verification
from inbox.services.applications import Correction
from inbox.services.triage import Finding
from models.db import Database
from models.enums import AttachmentKind, EventKind, ResponseKind, Role, SubmissionKind
from models.messages import Attachment, ChannelEvent, Parsed, ParseProblem
from models.profile import Profile
from models.tables import (
    Application,
    ClassificationRecord,
    Delivery,
    Draft,
    ErasedFile,
    Job,
    Message,
    MessageAttachment,
    Note,
    Submission,
    UnitResponse,
    User,
)
from tests.builders import batch, classification, message, set_up, take_in
from tests.conftest import NOW

SECRET = "annemin adı Gülbahar"


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(*table.__table__.primary_key.columns))).all())


async def store(database: Database, *events: ChannelEvent, problems: tuple[ParseProblem, ...] = ()) -> None:
    """A webhook whose raw bytes hold the events' words."""
    body = json.dumps([{"id": one.external_id, "text": one.text, "n": 1} for one in events], ensure_ascii=False)
    parsed = Parsed(events=events, problems=problems)
    async with database.write() as session:
        await intake.store(session, batch(events, NOW, body=body.encode(), parsed=parsed))


async def open_application(database: Database, profile: Profile) -> int:
    async with database.write() as session:
        waiting = (await session.exec(select(Job))).all()
        turns = await triage.read_turns(session, {waiting[0].conversation_id: [one.message_id for one in waiting]})
        finding = Finding(classification=classification(reasons=("Gülbahar",)), draft=None)
        cases = [(turn, finding) for turn in turns.values()]
        (result,) = await triage.triage(session, cases, profile=profile, now=NOW)
        await jobs.finish(session, waiting, at=NOW)
        await search.index_applications(session, [result.application_id or 0])
        draft = (await session.exec(select(Draft))).one()
        draft.short_text = "Gülbahar Hanım'ın…"
        session.add(draft)
    return result.application_id or 0


def taken_back(number: int) -> ChannelEvent:
    return message(number, "", kind=EventKind.DELETE, dedup_key=f"delete:{number}")


async def everything(database: Database) -> str:
    """All that the database says, in one text; of attachments, raw bytes and the search index too."""
    said = []
    async with database.read() as session:
        if database.dialect == "sqlite":
            found = (await session.exec(text("SELECT name FROM sqlite_master WHERE type = 'table'"))).all()
        else:
            found = (await session.exec(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        for (name,) in found:
            if database.dialect == "sqlite" and name.startswith("application_search_"):
                continue
            for row in (await session.exec(text(f"SELECT * FROM {name}"))).all():
                said += [cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell) for cell in row]
    return "\n".join(said)


async def confirm(database: Database, profile: Profile, application_id: int) -> None:
    """A person says that the classifier is right: the citizen's words teach from then on."""
    async with database.write() as session:
        user = User(login="elif", name="Elif", password_hash="x", created_at=NOW)
        session.add(user)
        await session.flush()
        elif_ = Actor(user_id=user.id or 0, name="Elif", roles=frozenset({Role.AGENT}))
        one = await applications_service.read(session, application_id, elif_, change=True)
        said = Correction(kind=one.kind, topic=one.topic or "", unit=one.unit or "", urgency=one.urgency)
        await applications_service.correct(
            session, one, elif_, correction=said, profile=profile, seen_version=one.version, now=NOW
        )


async def training_rows(database: Database, profile: Profile) -> list[dict[str, Any]]:
    async with database.read() as session:
        texts = await learning.settled_texts(session, profile=profile, until=NOW + timedelta(days=1), answered=True)
    return learning.exported_rows(texts, profile)


async def test_nothing_of_it_is_left_anywhere(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    picture = Attachment(kind=AttachmentKind.IMAGE, url="https://example.org/gulbahar.jpg", title="Gülbahar")
    first = message(1, SECRET, attachments=(picture,), permalink="https://example.org/gulbahar")
    await store(database, first)
    async with database.write() as session:
        attachment = (await session.exec(select(MessageAttachment))).one()
        attachment.stored_as, attachment.thumbnail = "a/1.jpg", "a/1-small.jpg"
        session.add(attachment)
    application_id = await open_application(database, profile)
    edited = message(1, f"{SECRET} düzeltme", kind=EventKind.EDIT, dedup_key="edit:1:1")
    await store(database, edited)
    await store(database, first, message(2, "su da yok"))
    await confirm(database, profile, application_id)
    assert "Gülbahar" in await everything(database)
    assert "Gülbahar" in str(await training_rows(database, profile))

    await take_in(database, NOW, taken_back(1))

    left = await everything(database) + str(await training_rows(database, profile))
    assert not [word for word in ("Gülbahar", "gulbahar", "GÜLBAHAR") if word in left]
    assert {one.name for one in await rows(database, ErasedFile)} == {"a/1.jpg", "a/1-small.jpg"}
    async with database.read() as session:
        entries = await applications.history(session, application_id)
        await history.append(session, [], at=NOW)
    assert [entry.action for entry, _ in entries][-3:] == ["message_edited", "confirmed", "message_deleted"]
    assert entries[-3][1] is None


async def found(session: AsyncSession, word: str) -> list[int]:
    return list((await session.exec(select(search.newest(session, [word]).c.rowid))).all())


async def test_other_words_of_the_application_stay(sqlite_database: Database, profile: Profile) -> None:
    await set_up(sqlite_database, NOW)
    await store(sqlite_database, message(1, SECRET))
    await store(sqlite_database, message(2, "Bornova'da su yok"))
    await open_application(sqlite_database, profile)
    await take_in(sqlite_database, NOW, taken_back(1))
    (application,) = await rows(sqlite_database, Application)
    assert application.summary == "Bornova'da su yok"
    async with sqlite_database.read() as session:
        assert await found(session, "bornova") == [application.id]
        assert await found(session, "gulbahar") == []
    assert (await rows(sqlite_database, Draft))[0].short_text != ""
    bodies = [one.body for one in await rows(sqlite_database, Delivery)]
    assert bodies[0] is None
    assert b"Bornova" in bodies[1]
    (record,) = await rows(sqlite_database, ClassificationRecord)
    assert record.details["reasons"] == []


async def test_where_parts_still_wait_to_be_read_only_its_words_are_cut_out(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    problem = ParseProblem(where="$[1]", why="no id")
    await store(sqlite_database, message(1, SECRET), message(2, "su yok"), problems=(problem,))
    await take_in(sqlite_database, NOW, taken_back(1))
    body = (await rows(sqlite_database, Delivery))[0].body
    assert json.loads(body) == [{"id": "m1", "text": "", "n": 1}, {"id": "m2", "text": "su yok", "n": 1}]


async def test_taken_back_before_anybody_read_it(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await store(sqlite_database, message(1, SECRET))
    await take_in(sqlite_database, NOW, taken_back(1))
    async with sqlite_database.read() as session:
        (job,) = (await session.exec(select(Job))).all()
        assert await triage.read_turns(session, {job.conversation_id: [job.message_id]}) == {}


async def test_taken_back_before_it_came(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, taken_back(1))
    await store(database, message(1, SECRET), message(2, "su yok"))
    stored = await rows(database, Message)
    assert [(one.text, bool(one.deleted_at)) for one in stored] == [("", True), ("su yok", False)]
    assert [job.message_id for job in await rows(database, Job)] == [stored[1].id]
    assert SECRET not in await everything(database)


async def test_words_that_others_shared_go_too(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await store(sqlite_database, message(1, SECRET))
    shared = Attachment(kind=AttachmentKind.SHARE, external_id="m1", title=SECRET, url="https://example.org/1")
    await take_in(sqlite_database, NOW, message(2, "doğru diyor", attachments=(shared,)))
    await take_in(sqlite_database, NOW, taken_back(1))
    (kept,) = await rows(sqlite_database, MessageAttachment)
    assert (kept.external_id, kept.title, kept.url) == ("m1", "", "")


def test_bytes_that_are_no_json_go_whole() -> None:
    assert without_texts(b"not json", {"x"}) is None
    assert without_texts(b'{"a": ["xyz", 1]}', {"y", ""}) == b'{"a": ["", 1]}'


async def test_what_people_quoted_of_it_goes(database: Database, profile: Profile) -> None:
    """A taken back text vanishes from briefs, submissions, units' responses, notes, answers and the history [İ7d10]."""
    await set_up(database, NOW)
    await store(database, message(1, f"Merhaba. {SECRET}! Bornova'da su yok."))
    key = await open_application(database, profile)
    quoted = f"Vatandaş «{SECRET}» diyor; bakılsın."
    async with database.write() as session:
        one = await session.get_one(Application, key)
        one.brief = quoted
        user = User(login="elif", name="Elif", password_hash="x", created_at=NOW)
        session.add_all([one, user])
        await session.flush()
        by, at = user.id or 0, NOW
        session.add_all([
            Note(application_id=key, user_id=by, text=quoted, created_at=at),
            Submission(
                application_id=key, kind=SubmissionKind.ROUTING, text=quoted, suggested=quoted,
                findings=[{"text": SECRET}], submitted_by=by, submitted_at=at,
            ),
            UnitResponse(
                application_id=key, unit="izsu", kind=ResponseKind.ANSWER, text=quoted, user_id=by, created_at=at
            ),
        ])  # fmt: skip
        step = history.HistoryNote(application_id=key, actor="bot", action="approved", content={"text": [quoted]})
        await history.append(session, [step], at=NOW)
    await take_in(database, NOW, taken_back(1))
    left = await everything(database)
    assert [word for word in ("Gülbahar", "gulbahar") if word in left] == []
    (note,) = await rows(database, Note)
    assert note.text == "Vatandaş «[geri alındı]» diyor; bakılsın."
    async with database.read() as session:
        assert [one async for one in verification.broken_links(session, verification.Walk())] == []


def test_only_her_words_are_cut() -> None:
    taken = ["Annemin adı Gülbahar. Su yok", "abc"]
    assert without_quotations("annemin  adı gülbahar. diyor", taken) == "[geri alındı]. diyor"
    assert without_quotations("Su yok denmiş", taken) == "Su yok denmiş"
    assert without_quotations("abcd abc", taken) == "abcd [geri alındı]"
