"""Where an application lies: with a unit, back at the desk, at an outside body. Every routing starts its own limit."""

from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as rows
from inbox.repositories import organisation, process, search
from inbox.rules.deadlines import answer_due, deadline_class_of
from inbox.rules.permissions import Action, Actor
from inbox.rules.receivers import is_outside, receiver_of
from inbox.rules.workflow import Step
from inbox.services import deadlines, telling
from inbox.services.deadlines import DeadlineRules
from inbox.services.steps import FASTER, hand_to_desk, record, take_step
from inbox.services.telling import GivenBy
from models.channel_facts import SurfaceFacts
from models.enums import ApplicationState, Purpose, ResponseKind, ResponseState
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import Application, Routing, SignedDocument, Topic, Unit, UnitResponse

LONGEST_NUMBER = 60


async def receiver(session: AsyncSession, application: Application) -> Unit:
    """The unit to which the application would go. Raises InputError where that is open, or nobody of ours."""
    found = await organisation.unit(session, receiver_of(application.unit, district=application.district))
    if found is None:
        raise InputError("Seçilen birim listede yok; başvurunun birimini düzeltiniz.")
    if not found.active:
        raise InputError(f"{found.name} artık başvuru almıyor; başvurunun birimini düzeltiniz.")
    if is_outside(found.kind):
        raise InputError(f"{found.name} dış kurumdur; «Dış kuruma yönlendir» adımını kullanınız.")
    return found


async def start(
    session: AsyncSession,
    application: Application,
    unit: Unit,
    *,
    actor: Actor | None,
    rules: DeadlineRules,
    now: datetime,
) -> Routing:
    """The application is with the unit from now on; it has three days to return it [İ20a]."""
    await process.end_routings(session, application.id or 0, at=now)
    application.routed_unit, application.routed_at, application.accepted_at = unit.id, now, None
    application.deadline_class = deadline_class_of(
        application.channel, application.kind, known=application.deadline_class, routed=True
    )
    session.add(application)
    await deadlines.refresh_due(session, [application], rules=rules)
    days, zone = rules.policy.return_days, rules.calendar.zone
    routing = Routing(
        application_id=application.id or 0,
        unit=unit.id,
        routed_by=actor.user_id if actor else None,
        routed_at=now,
        return_due_at=answer_due(now, days=days, zone=zone),
    )
    return await process.add(session, routing)


async def accept(
    session: AsyncSession, application: Application, actor: Actor, *, seen_version: int, now: datetime
) -> None:
    await require_side(session, application, actor)
    await take_step(session, application, Step.ACCEPT, actor=actor, now=now, seen_version=seen_version)
    await note_taken(session, application, actor, now=now)


async def note_taken(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """The unit works on it: nothing left to return."""
    application.accepted_at = application.accepted_at or now
    session.add(application)
    routing = await process.open_routing(session, application.id or 0)
    if routing and routing.accepted_at is None:
        routing.accepted_by, routing.accepted_at = actor.user_id, now
        session.add(routing)


async def give_back(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    reason: str,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> None:
    """The unit returns what is not its own, within three days of the routing and with a reason [İ15d, İ20a]."""
    await require_side(session, application, actor)
    routing = await process.open_routing(session, application.id or 0)
    unit = application.routed_unit or ""
    await take_step(
        session,
        application,
        Step.RETURN,
        actor=actor,
        now=now,
        reason=reason,
        seen_version=seen_version,
        return_due_at=routing.return_due_at if routing else None,
        content={"unit": unit},
    )
    await process.end_routings(session, application.id or 0, at=now)
    application.routed_unit = application.accepted_at = None
    hand_to_desk(application)
    await deadlines.refresh_due(session, [application], rules=rules)
    response = UnitResponse(
        application_id=application.id or 0,
        unit=unit,
        kind=ResponseKind.RETURN,
        state=ResponseState.ACCEPTED,
        text=reason.strip(),
        user_id=actor.user_id,
        created_at=now,
    )
    await process.add(session, response)


async def require_side(session: AsyncSession, application: Application, actor: Actor) -> None:
    """Raise ForbiddenError where the desk, or another unit's user, would speak for a unit with people in the inbox."""
    if actor.may(Action.ACT_FOR_UNIT) and actor.unit == application.routed_unit:
        return
    unit = await organisation.unit(session, application.routed_unit or "")
    if unit is None or unit.integrated:
        raise ForbiddenError("Bu adımı birimin kendi kullanıcısı atar.")


async def sign(
    session: AsyncSession,
    document: SignedDocument,
    application: Application,
    actor: Actor,
    *,
    number: str,
    signed_on: date,
    rules: DeadlineRules,
    now: datetime,
) -> None:
    """Enter EBYS's number and date of a letter; an application that waited for it is with its receiver then [İ6a7].

    Who calls holds the application, and so the letter with it.
    """
    actor.require(Action.SIGN)
    number = number.strip()
    if not number or len(number) > LONGEST_NUMBER:
        raise InputError("Belgenin EBYS sayısını yazınız.")
    if signed_on > rules.calendar.day_of(now):
        raise InputError("İmza tarihi bugünden sonra olamaz.")
    await session.refresh(document)
    if document.number:
        raise InputError("Bu belgenin sayısı daha önce girildi.")
    document.number, document.signed_on = number, signed_on
    session.add(document)
    content = {"document_id": document.id, "number": number, "date": signed_on.isoformat()}
    if application.state is not ApplicationState.AWAITING_SIGNATURE:
        await record(session, application, actor, "letter_signed", content, now=now)
        return
    await take_step(session, application, Step.SIGN, actor=actor, now=now, content=content)
    unit = await organisation.unit(session, document.receiver)
    assert unit is not None
    await start(session, application, unit, actor=actor, rules=rules, now=now)


async def redirect(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    body: str,
    text: str,
    is_petition: bool,
    facts: SurfaceFacts | None,
    given_by: GivenBy | None,
    seen_version: int,
    now: datetime,
) -> int | None:
    """An outside body's matter: the citizen is told where to turn; a proper petition is also to be forwarded (3071/5).

    The outbox row's id, or None where it was said otherwise.
    """
    if not body.strip():
        raise InputError("Başvurunun ait olduğu kurumu yazınız.")
    content: dict[str, Any] = {"body": body.strip(), "petition": is_petition}
    await take_step(
        session, application, Step.REDIRECT, actor=actor, now=now, reason=body, content=content,
        seen_version=seen_version,
    )  # fmt: skip
    forward = " (usulüne uygun dilekçe: kuruma da gönderilecek)" if is_petition else ""
    application.closed_at, application.closing_note, application.unread = now, f"{body.strip()}{forward}", False
    return await telling.tell(
        session, application, actor, text=text, purpose=Purpose.REDIRECT, facts=facts, rules=None, now=now,
        given_by=given_by,
    )  # fmt: skip


async def resume(session: AsyncSession, application: Application) -> None:
    """The unit's answer will not do, or its work is undone: the last routing goes on."""
    routing = await process.last_routing(session, application.id or 0)
    if routing and routing.ended_at is not None:
        routing.ended_at = None
        session.add(routing)


async def second_matter(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    number: str,
    text: str,
    topic: Topic,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> Application:
    """One message holds two matters: the second, told in the desk's words, is registered and linked [İ8a2].

    Where it stands in messages of its own, `matters.divide` moves them.
    """
    actor.require(Action.REGISTER)
    if seen_version != application.version:
        raise ConflictError(FASTER)
    text = telling.written(text)
    copied = ("conversation_id", "citizen_id", "account_id", "channel", "kind", "urgency", "rank", "district",
              "neighbourhood", "received_at", "last_message_at", "on_behalf_of")  # fmt: skip
    fresh = Application(
        **{name: getattr(application, name) for name in copied},
        number=number,
        state=ApplicationState.DRAFT,
        topic=topic.id,
        unit=topic.unit,
        confidential=application.confidential or topic.confidential,
        decision=application.decision,
        confidence=1.0,
        summary=" ".join(text.split())[:160],
        brief=text,
        assignee_id=actor.user_id,
        unread=False,
        due_at=now,
        deadline_class=deadline_class_of(application.channel, application.kind),
        registered_by=actor.user_id,
        linked_to_id=application.id,
        waiting_since=now,
        created_at=now,
    )
    await deadlines.refresh_due(session, [fresh], rules=rules)
    await rows.add_all(session, [fresh])
    await record(session, fresh, actor, "registered", {"number": number, "from": application.number}, now=now)
    await record(session, application, actor, "divided", {"number": number}, now=now)
    await session.flush()
    await search.index_applications(session, [fresh.id or 0])
    return fresh
