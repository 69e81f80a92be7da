"""Requests of persons about their data, and the log of destructions; for chief and administrator."""

import json
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.background import BackgroundTask

from inbox.repositories import person_requests as rows
from inbox.repositories import retention as log
from inbox.rules.permissions import Action, Actor
from inbox.rules.retention import HALF_A_YEAR, retention_policy
from inbox.services import person_requests, retention
from inbox.web.forms import choice, written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.chips import KINDS
from inbox.web.views.labels import Labels
from models.enums import Kind, Outcome, RequestKind, RequestState
from models.errors import InputError
from models.tables import PersonRequest

router = APIRouter(prefix="/privacy")
KIND_NAMES = {
    RequestKind.EXPORT: "verilerinin dökümü",
    RequestKind.CORRECT: "düzeltme",
    RequestKind.ERASE: "silme",
}
STATE_NAMES = {
    RequestState.RECEIVED: "kimlik doğrulaması bekliyor",
    RequestState.IDENTIFIED: "kimliği doğrulandı",
    RequestState.FULFILLED: "yerine getirildi",
    RequestState.REFUSED: "reddedildi",
}
OPEN = (RequestState.RECEIVED, RequestState.IDENTIFIED)


@router.get("")
async def overview(request: Request) -> Response:
    """Requests by their limit, and what destruction did."""
    return await _overview(request)


async def _overview(request: Request, mistake: InputError | None = None) -> Response:
    actor_of(request).require(Action.ANSWER_PERSON_REQUESTS)
    desk, moments = desk_of(request), moments_of(request)
    policy = retention_policy(desk.profile)
    async with desk.database.read() as session:
        found = await rows.requests(session)
        runs = await log.runs(session)
        last = await log.last_finished(session)
        due, by_kind = await retention.due(session, policy, now=desk.clock.now())
        labels = await office_labels(request, session)
    late = last is None or last.finished_at is None or desk.clock.now() - last.finished_at > HALF_A_YEAR
    context = {
        "requests": [_row(request, one, name) for one, name in found],
        "kinds": KIND_NAMES,
        "runs": [(moments.exact(one.started_at), one.finished_at is not None, one.counts) for one in runs],
        "last": moments.exact(last.finished_at) if last and last.finished_at else "",
        "late": late,
        "due": due,
        "by_kind": {_kind_words(key, labels): number for key, number in by_kind.items()},
        "policy": policy,
        "mistake": mistake,
    }
    return render(request, "privacy.html", context, status=422 if mistake else 200)


@router.post("/requests")
async def receive(request: Request) -> Response:
    actor, desk = actor_of(request, may=Action.ANSWER_PERSON_REQUESTS), desk_of(request)
    try:
        number, kind = written(request, "number"), choice(request, "kind", RequestKind)
        async with desk.database.write() as session:
            made = await person_requests.receive(
                session, actor, number=number, kind=kind, zone=desk.profile.time_zone, now=desk.clock.now()
            )
    except InputError as mistake:
        return await _overview(request, mistake)
    return see_other(f"/privacy/requests/{made.id}")


@router.get("/requests/{key}")
async def show(request: Request, key: int) -> Response:
    actor, moments = actor_of(request, may=Action.ANSWER_PERSON_REQUESTS), moments_of(request)
    async with desk_of(request).database.read() as session:
        one = await person_requests.read(session, key, actor)
        owned = await rows.applications_of(session, one.citizen_id)
    context = {
        "one": one,
        "row": _row(request, one, ""),
        "decided": moments.exact(one.decided_at) if one.decided_at else "",
        "applications": [(app.id, app.number) for app in owned],
    }
    return render(request, "person_request.html", context)


@router.post("/requests/{key}/identify")
async def identify(request: Request, key: int) -> Response:
    async with desk_of(request).database.write() as session:
        one, actor = await _read(session, request, key)
        await person_requests.identify(session, one, actor, proof=written(request, "proof"))
    return see_other(f"/privacy/requests/{key}")


@router.post("/requests/{key}/export")
async def export(request: Request, key: int) -> Response:
    """All that is kept about her as a file: JSON, or a page to read. Each download is a look that is recorded."""
    async with desk_of(request).database.write() as session:
        one, actor = await _read(session, request, key)
        data = await person_requests.export(session, one, actor, now=desk_of(request).clock.now())
        labels = await office_labels(request, session)
    if written(request, "form") == "json":
        return _download(
            json.dumps(data, ensure_ascii=False, indent=1), f"kisisel-veriler-{key}.json", "application/json"
        )
    zone = moments_of(request).zone
    words = {
        "labels": labels,
        "when": lambda at: f"{datetime.fromisoformat(at).astimezone(zone):%d.%m.%Y %H.%M}",
        "file_names": lambda names: ", ".join(KINDS.get(name, name) for name in names),
    }
    page = render(request, "person_data.html", {"data": data, **words})
    return _download(bytes(page.body).decode(), f"kisisel-veriler-{key}.html", "text/html")


@router.post("/requests/{key}/correct")
async def correct(request: Request, key: int) -> Response:
    async with desk_of(request).database.write() as session:
        one, actor = await _read(session, request, key)
        now = desk_of(request).clock.now()
        await person_requests.correct(session, one, actor, name=written(request, "name"), now=now)
    return see_other(f"/privacy/requests/{key}")


@router.post("/requests/{key}/erase")
async def erase(request: Request, key: int) -> Response:
    """Erase what no duty keeps; the page tells what had to stay, and why."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        one, actor = await _read(session, request, key)
        policy = retention_policy(desk.profile)
        await person_requests.erase(session, one, actor, policy=policy, now=desk.clock.now())
    response = see_other(f"/privacy/requests/{key}")
    response.background = BackgroundTask(desk.database.forget_deleted)
    return response


@router.post("/requests/{key}/refuse")
async def refuse(request: Request, key: int) -> Response:
    async with desk_of(request).database.write() as session:
        one, actor = await _read(session, request, key)
        now = desk_of(request).clock.now()
        await person_requests.refuse(session, one, actor, reason=written(request, "reason"), now=now)
    return see_other(f"/privacy/requests/{key}")


async def _read(session: AsyncSession, request: Request, key: int) -> tuple[PersonRequest, Actor]:
    actor = actor_of(request, may=Action.ANSWER_PERSON_REQUESTS)
    return await person_requests.read(session, key, actor), actor


def _row(request: Request, one: PersonRequest, name: str) -> dict[str, Any]:
    moments = moments_of(request)
    return {
        "id": one.id,
        "kind": KIND_NAMES[one.kind],
        "state": STATE_NAMES[one.state],
        "open": one.state in OPEN,
        "received": moments.exact(one.received_at),
        "due": moments.exact(one.due_at),
        "left": moments.left(one.due_at),
        "name": name or "kimliği silinmiş kişi",
    }


def _kind_words(key: str, labels: Labels) -> str:
    kind, _, outcome = key.partition("/")
    ended = labels.outcome(Outcome(outcome)) if outcome in list(Outcome) else "sonuçsuz"
    return f"{labels.kind(Kind(kind))}, {ended}"


def _download(body: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)
