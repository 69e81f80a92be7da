"""Applications: numbers, rows, history, classifications, drafts, notes, and the inbox list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import sqlalchemy
from sqlalchemy import and_, bindparam, exists, func, or_, true
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.db import insert_all, upsert
from models.enums import ChannelName
from models.tables import (
    Account,
    Application,
    Citizen,
    ClassificationRecord,
    Conversation,
    Draft,
    FieldCheck,
    HistoryContent,
    HistoryEntry,
    Identity,
    Message,
    MessageAttachment,
    Note,
    NumberSequence,
    StaffFile,
)


async def reserve_numbers(session: AsyncSession, *, prefix: str, year: int, count: int) -> list[str]:
    """The next numbers of the year, such as `HİM-2026-0000001`; without gaps: they roll back with their rows."""
    fresh = upsert(session, NumberSequence).values(year=year, last=count)
    query = fresh.on_conflict_do_update(index_elements=["year"], set_={"last": NumberSequence.last + count}).returning(
        NumberSequence.last
    )
    last = (await session.exec(query)).scalar_one()
    return [f"{prefix}-{year}-{number:07d}" for number in range(last - count + 1, last + 1)]


async def add_all(session: AsyncSession, new: Sequence[Application]) -> None:
    """Insert applications in one statement; their ids are set."""
    session.add_all(new)
    await session.flush()


async def application(session: AsyncSession, application_id: int) -> Application | None:
    return await session.get(Application, application_id)


async def application_for_change(session: AsyncSession, application_id: int) -> Application | None:
    """The row as it is now, held against other writers until the transaction ends."""
    return next(iter(await many_for_change(session, [application_id])), None)


def held(query: SelectOfScalar[Application]) -> SelectOfScalar[Application]:
    """A query for applications that are held against other writers until the transaction ends.

    Where one was read before without being held, it is read anew: another one may have changed it in between.
    """
    return query.with_for_update(of=Application).execution_options(populate_existing=True)


async def many_for_change(session: AsyncSession, ids: Sequence[int]) -> Sequence[Application]:
    """The rows that there are, by id, held."""
    query = select(Application).where(Application.id.in_(ids)).order_by(Application.id)
    return (await session.exec(held(query))).all()


async def by_number(session: AsyncSession, number: str) -> Application | None:
    return (await session.exec(select(Application).where(Application.number == number))).first()


async def of_message(session: AsyncSession, channel: ChannelName, external_id: str) -> Application | None:
    """The application of the message that is known by this id on its channel."""
    query = select(Application).join(Message, Message.application_id == Application.id)
    return (await session.exec(query.where(Message.channel == channel, Message.external_id == external_id))).first()


async def by_ids(session: AsyncSession, ids: Collection[int]) -> Sequence[Application]:
    """Those of them that exist, in order of id."""
    return (await session.exec(select(Application).where(Application.id.in_(ids)).order_by(Application.id))).all()


def _latest(table: type[ClassificationRecord | Draft]) -> Any:
    """The id of the application's last row of a table."""
    own = select(func.max(table.id)).where(table.application_id == Application.id)
    return own.correlate(Application).scalar_subquery()


_BELONGINGS = (Note, FieldCheck, StaffFile)
_ATTACHED = (
    exists()
    .where(Message.id == MessageAttachment.message_id, Message.conversation_id == Application.conversation_id)
    .correlate(Application)
)
_SURROUNDINGS: Any = (
    sqlalchemy.select(
        Application,
        Citizen,
        Conversation,
        Identity,
        Account,
        ClassificationRecord,
        Draft,
        _ATTACHED,
        *(exists().where(table.application_id == Application.id).correlate(Application) for table in _BELONGINGS),
    )
    .select_from(Application)
    .join(Citizen, Citizen.id == Application.citizen_id)
    .join(Conversation, Conversation.id == Application.conversation_id, isouter=True)
    .join(Identity, Identity.id == Conversation.identity_id, isouter=True)
    .join(Account, Account.id == Application.account_id, isouter=True)
    .join(ClassificationRecord, ClassificationRecord.id == _latest(ClassificationRecord), isouter=True)
    .join(Draft, Draft.id == _latest(Draft), isouter=True)
    .where(Application.id == bindparam("application_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """An application, whose it is and where it came in: a citizen alone where somebody wrote it down by hand.

    `record` and `draft` are the last ones. `has` are the tables that hold rows of it, of those that for most
    applications hold none.
    """

    application: Application
    citizen: Citizen
    conversation: Conversation | None
    identity: Identity | None
    account: Account | None
    record: ClassificationRecord | None
    draft: Draft | None
    has: frozenset[type]


async def surroundings(session: AsyncSession, application_id: int) -> Surroundings | None:
    row = (await session.exec(_SURROUNDINGS, params={"application_id": application_id})).first()
    if row is None:
        return None
    application, citizen, conversation, identity, account, record, draft, *held = row
    return Surroundings(
        application=application,
        citizen=citizen,
        conversation=conversation,
        identity=identity,
        account=account,
        record=record,
        draft=draft,
        has=frozenset(compress((MessageAttachment, *_BELONGINGS), held)),
    )


_OTHERS = (
    select(Application)
    .where(Application.citizen_id == bindparam("citizen_id"), Application.id != bindparam("without"))
    .order_by(Application.id.desc())
    .limit(10)
)


async def of_citizen(session: AsyncSession, citizen_id: int, *, without: int) -> Sequence[Application]:
    """The citizen's other applications, the ten newest first."""
    return (await session.exec(_OTHERS, params={"citizen_id": citizen_id, "without": without})).all()


def clock_ran() -> Any:
    """Condition: the answer's clock did not stand when the limit came; `due_at` is as if it ran."""
    return or_(Application.paused_at.is_(None), Application.paused_at > Application.due_at)


def is_open() -> Any:
    """Condition, written so that both databases use their indexes for it."""
    return Application.is_open == true()


async def open_applications(session: AsyncSession, conversation_ids: Sequence[int]) -> dict[int, Application]:
    """By conversation, its newest application that is not finished, held against who is just finishing it."""
    query = select(Application).where(Application.conversation_id.in_(conversation_ids), is_open())
    found = (await session.exec(held(query.order_by(Application.id)))).all()
    return {application.conversation_id or 0: application for application in found}


async def open_of_topic(session: AsyncSession, topic: str) -> Sequence[Application]:
    query = select(Application).where(is_open(), Application.topic == topic)
    return (await session.exec(query.order_by(Application.id))).all()


async def open_count_of_unit(session: AsyncSession, unit: str) -> int:
    """Open applications that are meant for the unit or lie with it."""
    query = select(func.count(Application.id)).where(
        is_open(), or_(Application.unit == unit, Application.routed_unit == unit)
    )
    return (await session.exec(query)).one()


async def open_counts_by_unit(session: AsyncSession) -> dict[str, int]:
    """Open applications by the unit that they lie with, or are meant for."""
    unit = func.coalesce(Application.routed_unit, Application.unit)
    query = select(unit, func.count(Application.id)).where(is_open()).group_by(unit)
    return {name: count for name, count in (await session.exec(query)).all() if name}


async def ids_of_identity(session: AsyncSession, identity_id: int) -> list[int]:
    """Applications that stand in conversations of this identity."""
    query = select(Application.id).join(Conversation, Conversation.id == Application.conversation_id)
    return list((await session.exec(query.where(Conversation.identity_id == identity_id))).all())


async def add_history(session: AsyncSession, links: Sequence[tuple[HistoryEntry, HistoryContent]]) -> None:
    """Insert links with their contents (`services.history` makes them)."""
    session.add_all([entry for entry, _ in links])
    await session.flush()
    for entry, content in links:
        content.entry_id = entry.id or 0
    await insert_all(session, [content for _, content in links])


async def hold_chains(session: AsyncSession, application_ids: Collection[int]) -> None:
    """Nobody else appends to these chains until the transaction ends. SQLite's write lock does that already."""
    if session.get_bind().dialect.name == "postgresql":
        query = select(Application.id).where(Application.id.in_(application_ids)).order_by(Application.id)
        await session.exec(query.with_for_update(key_share=True))


async def chain_ends(session: AsyncSession, application_ids: set[int]) -> dict[int, tuple[int, str]]:
    """(position, hash) of the last link of each chain that has one."""
    if len(application_ids) == 1:
        return await _chain_end(session, next(iter(application_ids)))
    latest = (
        select(HistoryEntry.application_id, func.max(HistoryEntry.position).label("position"))
        .where(HistoryEntry.application_id.in_(sorted(application_ids)))
        .group_by(HistoryEntry.application_id)
        .subquery()
    )
    query = select(HistoryEntry.application_id, HistoryEntry.position, HistoryEntry.hash).join(
        latest,
        and_(latest.c.application_id == HistoryEntry.application_id, latest.c.position == HistoryEntry.position),
    )
    return {owner: (position, hash_) for owner, position, hash_ in (await session.exec(query)).all()}


async def _chain_end(session: AsyncSession, application_id: int) -> dict[int, tuple[int, str]]:
    """Of one chain: by its index alone; a person's step asks for no other."""
    query = select(HistoryEntry.position, HistoryEntry.hash).where(HistoryEntry.application_id == application_id)
    last = (await session.exec(query.order_by(HistoryEntry.position.desc()).limit(1))).first()
    return {application_id: (last[0], last[1])} if last else {}


_HISTORY = (
    select(HistoryEntry, HistoryContent)
    .join(HistoryContent, HistoryContent.entry_id == HistoryEntry.id, isouter=True)
    .where(HistoryEntry.application_id == bindparam("application_id"))
    .order_by(HistoryEntry.position)
)


async def history(session: AsyncSession, application_id: int) -> Sequence[tuple[HistoryEntry, HistoryContent | None]]:
    """The chain with its contents, oldest first; an erased content is None."""
    return (await session.exec(_HISTORY, params={"application_id": application_id})).all()


async def add_classifications(session: AsyncSession, records: Sequence[ClassificationRecord]) -> None:
    await insert_all(session, records)


async def add_drafts(session: AsyncSession, drafts: Sequence[Draft]) -> None:
    await insert_all(session, drafts)


_LATEST_CLASSIFICATION = (
    select(ClassificationRecord)
    .where(ClassificationRecord.application_id == bindparam("application_id"))
    .order_by(ClassificationRecord.id.desc())
    .limit(1)
)


async def latest_classification(session: AsyncSession, application_id: int) -> ClassificationRecord | None:
    return (await session.exec(_LATEST_CLASSIFICATION, params={"application_id": application_id})).first()


async def classification_of_message(session: AsyncSession, message_id: int) -> ClassificationRecord | None:
    """The last word on a turn that ends with this message."""
    query = select(ClassificationRecord).where(ClassificationRecord.message_id == message_id)
    return (await session.exec(query.order_by(ClassificationRecord.id.desc()).limit(1))).first()


_LATEST_DRAFT = (
    select(Draft).where(Draft.application_id == bindparam("application_id")).order_by(Draft.id.desc()).limit(1)
)


async def latest_draft(session: AsyncSession, application_id: int) -> Draft | None:
    return (await session.exec(_LATEST_DRAFT, params={"application_id": application_id})).first()


async def add_note(session: AsyncSession, note: Note) -> None:
    session.add(note)
    await session.flush()


_NOTES = select(Note).where(Note.application_id == bindparam("application_id")).order_by(Note.id)


async def notes(session: AsyncSession, application_id: int) -> Sequence[Note]:
    return (await session.exec(_NOTES, params={"application_id": application_id})).all()


async def machine_classification(session: AsyncSession, application_id: int) -> ClassificationRecord | None:
    """What the classifier said last, whatever people corrected since."""
    query = select(ClassificationRecord).where(
        ClassificationRecord.application_id == application_id, ClassificationRecord.corrected_by.is_(None)
    )
    return (await session.exec(query.order_by(ClassificationRecord.id.desc()).limit(1))).first()
