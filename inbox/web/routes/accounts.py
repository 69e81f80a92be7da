"""The administrator's pages: our accounts and how they fare, setting them up, what could not be read or worked on."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts as account_rows
from inbox.repositories import deliveries, jobs
from inbox.rules.permissions import Action
from inbox.services import accounts, reconciliation, rereading
from inbox.services.accounts import AccountView
from inbox.web.forms import written
from inbox.web.rendering import desk_of, moments_of, render, see_other
from models.account_setup import AccountOffice, ConnectOutcome, ConnectState
from models.enums import AccountState, ChannelName
from models.errors import NotFoundError
from models.messages import Parsed

router = APIRouter(prefix="/accounts")
STATE_NAMES = {
    AccountState.OK: "çalışıyor",
    AccountState.DEGRADED: "aksıyor",
    AccountState.REAUTHORISE: "yeniden yetki verilmeli",
    AccountState.PAUSED: "platform durdurdu",
}
NOT_HERE = "Bu süreçte hesap kurulamıyor."


@router.get("")
async def overview(request: Request) -> Response:
    """Every account: state, days left of its token, last comparison with the platform, silence."""
    _require(request)
    desk, moments = desk_of(request), moments_of(request)
    async with desk.database.read() as session:
        views = await accounts.overview(session, now=desk.clock.now())
        bots_enabled = bool(await account_rows.setting(session, account_rows.BOTS_ENABLED, default=True))
        unreadable = len(await rereading.unreadable(session))
        poisoned = len(await jobs.poisoned(session))
    context = {
        "rows": [_row(view, request) for view in views],
        "channels": desk.accounts.channels() if desk.accounts else (),
        "bots_enabled": bots_enabled,
        "unreadable": unreadable,
        "poisoned": poisoned,
        "refused": dict(request.app.state.refused_webhooks),
        "now": moments.exact(desk.clock.now()),
    }
    return render(request, "accounts.html", context)


@router.post("/bots")
async def switch_bots(request: Request) -> Response:
    """One switch for every text that no person wrote."""
    _require(request)
    async with desk_of(request).database.write() as session:
        await account_rows.put_setting(session, account_rows.BOTS_ENABLED, written(request, "enabled") == "1")
    return see_other("/accounts")


@router.get("/new/{channel}")
async def show_new(request: Request, channel: ChannelName) -> Response:
    return await _form(request, channel)


@router.post("/new/{channel}")
async def connect_new(request: Request, channel: ChannelName) -> Response:
    return await _connect(request, channel)


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
    desk, office = desk_of(request), _office(request)
    async with desk.database.write() as session:
        delivery = await deliveries.delivery(session, delivery_id)
        if delivery is None:
            raise NotFoundError("Böyle bir teslimat yok.")

        def parse(body: bytes, stream: str) -> Parsed:
            return office.parse(delivery.channel, account_id=delivery.account_id, body=body, stream=stream)

        result = await rereading.reread(session, delivery_id, parse)
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


@router.get("/{account_id}")
async def show(request: Request, account_id: int) -> Response:
    return await _form(request, await _channel(request, account_id), account_id=account_id)


@router.post("/{account_id}")
async def connect(request: Request, account_id: int) -> Response:
    return await _connect(request, await _channel(request, account_id), account_id=account_id)


@router.post("/{account_id}/switches")
async def switch(request: Request, account_id: int) -> Response:
    """Listen only, or off altogether."""
    _require(request)
    async with desk_of(request).database.write() as session:
        await accounts.set_switches(
            session,
            account_id,
            enabled=written(request, "enabled") == "1",
            listen_only=written(request, "listen_only") == "1",
        )
    return see_other("/accounts")


async def _form(
    request: Request, channel: ChannelName, *, account_id: int | None = None, outcome: ConnectOutcome | None = None
) -> Response:
    """What was typed comes back after a refusal, secrets aside."""
    _require(request)
    form = await _office(request).form(channel, account_id=account_id)
    typed = {field.name: written(request, field.name) for field in form.fields if not field.is_secret}
    values = {field.name: (typed.get(field.name) or field.value) for field in form.fields}
    context = {"form": form, "values": values, "account_id": account_id, "outcome": outcome}
    return render(request, "account.html", context, status=422 if outcome else 200)


async def _connect(request: Request, channel: ChannelName, *, account_id: int | None = None) -> Response:
    _require(request)
    outcome = await _office(request).connect(channel, dict(request.state.form), account_id=account_id)
    if outcome.state is ConnectState.CONNECTED:
        return see_other("/accounts")
    return await _form(request, channel, account_id=account_id, outcome=outcome)


async def _channel(request: Request, account_id: int) -> ChannelName:
    _require(request)
    async with desk_of(request).database.read() as session:
        account = await account_rows.account(session, account_id)
    if account is None:
        raise NotFoundError("Böyle bir hesap yok.")
    return account.channel


def _require(request: Request) -> None:
    request.state.log_in.actor.require(Action.SET_UP)


def _office(request: Request) -> AccountOffice:
    office = desk_of(request).accounts
    if office is None:
        raise NotFoundError(NOT_HERE)
    return office


def _row(view: AccountView, request: Request) -> dict[str, object]:
    moments = moments_of(request)
    run, health = view.run, view.health
    return {
        "account": view.account,
        "state": STATE_NAMES[view.account.state],
        "bad": view.account.state is not AccountState.OK,
        "days_left": view.days_left,
        "hours_left": view.hours_left,
        "heard": moments.age(view.last_heard).text if view.last_heard else "henüz yok",
        "silent": moments.exact(health.silent_since) if health and health.silent_since else "",
        "probe": moments.exact(health.probed_at) if health and health.probed_at else "",
        "problem": view.account.state_detail or (health.problem if health else ""),
        "reconciled": reconciliation.sentence(run, at=moments.exact(run.finished_at) if run else ""),
    }
