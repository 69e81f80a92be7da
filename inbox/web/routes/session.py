"""Logging in and out."""

import secrets
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from inbox.rules.throttle import LoginThrottle
from inbox.services import people
from inbox.web.guard import COOKIE, read_cookie
from inbox.web.rendering import desk_of, render, see_other

router = APIRouter()
FORM_COOKIE = "him_form"
"""Holds the log-in form's own token: there is no session yet that could."""
WRONG = "Kullanıcı adı ya da parola doğru değil. Kullanıcı adınız duruyor; parolanızı yeniden yazınız."
STALE = "Giriş formunun süresi dolmuş. Lütfen yeniden deneyiniz."


@router.get("/login")
async def show_form(request: Request) -> Response:
    if request.state.log_in:
        return see_other("/inbox")
    return _form(request)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Check the password and open a session with a token of its own: an older one is ended."""
    desk, form = desk_of(request), request.state.form
    login, address, now = form.get("login", "").strip().lower(), _address(request), desk.clock.now()
    throttle: LoginThrottle = request.app.state.throttle
    if not _form_token_fits(request):
        return _form(request, problem=STALE, login=login, status=403)
    if wait := throttle.wait(login=login, address=address, now=now):
        return _form(request, problem=_wait_words(wait), login=login, status=429)
    async with desk.database.read() as session:
        user = await people.find_by_password(session, login, password=form.get("password", ""))
    if user is None:
        throttle.note_failure(login=login, address=address, now=now)
        return _form(request, problem=WRONG, login=login, status=401)
    throttle.note_success(login=login)
    async with desk.database.write() as session:
        if request.state.log_in:
            await people.log_out(session, request.state.log_in)
        token = await people.log_in(session, user, now=now)
    response = RedirectResponse("/inbox", 303)
    _set_cookie(response, COOKIE, token, secure=desk.secure_cookies)
    response.delete_cookie(FORM_COOKIE, path="/login")
    return response


@router.post("/logout")
async def log_out(request: Request) -> Response:
    async with desk_of(request).database.write() as session:
        await people.log_out(session, request.state.log_in)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _form(request: Request, *, problem: str = "", login: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    token = read_cookie(request.headers, FORM_COOKIE) or secrets.token_urlsafe(24)
    context = {"problem": problem, "login": login, "form_token": token, "demo_logins": dict(desk.demo_logins)}
    response = render(request, "login.html", context, status=status)
    _set_cookie(response, FORM_COOKIE, token, secure=desk.secure_cookies, path="/login")
    return response


def _form_token_fits(request: Request) -> bool:
    cookie = read_cookie(request.headers, FORM_COOKIE)
    sent = request.state.form.get("form_token", "")
    return bool(cookie) and secrets.compare_digest(cookie.encode(), sent.encode())


def _set_cookie(response: Response, name: str, value: str, *, secure: bool, path: str = "/") -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=secure, path=path)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _wait_words(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    return f"Çok sayıda yanlış deneme yapıldı. Hesabınız güvende; {minutes} dakika sonra yeniden deneyiniz."
