"""What the simulators of Graph platforms share: tokens, proof, errors, limits, paging, usage headers, faults.

Follows Meta's documentation, not our client. Imported by `bots.demo` and tests alone.
"""

import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from connectors.simulated_faults import Fault, FaultKind, Faults
from connectors.simulation import SimulatorServer
from models.ports import Clock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HTML_FAULT = "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"


class GraphError(Exception):
    """Leaves a handler as Graph's error object; HTTP 400 unless told."""

    def __init__(
        self, code: int, message: str, *, subcode: int = 0, status: int = 400, kind: str = "OAuthException", **more: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.minutes = int(more.pop("minutes", 0))
        self.error = {"message": message, "type": kind, "code": code, **more}
        if subcode:
            self.error["error_subcode"] = subcode


@dataclass(slots=True)
class RollingLimit:
    """At most `count` calls within `seconds` of the clock, per key."""

    count: int
    seconds: float
    clock: Clock
    _calls: dict[str, deque[datetime]] = field(default_factory=dict)

    def take(self, key: str = "") -> bool:
        """Count a call; False where it is one too many (such calls do not count)."""
        if self.used(key) >= self.count:
            return False
        self._calls[key].append(self.clock.now())
        return True

    def used(self, key: str = "") -> int:
        """Calls that still count."""
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= self.clock.now() - timedelta(seconds=self.seconds):
            calls.popleft()
        return len(calls)

    def free_in(self, key: str = "") -> timedelta:
        """Until the oldest call counts no more."""
        oldest = self._calls[key][0] if self.used(key) else self.clock.now()
        return oldest + timedelta(seconds=self.seconds) - self.clock.now()


BUSINESS_CODES = {"pages": 80001, "instagram": 80002, "messenger": 80006, "whatsapp": 80007}
SIXTY_DAYS = 60 * 86_400
CALLS_A_DAY = 4_800
"""For each person who took part (rate-limiting, «Business use case»)."""


class GraphServer:
    """A Graph host on loopback for one app and one token. Platforms add their edges with `route`.

    `usage_type` names the business use case in the usage header (`pages`, `instagram`, `messenger`, `whatsapp`).
    Where `engaged` tells how many people took part, calls are counted against their daily allowance.
    """

    engaged: Callable[[], int] | None = None

    def __init__(
        self, clock: Clock, *, app_secret: str, access_token: str, usage_type: str, business_id: str = "1"
    ) -> None:
        self.clock = clock
        self.app_secret = app_secret
        self.access_token = access_token
        self.faults = Faults()
        self.usage_percent = 3
        self._renewed: list[str] = []
        self.user_token = ""
        """A token of another kind that is accepted, too."""
        self.callers: dict[str, str] = {}
        """With which token each path was called last."""
        self.token_expires_at = 0
        """Seconds since the epoch; 0: never."""
        self.scopes: list[str] | None = None
        """Permissions of the token; None where `debug_token` does not tell."""
        self._daily = RollingLimit(CALLS_A_DAY, 86_400, clock)
        self._usage_type = usage_type
        self._business_id = business_id
        self._app = web.Application(middlewares=[self._guard])
        self._server = SimulatorServer(self._app)
        self.route("GET", "/debug_token", self._debug_token)
        self.route("GET", "/refresh_access_token", self._refresh_token)

    @property
    def base_url(self) -> str:
        return self._server.base_url

    @property
    def calls(self) -> int:
        return self.faults.calls

    def route(self, method: str, path: str, handler: Handler) -> None:
        """An edge below the version, e.g. `/{page}/feed`. Routes are tried in the order in which they were added."""
        self._app.router.add_route(method, f"/{{version:v\\d+\\.\\d+}}{path}", handler)

    async def start(self, *, port: int = 0) -> None:
        self._app.router.add_route("*", "/{rest:.*}", _unknown_path)
        await self._server.start(port=port)

    async def stop(self) -> None:
        await self._server.stop()

    def fault(
        self, kind: FaultKind | str, *, times: int = 1, path: str = "", method: str = "", minutes: int = 5
    ) -> None:
        """The next `times` fitting requests go wrong."""
        fault = Fault(kind=FaultKind(kind), call=path, method=method, seconds=60 * minutes)
        self.faults.add(fault, times=times)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self.faults.take(request.method, request.path)
        minutes = 0
        try:
            _raise_fault(fault)
            self._check_token(request)
            self._count_call()
            response = await _run(handler, request)
        except GraphError as error:
            minutes = error.minutes
            response = self.answer({"error": {**error.error, "fbtrace_id": self._trace()}}, status=error.status)
        if fault:
            response = _broken(fault, request, response)
        if not fault or fault.kind is not FaultKind.THROTTLED_SILENTLY:
            response.headers.update(self._usage_headers(minutes))
        return response

    def answer(self, body: Any, *, status: int = 200) -> web.Response:
        text = json.dumps(body, ensure_ascii=True)
        headers = {"x-fb-trace-id": self._trace(), "facebook-api-version": "v25.0"}
        return web.Response(text=text, status=status, content_type="application/json", headers=headers)

    def page_of(self, items: Sequence[Any], request: web.Request, *, default: int = 25) -> dict[str, Any]:
        """One page as Graph pages: cursors, and `next` (which carries the token) unless it is the last one."""
        query = request.query
        limit = max(1, min(int(query.get("limit", default)), 100))
        start = read_cursor(query.get("after", ""))
        chosen = list(items[start : start + limit])
        if not chosen:
            return {"data": []}
        end = start + len(chosen)
        paging: dict[str, Any] = {"cursors": {"before": write_cursor(start), "after": write_cursor(end)}}
        if end < len(items):
            kept = {**query, "after": write_cursor(end), "access_token": self.access_token}
            paging["next"] = str(request.url.with_query(kept))
        return {"data": chosen, "paging": paging}

    def inner_page(
        self, items: Sequence[Any], request: web.Request, *, path: str, limit: int, fields: str, **query: str
    ) -> dict[str, Any]:
        """The first page of an expanded edge; its `next` leads to the edge itself."""
        chosen = list(items[:limit])
        if not chosen:
            return {"data": []}
        paging: dict[str, Any] = {"cursors": {"before": write_cursor(0), "after": write_cursor(len(chosen))}}
        if len(chosen) < len(items):
            kept = {**query, "fields": fields, "limit": str(limit), "after": paging["cursors"]["after"]}
            link = request.url.with_path(f"/{request.match_info['version']}/{path}")
            paging["next"] = str(link.with_query({**kept, "access_token": self.access_token}))
        return {"data": chosen, "paging": paging}

    async def _debug_token(self, request: web.Request) -> web.StreamResponse:
        is_ours = request.query["input_token"] in (self.access_token, self.user_token or self.access_token)
        data = {"app_id": "1", "type": "PAGE", "is_valid": is_ours, "expires_at": self.token_expires_at}
        return self.answer({"data": data | ({"scopes": self.scopes} if self.scopes is not None else {})})

    async def _refresh_token(self, request: web.Request) -> web.StreamResponse:
        """Instagram Login: another token of sixty days; the old one goes on until it dies."""
        if request.query.get("grant_type") != "ig_refresh_token":
            raise GraphError(100, "(#100) Invalid grant_type")
        self._renewed.append(f"{self.access_token}R{len(self._renewed) + 1}")
        return self.answer({"access_token": self._renewed[-1], "token_type": "bearer", "expires_in": SIXTY_DAYS})

    def _check_token(self, request: web.Request) -> None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = bearer or request.query.get("access_token", "")
        if not token:
            raise GraphError(104, "An access token is required to request this resource.")
        if token not in (self.access_token, *self._renewed, *filter(None, [self.user_token])):
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        proof = hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if request.query.get("appsecret_proof") != proof:
            raise GraphError(100, "API calls from the server require an appsecret_proof argument")
        self.callers[request.path] = token

    def _count_call(self) -> None:
        if self.engaged is None:
            return
        self._daily.count = CALLS_A_DAY * max(1, self.engaged())
        if not self._daily.take():
            code = BUSINESS_CODES[self._usage_type]
            minutes = int(self._daily.free_in().total_seconds() // 60) + 1
            raise GraphError(code, f"(#{code}) There have been too many calls to this account", minutes=minutes)

    def _usage_headers(self, minutes: int) -> dict[str, str]:
        counted = 100 * self._daily.used() // self._daily.count
        percent = 100 if minutes else max(self.usage_percent, counted)
        case = {"type": self._usage_type, "call_count": percent, "total_cputime": 1, "total_time": 1}
        entry = {**case, "estimated_time_to_regain_access": minutes}
        return {"X-Business-Use-Case-Usage": json.dumps({self._business_id: [entry]})}

    def _trace(self) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(str(self.calls).encode()).digest()[:12]).decode()


def read_cursor(cursor: str) -> int:
    """Position of a paging cursor. Raises GraphError where it is none of ours."""
    try:
        return int(base64.urlsafe_b64decode(cursor or write_cursor(0)))
    except ValueError as error:
        raise GraphError(100, "(#100) Invalid cursor", subcode=33) from error


def write_cursor(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def split_fields(fields: str) -> list[str]:
    """Top-level names of a field list, each with its braces."""
    parts, depth, part = [], 0, ""
    for letter in fields:
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    return [name.strip() for name in (*parts, part) if name.strip()]


def _raise_fault(fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.kind is FaultKind.THROTTLED:
        raise GraphError(32, "(#32) Page request limit reached", minutes=fault.seconds // 60)
    if fault.kind is FaultKind.TRANSIENT:
        raise GraphError(2, "An unexpected error has occurred.", status=500, is_transient=True)
    if fault.kind is FaultKind.EXPIRED_TOKEN:
        raise GraphError(190, "Error validating access token: Session has expired", subcode=463, status=401)
    if fault.kind in (FaultKind.HTML, FaultKind.THROTTLED_SILENTLY, FaultKind.HANG_UP_BEFORE):
        raise GraphError(1, "replaced below", status=500)


def _broken(fault: Fault, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """What leaves for a fault that is no Graph error."""
    if fault.kind is FaultKind.HTML:
        return web.Response(status=502, text=HTML_FAULT, content_type="text/html")
    if fault.kind is FaultKind.THROTTLED_SILENTLY:
        return web.Response(status=429, text="", content_type="text/plain")
    if fault.kind in (FaultKind.HANG_UP_AFTER, FaultKind.HANG_UP_BEFORE) and request.transport:
        request.transport.close()
    return response


async def _run(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Handlers read path, query and body freely: what is malformed is Graph's code 100."""
    try:
        return await handler(request)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GraphError(100, f"(#100) Invalid parameter ({type(error).__name__})") from error


async def _unknown_path(request: web.Request) -> web.StreamResponse:
    raise GraphError(2500, f"Unknown path components: {request.path}", status=400)
