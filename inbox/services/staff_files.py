"""Files that people who work here put to an application: to what they belong, and how they leave. Holds no bytes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads
from inbox.repositories import staff_files as rows
from inbox.rules.answer_files import refusal_of_count
from inbox.rules.permissions import Action, Actor
from inbox.services import answer_files
from models.channel_facts import SurfaceFacts
from models.errors import InputError, NotFoundError
from models.messages import OutboundFile
from models.tables import Application, OutboxItem, StaffFile

NOT_HERE = "Bu dosya artık burada değil; sayfayı yenileyiniz."
SHARED = ("kind", "mime_type", "file_name", "size", "sha256", "stored_as", "thumbnail")
"""What a file that leaves takes along, and brings back."""


async def keep(
    session: AsyncSession,
    files: Sequence[StaffFile],
    *,
    response_id: int | None = None,
    check_id: int | None = None,
    submission_id: int | None = None,
) -> None:
    """Tie stored files to what they belong to; to their user's unsent answer where that is nothing."""
    for one in files:
        one.response_id, one.check_id, one.submission_id = response_id, check_id, submission_id
        session.add(one)
    await downloads.forget(session, [name for one in files for name in (one.stored_as, one.thumbnail) if name])


async def visible(session: AsyncSession, application: Application, actor: Actor) -> list[StaffFile]:
    """Those of the application that this reader may be shown; another one's unsent ones are hers alone."""
    found = await rows.of_application(session, application.id or 0)
    return [one for one in found if await may_see(session, one, actor)]


async def may_see(session: AsyncSession, one: StaffFile, actor: Actor) -> bool:
    """Asked after the application itself: a unit's is for the desk and for that unit alone."""
    if is_unsent(one):
        return one.user_id == actor.user_id
    if one.response_id is not None and not actor.may(Action.SEE_INBOX):
        return await rows.unit_of(session, one) == actor.unit
    return one.check_id is not None or actor.may(Action.SEE_INBOX)


def is_unsent(one: StaffFile) -> bool:
    return one.response_id is None and one.check_id is None and one.submission_id is None


async def unsent(session: AsyncSession, application_id: int, user_id: int) -> list[StaffFile]:
    """What somebody has chosen for an answer that she has not sent."""
    found = await rows.of_application(session, application_id)
    return [one for one in found if is_unsent(one) and one.user_id == user_id]


async def remove(session: AsyncSession, application: Application, actor: Actor, *, file_id: int, now: datetime) -> None:
    """Out of the unsent answer; the file vanishes."""
    actor.require(Action.ANSWER)
    one = await rows.file(session, file_id)
    if one is None or one.application_id != application.id or not is_unsent(one) or one.user_id != actor.user_id:
        raise NotFoundError(NOT_HERE)
    await rows.remove(session, [one], at=now)


async def of_units(
    session: AsyncSession, application: Application, actor: Actor, *, chosen: Collection[int]
) -> list[StaffFile]:
    """Those of the units' responses that the desk passes on. Raises NotFoundError where one is not there."""
    if not chosen:
        return []
    actor.require(Action.REVIEW_ANSWER)
    found = [one for one in await rows.of_application(session, application.id or 0) if one.response_id is not None]
    taken = [one for one in found if one.id in chosen]
    if len(taken) < len(set(chosen)):
        raise NotFoundError(NOT_HERE)
    return taken


async def leave_with(
    session: AsyncSession, item_id: int, files: Sequence[StaffFile], *, facts: SurfaceFacts | None
) -> None:
    """They go with a queued text, in the transaction that queued it."""
    if problem := refusal_of_count(len(files), facts):
        raise InputError(problem)
    await answer_files.attach(session, item_id, [_outbound(one) for one in files])
    for one in files:
        if one.id is not None:
            await session.delete(one)


async def take_back(session: AsyncSession, item: OutboxItem, *, now: datetime) -> None:
    """The text did not leave: its files stand in its writer's unsent answer again."""
    files = [
        StaffFile(
            application_id=item.application_id or 0,
            user_id=item.user_id or 0,
            created_at=now,
            **{name: getattr(file, name) for name in SHARED},
        )
        for file in answer_files.outbound_files(item)
    ]
    if files:
        item.files = []
        session.add(item)
        await keep(session, files)


def _outbound(one: StaffFile) -> OutboundFile:
    return OutboundFile(**{name: getattr(one, name) for name in SHARED})
