"""Akıl Kutusu in the hands of the desk: written, changed, taken out of use, and taken up where drafts are made."""

from dataclasses import replace
from datetime import date

import pytest

from inbox.knowledge.articles import read_articles
from inbox.knowledge.shelf import Shelf, article_now
from inbox.rules.findings.privacy import article_findings
from inbox.rules.permissions import Actor
from inbox.services import findings, knowledge
from inbox.services.knowledge import Written
from models.db import Database
from models.enums import Role
from models.errors import ConflictError, ForbiddenError, InputError
from models.profile import Profile
from models.tables import Draft
from tests.conftest import NOW
from tests.process_bench import Bench, process_bench

TODAY = NOW.date()
LEAD = Actor(user_id=0, name="Burcu", roles=frozenset({Role.TEAM_LEAD}))
ASKED = "zeplin turu biletini nereden alırım"
ZEPPELIN = Written(
    title="Zeplin turu",
    topic="su_kesintisi",
    unit="izsu",
    kind=None,
    questions=["zeplin turu bileti", " "],
    short="Zeplin turu biletleri gişededir.",
    long="Merhaba,\r\n\r\nZeplin turu biletleri gişeden alınır.",
    source="Birim yazısı",
    valid_until=date(2027, 1, 1),
)


@pytest.fixture
async def bench(database: Database, profile: Profile) -> Bench:
    return await process_bench(database, profile)


def lead_of(bench: Bench) -> Actor:
    """Somebody whose id is a user's."""
    return replace(LEAD, user_id=bench.staff["mudur"].user_id)


async def write(bench: Bench, wanted: Written = ZEPPELIN) -> str:
    async with bench.database.write() as session:
        return await knowledge.write(session, lead_of(bench), wanted, profile=bench.profile, desk=bench.review, now=NOW)


async def change(bench: Bench, article_id: str, wanted: Written, *, seen: int) -> None:
    async with bench.database.write() as session:
        await knowledge.change(
            session, article_id, lead_of(bench), wanted, seen=seen, profile=bench.profile, desk=bench.review, now=NOW
        )


async def found(bench: Bench, shelf: Shelf, text: str = ASKED) -> list[str]:
    async with bench.database.read() as session:
        draft = (await shelf.index(session)).draft(text, classification=None, today=TODAY)
    return [draft.long] if draft else []


async def test_changes_are_taken_up_at_once_by_every_process(bench: Bench) -> None:
    """[İ17j, İ18l] Written, changed and retired articles are what drafts are made of, without a restart."""
    here, elsewhere = Shelf(bench.profile.knowledge_folder), Shelf(bench.profile.knowledge_folder)
    assert await found(bench, here) == []
    key = await write(bench)
    for shelf in (here, elsewhere):
        assert await found(bench, shelf) == ["Merhaba,\n\nZeplin turu biletleri gişeden alınır."]
    async with bench.database.read() as session:
        (newest,) = await knowledge.history(session, key, LEAD)
    await change(bench, key, replace(ZEPPELIN, long="Zeplin turu biletleri ücretsizdir."), seen=newest.id or 0)
    assert await found(bench, here) == await found(bench, elsewhere) == ["Zeplin turu biletleri ücretsizdir."]
    async with bench.database.write() as session:
        last = (await knowledge.history(session, key, LEAD))[0]
        await knowledge.retire(session, key, lead_of(bench), seen=last.id or 0, profile=bench.profile, now=NOW)
    assert await found(bench, here) == await found(bench, elsewhere) == []


async def test_what_an_article_said_before_is_kept(bench: Bench) -> None:
    """[İ17j] The profile's words, too; who saw an older state changes nothing."""
    async with bench.database.read() as session:
        before = (await knowledge.entry(session, "cop-toplama", LEAD, profile=bench.profile)).article
    await change(bench, "cop-toplama", ZEPPELIN, seen=0)
    with pytest.raises(ConflictError):
        await change(bench, "cop-toplama", ZEPPELIN, seen=0)
    async with bench.database.read() as session:
        rows = await knowledge.history(session, "cop-toplama", LEAD)
        listed = await knowledge.entries(session, LEAD, profile=bench.profile)
    assert [(row.title, row.user_id is None) for row in rows] == [("Zeplin turu", False), (before.title, True)]
    assert rows[1].long_text == before.long
    assert [one.article.title for one in listed if one.article.id == "cop-toplama"] == ["Zeplin turu"]


async def test_agents_search_and_read_and_leads_write(bench: Bench) -> None:
    """[İ6a6, İ8a10] Fast and right information: everybody at the desk searches; only leads change."""
    agent, unit = bench.staff["elif"], bench.staff["izsu"]
    async with bench.database.write() as session:
        best = (await knowledge.entries(session, agent, profile=bench.profile, text="çöp konteyneri"))[0]
        assert "konteyner" in best.article.id
        of_topic = await knowledge.entries(session, agent, profile=bench.profile, topic="su_kesintisi")
        assert {one.article.topic for one in of_topic} == {"su_kesintisi"}
        with pytest.raises(ForbiddenError):
            await knowledge.entries(session, unit, profile=bench.profile)
        with pytest.raises(ForbiddenError):
            await knowledge.write(session, agent, ZEPPELIN, profile=bench.profile, desk=bench.review, now=NOW)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"long": "Ayşe Hanım'ı 0532 123 45 67 numarasından arayınız."}, "Telefon numarası: «0532 123 45 67»"),
        ({"source": "Kimlik no 10000000146", "is_public": True}, "kimlik"),
        ({"questions": []}, "soru"),
        ({"short": "u" * 281}, "280"),
        ({"topic": "zeplin"}, "listeden"),
    ],
)
async def test_no_personal_data_and_nothing_missing(
    sqlite_database: Database, profile: Profile, changes: dict[str, object], told: str
) -> None:
    """[İ19h] Nobody's number gets into an article that is sent to many."""
    with pytest.raises(InputError, match=told):
        await write(await process_bench(sqlite_database, profile), replace(ZEPPELIN, **changes))


async def test_numbers_of_the_organisation_may_stand_there(sqlite_database: Database, profile: Profile) -> None:
    bench = await process_bench(sqlite_database, profile)
    key = await write(bench, replace(ZEPPELIN, long="0232 293 12 00 numarasını arayınız.", is_public=True))
    other = await write(bench, replace(ZEPPELIN, title="Zeplin  TURU"))
    assert (key, other) == ("zeplin-turu", "zeplin-turu-2")


def test_no_article_of_the_profile_would_be_refused(profile: Profile) -> None:
    """[İ19h] None names a person, her number or her plate."""
    desk = findings.review_desk(profile)
    texts = [f"{one.short}\n{one.long}" for one in read_articles(profile.knowledge_folder)]
    told = [
        finding.message
        for text in texts
        for finding in article_findings(
            text, public_contacts=desk.reviewer.public_contacts, persons=desk.reviewer.persons, ours=False
        )
    ]
    assert told == []


async def test_an_answer_that_rests_on_a_retired_article_is_a_finding(bench: Bench) -> None:
    """[İ8b2] The approver reads that its source is out of use."""
    key = await write(bench)
    application_id = await bench.register()
    async with bench.database.write() as session:
        session.add(Draft(application_id=application_id, article_id=key, article_title="Zeplin turu", created_at=NOW))
        last = (await knowledge.history(session, key, LEAD))[0]
        await knowledge.retire(session, key, lead_of(bench), seen=last.id or 0, profile=bench.profile, now=NOW)
        one = await bench.read(session, application_id, "elif")
        told = await findings.reply_findings(
            session, one, text="Zeplin turu biletleri gişeden alınır.", is_public=True, response=None,
            desk=bench.review, today=TODAY,
        )  # fmt: skip
        kept = await article_now(session, bench.profile.knowledge_folder, key)
    assert [row["message"] for row in told if row["kind"] == "kaynak"] == [
        "Dayanak metnin geçerliliği 22.11.2026 tarihinde bitti: Zeplin turu"
    ]
    assert kept
    assert kept.valid_until == date(2026, 11, 22)


async def test_gaps_come_from_the_drafts_there_are(bench: Bench) -> None:
    """[İ17j, İ18l] Messages without an article by topic; topics without any; what has run out."""
    key, secret = await bench.register(topic="agac"), await bench.register(topic="agac")
    async with bench.database.write() as session:
        (await bench.read(session, secret, "elif")).confidential = True
        session.add_all([Draft(application_id=one, created_at=NOW) for one in (key, secret)])
    async with bench.database.read() as session:
        lacks = await knowledge.lacks(session, LEAD, profile=bench.profile, today=TODAY)
        late = await knowledge.lacks(session, LEAD, profile=bench.profile, today=date(2099, 1, 1))
        with pytest.raises(ForbiddenError):
            await knowledge.lacks(session, bench.staff["elif"], profile=bench.profile, today=TODAY)
    (gap,) = lacks.gaps
    assert (gap.topic, gap.without, list(lacks.examples)) == ("agac", 1, [key])
    assert (lacks.expired, len(late.expired) > 100, "agac" in late.bare) == ([], True, True)
