"""What a person must look at: texts of which nobody knows, deliveries that could not be read, turns that fail."""

from functools import partial

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts as account_rows
from inbox.repositories import jobs, operations
from inbox.rules.permissions import Action
from inbox.services import rereading
from inbox.services.readers import read_stored
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from models.account_setup import AccountOffice
from models.errors import NotFoundError

router = APIRouter(prefix="/accounts")
NOT_HERE = "Bu süreçte hesap kurulamıyor."


@router.get("/uncertain")
async def show_uncertain(request: Request) -> Response:
    """Texts that left perhaps, with the application in which a person decides."""
    _require(request)
    moments = moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await operations.uncertain(session)
        names = {one.id: one.name for one in await account_rows.all_accounts(session)}
    rows = [
        (item, application, names.get(item.account_id, ""), moments.exact(item.created_at))
        for item, application in found
    ]
    return render(request, "uncertain.html", {"rows": rows})


@router.get("/unreadable")
async def show_unreadable(request: Request) -> Response:
    """Deliveries of which nobody could read everything."""
    _require(request)
    moments = moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await rereading.unreadable(session)
    rows = [(one, moments.exact(one.received_at)) for one in found]
    return render(request, "unreadable.html", {"rows": rows})


@router.post("/unreadable/{delivery_id}")
async def read_again(request: Request, delivery_id: int) -> Response:
    """Read stored bytes again, after the parser was mended."""
    _require(request)
    desk = desk_of(request)
    async with desk.database.write() as session:
        result = await rereading.reread(session, delivery_id, partial(read_stored, desk.connectors))
    await desk.queue.announce([str(key) for key in result.conversation_ids])
    return see_other("/accounts/unreadable")


@router.get("/poisoned")
async def show_poisoned(request: Request) -> Response:
    """Turns on which the machine failed again and again."""
    _require(request)
    moments = moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await jobs.poisoned(session)
    return render(request, "poisoned.html", {"rows": [(one, moments.exact(one.created_at)) for one in found]})


@router.post("/poisoned/{job_id}")
async def try_again(request: Request, job_id: int) -> Response:
    """Give a turn another set of tries."""
    _require(request)
    desk = desk_of(request)
    async with desk.database.write() as session:
        await jobs.retry_poisoned(session, job_id, now=desk.clock.now())
    return see_other("/accounts/poisoned")


def office_of(request: Request) -> AccountOffice:
    """Raises NotFoundError where this process cannot set accounts up."""
    office = desk_of(request).accounts
    if office is None:
        raise NotFoundError(NOT_HERE)
    return office


def _require(request: Request) -> None:
    actor_of(request).require(Action.SET_UP)
