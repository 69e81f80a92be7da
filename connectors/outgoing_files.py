"""Files in answers: refused before anything is sent where the platform takes none. Knows no platform."""

from collections.abc import Sequence

from models.channel_facts import SurfaceFacts
from models.enums import SendMode
from models.errors import RequestRefusedError
from models.messages import OutboundMessage

FILE = ""
"""Stands for a file among the pieces of an answer: platforms show a file's message without text."""


def require_files(message: OutboundMessage, facts: SurfaceFacts | None) -> None:
    """Raise RequestRefusedError where the surface does not take these files, saying which and why."""
    if not message.attachments:
        return
    if facts is None or not facts.most_files or message.mode is not SendMode.REPLY:
        raise RequestRefusedError("answers here take no files")
    if len(message.attachments) > facts.most_files:
        raise RequestRefusedError(f"answers here take at most {facts.most_files} files")
    for file in message.attachments:
        most = facts.files.get(file.mime_type)
        if most is None:
            raise RequestRefusedError(f"answers here take no files of type {file.mime_type}")
        if file.size > most:
            raise RequestRefusedError(f"the file has {file.size} bytes, at most {most} are taken")


def with_files_first(message: OutboundMessage, texts: Sequence[str]) -> list[str]:
    """The pieces of an answer whose files are messages of their own: these, then the text, if there is one."""
    if not message.attachments:
        return list(texts)
    return [FILE] * len(message.attachments) + (list(texts) if message.text.strip() else [])
