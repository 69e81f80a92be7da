"""A citizen edits what was judged already: an untouched draft follows, nobody is acknowledged twice."""

from datetime import timedelta

import pytest

from inbox.repositories import applications as rows_of_applications
from inbox.rules.permissions import Actor
from inbox.services import applications, triage
from inbox.services.applications import Correction
from models.db import Database
from models.enums import ApplicationState, EventKind, Kind, Role, Urgency
from models.messages import Guess
from models.profile import Profile
from models.tables import Application, Draft, HistoryContent, HistoryEntry, Job, Message, OutboxItem, User
from tests.builders import classification, message, set_up, take_in
from tests.conftest import NOW
from tests.inbox.services.test_triage import DRAFT, rows, work

LATER = NOW + timedelta(minutes=30)
BUS = classification(
    topic="otobus_sefer",
    unit="eshot",
    kind=Kind.REQUEST,
    district="Konak",
    topics=(Guess(label="otobus_sefer", probability=0.9),),
)


def edited(text: str, number: int = 1):
    return message(number, text, kind=EventKind.EDIT, dedup_key=f"edit:{number}:{text}")


async def opened(database: Database, profile: Profile) -> Application:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "Üç gündür su akmıyor"))
    await work(database, profile, classification(), draft=DRAFT)
    (application,) = await rows(database, Application)
    return application


async def test_an_untouched_draft_follows_its_new_matter(database: Database, profile: Profile) -> None:
    await opened(database, profile)
    await take_in(database, LATER, edited("Otobüs seferleri azaldı, sefer ekleyiniz"))
    (result,) = await work(database, profile, BUS, now=LATER)
    (application,) = await rows(database, Application)
    assert (application.topic, application.unit, application.kind) == ("otobus_sefer", "eshot", Kind.REQUEST)
    assert (application.district, application.unread, result.opened) == ("Konak", True, False)
    assert [one.article_id for one in await rows(database, Draft)] == ["su-kesintisi", ""]
    actions = [one.action for one in await rows(database, HistoryEntry)]
    assert actions == ["registered", "message_edited", "relabelled"]
    contents = [one.content for one in await rows(database, HistoryContent)]
    assert contents[1]["old_text"] == "Üç gündür su akmıyor"


async def test_what_was_laid_aside_comes_back_with_an_edit(sqlite_database: Database, profile: Profile) -> None:
    key = (await opened(sqlite_database, profile)).id
    async with sqlite_database.write() as session:
        (await session.get_one(Application, key)).snoozed_until = LATER + timedelta(days=5)
    await take_in(sqlite_database, LATER, edited("Üç gündür su akmıyor, bebek var"))
    assert (await rows(sqlite_database, Application))[0].snoozed_until is None


async def test_nobody_is_acknowledged_twice(database: Database, profile: Profile) -> None:
    await opened(database, profile)
    for text in ("Otobüs seferleri azaldı, sefer ekleyiniz", "Otobüs seferleri azaldı, sefer ekleyiniz lütfen"):
        await take_in(database, LATER, edited(text))
        await work(database, profile, BUS, now=LATER)
    assert len(await rows(database, Application)) == len(await rows(database, OutboxItem)) == 1


async def test_a_correction_of_spelling_changes_nothing(database: Database, profile: Profile) -> None:
    before = await opened(database, profile)
    await take_in(database, LATER, edited("Üç gündür su akmıyor."))
    await work(database, profile, classification(), now=LATER)
    (application,) = await rows(database, Application)
    assert (application.topic, application.due_at) == (before.topic, before.due_at)
    assert [one.action for one in await rows(database, HistoryEntry)] == ["registered", "message_edited"]
    (stored,) = await rows(database, Message)
    assert stored.triaged_at == LATER


async def test_all_that_the_citizen_says_is_judged_together(database: Database, profile: Profile) -> None:
    """«Merhaba» that becomes «Merhaba!» is no matter of its own."""
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "Merhaba"), message(2, "Üç gündür su akmıyor"))
    await work(database, profile, classification())
    await take_in(database, LATER, edited("Merhaba!"))
    async with database.read() as session:
        (job,) = [one for one in await rows(database, Job) if one.state.value == "waiting"]
        (turn,) = (await triage.read_turns(session, {job.conversation_id: [job.message_id]})).values()
    assert turn.text == "Merhaba!\nÜç gündür su akmıyor"


async def test_an_edit_may_make_an_emergency(database: Database, profile: Profile) -> None:
    await opened(database, profile)
    await take_in(database, LATER, edited("Gaz kaçağı var, yardım edin"))
    (result,) = await work(database, profile, classification(urgency=Urgency.EMERGENCY), now=LATER)
    (application,) = await rows(database, Application)
    assert (result.emergency, application.urgency, application.rank) == (True, Urgency.EMERGENCY, 0)


async def test_what_a_person_has_set_stays(database: Database, profile: Profile) -> None:
    first = await opened(database, profile)
    async with database.write() as session:
        elif_ = User(login="elif", name="Elif", password_hash="", roles=[Role.AGENT.value], created_at=NOW)
        session.add(elif_)
    actor = Actor(user_id=elif_.id or 0, name="Elif", roles=frozenset({Role.AGENT}), unit=None)
    labels = Correction(kind=Kind.COMPLAINT, topic="kanalizasyon", unit="izsu", urgency=Urgency.NORMAL, district=None)
    async with database.write() as session:
        one = await rows_of_applications.application_for_change(session, first.id or 0)
        assert one is not None
        await applications.correct(
            session, one, actor, correction=labels, profile=profile, seen_version=one.version, now=NOW
        )
    await take_in(database, LATER, edited("Otobüs seferleri azaldı, sefer ekleyiniz"))
    await work(database, profile, BUS, now=LATER)
    (application,) = await rows(database, Application)
    assert (application.topic, application.unread) == ("kanalizasyon", True)
    assert [one.action for one in await rows(database, HistoryEntry)][-1] == "other_matter"


@pytest.mark.parametrize("state", [ApplicationState.CLOSED, ApplicationState.REDIRECTED])
async def test_what_is_finished_is_judged_no_more(
    database: Database, profile: Profile, state: ApplicationState
) -> None:
    first = await opened(database, profile)
    async with database.write() as session:
        one = await rows_of_applications.application_for_change(session, first.id or 0)
        assert one is not None
        one.state, one.is_open = state, False
        session.add(one)
    await take_in(database, LATER, edited("Otobüs seferleri azaldı"))
    assert await work(database, profile, BUS, now=LATER) == []


async def test_words_in_the_check_queue_may_become_an_application(database: Database, profile: Profile) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "asdf"))
    await work(database, profile, classification(kind=Kind.INVALID, topic=None, unit=None))
    assert await rows(database, Application) == []
    await take_in(database, LATER, edited("Üç gündür su akmıyor"))
    (result,) = await work(database, profile, classification(), now=LATER)
    (stored,) = await rows(database, Message)
    assert (result.opened, stored.awaits_check, len(await rows(database, OutboxItem))) == (True, False, 1)
