"""Topics as the organisation routes them. Their codes are the classifier's labels: none comes, none goes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as application_rows
from inbox.repositories import organisation as rows
from inbox.rules.permissions import Action
from inbox.rules.topic_units import RoutingPlan, TopicUnits
from inbox.services import deadlines, security_events
from inbox.services.security_events import What
from inbox.services.users import By
from models.errors import InputError, NotFoundError
from models.profile import Profile
from models.tables import Topic, Unit

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChange:
    """What of a topic may be changed. `days`: a shorter limit than the regulation's, None for none."""

    name: str
    unit: str
    other_units: Collection[str]
    days: int | None


async def read_plan(session: AsyncSession, profile: Profile) -> RoutingPlan:
    """How topics are routed now. The one path: whoever asks which unit a topic goes to asks here."""
    topics = await rows.all_topics(session)
    closed = {unit.id for unit in await rows.all_units(session) if not unit.active}
    return RoutingPlan(
        topics={topic.id: _units_of(topic, profile, closed) for topic in topics},
        confidential=frozenset(topic.id for topic in topics if topic.confidential),
    )


def _units_of(topic: Topic, profile: Profile, closed: Collection[str]) -> TopicUnits:
    entry = profile.topics.get(topic.id)
    return TopicUnits(
        unit=topic.unit,
        taught=entry.unit if entry else topic.unit,
        others=tuple(unit for unit in topic.other_units if unit not in closed),
    )


async def read(session: AsyncSession, topic_id: str) -> Topic:
    """Raises NotFoundError."""
    topic = await rows.topic(session, topic_id)
    if topic is None:
        raise NotFoundError("Böyle bir konu yok.")
    return topic


async def change(session: AsyncSession, topic_id: str, wanted: TopicChange, *, profile: Profile, by: By) -> int:
    """Change name, units and limit; how many open applications got another limit by it [İ20a]."""
    by.actor.require(Action.MANAGE_ORGANISATION)
    topic = await read(session, topic_id)
    _check(wanted, await rows.all_units(session), longest=profile.deadline_days)
    before, old_days = _words(topic), topic.days
    topic.name, topic.unit, topic.days = wanted.name.strip(), wanted.unit, wanted.days
    topic.other_units = sorted({*wanted.other_units} - {wanted.unit})
    session.add(topic)
    await session.flush()
    moved = await _refresh(session, topic, profile) if topic.days != old_days else 0
    detail = f"{topic.id}: {before} → {_words(topic)}"
    await security_events.record(
        session, What.ORGANISATION_CHANGED, now=by.now, user_id=by.actor.user_id, where=by.where, detail=detail
    )
    return moved


async def _refresh(session: AsyncSession, topic: Topic, profile: Profile) -> int:
    """Open applications of the topic get the limit that it has now."""
    open_ones = await application_rows.open_of_topic(session, topic.id)
    before = [one.due_at for one in open_ones]
    await deadlines.refresh_due(session, open_ones, rules=await deadlines.read_rules(session, profile))
    session.add_all(open_ones)
    return sum(one.due_at != due_at for one, due_at in zip(open_ones, before, strict=True))


def _check(wanted: TopicChange, units: Collection[Unit], *, longest: int) -> None:
    if not wanted.name.strip() or len(wanted.name.strip()) > LONGEST_NAME:
        raise InputError(f"Konunun adını yazınız; en çok {LONGEST_NAME} karakter olabilir.")
    open_units = {unit.id for unit in units if unit.active and not unit.parent}
    if wanted.unit not in open_units or not set(wanted.other_units) <= open_units:
        raise InputError("Konunun birimleri çalışan birimler arasından seçilmelidir.")
    if wanted.days is not None and not 1 <= wanted.days < longest:
        raise InputError(f"Kısa süre 1 ile {longest - 1} gün arasında olabilir; genel süre için boş bırakınız.")


def _words(topic: Topic) -> str:
    others = f" ({', '.join(topic.other_units)})" if topic.other_units else ""
    return f"{topic.name}; {topic.unit}{others}; {f'{topic.days} gün' if topic.days else 'genel süre'}"
