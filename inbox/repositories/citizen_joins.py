"""Two citizens who turned out to be one: what moved from one to the other, and the way back."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import AccessRecord, Application, CitizenJoin, Conversation, Identity, PersonRequest

_ABOUT_HER = {"requests": PersonRequest, "looks": AccessRecord}
TABLES = {"identities": Identity, "conversations": Conversation, "applications": Application, **_ABOUT_HER}


async def move_all(session: AsyncSession, *, joined_id: int, kept_id: int) -> dict[str, list[int]]:
    """Everything of the one becomes the other's; the ids of what moved."""
    moved: dict[str, list[int]] = {}
    for name, table in TABLES.items():
        found = await session.exec(select(table.id).where(table.citizen_id == joined_id).order_by(table.id))
        moved[name] = list(found.all())
        await session.exec(update(table).where(table.citizen_id == joined_id).values(citizen_id=kept_id))
    return moved


async def move_back(session: AsyncSession, join: CitizenJoin) -> list[int]:
    """What was moved goes back, with what has come in since by the moved identities; the applications' ids."""
    identities = join.moved.get("identities", [])
    await _give(session, Identity, Identity.id.in_(identities), join)
    later = select(Conversation.id).where(Conversation.identity_id.in_(identities))
    known = or_(Conversation.id.in_(join.moved.get("conversations", [])), Conversation.id.in_(later))
    await _give(session, Conversation, known, join)
    back = or_(Application.id.in_(join.moved.get("applications", [])), Application.conversation_id.in_(later))
    query = select(Application.id).where(back, Application.citizen_id == join.kept_id)
    ids = list((await session.exec(query)).all())
    await _give(session, Application, Application.id.in_(ids), join)
    for name, table in _ABOUT_HER.items():
        await _give(session, table, or_(table.id.in_(join.moved.get(name, [])), table.application_id.in_(ids)), join)
    return ids


async def _give(session: AsyncSession, table: type, which: object, join: CitizenJoin) -> None:
    back = update(table).where(which, table.citizen_id == join.kept_id).values(citizen_id=join.joined_id)
    await session.exec(back.execution_options(synchronize_session="fetch"))


async def add(session: AsyncSession, join: CitizenJoin) -> None:
    session.add(join)
    await session.flush()


async def join_for_change(session: AsyncSession, join_id: int) -> CitizenJoin | None:
    return (await session.exec(select(CitizenJoin).where(CitizenJoin.id == join_id).with_for_update())).first()


async def of_citizens(session: AsyncSession, citizen_ids: Collection[int]) -> Sequence[CitizenJoin]:
    """Joins that stand, the newest first."""
    query = select(CitizenJoin).where(CitizenJoin.kept_id.in_(citizen_ids), CitizenJoin.undone_at.is_(None))
    return (await session.exec(query.order_by(CitizenJoin.id.desc()))).all()
