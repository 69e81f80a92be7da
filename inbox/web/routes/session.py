"""Logging in and out: password, second factor, the city's identity provider, links for a new password."""

import secrets
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from inbox.rules.passwords import RULE
from inbox.services import passwords, people, security_events, sign_on
from inbox.services.people import LogIn, Waits
from inbox.services.security_events import What
from inbox.web.forms import written
from inbox.web.guard import read_cookie
from inbox.web.proving import drop_session_cookie, enter, prove_code, prove_password, wait_words
from inbox.web.rendering import coming_back, desk_of, own_path, render, see_other
from inbox.web.visitors import where_of
from models.errors import InputError, NotFoundError
from models.single_sign_on import IdentityProvider, SignOnError, SignOnTry

router = APIRouter()
FORM_COOKIE = "him_form"
"""Holds the log-in form's own token: there is no session yet that could."""
SIGN_ON_COOKIE = "him_sign_on"
SIGN_ON_PATH = "/login/sign-on"
SIGN_ON_SECONDS = 600
WRONG = "Kullanıcı adı ya da parola doğru değil. Kullanıcı adınız duruyor; parolanızı yeniden yazınız."
WRONG_CODE = "Kod doğru değil ya da daha önce kullanılmış. Uygulamadaki yeni kodu yazınız."
STALE = "Giriş formunun süresi dolmuş. Lütfen yeniden deneyiniz."
UNKNOWN_PERSON = "Kurumsal hesabınız bu sistemde tanımlı değil; yöneticinize başvurunuz."


@router.get("/login")
async def show_form(request: Request) -> Response:
    if request.state.log_in:
        return see_other(_asked_for(request))
    chosen = request.query_params.get("chosen") == "1"
    return _form(request, told="Parolanız kaydedildi. Şimdi giriş yapabilirsiniz." if chosen else "")


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Check the password and open a session with a token of its own: an older one is ended."""
    login = written(request, "login").strip().lower()
    if not _form_token_fits(request):
        return _form(request, problem=STALE, login=login, status=403)
    proof = await prove_password(request, login, password=written(request, "password"))
    if proof.wait:
        return _form(request, problem=wait_words(proof.wait), login=login, status=429)
    if proof.user is None:
        return _form(request, problem=WRONG, login=login, status=401)
    response = await enter(request, proof.user, asked_for=_asked_for(request))
    response.delete_cookie(FORM_COOKIE, path="/login")
    return response


@router.get("/login/code")
async def show_code_form(request: Request) -> Response:
    if not _waits_for_code(request):
        return see_other("/")
    return _code_form(request)


@router.post("/login/code")
async def give_code(request: Request) -> Response:
    """The second step; a session with another token takes the place of the waiting one."""
    if not _waits_for_code(request):
        return see_other("/")
    proof = await prove_code(request, request.state.log_in, code=written(request, "code"))
    if proof.user:
        return await enter(request, proof.user, asked_for=_asked_for(request), is_strong=True)
    problem, status = (wait_words(proof.wait), 429) if proof.wait else (WRONG_CODE, 401)
    return _code_form(request, problem=problem, status=status)


@router.get(SIGN_ON_PATH)
async def begin_sign_on(request: Request) -> Response:
    """Off to the city's identity provider."""
    try:
        address, begun = await _provider(request).begin(come_back_to=_sign_on_address(request))
    except SignOnError as error:
        return _form(request, problem=str(error), status=502)
    response = RedirectResponse(address, 303)
    value = "~".join((begun.state, begun.nonce, begun.verifier, quote(_asked_for(request))))
    _set_cookie(request, response, SIGN_ON_COOKIE, value, path=SIGN_ON_PATH, seconds=SIGN_ON_SECONDS)
    return response


@router.get(f"{SIGN_ON_PATH}/back")
async def finish_sign_on(request: Request) -> Response:
    """Back from there: only the browser that began may end it."""
    try:
        begun, asked_for = _begun(request)
        proven = await _provider(request).finish(
            begun, code=request.query_params.get("code", ""), come_back_to=_sign_on_address(request)
        )
    except SignOnError as error:
        return _form(request, problem=str(error), status=403)
    desk = desk_of(request)
    async with desk.database.write() as session:
        user = await sign_on.person_of(session, proven, now=desk.clock.now(), where=where_of(request))
    if user is None:
        return _form(request, problem=UNKNOWN_PERSON, status=403)
    response = await enter(request, user, asked_for=asked_for, is_strong=proven.is_strong)
    response.delete_cookie(SIGN_ON_COOKIE, path=SIGN_ON_PATH)
    return response


@router.get("/invitations/{token}")
async def show_link(request: Request, token: str) -> Response:
    """The page by which somebody chooses her password; looking does not use the link up."""
    return await _link_form(request, token)


@router.post("/invitations/{token}")
async def choose_password(request: Request, token: str) -> Response:
    desk = desk_of(request)
    new = written(request, "password")
    if new != written(request, "again"):
        return await _link_form(request, token, problem="İki parola aynı değil; ikisini de yeniden yazınız.")
    try:
        async with desk.database.write() as session:
            await passwords.choose_by_link(session, token, new, now=desk.clock.now(), where=where_of(request))
    except InputError as error:
        return await _link_form(request, token, problem=str(error))
    return see_other("/login?chosen=1")


@router.post("/logout")
async def log_out(request: Request) -> Response:
    desk = desk_of(request)
    log_in: LogIn = request.state.log_in
    async with desk.database.write() as session:
        await people.log_out(session, log_in)
        await security_events.record(
            session, What.LOG_OUT, now=desk.clock.now(), user_id=log_in.actor.user_id, where=where_of(request)
        )
    response = RedirectResponse("/login", 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    drop_session_cookie(request, response)
    return response


async def _link_form(request: Request, token: str, *, problem: str = "") -> Response:
    desk = desk_of(request)
    async with desk.database.read() as session:
        user = await passwords.owner_of_link(session, token, now=desk.clock.now())
    context = {"owner": user, "token": token, "problem": problem, "rule": RULE}
    return render(request, "invitation.html", context, status=422 if problem else 200)


def _form(request: Request, *, problem: str = "", told: str = "", login: str = "", status: int = 200) -> Response:
    desk = desk_of(request)
    token = read_cookie(request.headers, FORM_COOKIE) or secrets.token_urlsafe(24)
    context = {
        "problem": problem,
        "told": told,
        "login": login,
        "form_token": token,
        "demo_logins": dict(desk.demo_logins),
        "sign_on": coming_back(SIGN_ON_PATH, _asked_for(request)) if desk.sign_on else "",
        "asked_for": _asked_for(request),
    }
    response = render(request, "login.html", context, status=status)
    _set_cookie(request, response, FORM_COOKIE, token, path="/login")
    return response


def _form_token_fits(request: Request) -> bool:
    cookie = read_cookie(request.headers, FORM_COOKIE)
    sent = request.state.form.get("form_token", "")
    return bool(cookie) and secrets.compare_digest(cookie.encode(), sent.encode())


def _waits_for_code(request: Request) -> bool:
    log_in: LogIn | None = request.state.log_in
    return log_in is not None and log_in.waits_for is Waits.CODE


def _code_form(request: Request, *, problem: str = "", status: int = 200) -> Response:
    context = {"problem": problem, "asked_for": _asked_for(request)}
    return render(request, "login_code.html", context, status=status)


def _asked_for(request: Request) -> str:
    """The page to which she wanted before she had to log in: by its address, then by the form."""
    return own_path(request.query_params.get("next", "") or written(request, "next"))


def _begun(request: Request) -> tuple[SignOnTry, str]:
    """What this browser kept, and to which page. Raises SignOnError where the answer belongs to no try of its own."""
    parts = read_cookie(request.headers, SIGN_ON_COOKIE).split("~", 3)
    sent = request.query_params.get("state", "")
    if len(parts) != 4 or not secrets.compare_digest(parts[0].encode(), sent.encode()):
        raise SignOnError("Kurumsal giriş yarıda kaldı ya da süresi doldu. Lütfen yeniden deneyiniz.")
    if request.query_params.get("error"):
        raise SignOnError("Kurumsal kimlik sağlayıcı girişe izin vermedi.")
    return SignOnTry(state=parts[0], nonce=parts[1], verifier=parts[2]), unquote(parts[3])


def _provider(request: Request) -> IdentityProvider:
    provider = desk_of(request).sign_on
    if provider is None:
        raise NotFoundError("Kurumsal giriş bu kurulumda kapalı.")
    return provider


def _sign_on_address(request: Request) -> str:
    base = desk_of(request).public_address or str(request.base_url)
    return f"{base.rstrip('/')}{SIGN_ON_PATH}/back"


def _set_cookie(
    request: Request, response: Response, name: str, value: str, *, path: str, seconds: int | None = None
) -> None:
    secure = desk_of(request).secure_cookies
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=secure, path=path, max_age=seconds)
