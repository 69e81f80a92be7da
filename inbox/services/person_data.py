"""Everything that is kept about a person, as she may have it (law 6698, 11): other persons are masked in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.repositories.person_requests import PersonFile
from inbox.rules.masking import without_others
from inbox.services.staff_files import is_unsent
from models.enums import Author, Direction
from models.tables import Application, HistoryEntry, Message, Note, Routing, StaffFile, Survey, UnitResponse

Data = dict[str, Any]


def person_data(file: PersonFile, *, at: datetime) -> Data:
    """Plain values for JSON. Who works here stands in it by role alone."""
    reader = _Reader(file)
    own = [one for one in file.messages if one.application_id not in {found.id for found in file.applications}]
    return {
        "prepared_at": at.isoformat(),
        "name": file.citizen.display_name,
        "known_as": [
            {"channel": one.channel, "account": one.handle, "name": one.display_name, "id": one.external_id}
            for one in file.identities
        ],
        "applications": [reader.application(one) for one in file.applications],
        "other_messages": [reader.message(one) for one in own],
        "looks": [{"at": one.at.isoformat(), "what": one.what} for one in file.looks],
    }


class _Reader:
    """Rows of one person's file as data, with everybody else masked."""

    def __init__(self, file: PersonFile) -> None:
        self._file = file
        self._hers = [value for one in file.identities for value in (one.external_id, one.handle)]
        self._files: Mapping[int, list[str]] = _file_names(file)

    def application(self, one: Application) -> Data:
        return {
            "number": one.number,
            "channel": one.channel,
            "received_at": one.received_at.isoformat(),
            "state": one.state,
            "kind": one.kind,
            "topic": one.topic,
            "unit": one.unit,
            "place": [part for part in (one.district, one.neighbourhood) if part],
            "outcome": one.outcome,
            "closed_at": one.closed_at.isoformat() if one.closed_at else None,
            "on_behalf_of": one.on_behalf_of,
            **{name: self._text(getattr(one, name)) for name in ("summary", "brief", "closing_note")},
            "messages": [self.message(found) for found in self._file.messages if found.application_id == one.id],
            "sent_to": [{"unit": found.unit, "at": found.routed_at.isoformat()} for found in self._rows(Routing, one)],
            "unit_responses": [
                {"unit": found.unit, "at": found.created_at.isoformat(), "text": self._text(found.text)}
                for found in self._rows(UnitResponse, one)
            ],
            "files_of_the_work": [
                {"at": found.created_at.isoformat(), "name": found.file_name}
                for found in self._rows(StaffFile, one)
                if not is_unsent(found)
            ],
            "notes": [
                {"at": found.created_at.isoformat(), "text": self._text(found.text)} for found in self._rows(Note, one)
            ],
            "surveys": [
                {"score": found.score, "solved": found.solved, "note": self._text(found.note)}
                for found in self._rows(Survey, one)
            ],
            "steps": [{"at": found.at.isoformat(), "what": found.action} for found in self._rows(HistoryEntry, one)],
        }

    def message(self, one: Message) -> Data:
        by = "person" if one.direction is Direction.INBOUND else "desk"
        return {
            "at": one.sent_at.isoformat(),
            "from": "automatic" if one.author is Author.BOT else by,
            "text": self._text(one.text),
            "files": self._files.get(one.id or 0, []),
            "taken_back": one.deleted_at is not None,
        }

    def _text(self, text: str) -> str:
        return without_others(text, self._hers)

    def _rows(self, table: type[Any], one: Application) -> Sequence[Any]:
        return [found for found in self._file.of_applications[table] if found.application_id == one.id]


def _file_names(file: PersonFile) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for one in file.attachments:
        names[one.message_id].append(one.file_name or one.title or one.kind)
    return names
