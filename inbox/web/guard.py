"""Every request passes here: security headers, log-in by default, CSRF on whatever changes something."""

import re
from collections.abc import Mapping
from secrets import compare_digest
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inbox.services import people
from inbox.services.people import LogIn, Waits
from inbox.web.bodies import FormRefusedError, PostedForm, read_form
from inbox.web.desk import Desk
from inbox.web.rendering import coming_back, problem

COOKIE = "him_session"
OPEN_PATHS = frozenset({"/login", "/login/sign-on", "/login/sign-on/back", "/health"})
OPEN_FOLDERS = ("/static/", "/webhooks/", "/invitations/")
WAITING_PATHS = {
    Waits.CODE: frozenset({"/login", "/login/code", "/logout"}),
    Waits.FACTOR: frozenset({"/profile/second-factor", "/logout"}),
}
"""All that somebody reaches who has not given everything yet."""
WAITING_ROOMS = {Waits.CODE: "/login/code", Waits.FACTOR: "/profile/second-factor"}
PUSHED_FOLDER = "/webhooks/"
"""Platforms prove themselves by signatures instead of log-ins, and send whatever body they like."""
NO_SUCH_PAGE = "Aradığınız sayfa bulunamadı."
_NO_ID = re.compile(r"/\d{19,}(/|$)")
"""Larger than any id that a database can hold."""
FILE_PATHS = re.compile(
    r"/applications/\d+/(answer|preview|files|files/\d+/remove|steps/(unit_answer|interim))|/field-checks/\d+"
)
"""Where a form may bring files; nowhere else."""
STALE_FORM = "Güvenlik anahtarı uyuşmuyor; sayfayı yenileyip işlemi yineleyiniz."
ENDED = "Oturumunuz kapanmış. Geldiğiniz sayfaya dönüp giriş yapınız."
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware. Puts `log_in`, `form` and `files` into the request's state."""

    def __init__(self, app: ASGIApp, *, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state.update(log_in=None, form={}, files=())
        guarded_send = _with_headers(scope, send, secure=self._desk.secure_cookies)
        refusal, receive = await self._check(scope, receive, state)
        await (refusal or self._app)(scope, receive, guarded_send)

    async def _check(self, scope: Scope, receive: Receive, state: dict[str, Any]) -> tuple[Response | None, Receive]:
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(PUSHED_FOLDER):
            return None, receive
        state["log_in"] = log_in = await self._log_in(headers)
        if not _is_open(path) and log_in is None:
            return _to_log_in(scope, headers, "/login"), receive
        if log_in and log_in.waits_for and not _may_wait_at(path, log_in.waits_for):
            return _to_log_in(scope, headers, WAITING_ROOMS[log_in.waits_for]), receive
        if _NO_ID.search(path):
            return problem(Request(scope), NO_SUCH_PAGE, 404), receive
        if scope["method"] in SAFE_METHODS:
            return None, receive
        return await self._check_change(scope, receive, log_in)

    async def _check_change(
        self, scope: Scope, receive: Receive, log_in: LogIn | None
    ) -> tuple[Response | None, Receive]:
        """Same origin, a form of bearable size, and the log-in's CSRF token (the log-in form has its own)."""
        request, headers = Request(scope), Headers(scope=scope)
        if not _same_origin(headers):
            return problem(request, "Bu istek başka bir siteden geldi.", 403), receive
        try:
            form = await read_form(headers, receive, takes_files=bool(FILE_PATHS.fullmatch(scope["path"])))
        except FormRefusedError as error:
            return problem(request, str(error), error.status), receive
        scope["state"].update(form=form.fields, files=form.files)
        token = headers.get("x-csrf-token") or form.fields.get("csrf", "")
        if log_in and not compare_digest(token.encode(), log_in.csrf_token.encode()):
            return problem(request, STALE_FORM, 403), receive
        return None, _again(form, receive)

    async def _log_in(self, headers: Mapping[str, str]) -> LogIn | None:
        token = read_cookie(headers, cookie_name(secure=self._desk.secure_cookies))
        if not token:
            return None
        now = self._desk.clock.now()
        async with self._desk.database.read() as session:
            found = await people.read_log_in(session, token, now=now)
        if found and found.should_touch(now):
            async with self._desk.database.write() as session:
                await people.touch(session, found, now=now)
        return found


def cookie_name(*, secure: bool) -> str:
    """Of the session's cookie; with the prefix, browsers take it over TLS and from this very host alone."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def read_cookie(headers: Mapping[str, str], name: str) -> str:
    """A cookie's value; empty where there is none."""
    return cookie_parser(headers.get("cookie", "")).get(name, "")


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _may_wait_at(path: str, waits_for: Waits) -> bool:
    return path in WAITING_PATHS[waits_for] or path.startswith("/static/")


def _to_log_in(scope: Scope, headers: Headers, room: str) -> Response:
    """She comes back to where she was; a script keeps what she has written."""
    if headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": coming_back(room, headers.get("hx-current-url", ""))})
    if "text/html" not in headers.get("accept", "text/html"):
        return PlainTextResponse(ENDED, 401)
    if scope["method"] != "GET":
        return problem(Request(scope), ENDED, 401)
    return RedirectResponse(coming_back(room, str(Request(scope).url)), 303)


def _same_origin(headers: Headers) -> bool:
    """A browser says where a form was sent from; silence is left to the token."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == headers.get("host", "")


def _again(form: PostedForm, receive: Receive) -> Receive:
    """A `receive` that gives what was read already, and then what really comes."""
    messages: list[Message] = [{"type": "http.request", "body": form.body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _with_headers(scope: Scope, send: Send, *, secure: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
            headers.setdefault("Cache-Control", _caching(scope))
        await send(message)

    return guarded


def _caching(scope: Scope) -> str:
    if not scope["path"].startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if b"v=" in scope["query_string"] else "no-cache"
