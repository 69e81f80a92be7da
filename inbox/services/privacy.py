"""Who may see the citizen behind an application; every look at what was hidden is recorded (7d10-11, 19h)."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import privacy as rows
from inbox.rules.masking import hides_citizen
from inbox.rules.permissions import Action, Actor
from inbox.services import history, steps
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.tables import AccessRecord, Application, Unmasking

LIFTED_FOR = timedelta(hours=24)
SHORTEST_REASON = 5
NOT_FOR_HER = "Bu başvurunun sahibini görmek için yetkiniz bulunmuyor."


async def reveal_citizen(
    session: AsyncSession, application: Application, actor: Actor, *, reason: str = "", now: datetime
) -> None:
    """Record that somebody looks at the citizen's name and account, in plain, this once.

    A confidential one needs chief or manager and a reason, or their permission for the reader's unit.
    """
    if not actor.may_see(application):
        raise NotFoundError(steps.NOT_THERE)
    if not application.confidential:
        actor.require(Action.REVEAL_CITIZEN)
    elif actor.may(Action.REVEAL_CONFIDENTIAL):
        reason = written_reason(reason)
    else:
        reason = (await _permission(session, application, actor, now=now)).reason
    what = "confidential" if application.confidential else "citizen"
    await record_look(session, application, actor, what=what, reason=reason, now=now)
    note = history.HistoryNote(application_id=application.id or 0, actor=actor.reference, action="citizen_revealed")
    await history.append(session, [note], at=now)


async def record_look(
    session: AsyncSession, application: Application, actor: Actor, *, what: str, reason: str = "", now: datetime
) -> None:
    look = AccessRecord(
        user_id=actor.user_id,
        application_id=application.id,
        citizen_id=application.citizen_id,
        what=what,
        reason=reason,
        at=now,
    )
    await rows.add_looks(session, [look])


async def may_look(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> bool:
    """Whether a reader from whom the citizen is hidden has permission to look, now."""
    found = await rows.unmasking_for(session, application.id or 0, user_id=actor.user_id, unit=actor.only_unit, now=now)
    return found is not None


async def _permission(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> Unmasking:
    hidden = hides_citizen(actor, confidential=application.confidential)
    found = await rows.unmasking_for(session, application.id or 0, user_id=actor.user_id, unit=actor.only_unit, now=now)
    if not hidden or found is None:
        raise ForbiddenError(NOT_FOR_HER)
    return found


async def lift(
    session: AsyncSession, application: Application, actor: Actor, *, user_id: int | None, reason: str, now: datetime
) -> Unmasking:
    """Let the unit that has the application, or one of its users, look at the citizen for a day."""
    actor.require(Action.REVEAL_CONFIDENTIAL)
    if not actor.may_see(application):
        raise NotFoundError(steps.NOT_THERE)
    unit = application.routed_unit
    if not application.confidential or not unit:
        raise ConflictError("Gizlilik yalnızca bir birime yönlendirilmiş gizli başvuruda kaldırılabilir.")
    if user_id is not None and user_id not in {one.id for one in await rows.users_of_unit(session, unit)}:
        raise InputError("Seçtiğiniz kişi başvurunun bulunduğu birimde değil; listeden seçiniz.")
    new = Unmasking(
        application_id=application.id or 0,
        user_id=user_id,
        unit="" if user_id else unit,
        reason=written_reason(reason),
        granted_by=actor.user_id,
        granted_at=now,
        until=now + LIFTED_FOR,
    )
    await rows.add_unmasking(session, new)
    content = {"user": user_id, "unit": new.unit, "until": new.until.isoformat(), "reason": new.reason}
    await steps.record(session, application, actor, "identity_unhidden", content, now=now)
    return new


async def end_lift(session: AsyncSession, application: Application, actor: Actor, *, key: int, now: datetime) -> None:
    """Take the permission back before its day is over, with every other that its reader has for this application."""
    actor.require(Action.REVEAL_CONFIDENTIAL)
    found = await rows.unmasking(session, key)
    if found is None or found.application_id != application.id:
        raise NotFoundError("Böyle bir izin yok.")
    if found.until <= now:
        raise ConflictError("Bu iznin süresi zaten doldu.")
    for one in await rows.unmaskings(session, found.application_id):
        if (one.user_id, one.unit) == (found.user_id, found.unit) and one.until > now:
            one.until = now
            session.add(one)
    await steps.record(session, application, actor, "identity_hidden_again", {"user": found.user_id}, now=now)


async def set_confidential(
    session: AsyncSession, application: Application, actor: Actor, *, confidential: bool, reason: str, now: datetime
) -> None:
    """The desk may hide a citizen from the unit; only chief or manager, with a reason, may end it."""
    actor.require(Action.CORRECT if confidential else Action.REVEAL_CONFIDENTIAL)
    if not actor.may_see(application):
        raise NotFoundError(steps.NOT_THERE)
    if application.confidential == confidential:
        return
    reason = written_reason(reason)
    application.confidential = confidential
    action = "made_confidential" if confidential else "confidentiality_ended"
    await steps.record(session, application, actor, action, {"reason": reason}, now=now)


def written_reason(reason: str) -> str:
    """Raises InputError where nothing that could be checked later was written."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise InputError("Gerekçe yazınız; kayıtlarda saklanır.")
    return reason
