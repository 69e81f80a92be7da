"""Proves who somebody is, a try at a time: each is counted and committed before it is looked at."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from inbox.repositories import people as rows
from inbox.services import log_in_tries, people, second_factor, security_events
from inbox.services.people import LogIn, Waits
from inbox.services.security_events import What
from inbox.web.guard import WAITING_ROOMS, cookie_name
from inbox.web.rendering import coming_back, desk_of, own_path
from inbox.web.visitors import where_of
from models.errors import InputError, NotFoundError
from models.ports import SecretStore
from models.tables import User

HOME = "/"
"""Leads everybody to where her work begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who it is, if it was right; how long to wait, if it was not looked at."""

    user: User | None = None
    wait: timedelta | None = None


async def prove_password(request: Request, login: str, *, password: str) -> Proof:
    desk, where = desk_of(request), where_of(request)
    now = desk.clock.now()
    async with desk.database.write() as session:
        one = await log_in_tries.begin(session, login, address=where.address, now=now)
    if one.wait:
        return Proof(wait=one.wait)
    async with desk.database.read() as session:
        user = await people.find_by_password(session, login, password=password)
    async with desk.database.write() as session:
        if user:
            await log_in_tries.forgive(session, one)
            await people.renew_hash(session, user, password)
        else:
            await log_in_tries.note_failure(session, one, now=now, where=where)
    return Proof(user=user)


async def prove_code(request: Request, log_in: LogIn, *, code: str) -> Proof:
    """A code of her application, or a recovery code."""
    desk, where = desk_of(request), where_of(request)
    now, store = desk.clock.now(), secrets_of(request)
    async with desk.database.write() as session:
        one = await log_in_tries.begin(session, log_in.login, address=where.address, now=now)
    if one.wait:
        return Proof(wait=one.wait)
    async with desk.database.write() as session:
        user = await rows.user(session, log_in.actor.user_id)
        fits = user is not None and await second_factor.check(session, store, user, code=code, now=now, where=where)
        if fits:
            await log_in_tries.forgive(session, one)
    return Proof(user=user if fits else None)


async def require_password(request: Request, password: str) -> None:
    """She who is logged in types her password once more. Raises InputError."""
    log_in: LogIn = request.state.log_in
    proof = await prove_password(request, log_in.login, password=password)
    if proof.wait:
        raise InputError(wait_words(proof.wait))
    if proof.user is None:
        raise InputError("Parolanız doğru değil. Hiçbir şey değiştirilmedi.")


async def enter(request: Request, user: User, *, asked_for: str = HOME, is_strong: bool = False) -> Response:
    """Open a session for somebody who has proved who she is, and send her on; the session before ends.

    `asked_for`: the address to which she wanted. `is_strong`: by a second factor too.
    """
    desk, where = desk_of(request), where_of(request)
    now = desk.clock.now()
    waits_for = Waits.NOTHING if is_strong else await _waits_for(request, user)
    async with desk.database.write() as session:
        if request.state.log_in:
            await people.log_out(session, request.state.log_in)
        token = await people.log_in(session, user, now=now, waits_for=waits_for, where=where)
        if waits_for is not Waits.CODE:
            await log_in_tries.forget(session, user.login)
            await security_events.record(session, What.LOG_IN, now=now, user_id=user.id, where=where)
    room = WAITING_ROOMS.get(waits_for)
    response = RedirectResponse(coming_back(room, asked_for) if room else own_path(asked_for), 303)
    put_session_cookie(request, response, token)
    return response


async def renew(request: Request, user: User, response: Response) -> Response:
    """A fresh session in place of those that a change has ended."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        token = await people.log_in(session, user, now=desk.clock.now(), where=where_of(request))
    put_session_cookie(request, response, token)
    return response


async def _waits_for(request: Request, user: User) -> Waits:
    if user.totp_since is not None:
        return Waits.CODE
    if desk_of(request).secrets is None:
        return Waits.NOTHING
    async with desk_of(request).database.read() as session:
        return Waits.FACTOR if await second_factor.is_required(session, user) else Waits.NOTHING


def secrets_of(request: Request) -> SecretStore:
    """Raises NotFoundError where this process has nowhere to keep secrets."""
    store = desk_of(request).secrets
    if store is None:
        raise NotFoundError("Bu süreçte iki adımlı giriş kurulamıyor.")
    return store


def put_session_cookie(request: Request, response: Response, token: str) -> None:
    secure = desk_of(request).secure_cookies
    response.set_cookie(cookie_name(secure=secure), token, httponly=True, samesite="lax", secure=secure, path="/")


def drop_session_cookie(request: Request, response: Response) -> None:
    secure = desk_of(request).secure_cookies
    response.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")


def wait_words(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    return f"Çok sayıda yanlış deneme yapıldı. Hesabınız güvende; {minutes} dakika sonra yeniden deneyiniz."
