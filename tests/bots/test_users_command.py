"""`users`: adding, listing, helping and closing by the hand that runs the machine."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for name, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "PUBLIC_ADDRESS": "https://him.example"}.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(("users", *arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_somebody_comes_gets_help_and_leaves(run: Run) -> None:
    given = ("add", "elif", "--name", "Elif Aydın", "--roles", "agent,unit_user", "--unit", "izsu")
    assert run(*given, stdin="mavi-vapur-35\n") == (0, "elif eklendi (agent, unit_user)\n", "")
    assert run("list")[1] == "elif\tElif Aydın\tagent,unit_user\tizsu\taçık\n"
    assert run("reset", "elif")[1].startswith("https://him.example/invitations/")
    assert run("deactivate", "elif")[1] == "elif kapatıldı\n"
    assert run("list")[1].endswith("kapalı\n")
    assert run("reset", "elif")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "elif"), "--name"),
        (("add",), "LOGIN"),
        (("reset", "nobody"), "nobody"),
        (("deactivate", "nobody"), "nobody"),
        (("add", "elif", "--name", "Elif", "--roles", "agent"), "en az 12"),
    ],
)
def test_a_mistake_is_said_in_one_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, _, errors = run(*arguments, stdin="kısa\n")
    assert code == 2
    assert words in errors
    assert len(errors.splitlines()) == 1
