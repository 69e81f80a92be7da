"""What the desk teaches: every word is kept with what stood before it, and nothing that was taken back is."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from inbox.repositories import jobs
from inbox.rules.permissions import Actor
from inbox.services import applications, checks, learning, people, telling, triage
from inbox.services.applications import Correction
from inbox.services.triage import Finding
from models.db import Database
from models.enums import ApplicationState, ChannelName, EventKind, Kind, Outcome, Role, Urgency
from models.errors import ConflictError, ForbiddenError, InputError
from models.learning import ModelFacts, ReplayVerdict, SettledText, WordSource
from models.messages import ChannelEvent, Classification
from models.profile import Profile, load_profile
from models.tables import Application, Message, ModelComparison, ModelPromotion
from tests.builders import classification, message, set_up, take_in
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)
SECRET = "Numaram 0532 123 45 67, TC 10000000146, bizim burada su yok"
INVALID = {"kind": Kind.INVALID, "topic": None, "unit": None}


@pytest.fixture
async def elif_(database: Database, profile: Profile) -> Actor:
    await set_up(database, NOW)
    async with database.write() as session:
        user = await people.add_user(
            session, login="elif", name="Elif", password="mavi gemi limanda 71", roles=[Role.AGENT, Role.CHIEF], now=NOW
        )
    return Actor(user_id=user.id or 0, name="Elif", roles=frozenset({Role.AGENT, Role.CHIEF}))


async def triaged(database: Database, profile: Profile, *events: ChannelEvent, **found: Any) -> int | None:
    """The application that this turn opened or continued; None where it waits for a look."""
    at = max(event.sent_at or NOW for event in events)
    await take_in(database, at, *events)
    answer: Classification = classification(model_version="v1", **found)
    async with database.write() as session:
        due = await jobs.due_conversations(session, now=at + timedelta(minutes=1))
        taken = await jobs.take_turns(session, due, now=at + timedelta(minutes=1))
        turns = await triage.read_turns(session, {key: [job.message_id for job in all_] for key, all_ in taken.items()})
        cases = [(turn, Finding(classification=answer, draft=None)) for turn in turns.values()]
        (result,) = await triage.triage(session, cases, profile=profile, now=at)
        await jobs.finish(session, [job for all_ in taken.values() for job in all_], at=at)
    return result.application_id


async def correct(
    database: Database,
    profile: Profile,
    actor: Actor,
    application_id: int,
    now: datetime = NOW + timedelta(minutes=30),
    **labels: Any,
) -> None:
    fields: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "topic": "su_kesintisi",
        "unit": "izsu",
        "urgency": Urgency.NORMAL,
        **labels,
    }
    async with database.write() as session:
        one = await applications.read(session, application_id, actor, change=True)
        await applications.correct(
            session,
            one,
            actor,
            correction=Correction(**fields),
            profile=profile,
            seen_version=one.version,
            now=now,
        )


async def settled(database: Database, *, answered: bool = False) -> list[SettledText]:
    async with database.read() as session:
        return await learning.settled_texts(session, profile=load_profile("izmir"), until=LATER, answered=answered)


async def rows(database: Database, profile: Profile) -> list[dict[str, Any]]:
    return learning.corpus_rows(await settled(database), profile)


async def test_a_correction_keeps_before_after_who_when_and_version(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1, "faturam çok geldi"))
    await correct(database, profile, elif_, key or 0, topic="su_fatura", kind=Kind.REQUEST)
    (one,) = await settled(database)
    assert (one.key, one.text, one.source) == (f"a{key}", "faturam çok geldi", WordSource.CORRECTED)
    assert (one.before["topic"], one.labels["topic"], one.labels["kind"]) == ("su_kesintisi", "su_fatura", "talep")
    assert (one.model_version, one.user_id) == ("v1", elif_.user_id)
    assert one.settled_at == NOW + timedelta(minutes=30)


async def test_a_confirmation_is_kept_too(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0)
    assert [one.source for one in await settled(database)] == [WordSource.CONFIRMED]


async def test_the_last_word_counts(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0, topic="su_fatura")
    await correct(database, profile, elif_, key or 0, topic="su_ariza")
    assert [one.labels["topic"] for one in await settled(database)] == ["su_ariza"]


async def test_a_dismissal_is_a_word(database: Database, profile: Profile, elif_: Actor) -> None:
    events = message(1, "bonus kazan"), message(2, "hemen tıkla")
    assert await triaged(database, profile, *events, **INVALID) is None
    async with database.write() as session:
        await checks.confirm_dismissal(session, 2, elif_, now=NOW)
    (one,) = await settled(database)
    assert (one.text, one.source, one.user_id) == ("bonus kazan\nhemen tıkla", WordSource.DISMISSED, elif_.user_id)
    assert one.labels | {"district": None} == {
        "kind": "gecersiz", "topic": None, "unit": None, "urgency": "normal", "district": None, "neighbourhood": None
    }  # fmt: skip


async def test_a_dismissal_that_was_taken_back_teaches_nothing(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    await triaged(database, profile, message(1, "bonus kazan"), **INVALID)
    async with database.write() as session:
        ids = await checks.confirm_dismissal(session, 1, elif_, now=NOW)
        await checks.undo_dismissal(session, ids, elif_)
    assert await settled(database) == []


async def test_what_was_opened_from_the_queue_tells_that_the_machine_was_wrong(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    await triaged(database, profile, message(1, "bizim sokak kapkaranlık"), **INVALID)
    labels = Correction(kind=Kind.COMPLAINT, topic="su_ariza", unit="izsu", urgency=Urgency.NORMAL)
    async with database.write() as session:
        await checks.open_from_check(session, 1, elif_, labels=labels, profile=profile, now=NOW)
    (one,) = await settled(database)
    assert (one.source, one.before["kind"], one.labels["topic"]) == (WordSource.OPENED, "gecersiz", "su_ariza")


async def test_the_label_stands_with_all_that_was_said_before_it(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1, "suyumuz"))
    minutes = [NOW + timedelta(minutes=n) for n in (20, 50)]
    await triaged(database, profile, message(2, "yani faturası", sent_at=minutes[0]))
    await correct(database, profile, elif_, key or 0, topic="su_fatura")
    await triaged(database, profile, message(3, "hâlâ bekliyorum", sent_at=minutes[1]))
    assert [one.text for one in await settled(database)] == ["suyumuz\nyani faturası"]


async def test_personal_data_does_not_enter_training(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1, SECRET))
    await correct(database, profile, elif_, key or 0)
    (row,) = await rows(database, profile)
    assert "su yok" in row["text"]
    assert "123" not in row["text"]
    assert "10000000146" not in row["text"]
    assert (row["id"], row["topic"], row["unit"], row["urgency"]) == (f"desk-a{key}", "su_kesintisi", "izsu", "normal")


async def test_what_was_unsent_is_gone_from_the_rows(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1), message(2, "ikinci"))
    await correct(database, profile, elif_, key or 0)
    assert len(await rows(database, profile)) == 1
    await take_in(database, NOW, message(1, "", kind=EventKind.DELETE, dedup_key="delete:1"))
    assert await rows(database, profile) == []


async def test_what_was_edited_after_the_word_is_no_proof(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0)
    await take_in(database, LATER, message(1, "vazgeçtim", kind=EventKind.EDIT, dedup_key="edit:1"))
    assert await rows(database, profile) == []


async def test_confidential_words_and_impossible_pairs_stay_out(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0, unit="eshot")
    assert await rows(database, profile) == []
    await correct(database, profile, elif_, key or 0)
    assert len(await rows(database, profile)) == 1
    async with database.write() as session:
        one = await session.get_one(Application, key)
        one.confidential = True
        session.add(one)
    assert await rows(database, profile) == []
    assert len(await settled(database)) == 1


async def test_answered_as_it_stood_is_a_final_label_but_teaches_nothing(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1))
    async with database.write() as session:
        one = await applications.read(session, key or 0, elif_, change=True)
        await telling.answer_left(session, one, at=NOW + timedelta(minutes=5))
        await applications.close(
            session, one, elif_, outcome=Outcome.POSITIVE, seen_version=one.version, now=NOW + timedelta(minutes=6)
        )
    assert await settled(database) == []
    found = await settled(database, answered=True)
    assert [(one.source, one.labels["topic"]) for one in found] == [(WordSource.ANSWERED, "su_kesintisi")]
    assert learning.corpus_rows(found, profile) == []


async def test_an_application_dismissed_with_a_reason_was_nothing_to_act_on(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1, "maç kaçta"))
    async with database.write() as session:
        one = await session.get_one(Application, key)
        one.state, one.is_open, one.closed_at = ApplicationState.DISMISSED, False, LATER
        session.add(one)
    (found,) = await settled(database)
    assert (found.source, found.labels["kind"], found.labels["topic"]) == (WordSource.DISMISSED, "gecersiz", None)


async def test_a_word_on_what_was_divided_since_teaches_nothing(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1, "su yok"), message(2, "otobüs de gelmedi"))
    await correct(database, profile, elif_, key or 0)
    assert len(await settled(database)) == 1
    async with database.write() as session:
        old = await session.get_one(Application, key)
        fields = old.model_dump(exclude={"id"})
        new = Application(**{**fields, "number": "H-2", "linked_to_id": key, "created_at": LATER})
        session.add(new)
        await session.flush()
        moved = await session.get_one(Message, 2)
        moved.application_id = new.id
        session.add(moved)
    assert await settled(database) == []
    await correct(database, profile, elif_, key or 0, now=LATER)
    assert [one.text for one in await settled(database)] == ["su yok"]


async def test_what_an_agent_wrote_down_for_somebody_is_no_citizens_text(
    database: Database, profile: Profile, elif_: Actor
) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0)
    async with database.write() as session:
        one = await session.get_one(Application, key)
        one.registered_by = elif_.user_id
        session.add(one)
    assert await settled(database) == []


async def test_the_span_is_that_of_the_messages(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0)
    async with database.read() as session:
        assert await learning.settled_texts(session, profile=profile, until=NOW, answered=False) == []
        assert await learning.settled_texts(session, profile=profile, since=LATER, until=LATER, answered=False) == []


async def test_exported_rows_tell_where_they_come_from(database: Database, profile: Profile, elif_: Actor) -> None:
    key = await triaged(database, profile, message(1))
    await correct(database, profile, elif_, key or 0, topic="su_fatura")
    (row,) = learning.exported_rows(await settled(database), profile)
    assert (row["channel"], row["topic"]) == (ChannelName.TELEGRAM, "su_fatura")
    assert row["origin"]["before"]["topic"] == "su_kesintisi"
    assert (row["origin"]["source"], row["origin"]["user"]) == ("corrected", elif_.user_id)


class Shelf:
    """Three models in memory."""

    def __init__(self, champion: str = "old", challenger: str = "new", earlier: str = "") -> None:
        self.places = [champion, challenger, earlier]

    def _facts(self, place: int) -> ModelFacts | None:
        version = self.places[place]
        return (
            ModelFacts(version=version, texts=9, corrections=0, corrections_until=None, trained_at=None)
            if version
            else None
        )

    champion = property(lambda self: self._facts(0))
    challenger = property(lambda self: self._facts(1))
    earlier = property(lambda self: self._facts(2))

    def promote(self, version: str) -> None:
        self.places = [version, "", self.places[0]]

    def back(self, version: str) -> None:
        self.places = [version, self.places[1], self.places[0]]


async def compare(database: Database, verdict: ReplayVerdict, challenger: str = "new") -> None:
    async with database.write() as session:
        session.add(
            ModelComparison(
                champion="old", challenger=challenger, since=NOW, until=LATER, verdict=verdict, created_at=LATER
            )
        )


async def test_only_a_better_challenger_is_promoted(database: Database, elif_: Actor) -> None:
    shelf = Shelf()
    await compare(database, ReplayVerdict.BETTER, challenger="another")
    async with database.write() as session:
        with pytest.raises(ConflictError, match="karşılaştırılmadı"):
            await learning.promote(session, shelf, elif_, now=NOW)
    for verdict, why in learning.REFUSALS.items():
        await compare(database, verdict)
        async with database.write() as session:
            with pytest.raises(ConflictError) as refused:
                await learning.promote(session, shelf, elif_, now=NOW)
        assert str(refused.value) == why
    assert shelf.places == ["old", "new", ""]
    await compare(database, ReplayVerdict.BETTER)
    async with database.write() as session:
        await learning.promote(session, shelf, elif_, now=NOW)
    assert shelf.places == ["new", "", "old"]


async def test_promotions_are_on_record_and_reversible(database: Database, elif_: Actor) -> None:
    shelf = Shelf()
    await compare(database, ReplayVerdict.BETTER)
    async with database.write() as session:
        await learning.promote(session, shelf, elif_, now=NOW)
        await learning.go_back(session, shelf, elif_, now=LATER)
    assert shelf.places == ["old", "", "new"]
    async with database.read() as session:
        found = (await session.exec(select(ModelPromotion).order_by(ModelPromotion.id))).all()
    assert [(one.from_version, one.to_version, one.comparison_id, one.user_id) for one in found] == [
        ("old", "new", 1, elif_.user_id),
        ("new", "old", None, elif_.user_id),
    ]


async def test_promotion_needs_the_role_and_something_to_promote(database: Database, elif_: Actor) -> None:
    agent = Actor(user_id=elif_.user_id, name="Elif", roles=frozenset({Role.AGENT}))
    async with database.write() as session:
        for verb in (learning.promote, learning.go_back):
            with pytest.raises(ForbiddenError):
                await verb(session, Shelf(), agent, now=NOW)
        with pytest.raises(ConflictError):
            await learning.promote(session, Shelf(challenger=""), elif_, now=NOW)
        with pytest.raises(ConflictError):
            await learning.go_back(session, Shelf(), elif_, now=NOW)


async def test_a_log_in_that_nobody_has(database: Database, elif_: Actor) -> None:
    async with database.read() as session:
        assert (await learning.actor_of(session, " ELIF ")).user_id == elif_.user_id
        with pytest.raises(InputError, match="nobody"):
            await learning.actor_of(session, "nobody")
