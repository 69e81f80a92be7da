"""`parse PLATFORM FILE…`: what our parsers read in a webhook, an update or a poll answer."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from connectors.registry import PLATFORMS
from models.enums import ChannelName
from models.errors import InputError
from models.messages import ChannelEvent, ParseProblem

_USER_ID = re.compile(r"[A-Z]{2}\.")


def run(options: argparse.Namespace) -> int:
    platform = PLATFORMS[ChannelName(options.platform)]
    read_nothing = []
    for name in options.files:
        parsed = platform.parse(_bytes(name))
        for event in parsed.events:
            print(json.dumps(event_line(event, file=name), ensure_ascii=False))
        for problem in parsed.problems:
            _complain(name, problem)
        if not parsed.events:
            read_nothing.append(name)
    if read_nothing:
        raise InputError(f"nothing could be read in {', '.join(read_nothing)}")
    return 0


def event_line(event: ChannelEvent, *, file: str) -> dict[str, Any]:
    """An event as the contract of `run_bots.py parse` prints it."""
    return {
        "file": file,
        "event": event.kind.value,
        "external_id": event.external_id,
        "event_id": event.extra.get("event_id", event.external_id),
        "sender_id": _sender_id(event),
        "thread_id": event.thread_id,
        "surface": event.surface.value if event.surface else None,
        "text": event.text,
        "attachments": [attachment.kind.value for attachment in event.attachments],
        "sent_at": event.sent_at.isoformat() if event.sent_at else None,
        "reason": event.reason,
    }


def _sender_id(event: ChannelEvent) -> str | None:
    """The sender as the platform's `from` names her: a phone rather than WhatsApp's user id (`TR.…`)."""
    if event.sender is None:
        return None
    names = (event.sender.external_id, *event.sender.aliases)
    return next((name for name in names if not _USER_ID.match(name)), names[0])


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error


def _complain(name: str, problem: ParseProblem) -> None:
    print(f"{name}: {problem.where}: {problem.why}", file=sys.stderr)
