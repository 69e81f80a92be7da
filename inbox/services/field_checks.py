"""Looks on the spot whether the work is done; undone work goes back to the unit (directive 004, 6b, 6b9, 7d5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as application_rows
from inbox.repositories import field_checks as rows
from inbox.repositories import people
from inbox.rules import workflow
from inbox.rules.masking import hides_citizen
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.workflow import Step
from inbox.services import staff_files
from inbox.services.deadlines import DeadlineRules, refresh_due
from inbox.services.routing import resume
from inbox.services.steps import allow, hand_to_desk, record, take_step
from models.enums import FieldFinding
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.tables import Application, FieldCheck, StaffFile

QUEUE = 100
DONE = "Bu yerinde tespit az önce tamamlandı; liste güncellendi."
UNDONE = frozenset({FieldFinding.NOT_DONE, FieldFinding.PARTLY})
"""Half the work is not the work: it goes back too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen on the spot, with stored pictures of it."""

    finding: FieldFinding
    text: str
    pictures: Sequence[StaffFile] = ()


async def ask(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    reason: str,
    now: datetime,
    assignee_id: int | None = None,
) -> FieldCheck:
    """Have somebody look. The application stays where it is. What is asked twice in the same words waits once."""
    allow(application, Step.FIELD_CHECK, actor=actor)
    asked = await rows.of_application(session, application.id or 0)
    if same := [one for one in asked if one.finding is None and one.reason == reason.strip()]:
        return same[0]
    if assignee_id is not None:
        await _field_worker(session, assignee_id)
    row = FieldCheck(
        application_id=application.id or 0,
        reason=reason.strip(),
        asked_by=actor.user_id,
        asked_at=now,
        assignee_id=assignee_id,
    )
    await take_step(session, application, Step.FIELD_CHECK, actor=actor, now=now, reason=reason)
    await rows.add(session, row)
    return row


async def queue(session: AsyncSession, actor: Actor) -> Sequence[tuple[FieldCheck, Application]]:
    """What waits for a look: the field team's own and nobody's first; for others what they see wholly."""
    if not actor.may(Action.FIELD_CHECK) and not actor.may(Action.ASK_FIELD_CHECK):
        raise ForbiddenError("Bu işlem için yetkiniz bulunmuyor.")
    found = await rows.waiting(session, limit=QUEUE)
    if actor.may(Action.FIELD_CHECK):
        return sorted(found, key=lambda pair: (pair[0].assignee_id not in (actor.user_id, None), pair[0].id))
    return [
        (check, one)
        for check, one in found
        if actor.may_see(one) and not hides_citizen(actor, confidential=one.confidential)
    ]


async def assign(session: AsyncSession, check_id: int, actor: Actor, *, user_id: int, now: datetime) -> None:
    """Give it to somebody of the field team; she may take it herself."""
    if not (actor.may(Action.FIELD_CHECK) and user_id == actor.user_id):
        actor.require(Action.ASSIGN)
    check, application = await _open(session, check_id)
    await _field_worker(session, user_id)
    check.assignee_id = user_id
    session.add(check)
    await record(session, application, actor, "field_check_assigned", {"check": check.id, "to": user_id}, now=now)


async def application_to_look_at(session: AsyncSession, check_id: int, actor: Actor) -> int:
    """The application of a look that waits, before its pictures are stored. Raises as `find` does."""
    actor.require(Action.FIELD_CHECK)
    check, _ = await _open(session, check_id)
    return check.application_id


async def find(
    session: AsyncSession, check_id: int, actor: Actor, *, look: Look, rules: DeadlineRules, now: datetime
) -> bool:
    """Record what was found. True where the application went back to its unit.

    An application that its unit still works on, or that never went to one, keeps its state: the desk reads the finding.
    """
    actor.require(Action.FIELD_CHECK)
    if not look.text.strip():
        raise InputError("Yerinde ne gördüğünüzü yazınız.")
    check, application = await _open(session, check_id)
    check.finding, check.text = look.finding, look.text.strip()
    await staff_files.keep(session, look.pictures, check_id=check.id)
    placed = next((one for one in look.pictures if one.latitude is not None), None)
    if placed:
        check.latitude, check.longitude = placed.latitude, placed.longitude
    check.checked_by, check.checked_at = actor.user_id, now
    session.add(check)
    content = {"check": check.id, "finding": look.finding, "pictures": len(look.pictures)}
    await record(session, application, actor, "field_checked", content, now=now)
    hand_to_desk(application)
    if look.finding not in UNDONE or not _goes_back(application):
        return False
    await _send_back(session, application, actor, look, rules, now)
    return True


def _goes_back(application: Application) -> bool:
    return workflow.fits(Step.WORK_UNDONE, application.state) and application.routed_unit is not None


async def _send_back(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    look: Look,
    rules: DeadlineRules,
    now: datetime,
) -> None:
    """The unit has it again; the limit that the answer had stopped runs on."""
    await take_step(session, application, Step.WORK_UNDONE, actor=actor, now=now, reason=look.text, by_task=True)
    application.answered_at = application.closed_at = application.outcome = None
    application.closing_note = ""
    application.accepted_at = application.accepted_at or now
    await resume(session, application)
    await refresh_due(session, [application], rules=rules)
    session.add(application)


async def _open(session: AsyncSession, check_id: int) -> tuple[FieldCheck, Application]:
    check = await rows.check_for_change(session, check_id)
    if check is None:
        raise NotFoundError("Böyle bir yerinde tespit yok.")
    if check.finding is not None:
        raise ConflictError(DONE)
    application = await application_rows.application_for_change(session, check.application_id)
    assert application is not None
    return check, application


async def _field_worker(session: AsyncSession, user_id: int) -> None:
    user = await people.user(session, user_id)
    if user is None or not user.active:
        raise InputError("Seçtiğiniz kişi artık çalışmıyor; başka birini seçiniz.")
    if not Actor(user_id=user_id, name=user.name, roles=known_roles(user.roles)).may(Action.FIELD_CHECK):
        raise InputError(f"{user.name} yerinde tespit ekibinde değil; başka birini seçiniz.")
