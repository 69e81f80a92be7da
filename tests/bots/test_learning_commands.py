"""The whole way of learning, by its commands: corrections, challenger, replay, promotion by name, and back."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.cli import main
from bots.commands.replay import start_of_test
from classifier.shelf import ModelFolders
from classifier.train import train_and_save
from inbox.services import people
from models.db import Database, insert_all
from models.enums import (
    ApplicationState,
    Author,
    ChannelName,
    Decision,
    Direction,
    Kind,
    Role,
    Surface,
    Urgency,
)
from models.errors import ArtefactError
from models.learning import ModelFacts
from models.tables import Account, Application, Citizen, ClassificationRecord, Conversation, Identity, Message
from tests.tiny_corpus import tiny_profile

PRESENT = datetime.now(UTC)
OLD, FRESH = PRESENT - timedelta(weeks=8), PRESENT - timedelta(days=5)
TEXT = "şoför bağırdı, kapıyı yüzüme kapattı, numaram 0532 123 45 67"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A tiny profile, its model, and a desk that has corrected: to be copied."""
    folder = tmp_path_factory.mktemp("made")
    train_and_save(tiny_profile(folder / "tiny"), folder / "model")
    shutil.copy(sqlite_template, folder / "him.sqlite3")
    asyncio.run(_fill(f"sqlite:///{folder / 'him.sqlite3'}"))
    return folder


@pytest.fixture
def run(tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a tiny profile; (exit code, output, read as JSON where it is, errors)."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    values = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": "", "PROFILE": str(tmp_path / "tiny")}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> tuple[int, Any, str]:
        code = main(arguments)
        printed = capsys.readouterr()
        out = printed.out.strip()
        return code, json.loads(out) if out.startswith("{") else out, printed.err

    return call


async def _fill(url: str) -> None:
    """The desk corrected twenty old messages, and confirmed 120 fresh ones, that the machine had wrong."""
    database = Database(url)
    async with database.write() as session:
        for login, role in (("mudur", Role.CHIEF), ("elif", Role.AGENT)):
            await people.add_user(
                session, login=login, name=login, password="mavi gemi limanda 71", roles=[role], now=OLD
            )
        session.add(Account(channel=ChannelName.TWITTER, external_id="1", name="HİM", created_at=OLD))
        session.add(Citizen(created_at=OLD))
        await session.flush()
        session.add(
            Identity(citizen_id=1, channel=ChannelName.TWITTER, external_id="1", display_name="A", created_at=OLD)
        )
        await session.flush()
        place = {"surface": Surface.MENTION, "thread_id": "t", "identity_id": 1, "citizen_id": 1}
        session.add(Conversation(account_id=1, channel=ChannelName.TWITTER, created_at=OLD, **place))
        await session.flush()
        times = [OLD] * 20 + [FRESH] * 120
        await insert_all(session, [_application(n, at) for n, at in enumerate(times, start=1)])
        await insert_all(session, [_message(n, at) for n, at in enumerate(times, start=1)])
        await insert_all(session, [_record(n, at, "su_kesintisi", "izsu", None) for n, at in enumerate(times, start=1)])
        await insert_all(session, [_record(n, at, "otobus_surucu", "eshot", 2) for n, at in enumerate(times, start=1)])
    await database.close()


def _application(number: int, at: datetime) -> Application:
    labels = {"kind": Kind.COMPLAINT, "topic": "otobus_surucu", "unit": "eshot", "urgency": Urgency.NORMAL}
    times = dict.fromkeys(("received_at", "due_at", "last_message_at", "created_at"), at)
    return Application(
        id=number,
        number=f"H-{number}",
        conversation_id=1,
        citizen_id=1,
        account_id=1,
        channel=ChannelName.TWITTER,
        state=ApplicationState.DRAFT,
        **labels,
        **times,
    )


def _message(number: int, at: datetime) -> Message:
    return Message(
        id=number,
        conversation_id=1,
        application_id=number,
        channel=ChannelName.TWITTER,
        external_id=f"m{number}",
        direction=Direction.INBOUND,
        author=Author.CITIZEN,
        text=TEXT,
        sent_at=at,
        received_at=at,
        triaged_at=at,
    )


def _record(number: int, at: datetime, topic: str, unit: str, user: int | None) -> ClassificationRecord:
    return ClassificationRecord(
        message_id=number,
        application_id=number,
        kind=Kind.COMPLAINT,
        topic=topic,
        unit=unit,
        urgency=Urgency.NORMAL,
        decision=Decision.AUTO,
        corrected_by=user,
        created_at=at,
    )


def test_from_corrections_to_a_promoted_model_and_back(run: Run, tmp_path: Path) -> None:
    shelf = ModelFolders(tmp_path)
    assert shelf.champion
    champion = shelf.champion.version

    code, metrics, _ = run("train", "--with-corrections")
    assert (code, metrics["corrections"]["n"], metrics["n"]) == (0, 20, 44)
    assert shelf.champion.version == champion
    assert shelf.challenger
    assert (shelf.challenger.corrections, shelf.challenger.version != champion) == (20, True)

    code, _, errors = run("promote", "--by", "mudur")
    assert (code, "karşılaştırılmadı" in errors) == (2, True)

    code, figures, _ = run("replay", "--weeks", "6")
    assert (code, figures["n"], figures["verdict"]) == (0, 120, "better")
    assert (figures["champion"]["both_accuracy"], figures["challenger"]["both_accuracy"]) == (0.0, 1.0)
    assert "şoför" not in json.dumps(figures, ensure_ascii=False)

    for login, why in (("elif", "yetkiniz"), ("kimse", "kimse")):
        code, _, errors = run("promote", "--by", login)
        assert (code, why in errors, len(errors.splitlines())) == (2, True, 1)
    assert shelf.champion.version == champion

    challenger = shelf.challenger.version
    assert run("promote", "--by", "mudur")[:2] == (0, f"{champion} -> {challenger}")
    assert shelf.champion.version == challenger
    assert run("promote", "--back", "--by", "mudur")[:2] == (0, f"{challenger} -> {champion}")
    assert (shelf.champion.version, shelf.challenger) == (champion, None)


def test_corrections_are_written_masked_and_for_the_owner_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "corrections.jsonl"
    assert run("corrections", "--out", str(file))[:2] == (0, "140")
    first = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    assert first["text"].startswith("şoför bağırdı")
    assert "123 45 67" not in first["text"]
    assert (first["topic"], first["origin"]["before"]["topic"]) == ("otobus_surucu", "su_kesintisi")
    assert file.stat().st_mode & 0o077 == 0
    code, _, errors = run("corrections", "--out", str(tmp_path / "nowhere/file"))
    assert (code, len(errors.splitlines())) == (2, 1)


def test_nothing_to_learn_from_is_said_in_one_line(run: Run) -> None:
    code, _, errors = run("train", "--with-corrections", "--hold-out", "500")
    assert (code, len(errors.splitlines())) == (2, 1)
    assert "--hold-out" in errors
    code, _, errors = run("replay")
    assert (code, "train --with-corrections" in errors) == (2, True)


@pytest.mark.parametrize("weeks", ["-1", "many", "1000"])
def test_weeks_are_a_number(weeks: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("replay", f"--weeks={weeks}"), ("train", "--with-corrections", f"--hold-out={weeks}")):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_no_message_that_trained_a_model_tries_it() -> None:
    def facts(until: datetime | None) -> ModelFacts:
        ends = until.isoformat() if until else None
        return ModelFacts(version="1", texts=1, corrections=1, corrections_until=ends, trained_at=None)

    assert start_of_test([facts(None), facts(OLD)], earliest=FRESH) == FRESH
    assert start_of_test([facts(None), facts(FRESH)], earliest=OLD) == FRESH
    assert start_of_test([facts(FRESH), facts(OLD)], earliest=OLD) == FRESH
    with pytest.raises(ArtefactError):
        start_of_test([facts(None), None], earliest=OLD)


def test_evaluate_tells_worst_topics_intervals_and_the_fall_without_diacritics(run: Run, tmp_path: Path) -> None:
    code, figures, _ = run("evaluate", str(tmp_path / "tiny/corpus/test/tiny.jsonl"))
    assert (code, figures["n"], figures["topic_macro_f1"]) == (0, 3, 1.0)
    assert figures["intervals"]["topic_macro_f1"] == [1.0, 1.0]
    assert {one["topic"] for one in figures["worst_topics"]} == {"su_kesintisi", "otobus_sefer", "gecersiz"}
    assert figures["without_diacritics"]["topic_macro_f1_fall"] == 0.0
    assert "intervals" in figures["without_diacritics"]


def test_the_model_card_is_written_on_request(run: Run, tmp_path: Path) -> None:
    assert run("train", "--card", str(tmp_path / "card.md"))[0] == 0
    assert ModelFolders(tmp_path).champion.version in (tmp_path / "card.md").read_text(encoding="utf-8")
