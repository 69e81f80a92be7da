"""The command line as a contract: output, exit codes, one line for a person's mistake."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.cli import main

ROOT = Path(__file__).parents[2]
SAMPLE = "connectors/telegram/samples/message_text.json"


@pytest.fixture
def run(
    tmp_path: Path, trained_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command on data of its own with the trained model; (exit code, output, errors)."""
    (tmp_path / "model").symlink_to(trained_model)
    for name, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT)

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            code = main(arguments)
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_the_door_hands_over_the_exit_code() -> None:
    done = subprocess.run([sys.executable, "run_bots.py", "no-such"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_parse_prints_a_line_an_event(run) -> None:
    code, output, _ = run("parse", "telegram", SAMPLE)
    (line,) = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert (line["file"], line["event"], line["surface"]) == (SAMPLE, "message", "direct")
    assert set(line) >= {"external_id", "sender_id", "thread_id", "text", "attachments", "sent_at", "reason"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"not json", b"[", b"null", b"7", b'"text"'])
@pytest.mark.parametrize("platform", ["telegram", "whatsapp"])
def test_parse_of_rubbish_is_said_in_a_line_each(run, tmp_path: Path, platform: str, content: bytes) -> None:
    rubbish = tmp_path / "rubbish.json"
    rubbish.write_bytes(content)
    code, output, errors = run("parse", platform, str(rubbish))
    assert (code, output) == (2, "")
    assert "Traceback" not in errors
    assert "rubbish.json" in errors


def test_a_missing_file_is_named(run) -> None:
    code, _, errors = run("parse", "telegram", "nowhere.json")
    assert code == 2
    assert len(errors.splitlines()) == 1
    assert "nowhere.json" in errors


def test_classify_keeps_order_and_prints_the_contract(run) -> None:
    texts = [
        {"id": "a", "channel": "twitter", "text": "@izmirbld Buca Adatepe'de sular kesik"},
        {"id": "b", "channel": "whatsapp", "text": ""},
    ]
    code, output, _ = run("classify", stdin="\n".join(json.dumps(text) for text in texts))
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [line["id"] for line in lines] == ["a", "b"]
    assert lines[0] | {"confidence": 0, "decision": ""} == {
        "id": "a",
        "kind": "sikayet",
        "topic": "su_kesintisi",
        "unit": "izsu",
        "urgency": "normal",
        "district": "Buca",
        "neighbourhood": "Adatepe",
        "confidence": 0,
        "decision": "",
    }
    assert (lines[1]["kind"], lines[1]["topic"], lines[1]["unit"]) == ("gecersiz", None, None)


@pytest.mark.parametrize("line", ["not json", "[]", "{}", '{"id": "a"}'])
def test_classify_names_a_bad_line(run, line: str) -> None:
    code, _, errors = run("classify", stdin=line)
    assert code == 2
    assert errors.splitlines()[-1].startswith("run_bots.py classify: line 1")


def test_without_a_model_the_command_to_make_one_is_named(run, tmp_path: Path) -> None:
    (tmp_path / "model").unlink()
    code, _, errors = run("classify", stdin='{"id": "a", "text": "su yok"}')
    assert code == 2
    assert "train" in errors
    assert len(errors.splitlines()) == 1


def test_knowledge_finds_and_drafts(run) -> None:
    code, output, _ = run("knowledge", "search", "suyumuz kesildi ne zaman gelecek", "--json")
    assert code == 0
    assert json.loads(output)[0]["id"].startswith("su-kesintisi")
    code, output, _ = run("knowledge", "draft", "suyumuz kesildi ne zaman gelecek", "--json")
    assert json.loads(output)["draft"]["article_id"].startswith("su-kesintisi")
    code, output, _ = run("knowledge", "draft", "uzaylılar kuantum salatası", "--json")
    assert json.loads(output) == {"draft": None}


def test_report_writes_page_and_data(run, tmp_path: Path) -> None:
    code, output, _ = run("report", "weekly", "--ending", "2026-11-15", "--out", str(tmp_path / "out"))
    assert code == 0
    page, data = [Path(line) for line in output.splitlines()]
    assert "Bu dönemde başvuru kaydedilmedi." in page.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8"))["title"] == "Haftalık kanal raporu"


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "weekly", "--ending", "yesterday", "--out", "x"),
        ("report", "yearly", "--ending", "2099-12-31", "--out", "x"),
        ("evaluate", "nowhere.jsonl"),
        ("worker",),
        ("users", "add", "elif", "--name", "Elif", "--roles", "queen"),
        ("no-such-command",),
        ("demo", "--for", "1"),
    ],
)
def test_a_mistake_is_said_in_one_line(run, arguments: tuple[str, ...]) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert len(errors.splitlines()) == 1


def test_doctor_names_what_is_broken(run) -> None:
    code, output, _ = run("doctor")
    assert code == 1
    assert "BROKEN  accounts: none is configured" in output
    assert "ok      model" in output
