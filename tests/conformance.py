"""`python -m tests.conformance FOLDER`: our parsers against payloads that nobody of this project wrote.

FOLDER holds `manifest.json` with, per file, the platform, the decision and what else is known of it. Exit 1 where a
file is read otherwise, or where nothing was checked.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bots.commands.parse import event_line
from connectors.registry import PLATFORMS
from models.enums import ChannelName

NO_MESSAGE = frozenset({"ignored", "echo", "system"})
Line = Mapping[str, Any]


def differences(entry: Mapping[str, Any], lines: Sequence[Line]) -> list[str]:
    """What our reading of a file has otherwise than its manifest entry says."""
    if not lines:
        return ["nothing was read"]
    found = [_decision(entry["decision"], lines)]
    if entry["decision"] not in ("ignore", "any"):
        found += _facts(entry.get("expect") or {}, lines[0], with_text=entry["decision"] == "message")
    return [difference for difference in found if difference]


def _decision(wanted: str, lines: Sequence[Line]) -> str:
    kinds = {line["event"] for line in lines}
    if wanted == "any":
        return ""
    fits = kinds <= NO_MESSAGE if wanted == "ignore" else kinds == {wanted}
    return "" if fits else f"decision {wanted}, read {sorted(kinds)}"


def _facts(expect: Mapping[str, Any], line: Line, *, with_text: bool) -> list[str]:
    """Sender, id and text where the manifest names them.

    The id is the event's own (an edit's, a reaction's); on Telegram it is the last part of ours.
    """
    found = []
    for name, ours in (("sender_id", line["sender_id"]), ("platform_message_id", line["event_id"])):
        wanted = expect.get(name)
        if wanted is not None and str(ours).rsplit(":", 1)[-1] != str(wanted):
            found.append(f"{name} {wanted!r}, read {ours!r}")
    if with_text and "text" in expect and (expect["text"] or "") != line["text"]:
        found.append(f"text {expect['text']!r}, read {line['text']!r}")
    return found


def check(folder: Path) -> tuple[int, list[str]]:
    """(files checked, differences)."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = []
    for entry in manifest:
        parsed = PLATFORMS[ChannelName(entry["platform"])].parse((folder / entry["file"]).read_bytes())
        lines = [event_line(event, file=entry["file"]) for event in parsed.events]
        found += [f"{entry['file']}: {difference}" for difference in differences(entry, lines)]
    return len(manifest), found


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0])
    if not (folder / "manifest.json").is_file():
        print(f"conformance: nothing checked, {folder}/manifest.json is missing", file=sys.stderr)
        return 1
    checked, found = check(folder)
    print("\n".join([*found, f"{checked} payloads checked, {len(found)} differences"]))
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
