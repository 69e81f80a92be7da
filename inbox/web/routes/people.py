"""The people of the desk, for those who look after them; the record of log-ins and rights, for the administrator."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import organisation
from inbox.repositories import people as rows
from inbox.repositories.credentials import EventQuery
from inbox.rules.permissions import Action
from inbox.services import second_factor, security_events, sessions, users
from inbox.services.link_mail import LinkLetter, send_link
from inbox.services.security_events import What
from inbox.services.users import By, Change
from inbox.web.forms import written
from inbox.web.pages import kept_of, office_labels
from inbox.web.proving import secrets_of
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.people import (
    EVENT_NAMES,
    NOTICES,
    event_rows,
    offered_roles,
    person_row,
    session_rows,
    unit_options,
)
from inbox.web.visitors import where_of
from models.enums import Role
from models.errors import InputError, NotFoundError
from models.tables import User

router = APIRouter()
EVENTS_PER_PAGE = 100


@router.get("/people")
async def overview(request: Request) -> Response:
    """Everybody whom the reader looks after, and which roles need a second factor."""
    text = request.query_params.get("q", "")
    async with desk_of(request).database.read() as session:
        found = await users.found(session, actor_of(request), text)
        required = await second_factor.required_roles(session)
        labels = await office_labels(request, session)
    names = desk_of(request).profile.texts["roles"]
    context = {
        "rows": [person_row(user, moments_of(request), names=names) for user in found],
        "text": text,
        "required": required,
        "role_names": names,
        "unit_names": {key: labels.short_unit(key) for key in labels.units},
        "notice": _told(request),
    }
    return render(request, "people.html", context)


@router.get("/people/new")
async def show_new(request: Request) -> Response:
    return await _form(request)


@router.post("/people/new")
async def invite(request: Request) -> Response:
    """Add somebody; her link goes to her by mail, or the page shows it once."""
    try:
        async with desk_of(request).database.write() as session:
            user, token = await users.invite(session, written(request, "login"), _change(request), by=_by(request))
    except InputError as error:
        return await _form(request, problem=str(error))
    kept_of(request).void()
    return await _link_page(request, user, token, first=True)


@router.post("/people/second-factor")
async def require_factor(request: Request) -> Response:
    roles = [role for role in Role if written(request, f"role_{role}")]
    async with desk_of(request).database.write() as session:
        await users.require_factor(session, roles, by=_by(request))
    return see_other("/people?told=factor_rule")


@router.get("/people/{user_id}")
async def show(request: Request, user_id: int) -> Response:
    return await _form(request, user_id=user_id)


@router.post("/people/{user_id}")
async def change(request: Request, user_id: int) -> Response:
    try:
        async with desk_of(request).database.write() as session:
            user = await users.read(session, user_id, actor_of(request))
            await users.change(session, user, _change(request), by=_by(request))
    except InputError as error:
        return await _form(request, user_id=user_id, problem=str(error))
    kept_of(request).void()
    return see_other(f"/people/{user_id}?told=changed")


@router.post("/people/{user_id}/link")
async def make_link(request: Request, user_id: int) -> Response:
    """A link for a new password, mailed or shown once."""
    async with desk_of(request).database.write() as session:
        user = await users.read(session, user_id, actor_of(request))
        token = await users.reset_link(session, user, by=_by(request))
    return await _link_page(request, user, token, first=False)


@router.post("/people/{user_id}/{deed}")
async def do(request: Request, user_id: int, deed: str) -> Response:
    """Authorise, close, open, unlock, end log-ins, remove the second factor."""
    by = _by(request)
    async with desk_of(request).database.write() as session:
        user = await users.read(session, user_id, by.actor)
        match deed:
            case "authorise":
                await users.authorise(session, user, by=by)
            case "deactivate":
                await users.deactivate(session, user, by=by)
            case "activate":
                await users.activate(session, user, by=by)
            case "unlock":
                await users.unlock(session, user, by=by)
            case "sessions":
                await users.end_log_ins(session, user, by=by)
            case "second-factor":
                await users.remove_factor(session, secrets_of(request), user, by=by)
            case _:
                raise NotFoundError("Böyle bir işlem yok.")
    kept_of(request).void()
    return see_other(f"/people/{user_id}?told={deed}")


@router.get("/security")
async def show_events(request: Request) -> Response:
    """Log-ins, failures, changes of rights: newest first, a page at a time."""
    actor = actor_of(request)
    actor.require(Action.MANAGE_PEOPLE)
    query = _event_query(request)
    async with desk_of(request).database.read() as session:
        lines = await security_events.page(session, query, limit=EVENTS_PER_PAGE)
        everybody = await rows.find(session)
    context = {
        "events": event_rows(lines, moments_of(request), names=desk_of(request).profile.texts["roles"]),
        "people": [(user.id, user.name) for user in everybody],
        "kinds": EVENT_NAMES,
        "query": query,
        "next": lines[-1].event.id if len(lines) == EVENTS_PER_PAGE else None,
    }
    return render(request, "security.html", context)


def _event_query(request: Request) -> EventQuery:
    given = request.query_params
    what = given.get("what", "")
    return EventQuery(
        user_id=int(given["person"]) if given.get("person", "").isdecimal() else None,
        what=what if what in list(What) else "",
        before=int(given["before"]) if given.get("before", "").isdecimal() else None,
    )


async def _form(request: Request, *, user_id: int | None = None, problem: str = "") -> Response:
    """The page of one person, or of somebody to be invited; after a refusal with what was typed."""
    actor, desk, moments = actor_of(request), desk_of(request), moments_of(request)
    user: User | None = None
    async with desk.database.read() as session:
        await users.found(session, actor)
        if user_id is not None:
            user = await users.read(session, user_id, actor)
        units = await organisation.all_units(session)
        own = await sessions.open_log_ins(session, user_id or 0, now=desk.clock.now())
        lines = await security_events.page(session, EventQuery(user_id=user_id), limit=30) if user_id else []
    typed, names = _change(request) if problem else None, desk.profile.texts["roles"]
    context = {
        "person": person_row(user, moments, names=names) if user else None,
        "mails": desk.mailer is not None,
        "login": user.login if user else written(request, "login"),
        "values": typed or _present(user),
        "role_names": {role: names[role] for role in offered_roles(actor)},
        "units": unit_options(units),
        "sessions": session_rows(own, moments),
        "events": event_rows(lines, moments, names=names),
        "problem": problem,
        "notice": _told(request),
    }
    return render(request, "person.html", context, status=422 if problem else 200)


async def _link_page(request: Request, user: User, token: str, *, first: bool) -> Response:
    """Where the link could be mailed it is not shown: one way is enough."""
    desk = desk_of(request)
    link = f"{(desk.public_address or str(request.base_url)).rstrip('/')}/invitations/{token}"
    letter = LinkLetter(organisation=desk.profile.name, desk=desk.profile.desk, link=link, first=first)
    sent_to = await send_link(desk.mailer, user, letter)
    failed = bool(desk.mailer and user.email and not sent_to)
    return render(request, "person_link.html", {"person": user, "link": link, "sent_to": sent_to, "failed": failed})


def _present(user: User | None) -> Change:
    if user is None:
        return Change(name="", email="", roles=(), unit=None)
    return Change(name=user.name, email=user.email, roles=user.roles, unit=user.unit)


def _change(request: Request) -> Change:
    return Change(
        name=written(request, "name"),
        email=written(request, "email"),
        roles=[role.value for role in Role if written(request, f"role_{role}")],
        unit=written(request, "unit") or None,
    )


def _by(request: Request) -> By:
    return By(actor=actor_of(request), now=desk_of(request).clock.now(), where=where_of(request))


def _told(request: Request) -> str:
    return NOTICES.get(request.query_params.get("told", ""), "")
