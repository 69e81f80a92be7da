"""The whole product against the simulators, recounted from their own ledger."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_short_demo_loses_and_repeats_nothing(tmp_path: Path, trained_model: Path) -> None:
    (tmp_path / "model").symlink_to(trained_model)
    ledger = tmp_path / "ledger.jsonl"
    done = subprocess.run(
        [sys.executable, "run_bots.py", "demo", "--for", "25", "--messages", "90", "--json", "--ledger", str(ledger)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    counts = json.loads(done.stdout.splitlines()[-1])
    entries = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    written = {(entry["channel"], entry["item"]) for entry in entries if entry["what"] == "written"}
    assert counts["sent_by_citizens"] == len(written) >= 90
    assert counts["messages"] == len(written)
    assert (counts["lost"], counts["double_acknowledged"]) == (0, 0)
    assert counts["duplicates"] > 0
    assert all(counts["by_channel"].values())
    sent = Counter(entry["text"] for entry in entries if entry["what"] == "sent")
    assert set(sent.values()) <= {1}
    assert counts["acknowledged"] == sum("(Otomatik yanıt)" in text for text in sent)
