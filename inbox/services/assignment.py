"""Gives applications to people by the desk's method, and takes them over from those who are away (004, 17d, 18b)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts
from inbox.repositories import roster as rows
from inbox.rules import assignment as rule
from inbox.rules.assignment import Method, Work, Worker, is_there
from inbox.rules.next_step import DESK_STATES
from inbox.rules.permissions import Action, Actor
from inbox.services import history, roster
from models.enums import ApplicationState, Urgency
from models.tables import Application

METHOD = "assignment_method"
MOST_AT_ONCE = 200
"""Applications that one look takes over; the next look takes the rest."""
TAKEN_FROM = DESK_STATES - {ApplicationState.ANSWERED}
"""The citizen who has her answer waits for nobody: such an application stays with its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An application that was given to somebody by rule."""

    application_id: int
    user_id: int
    before: int | None
    why: str
    """`by_turn`, `by_skill`, `emergency` or `owner_away`."""


async def method(session: AsyncSession) -> Method:
    """How the desk distributes; by hand until somebody chooses otherwise."""
    stored = await accounts.setting(session, METHOD, default=Method.BY_HAND.value)
    return Method(stored) if stored in list(Method) else Method.BY_HAND


async def set_method(session: AsyncSession, actor: Actor, chosen: Method) -> None:
    actor.require(Action.MANAGE_ROSTER)
    await accounts.put_setting(session, METHOD, chosen.value)


async def distribute(
    session: AsyncSession, applications: Sequence[Application], *, now: datetime, zone: ZoneInfo
) -> list[Given]:
    """Give those that are nobody's to whom the method proposes; emergencies under every method."""
    chosen = await method(session)
    free = [one for one in applications if one.assignee_id is None and _is_proposed(one, chosen)]
    if not free:
        return []
    known = await roster.workers(session, now=now)
    given = []
    for one in free:
        who = rule.propose(known.values(), _work(one), method=chosen, now=now, zone=zone)
        if who is not None:
            why = "emergency" if one.urgency is Urgency.EMERGENCY else chosen.value
            given.append(_give(one, who, known, why=why, now=now))
    await _record(session, applications, given, now=now)
    return given


def _is_proposed(application: Application, chosen: Method) -> bool:
    return chosen is not Method.BY_HAND or application.urgency is Urgency.EMERGENCY


async def take_over(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> list[Given]:
    """Applications that wait too long for an owner who is away go to somebody who is there. Harmless to repeat."""
    known = await roster.workers(session, now=now)
    away = [key for key, worker in known.items() if not is_there(worker, now=now, zone=zone)]
    if not away or len(away) == len(known):
        return []
    waiting = await rows.held_by(session, away, TAKEN_FROM, limit=MOST_AT_ONCE)
    given = []
    for one in waiting:
        owner = known[one.assignee_id or 0]
        since = one.waiting_since or one.received_at
        who = rule.take_over(owner, known.values(), _work(one), waiting_since=since, now=now, zone=zone)
        if who is not None:
            given.append(_give(one, who, known, why="owner_away", now=now))
    await _record(session, waiting, given, now=now)
    return given


def _work(application: Application) -> Work:
    return Work(channel=application.channel, topic=application.topic, urgency=application.urgency)


def _give(application: Application, who: Worker, known: dict[int, Worker], *, why: str, now: datetime) -> Given:
    """The next proposal sees the new load and turn."""
    given = Given(application_id=application.id or 0, user_id=who.id, before=application.assignee_id, why=why)
    known[who.id] = replace(who, load=who.load + 1, last_given_at=now)
    application.assignee_id = who.id
    application.version += 1
    return given


async def _record(
    session: AsyncSession, applications: Iterable[Application], given: Sequence[Given], *, now: datetime
) -> None:
    if not given:
        return
    changed = {one.application_id for one in given}
    session.add_all([one for one in applications if one.id in changed])
    await rows.note_given(session, {one.user_id for one in given}, at=now)
    notes = [
        history.HistoryNote(
            application_id=one.application_id,
            actor="bot",
            action="assigned",
            content={"from": one.before, "to": one.user_id, "why": one.why},
        )
        for one in given
    ]
    await history.append(session, notes, at=now)
