"""Rows of a confidential application as its unit may read them: without anything that tells who the citizen is."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import citizens
from inbox.rules.masking import HIDDEN_FILE, hides_citizen, mask_text, without_names
from inbox.rules.permissions import Actor
from models.tables import (
    Application,
    Citizen,
    ClassificationRecord,
    DeadlinePause,
    FieldCheck,
    HistoryContent,
    HistoryEntry,
    Identity,
    Message,
    MessageAttachment,
    Note,
    OutboxItem,
    UnitResponse,
)

Row = TypeVar("Row", bound=SQLModel)
TOLD_STEPS = frozenset({"registered", "assigned", "corrected", "confirmed", "closed", "routed", "accepted"})
"""Steps whose contents are labels and ids alone."""


def names_of(citizen: Citizen | None, identity: Identity | None) -> list[str]:
    """Every name under which this citizen is known here."""
    known = [citizen.display_name if citizen else ""]
    known += [identity.display_name, identity.handle, identity.external_id] if identity else []
    return [name for name in known if name]


async def as_read_by(session: AsyncSession, actor: Actor, found: Sequence[Application]) -> list[Application]:
    """The applications as this reader may read them: confidential ones as copies, if their citizens are hidden."""
    hidden = {one.citizen_id for one in found if hides_citizen(actor, confidential=one.confidential)}
    if not hidden:
        return list(found)
    names = await citizens.known_names(session, sorted(hidden))
    return [
        Veil(actor, names[one.citizen_id]).application(one)
        if hides_citizen(actor, confidential=one.confidential)
        else one
        for one in found
    ]


async def veil_for(session: AsyncSession, actor: Actor, one: Application) -> "Veil | None":
    """What takes the citizen out for this reader; None where she may see her."""
    if not hides_citizen(actor, confidential=one.confidential):
        return None
    return Veil(actor, (await citizens.known_names(session, [one.citizen_id]))[one.citizen_id])


class Veil:
    """Takes a citizen out of copies; the stored rows stay as they are."""

    def __init__(self, actor: Actor, names: Sequence[str]) -> None:
        self._actor = actor
        self._names = names

    def text(self, text: str) -> str:
        return without_names(mask_text(text, self._actor, confidential=True), self._names)

    def application(self, one: Application) -> Application:
        texts = {name: self.text(getattr(one, name)) for name in ("summary", "brief", "closing_note")}
        return _copy(one, **texts, on_behalf_of="", latitude=None, longitude=None)

    def message(self, one: Message) -> Message:
        ids = {"external_id": f"hidden:{one.id}", "reply_to": "", "permalink": "", "extra": {}}
        return _copy(one, text=self.text(one.text), **ids)

    def attachment(self, one: MessageAttachment) -> MessageAttachment:
        gone = dict.fromkeys(("title", "file_name", "url", "external_id", "stored_as", "thumbnail", "sha256"), "")
        return _copy(one, **gone, latitude=None, longitude=None, fetch_at=None, fetch_problem=HIDDEN_FILE)

    def outbox_item(self, one: OutboxItem) -> OutboxItem:
        return _copy(one, text=self.text(one.text), problem=self.text(one.problem), reply_to="", external_ids=[])

    def note(self, one: Note) -> Note:
        return _copy(one, text=self.text(one.text))

    def response(self, one: UnitResponse) -> UnitResponse:
        return _copy(one, text=self.text(one.text), reason=self.text(one.reason))

    def look(self, one: FieldCheck) -> FieldCheck:
        return _copy(one, text=self.text(one.text), reason=self.text(one.reason), latitude=None, longitude=None)

    def pause(self, one: DeadlinePause) -> DeadlinePause:
        return _copy(one, reason=self.text(one.reason))

    def classification(self, one: ClassificationRecord) -> ClassificationRecord:
        return _copy(one, details={**one.details, "reasons": []})

    def step(self, step: tuple[HistoryEntry, HistoryContent | None]) -> tuple[HistoryEntry, HistoryContent | None]:
        entry, content = step
        return entry, content if entry.action in TOLD_STEPS else None


def _copy(row: Row, **changes: Any) -> Row:
    known = type(row).model_fields.keys()
    return type(row)(**{**row.model_dump(), **{name: value for name, value in changes.items() if name in known}})
