"""What the checks of wording need, and when."""

import subprocess
import sys
from pathlib import Path

import pytest

from inbox.services import wording
from models.errors import InputError

HEAVY = ("hunspell", "sklearn")


def test_pages_start_without_the_libraries_of_the_checks() -> None:
    program = f"import sys, inbox.web.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "DICTIONARY", tmp_path)
    wording.turkish_dictionary.cache_clear()
    with pytest.raises(InputError, match="make demo"):
        wording.turkish_dictionary()
    with pytest.raises(InputError, match=r"tone\.yaml"):
        wording.tone_judge(tmp_path)
