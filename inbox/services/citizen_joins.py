"""One citizen on two channels: joined by an agent who knows it, undone where she was wrong. Nothing is lost."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import citizen_joins as rows
from inbox.repositories import citizens, person_requests, search
from inbox.rules.permissions import Action, Actor
from inbox.services import history
from models.errors import ConflictError, InputError, NotFoundError
from models.tables import Application, CitizenJoin

UNDONE = "Bu birleştirme az önce geri alındı."


async def join(
    session: AsyncSession, application: Application, actor: Actor, *, other: Application, now: datetime
) -> CitizenJoin:
    """The writers of both applications are one citizen; the one of `application` stays.

    Raises InputError where they are one already or one of them has been erased.
    """
    actor.require(Action.JOIN_CITIZENS)
    _require_sight(actor, application, other)
    if application.citizen_id == other.citizen_id:
        raise InputError(f"{other.number} zaten aynı vatandaşın başvurusu.")
    kept = await citizens.citizen(session, application.citizen_id)
    joined = await citizens.citizen(session, other.citizen_id)
    if kept is None or joined is None or kept.erased_at or joined.erased_at:
        raise InputError("Kişisel verileri silinmiş bir vatandaş birleştirilemez.")
    moved = await rows.move_all(session, joined_id=joined.id or 0, kept_id=kept.id or 0)
    done = CitizenJoin(
        kept_id=kept.id or 0, joined_id=joined.id or 0, moved=moved, joined_by=actor.user_id, joined_at=now
    )
    await rows.add(session, done)
    await _index(session, kept.id or 0)
    touched = {application.id or 0, *moved["applications"]}
    await _note(session, sorted(touched), actor, "citizen_joined", done, now)
    return done


async def undo(session: AsyncSession, join_id: int, actor: Actor, *, now: datetime) -> None:
    """They are two after all: what moved goes back, with what has come in by it since."""
    actor.require(Action.JOIN_CITIZENS)
    found = await rows.join_for_change(session, join_id)
    if found is None:
        raise NotFoundError("Böyle bir birleştirme yok.")
    if found.undone_at is not None:
        raise ConflictError(UNDONE)
    back = await rows.move_back(session, found)
    found.undone_at, found.undone_by = now, actor.user_id
    session.add(found)
    await _index(session, found.kept_id, found.joined_id)
    await _note(session, back, actor, "citizen_parted", found, now)


async def of_application(session: AsyncSession, application: Application, actor: Actor) -> Sequence[CitizenJoin]:
    """Joins of this application's citizen that can be undone."""
    actor.require(Action.JOIN_CITIZENS)
    return await rows.of_citizens(session, [application.citizen_id])


async def _index(session: AsyncSession, *citizen_ids: int) -> None:
    """Their applications are found by the names that they have now."""
    owned = [one for key in citizen_ids for one in await person_requests.applications_of(session, key)]
    await search.index_applications(session, [one.id or 0 for one in owned if one.anonymised_at is None])


def _require_sight(actor: Actor, *applications: Application) -> None:
    if not all(actor.may_see(one) for one in applications):
        raise NotFoundError("Bu numarada bir başvuru yok ya da sizin biriminizde değil.")


async def _note(
    session: AsyncSession, application_ids: Sequence[int], actor: Actor, action: str, join: CitizenJoin, now: datetime
) -> None:
    notes = [
        history.HistoryNote(application_id=one, actor=actor.reference, action=action, content={"join": join.id})
        for one in application_ids
    ]
    await history.append(session, notes, at=now)
