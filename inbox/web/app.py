"""The web application: routes, guard, errors as pages. Everything it needs is handed over in a `Desk`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from inbox.web.desk import Desk
from inbox.web.guard import NO_SUCH_PAGE, SECURITY_HEADERS, Guard
from inbox.web.kept import Kept
from inbox.web.numbers import Numbers
from inbox.web.presence import Presence
from inbox.web.pushes import PushLine, RefusedPushes
from inbox.web.refusals import note_refusal
from inbox.web.rendering import STATIC, make_templates, problem
from inbox.web.routes import MODULES
from inbox.web.turns import Turns
from models.errors import ConflictError, ForbiddenError, HimError, InputError, NotFoundError

_STATUS: dict[type[HimError], int] = {
    InputError: 422,
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
}
_WORDS = {
    403: "Bu işlem için yetkiniz bulunmuyor.",
    404: NO_SUCH_PAGE,
    405: "Bu adres bu işlemi desteklemiyor.",
    413: "Gönderilen içerik çok büyük; daha kısa bir metinle yineleyiniz.",
}
_UNEXPECTED = "Beklenmeyen bir hata oluştu. Son işlem kaydedilmedi; az sonra yineleyiniz."


def create_app(desk: Desk) -> FastAPI:
    """The application over one installation's desk."""
    presence, pushes = Presence(desk.bus), PushLine(desk)

    @asynccontextmanager
    async def serving(_app: FastAPI) -> AsyncIterator[None]:
        async with presence.following(), pushes.following():
            yield

    app = FastAPI(lifespan=serving, title="HİM", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.refused = RefusedPushes(desk.database)
    app.state.closing = asyncio.Event()
    """Set by whoever stops the server: streams end."""
    app.state.pushes = pushes
    app.state.kept = Kept()
    app.state.numbers = Numbers()
    app.state.presence = presence
    app.state.templates = make_templates()
    app.state.turns = Turns()
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for module in MODULES:
        app.routes.extend(module.router.routes)  # as they are: `include_router` makes each anew at the first request
    app.add_middleware(Guard, desk=desk)
    app.add_exception_handler(HimError, _him_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)
    return app


async def _him_error(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    if isinstance(error, ForbiddenError):
        await note_refusal(request)
    return problem(request, str(error), status)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/webhooks/"):
        return Response(str(error.detail), error.status_code, media_type="text/plain")
    return problem(request, _WORDS.get(error.status_code, str(error.detail)), error.status_code)


async def _invalid(request: Request, _error: Exception) -> Response:
    return problem(request, NO_SUCH_PAGE, 404)


async def _unexpected(request: Request, _error: Exception) -> Response:
    """The server logs it with its trace. This answer is made outside the guard, so it brings its headers itself."""
    response = problem(request, _UNEXPECTED, 500)
    response.headers.update({**SECURITY_HEADERS, "Cache-Control": "no-store"})
    return response
