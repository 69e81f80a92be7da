"""The administrator's pages: our accounts and how they fare, what was switched, setting them up."""

from typing import Any

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts as account_rows
from inbox.repositories import jobs, operations
from inbox.rules.permissions import Action
from inbox.services import accounts, switches
from inbox.web.forms import written
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.routes.troubles import office_of
from inbox.web.views.accounts import account_row, deed_line, signed
from models.account_setup import ConnectOutcome, ConnectState
from models.enums import AccountDeed, ChannelName
from models.errors import NotFoundError

router = APIRouter(prefix="/accounts")


@router.get("")
async def overview(request: Request) -> Response:
    """Every account: state, last success, days left of its token, losses, silence; and who switched what."""
    _require(request)
    desk, moments = desk_of(request), moments_of(request)
    async with desk.database.read() as session:
        views = await accounts.overview(session, now=desk.clock.now())
        deeds = await switches.deeds(session)
        listened = {
            view.account.id: await switches.last_deed(session, view.account.id, AccountDeed.LISTENS_ONLY)
            for view in views
        }
        switched = await switches.last_deed(session, None, AccountDeed.BOTS_STOPPED, AccountDeed.BOTS_STARTED)
        context: dict[str, Any] = {
            "bots_enabled": await switches.bots_enabled(session),
            "waiting": await operations.waiting_for_bots(session),
            "poisoned": len(await jobs.poisoned(session)),
        }
    names = {view.account.id or 0: view.account.name for view in views}
    context |= {
        "rows": [
            account_row(
                view,
                channel=desk.profile.texts["channels"][view.account.channel],
                listened=listened[view.account.id],
                moments=moments,
            )
            for view in views
        ],
        "channels": desk.accounts.channels() if desk.accounts else (),
        "switched": signed(switched, moments),
        "deeds": [deed_line(deed, names, moments) for deed in deeds],
    }
    return render(request, "accounts.html", context)


@router.post("/bots")
async def switch_bots(request: Request) -> Response:
    """One switch for every text that no person wrote."""
    _require(request)
    desk, enabled = desk_of(request), written(request, "enabled") == "1"
    async with desk.database.write() as session:
        await switches.switch_bots(session, actor_of(request), enabled=enabled, now=desk.clock.now())
    return see_other(f"/accounts?notice={'bots_started' if enabled else 'bots_stopped'}")


@router.get("/new/{channel}")
async def show_new(request: Request, channel: ChannelName) -> Response:
    return await _form(request, channel)


@router.post("/new/{channel}")
async def connect_new(request: Request, channel: ChannelName) -> Response:
    return await _connect(request, channel)


@router.get("/{account_id}")
async def show(request: Request, account_id: int) -> Response:
    return await _form(request, await _channel(request, account_id), account_id=account_id)


@router.post("/{account_id}")
async def connect(request: Request, account_id: int) -> Response:
    return await _connect(request, await _channel(request, account_id), account_id=account_id)


@router.post("/{account_id}/switches")
async def switch(request: Request, account_id: int) -> Response:
    """`listen_only` or `enabled`, 1 or 0: only what the form names changes."""
    _require(request)
    desk, actor = desk_of(request), actor_of(request)
    async with desk.database.write() as session:
        if wanted := written(request, "listen_only"):
            await switches.set_listen_only(session, actor, account_id, listen_only=wanted == "1", now=desk.clock.now())
        if wanted := written(request, "enabled"):
            await switches.switch_account(session, actor, account_id, enabled=wanted == "1", now=desk.clock.now())
    return see_other("/accounts?notice=saved")


async def _form(
    request: Request, channel: ChannelName, *, account_id: int | None = None, outcome: ConnectOutcome | None = None
) -> Response:
    """What was typed comes back after a refusal, secrets aside."""
    _require(request)
    form = await office_of(request).form(channel, account_id=account_id)
    typed = {field.name: written(request, field.name) for field in form.fields if not field.is_secret}
    values = {field.name: (typed.get(field.name) or field.value) for field in form.fields}
    context = {"form": form, "values": values, "account_id": account_id, "outcome": outcome}
    context["public_address"] = desk_of(request).public_address.rstrip("/")
    return render(request, "account.html", context, status=422 if outcome else 200)


async def _connect(request: Request, channel: ChannelName, *, account_id: int | None = None) -> Response:
    _require(request)
    outcome = await office_of(request).connect(channel, dict(request.state.form), account_id=account_id)
    if outcome.state is ConnectState.CONNECTED:
        await _note_connected(request, outcome)
        return see_other("/accounts?notice=connected")
    return await _form(request, channel, account_id=account_id, outcome=outcome)


async def _note_connected(request: Request, outcome: ConnectOutcome) -> None:
    desk, actor = desk_of(request), actor_of(request)
    async with desk.database.write() as session:
        await switches.note(session, actor, AccountDeed.CONNECTED, account_id=outcome.account_id, now=desk.clock.now())


async def _channel(request: Request, account_id: int) -> ChannelName:
    _require(request)
    async with desk_of(request).database.read() as session:
        account = await account_rows.account(session, account_id)
    if account is None:
        raise NotFoundError("Böyle bir hesap yok.")
    return account.channel


def _require(request: Request) -> None:
    actor_of(request).require(Action.SET_UP)
