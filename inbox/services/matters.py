"""Applications about the same matter: found by number, linked, divided where one holds two (process.md, «States»)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as rows
from inbox.repositories import conversations, search
from inbox.rules import workflow
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import history
from inbox.services.applications import Correction, known_topic
from inbox.services.checks import drafted
from inbox.services.deadlines import DeadlineRules, refresh_due
from inbox.services.steps import FASTER, NOT_THERE, record
from models.enums import Direction
from models.errors import ConflictError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, Message

LONGEST_CHAIN = 50


async def by_number(session: AsyncSession, number: str, actor: Actor) -> Application:
    """The application of that number. Raises InputError where there is none for this reader."""
    wanted = number.strip()
    found = await rows.by_number(session, wanted) or await rows.by_number(session, wanted.upper().replace("I", "İ"))
    if found is None or not actor.may_see(found):
        raise InputError(f"«{wanted}» numaralı bir başvuru yok. Numarayı denetleyiniz.", field="number")
    return found


async def link(
    session: AsyncSession, application: Application, actor: Actor, *, number: str, seen_version: int, now: datetime
) -> None:
    """This one follows an older one about the same matter."""
    _require(application, actor, seen_version)
    other = await by_number(session, number, actor)
    if await _follows(session, other, application.id or 0):
        raise InputError("Bir başvuru kendisine ya da kendisini izleyen bir başvuruya bağlanamaz.")
    application.linked_to_id = other.id
    await record(session, application, actor, "linked", {"to": other.id, "number": other.number}, now=now)


async def unlink(
    session: AsyncSession, application: Application, actor: Actor, *, seen_version: int, now: datetime
) -> None:
    _require(application, actor, seen_version)
    before = application.linked_to_id
    if before is None:
        return
    application.linked_to_id = None
    await record(session, application, actor, "unlinked", {"from": before}, now=now)


async def divide(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    message_ids: Sequence[int],
    labels: Correction,
    profile: Profile,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> Application:
    """What these messages say is a matter of its own: a new application of the same conversation, linked to this."""
    _require(application, actor, seen_version)
    chosen = await _chosen(session, application, message_ids)
    topic = await known_topic(session, labels)
    year = chosen[0].received_at.astimezone(profile.time_zone).year
    (number,) = await rows.reserve_numbers(session, prefix=profile.number_prefix, year=year, count=1)
    conversation = await conversations.conversation(session, chosen[0].conversation_id)
    assert conversation is not None
    new = drafted(conversation, chosen, labels, number=number, assignee_id=application.assignee_id, now=now)
    new.linked_to_id, new.unread = application.id, True
    new.confidential = application.confidential or topic.confidential
    await refresh_due(session, [new], rules=rules)
    await rows.add_all(session, [new])
    await conversations.mark_triaged(session, [([one.id or 0 for one in chosen], new.id)], at=now)
    content = {"number": number, "from": application.id, "topic": new.topic, "unit": new.unit}
    note = history.HistoryNote(application_id=new.id or 0, actor=actor.reference, action="registered", content=content)
    await history.append(session, [note], at=now)
    moved = [one.id for one in chosen]
    await record(session, application, actor, "divided", {"to": new.id, "number": number, "messages": moved}, now=now)
    await session.flush()
    await search.index_applications(session, [application.id or 0, new.id or 0])
    return new


async def _chosen(session: AsyncSession, application: Application, message_ids: Sequence[int]) -> list[Message]:
    """The citizen's messages of this application that go; at least one must stay."""
    if application.conversation_id is None:
        raise InputError("Bu başvuru mesajlardan oluşmuyor; ayrılacak bir mesaj yok.")
    everything = await conversations.messages_of_conversation(session, application.conversation_id)
    own = [one for one in everything if one.application_id == application.id and one.direction is Direction.INBOUND]
    wanted = set(message_ids)
    chosen = [one for one in own if one.id in wanted]
    if not chosen:
        raise InputError("Yeni başvuruya geçecek en az bir mesaj seçiniz.")
    if len(chosen) == len(own):
        raise InputError("En az bir mesaj bu başvuruda kalmalıdır; hepsi başka bir konuysa sınıflandırmayı düzeltiniz.")
    return chosen


async def _follows(session: AsyncSession, application: Application | None, wanted: int) -> bool:
    """Whether `wanted` stands among those that the application follows, itself included."""
    for _ in range(LONGEST_CHAIN):
        if application is None or application.id == wanted:
            break
        application = await rows.application(session, application.linked_to_id) if application.linked_to_id else None
    return application is not None


def _require(application: Application, actor: Actor, seen_version: int) -> None:
    actor.require(Action.CORRECT)
    if not actor.may_see(application):
        raise NotFoundError(NOT_THERE)
    workflow.require(Step.WORK, application.state)
    if seen_version != application.version:
        raise ConflictError(FASTER)
