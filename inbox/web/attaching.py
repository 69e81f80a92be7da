"""Files that a form brings: checked and stored before the transaction that ties them to something."""

from collections.abc import Sequence

from fastapi import Request

from inbox.rules.answer_files import FileLimits
from inbox.rules.permissions import Action
from inbox.services import applications, staff_files, uploads
from inbox.services.answer_files import Upload
from inbox.web.forms import chosen_files, ticked
from inbox.web.rendering import actor_of, desk_of
from inbox.web.reviewing import surface_facts
from models.errors import NotFoundError
from models.ports import FileStore
from models.tables import StaffFile

NO_STORE = "Bu kurulumda dosyaların saklanacağı bir yer yok."


async def stored(
    request: Request, chosen: Sequence[Upload], *, application_id: int, limits: FileLimits | None, already: int = 0
) -> list[StaffFile]:
    """The caller has asked for the right to put them there. Raises InputError, saying which file and why."""
    if not chosen:
        return []
    desk = desk_of(request)
    if desk.prepare_picture is None:
        raise NotFoundError(NO_STORE)
    return await uploads.store(
        desk.database,
        _store(request),
        chosen,
        application_id=application_id,
        user_id=actor_of(request).user_id,
        limits=limits,
        prepare=desk.prepare_picture,
        now=desk.clock.now(),
        already=already,
    )


async def for_citizen(request: Request, application_id: int, *, beside_unsent: bool = True) -> list[StaffFile]:
    """Files chosen in the form (`files`), and copies of units' files that are ticked in it (`unit_file_<id>`)."""
    actor = actor_of(request)
    chosen, passed = chosen_files(request, "files"), ticked(request, "unit_file_")
    if not chosen and not passed:
        return []
    actor.require(Action.ANSWER)
    async with desk_of(request).database.read() as session:
        application = await applications.read(session, application_id, actor)
        limits = await surface_facts(request, session, application)
        units = await staff_files.of_units(session, application, actor, chosen=passed)
        unsent = await staff_files.unsent(session, application_id, actor.user_id) if beside_unsent else []
    copies = [Upload(file_name=one.file_name, data=await _store(request).get(one.stored_as)) for one in units]
    return await stored(
        request, [*chosen, *copies], application_id=application_id, limits=limits, already=len(unsent)
    )  # fmt: skip


def _store(request: Request) -> FileStore:
    files = desk_of(request).files
    if files is None:
        raise NotFoundError(NO_STORE)
    return files
