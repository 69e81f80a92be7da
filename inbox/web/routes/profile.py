"""A person's own page: who she is here, her password, her second factor, where she is logged in."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import credentials
from inbox.repositories import people as rows
from inbox.repositories.credentials import EventQuery
from inbox.rules.passwords import RULE
from inbox.services import passwords, people, second_factor, security_events, sessions
from inbox.services.people import LogIn, Waits
from inbox.web.forms import written
from inbox.web.proving import (
    HOME,
    enter,
    prove_code,
    renew,
    require_password,
    secrets_of,
    wait_words,
)
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.people import NOTICES, event_rows, role_words, session_rows
from inbox.web.visitors import where_of
from models.errors import InputError, NotFoundError
from models.tables import User

router = APIRouter(prefix="/profile")
EVENTS = 15
FACTOR = "/profile/second-factor"


@router.get("")
async def show(request: Request) -> Response:
    return await _page(request)


@router.post("/password")
async def change_password(request: Request) -> Response:
    """All other log-ins end; this one goes on with another token."""
    desk = desk_of(request)
    new = written(request, "new")
    try:
        if new != written(request, "again"):
            raise InputError("Yeni parolanın iki yazılışı aynı değil.")
        await require_password(request, written(request, "old"))
        async with desk.database.write() as session:
            user = await passwords.change(
                session,
                request.state.log_in,
                old=written(request, "old"),
                new=new,
                now=desk.clock.now(),
                where=where_of(request),
            )
    except InputError as error:
        return await _page(request, problem=str(error))
    return await renew(request, user, see_other("/profile?told=password"))


@router.post("/sessions")
async def end_sessions(request: Request) -> Response:
    """End one log-in by its mark, or all others; the password is asked for once more."""
    desk, log_in = desk_of(request), request.state.log_in
    mark = written(request, "mark")
    try:
        await require_password(request, written(request, "password"))
    except InputError as error:
        return await _page(request, problem=str(error))
    async with desk.database.write() as session:
        if mark == "others":
            await sessions.end_others(session, log_in, now=desk.clock.now(), where=where_of(request))
        else:
            await sessions.end_one(session, log_in, mark, now=desk.clock.now(), where=where_of(request))
    return see_other("/profile?told=ended")


@router.post("/keys")
async def choose_keys(request: Request) -> Response:
    async with desk_of(request).database.write() as session:
        single = bool(written(request, "single"))
        await people.choose_keys(session, actor_of(request), single=single)
    return see_other("/profile?told=keys")


@router.get("/second-factor")
async def show_factor(request: Request) -> Response:
    return await _factor_page(request)


@router.post("/second-factor")
async def change_factor(request: Request) -> Response:
    """Switch on with a first code; switch off, or make new recovery codes, with a present one."""
    user = await _self(request)
    if user.totp_since is None:
        return await _switch_on(request, user)
    proof = await prove_code(request, request.state.log_in, code=written(request, "code"))
    if proof.user is None:
        return await _factor_page(request, problem=wait_words(proof.wait) if proof.wait else second_factor.WRONG)
    if written(request, "what") == "off":
        return await _switch_off(request, proof.user)
    desk = desk_of(request)
    async with desk.database.write() as session:
        codes = await second_factor.make_recovery_codes(
            session, proof.user, now=desk.clock.now(), where=where_of(request)
        )
    return _codes_page(request, codes)


async def _switch_on(request: Request, user: User) -> Response:
    desk = desk_of(request)
    try:
        async with desk.database.write() as session:
            codes = await second_factor.confirm(
                session,
                secrets_of(request),
                user,
                code=written(request, "code"),
                now=desk.clock.now(),
                where=where_of(request),
            )
    except InputError as error:
        return await _factor_page(request, problem=str(error))
    return await renew(request, user, _codes_page(request, codes))


async def _switch_off(request: Request, user: User) -> Response:
    """Where her role needs one, she sets up another at once."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        await second_factor.switch_off(
            session, secrets_of(request), user, now=desk.clock.now(), where=where_of(request)
        )
    request.state.log_in = None
    return await enter(request, user)


def _codes_page(request: Request, codes: list[str]) -> Response:
    """Shown once; nobody can see them again."""
    return render(request, "recovery_codes.html", {"codes": codes, "home": HOME})


async def _factor_page(request: Request, *, problem: str = "") -> Response:
    desk = desk_of(request)
    user = await _self(request)
    async with desk.database.read() as session:
        left = await credentials.recovery_codes_left(session, user.id or 0)
    enrolment = None
    if user.totp_since is None:
        enrolment = await second_factor.begin(secrets_of(request), user, issuer=f"HİM {desk.profile.name}")
    context = {
        "enrolment": enrolment,
        "left": left,
        "since": moments_of(request).exact(user.totp_since) if user.totp_since else "",
        "must": request.state.log_in.waits_for is Waits.FACTOR,
        "problem": problem,
    }
    return render(request, "second_factor.html", context, status=422 if problem else 200)


async def _page(request: Request, *, problem: str = "") -> Response:
    desk, log_in, moments = desk_of(request), request.state.log_in, moments_of(request)
    user = await _self(request)
    async with desk.database.read() as session:
        own = await sessions.open_log_ins(session, user.id or 0, now=desk.clock.now(), this=log_in.digest)
        lines = await security_events.page(session, EventQuery(user_id=user.id), limit=EVENTS)
    context = {
        "person": user,
        "roles": role_words(log_in.actor.roles, desk.profile.texts["roles"]),
        "rule": RULE,
        "factor": bool(user.totp_since),
        "has_secrets": desk.secrets is not None,
        "sessions": session_rows(own, moments),
        "events": event_rows(lines, moments, names=desk.profile.texts["roles"]),
        "problem": problem,
        "notice": NOTICES.get(request.query_params.get("told", ""), ""),
    }
    return render(request, "profile.html", context, status=422 if problem else 200)


async def _self(request: Request) -> User:
    log_in: LogIn = request.state.log_in
    async with desk_of(request).database.read() as session:
        user = await rows.user(session, log_in.actor.user_id)
    if user is None:
        raise NotFoundError("Hesabınız bulunamadı.")
    return user
