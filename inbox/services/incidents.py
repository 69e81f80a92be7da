"""Many citizens about one incident: proposed by rule, confirmed by an agent, closed once for all (9b3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import incidents as rows
from inbox.rules.incidents import GAP, Sighting, belongs_to, propose_incidents
from inbox.rules.permissions import Action, Actor
from inbox.services import applications, history, matters
from models.enums import IncidentState, Outcome, Urgency
from models.errors import ConflictError, HimError, NotFoundError
from models.tables import Application, Incident

LOOK_BACK = 2 * GAP[Urgency.NORMAL]
MOST_AT_ONCE = 2000
DECIDED = "Bu olay hakkında bu arada karar verilmiş; güncel hâli gösteriliyor."


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """An incident with its applications and with open ones that would fit it."""

    incident: Incident
    members: Sequence[Application]
    fitting: Sequence[Application] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What became of one member: `problem` says in the clerk's language why not; empty where it went well."""

    application_id: int
    number: str
    problem: str = ""


async def propose(session: AsyncSession, *, now: datetime) -> list[int]:
    """Look over what came in lately; ids of new incidents. New reports join a proposal that they fit."""
    since = now - LOOK_BACK
    found = await rows.recent(session, since=since, limit=MOST_AT_ONCE)
    if not found:
        return []
    apart = await rows.apart(session, [one.id or 0 for one in found])
    joined = await _join_proposals(session, found, apart, now=now)
    left = [sighting_of(one) for one in found if one.id not in joined]
    new = [
        (
            Incident(
                topic=one.topic, place=one.place, state=IncidentState.PROPOSED, began_at=one.began_at, proposed_at=now
            ),
            one.ids,
        )
        for one in propose_incidents(left, apart=apart)
    ]
    await rows.add(session, [incident for incident, _ in new])
    pairs = [(incident.id or 0, one) for incident, ids in new for one in ids]
    await rows.add_members(session, pairs, at=now)
    return [incident.id or 0 for incident, _ in new]


async def _join_proposals(
    session: AsyncSession, found: Sequence[Application], apart: set[frozenset[int]], *, now: datetime
) -> set[int]:
    """Only proposals grow by themselves: what an agent confirmed grows by her hand (`view` shows what fits)."""
    proposed = [one for one in await rows.live(session) if one.state is IncidentState.PROPOSED]
    members = await rows.members(session, [one.id or 0 for one in proposed])
    groups = {key: [sighting_of(one) for one in group] for key, group in members.items()}
    keys: dict[str, list[int]] = defaultdict(list)
    for one in proposed:
        keys[one.topic].append(one.id or 0)
    joined: dict[int, int] = {}
    for sighting in map(sighting_of, reversed(found)):
        fitting = next((key for key in keys[sighting.topic] if belongs_to(sighting, groups[key], apart=apart)), None)
        if fitting is not None:
            groups[fitting].append(sighting)
            joined[sighting.id] = fitting
    await rows.add_members(session, [(incident, one) for one, incident in joined.items()], at=now)
    return set(joined)


def sighting_of(application: Application) -> Sighting:
    """An application as a report of something."""
    has_point = application.latitude is not None and application.longitude is not None
    return Sighting(
        id=application.id or 0,
        citizen_id=application.citizen_id,
        topic=application.topic or "",
        at=application.received_at,
        text=application.summary,
        urgency=application.urgency,
        district=application.district,
        neighbourhood=application.neighbourhood,
        point=(application.latitude or 0.0, application.longitude or 0.0) if has_point else None,
    )


async def overview(
    session: AsyncSession, actor: Actor
) -> tuple[list[tuple[Incident, int]], list[tuple[Incident, int]]]:
    """(live incidents, those that are over), each with its number of applications."""
    actor.require(Action.DECIDE_INCIDENT)
    live, over = await rows.live(session), await rows.finished(session)
    sizes = await rows.sizes(session, [one.id or 0 for one in (*live, *over)])
    return [(one, sizes.get(one.id or 0, 0)) for one in live], [(one, sizes.get(one.id or 0, 0)) for one in over]


async def view(session: AsyncSession, incident_id: int, actor: Actor, *, now: datetime) -> IncidentView:
    incident = await _read(session, incident_id, actor, change=False)
    members = await rows.members_of(session, incident_id)
    if incident.state not in rows.LIVE:
        return IncidentView(incident=incident, members=members)
    recent = await rows.recent(session, since=min(incident.began_at, now) - LOOK_BACK, limit=MOST_AT_ONCE)
    group = [sighting_of(one) for one in members]
    apart = await rows.apart(session, [one.id for one in group])
    fitting = [one for one in recent if belongs_to(sighting_of(one), group, apart=apart)]
    return IncidentView(incident=incident, members=members, fitting=fitting)


async def confirm(session: AsyncSession, incident_id: int, actor: Actor, *, now: datetime) -> None:
    """An agent says that it is one thing."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, IncidentState.PROPOSED)
    members = await rows.members_of(session, incident_id)
    _decide(session, incident, IncidentState.CONFIRMED, actor, now)
    await _note(session, members, actor, "incident_confirmed", incident, now)


async def dismiss(session: AsyncSession, incident_id: int, actor: Actor, *, now: datetime) -> None:
    """No incident: its applications go on alone and are not proposed together again."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, *rows.LIVE)
    members = await rows.members_of(session, incident_id)
    ids = [one.id or 0 for one in members]
    for place, one in enumerate(ids):
        await rows.set_apart(session, one, ids[place + 1 :])
    await rows.remove_members(session, ids)
    _decide(session, incident, IncidentState.DISMISSED, actor, now)
    await _note(session, members, actor, "incident_dismissed", incident, now)


async def leave_out(
    session: AsyncSession, incident_id: int, actor: Actor, *, application_id: int, now: datetime
) -> None:
    """This one is about something else; it is never proposed with the others again."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, *rows.LIVE)
    members = await rows.members_of(session, incident_id)
    gone = [one for one in members if one.id == application_id]
    if not gone:
        raise NotFoundError("Bu başvuru olayın içinde değil; liste bu arada değişmiş olabilir.")
    await rows.remove_members(session, [application_id])
    await rows.set_apart(session, application_id, [one.id or 0 for one in members])
    await _note(session, gone, actor, "incident_left", incident, now)


async def add(session: AsyncSession, incident_id: int, actor: Actor, *, number: str, now: datetime) -> None:
    """An agent knows better than the rule that this belongs here."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, *rows.LIVE)
    application = await matters.by_number(session, number, actor)
    other = await rows.incident_of(session, application.id or 0)
    if other is not None:
        where = "bu olayın" if other.id == incident_id else "başka bir olayın"
        raise ConflictError(f"{application.number} zaten {where} içinde.")
    members = await rows.members_of(session, incident_id)
    await rows.forget_apart(session, application.id or 0, [one.id or 0 for one in members])
    await rows.add_members(session, [(incident_id, application.id or 0)], at=now)
    await _note(session, [application], actor, "incident_joined", incident, now)


async def close_all(
    session: AsyncSession, incident_id: int, actor: Actor, *, outcome: Outcome, now: datetime
) -> list[Reached]:
    """Close every member that can be closed; the incident is over when none is left open."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, IncidentState.CONFIRMED)
    members = [one for one in await rows.members_of(session, incident_id, change=True) if one.is_open]
    reached = []
    for one in members:
        try:
            await applications.close(session, one, actor, outcome=outcome, seen_version=one.version, now=now)
        except HimError as error:
            reached.append(Reached(application_id=one.id or 0, number=one.number, problem=str(error)))
        else:
            reached.append(Reached(application_id=one.id or 0, number=one.number))
    if not any(one.problem for one in reached):
        incident.state = IncidentState.ANSWERED
        session.add(incident)
    return reached


def _decide(session: AsyncSession, incident: Incident, state: IncidentState, actor: Actor, now: datetime) -> None:
    incident.state, incident.decided_by, incident.decided_at = state, actor.user_id, now
    session.add(incident)


def require_state(incident: Incident, *states: IncidentState) -> None:
    """Raise ConflictError where somebody has decided meanwhile."""
    if incident.state not in states:
        raise ConflictError(DECIDED)


async def incident_to_decide(session: AsyncSession, incident_id: int, actor: Actor) -> Incident:
    """Held until the transaction ends. Raises ForbiddenError or NotFoundError."""
    return await _read(session, incident_id, actor, change=True)


async def _read(session: AsyncSession, incident_id: int, actor: Actor, *, change: bool) -> Incident:
    actor.require(Action.DECIDE_INCIDENT)
    found = await (rows.incident_for_change if change else rows.incident)(session, incident_id)
    if found is None:
        raise NotFoundError("Böyle bir olay yok.")
    return found


async def _note(
    session: AsyncSession,
    members: Sequence[Application],
    actor: Actor,
    action: str,
    incident: Incident,
    now: datetime,
) -> None:
    notes = [
        history.HistoryNote(
            application_id=one.id or 0, actor=actor.reference, action=action, content={"incident": incident.id}
        )
        for one in members
    ]
    await history.append(session, notes, at=now)
