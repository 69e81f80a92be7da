"""What persons ask of their data: identity checked, then exported, corrected, erased or refused (law 6698, 11, 13)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import person_requests as rows
from inbox.repositories import privacy as looks
from inbox.repositories import retention as kept
from inbox.repositories import search, traces
from inbox.rules.deadlines import Policy, answer_due
from inbox.rules.permissions import Action, Actor
from inbox.rules.retention import TOMBSTONE, RetentionPolicy
from inbox.services import erasure, history, matters, retention
from inbox.services.person_data import Data, person_data
from inbox.services.privacy import written_reason
from inbox.services.retention import Destroyed
from models.enums import DeadlineClass, RequestKind, RequestState
from models.errors import ConflictError, InputError, NotFoundError
from models.personal_data import mask
from models.tables import AccessRecord, Application, PersonRequest

LONGEST_NAME = 120
ALL_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An application that a duty keeps from being erased."""

    number: str
    why: str


async def receive(
    session: AsyncSession, actor: Actor, *, number: str, kind: RequestKind, zone: ZoneInfo, now: datetime
) -> PersonRequest:
    """Note down what somebody asks who is known by one of her applications' numbers; 30 days from now."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    found = await matters.by_number(session, number, actor)
    days = Policy().limit(DeadlineClass.PERSONAL_DATA).days
    request = PersonRequest(
        citizen_id=found.citizen_id,
        application_id=found.id,
        kind=kind,
        received_at=now,
        due_at=answer_due(now, days=days, zone=zone),
    )
    await rows.add(session, request)
    return request


async def read(session: AsyncSession, key: int, actor: Actor) -> PersonRequest:
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    found = await rows.request(session, key)
    if found is None:
        raise NotFoundError("Böyle bir talep yok.")
    return found


async def identify(session: AsyncSession, request: PersonRequest, actor: Actor, *, proof: str) -> None:
    """How her identity was checked, in words; numbers of documents are not kept."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    _require(request, RequestState.RECEIVED)
    request.identity_proof, request.state = mask(written_reason(proof)), RequestState.IDENTIFIED
    session.add(request)


async def export(session: AsyncSession, request: PersonRequest, actor: Actor, *, now: datetime) -> Data:
    """All that is kept about her. The look at it is recorded."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    if request.kind is not RequestKind.EXPORT:
        raise ConflictError("Bu talep verilerin dökümü için değil.")
    _require(request, RequestState.IDENTIFIED, RequestState.FULFILLED)
    look = AccessRecord(user_id=actor.user_id, citizen_id=request.citizen_id, what="person_request", at=now)
    await looks.add_looks(session, [look])
    if request.state is RequestState.IDENTIFIED:
        _decide(session, request, actor, RequestState.FULFILLED, now=now)
    return person_data(await rows.file_of(session, request.citizen_id), at=now)


async def correct(session: AsyncSession, request: PersonRequest, actor: Actor, *, name: str, now: datetime) -> None:
    """Her name as she says that it is, everywhere; her applications are found by it."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    _require_kind(request, RequestKind.CORRECT)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InputError(f"Doğru adı yazınız; en çok {LONGEST_NAME} karakter olabilir.")
    await rows.rename(session, request.citizen_id, name)
    owned = [one for one in await rows.applications_of(session, request.citizen_id) if one.anonymised_at is None]
    await search.index_applications(session, [one.id or 0 for one in owned])
    await _note(session, owned, actor, "citizen_corrected", now=now)
    _decide(session, request, actor, RequestState.FULFILLED, now=now)


async def erase(
    session: AsyncSession, request: PersonRequest, actor: Actor, *, policy: RetentionPolicy, now: datetime
) -> tuple[Destroyed, list[Kept]]:
    """Erase what no duty keeps. Where something must stay the request is refused for it, with the reason."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    _require_kind(request, RequestKind.ERASE)
    over = await kept.applications(
        session, retention.ended(policy, now=now), limit=ALL_AT_ONCE, citizen_id=request.citizen_id
    )
    done = await retention.anonymise_applications(session, over, now=now)
    done = done + await _erase_loose(session, request.citizen_id, now=now)
    await session.flush()
    remaining = [one for one in await rows.applications_of(session, request.citizen_id) if one.anonymised_at is None]
    duties = [Kept(one.number, _duty(one, policy)) for one in remaining]
    gone = await kept.citizens(session, before=now, limit=1, citizen_id=request.citizen_id)
    await traces.empty_citizens(session, gone, at=now)
    await search.forget_deleted(session)
    await session.refresh(request)
    done = done + Destroyed(citizens=len(gone))
    request.details = {"erased": asdict(done), "kept": [one.number for one in duties]}
    reason = "; ".join(f"{one.number}: {one.why}" for one in duties)
    state = RequestState.REFUSED if duties else RequestState.FULFILLED
    _decide(session, request, actor, state, reason=reason, now=now)
    return done, duties


async def _erase_loose(session: AsyncSession, citizen_id: int, *, now: datetime) -> Destroyed:
    """Messages without an application; a young one leaves its platform's id, by which a late copy is known."""
    loose = await rows.loose_messages(session, citizen_id)
    old = [one.id or 0 for one in loose if one.received_at < now - TOMBSTONE]
    for message in loose:
        if (message.id or 0) not in old:
            await erasure.erase(session, message, at=now)
    files = await traces.empty_messages(session, old, at=now)
    return Destroyed(messages=len(loose), files=files)


def _duty(application: Application, policy: RetentionPolicy) -> str:
    if application.is_open:
        return "başvuru sonuçlanmadı; yasa gereği cevaplanması gerekiyor"
    ended = application.closed_at or application.last_message_at
    until = policy.keeps_until(ended, kind=application.kind, outcome=application.outcome)
    return f"arşiv süresi {until:%d.%m.%Y} tarihinde doluyor"


async def refuse(session: AsyncSession, request: PersonRequest, actor: Actor, *, reason: str, now: datetime) -> None:
    """Say no, with the reason that she is told: not identified, or a legal duty."""
    actor.require(Action.ANSWER_PERSON_REQUESTS)
    _require(request, RequestState.RECEIVED, RequestState.IDENTIFIED)
    _decide(session, request, actor, RequestState.REFUSED, reason=written_reason(reason), now=now)


def _require_kind(request: PersonRequest, kind: RequestKind) -> None:
    if request.kind is not kind:
        raise ConflictError("Talep başka bir işlem için; sayfayı yenileyiniz.")
    _require(request, RequestState.IDENTIFIED)


def _require(request: PersonRequest, *states: RequestState) -> None:
    if request.state in states:
        return
    if request.state is RequestState.RECEIVED:
        raise ConflictError("Önce kimlik doğrulamasını kaydediniz.")
    raise ConflictError("Bu talep için bu işlem artık yapılamıyor; sayfayı yenileyiniz.")


def _decide(
    session: AsyncSession,
    request: PersonRequest,
    actor: Actor,
    state: RequestState,
    *,
    reason: str = "",
    now: datetime,
) -> None:
    request.state, request.reason = state, reason
    request.decided_by, request.decided_at = actor.user_id, now
    session.add(request)


async def _note(
    session: AsyncSession, found: Sequence[Application], actor: Actor, action: str, *, now: datetime
) -> None:
    notes = [history.HistoryNote(application_id=one.id or 0, actor=actor.reference, action=action) for one in found]
    await history.append(session, notes, at=now)
