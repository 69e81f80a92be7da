"""What the desk teaches the classifier: settled texts, corpus rows of them, promotion of a challenger. No training."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import learning, people
from inbox.repositories.learning import JudgedApplication
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.topic_units import RoutingPlan
from inbox.services import topics
from models.db import lock
from models.enums import ApplicationState, Kind, Urgency
from models.errors import ConflictError, InputError
from models.learning import ModelFacts, ModelShelf, ReplayVerdict, SettledText, WordSource
from models.personal_data import mask
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Message, ModelComparison, ModelPromotion

FIELDS = ("kind", "topic", "unit", "urgency", "district", "neighbourhood")
TAUGHT = frozenset(WordSource) - {WordSource.ANSWERED}
"""Only what a person said in so many words teaches."""
REFUSALS = {
    ReplayVerdict.TOO_FEW: "Karşılaştırmada yeterli sayıda sonuçlanmış mesaj yok; aday yükseltilemez.",
    ReplayVerdict.NOT_BETTER: "Aday, geçmiş mesajlarda çalışan modelden belirgin biçimde iyi değil; yükseltilemez.",
    ReplayVerdict.MISSES_EMERGENCIES: "Aday, çalışan modelin bulduğu acil mesajları kaçırıyor; yükseltilemez.",
    ReplayVerdict.AUTO_LESS_PRECISE: "Adayın kendiliğinden yönlendirdikleri daha sık yanlış; yükseltilemez.",
}


async def settled_texts(
    session: AsyncSession, *, profile: Profile, since: datetime | None = None, until: datetime, answered: bool
) -> list[SettledText]:
    """Messages received within the span with the desk's final labels, oldest first; units as training knows them.

    What was taken back, or edited after the desk's word, is not among them. `answered` adds applications that were
    answered or closed with the machine's labels as they stood.
    """
    judged = await learning.judged_applications(session, since=since, until=until, answered=answered)
    dismissed = await learning.dismissed_messages(session, since=since, until=until)
    found = [*(_of_application(one) for one in judged), *_of_dismissals(dismissed)]
    plan = await topics.read_plan(session, profile)
    return sorted((_taught(one, plan) for one in found if one), key=lambda one: (one.received_at, one.key))


def _taught(text: SettledText, plan: RoutingPlan) -> SettledText:
    labels, before = (
        {**labels, "unit": plan.taught_unit(labels.get("topic"), labels.get("unit"))} if labels else labels
        for labels in (text.labels, text.before)
    )
    return replace(text, labels=labels, before=before)


def corpus_rows(texts: Sequence[SettledText], profile: Profile) -> list[dict[str, Any]]:
    """Training rows of a person's words, personal data masked. Confidential ones and impossible pairs stay out."""
    return [
        {"id": f"desk-{one.key}", "channel": one.channel, "text": mask(one.text), **one.labels}
        for one in texts
        if one.source in TAUGHT and not one.confidential and _is_possible(one.labels, profile)
    ]


def exported_rows(texts: Sequence[SettledText], profile: Profile) -> list[dict[str, Any]]:
    """Corpus rows with where they come from: how settled, the machine's labels and version, who, when."""
    origins = {f"desk-{one.key}": one for one in texts}
    return [{**row, "origin": _origin(origins[row["id"]])} for row in corpus_rows(texts, profile)]


def _origin(text: SettledText) -> dict[str, Any]:
    return {
        "source": text.source,
        "before": dict(text.before),
        "model_version": text.model_version,
        "user": text.user_id,
        "at": text.settled_at.isoformat(),
    }


def _of_application(judged: JudgedApplication) -> SettledText | None:
    """All that the citizen had said by the time of the desk's last word, with just that word."""
    application = judged.application
    is_dismissed = application.state is ApplicationState.DISMISSED
    machine = next((one for one in judged.records if one.corrected_by is None), None)
    words = [one for one in judged.records if one.corrected_by is not None and one.application_id == application.id]
    word = None if is_dismissed or not words else words[-1]
    settled_at = word.created_at if word else application.answered_at or application.closed_at
    if settled_at is None or _was_divided(judged, settled_at):
        return None
    return _settled(
        [one for one in judged.messages if one.received_at <= settled_at],
        machine,
        word,
        labels=_labels(word or application),
        source=WordSource.DISMISSED if is_dismissed else _source(machine, word),
        settled_at=settled_at,
        application=application,
    )


def _was_divided(judged: JudgedApplication, settled_at: datetime) -> bool:
    """Some of what the desk's word was about stands in another application since."""
    return any(one.received_at <= settled_at < one.created_at for one in judged.parted)


def _of_dismissals(found: Sequence[tuple[Message, list[ClassificationRecord]]]) -> list[SettledText | None]:
    """Messages that were dismissed together were one matter."""
    groups: dict[tuple[int, datetime], list[tuple[Message, list[ClassificationRecord]]]] = defaultdict(list)
    for message, records in found:
        word = next(one for one in reversed(records) if one.corrected_by is not None)
        groups[message.conversation_id, word.created_at].append((message, records))
    return [_of_dismissal(group, at) for (_, at), group in groups.items()]


def _of_dismissal(group: list[tuple[Message, list[ClassificationRecord]]], at: datetime) -> SettledText | None:
    group.sort(key=lambda one: (one[0].sent_at, one[0].id or 0))
    records = [record for _, all_ in group for record in all_]
    machine = next((one for one in records if one.corrected_by is None), None)
    word = next(one for one in reversed(records) if one.corrected_by is not None)
    messages = [message for message, _ in group]
    return _settled(
        messages, machine, word, labels=_labels(word), source=WordSource.DISMISSED, settled_at=at, application=None
    )


def _settled(
    messages: Sequence[Message],
    machine: ClassificationRecord | None,
    word: ClassificationRecord | None,
    *,
    labels: Mapping[str, Any],
    source: WordSource,
    settled_at: datetime,
    application: Application | None,
) -> SettledText | None:
    text = "\n".join(message.text for message in messages if message.text.strip())
    if not text or any(one.deleted_at or (one.edited_at and one.edited_at > settled_at) for one in messages):
        return None
    return SettledText(
        key=f"a{application.id}" if application else f"m{messages[-1].id}",
        channel=messages[-1].channel,
        text=text,
        labels=labels,
        source=source,
        before=_labels(machine) if machine else {},
        model_version=machine.model_version if machine else "",
        user_id=word.corrected_by if word else None,
        confidential=bool(application and application.confidential),
        received_at=messages[0].received_at,
        settled_at=settled_at,
    )


def _source(machine: ClassificationRecord | None, word: ClassificationRecord | None) -> WordSource:
    if word is None:
        return WordSource.ANSWERED
    if machine is None or machine.application_id is None:
        return WordSource.OPENED
    return WordSource.CONFIRMED if _labels(machine) == _labels(word) else WordSource.CORRECTED


def _labels(said: ClassificationRecord | Application) -> dict[str, Any]:
    """As labels.md wants them: `gecersiz` has neither topic nor unit, and is never urgent."""
    labels = {name: getattr(said, name) for name in FIELDS}
    is_dismissed = isinstance(said, Application) and said.state is ApplicationState.DISMISSED
    if said.kind is Kind.INVALID or is_dismissed:
        labels |= {"kind": Kind.INVALID, "topic": None, "unit": None, "urgency": Urgency.NORMAL}
    return {**labels, "kind": labels["kind"].value, "urgency": labels["urgency"].value}


def _is_possible(labels: Mapping[str, Any], profile: Profile) -> bool:
    if labels["kind"] == Kind.INVALID:
        return True
    topic = profile.topics.get(labels["topic"] or "")
    return topic is not None and labels["unit"] in topic.units


async def actor_of(session: AsyncSession, login: str) -> Actor:
    """The person of a log-in, for commands. Raises InputError."""
    user = await people.by_login(session, login.strip().lower())
    if user is None or not user.active:
        raise InputError(f"no active user with the log-in {login!r}")
    return Actor(user_id=user.id or 0, name=user.name, roles=known_roles(user.roles), unit=user.unit)


async def comparison_of(session: AsyncSession, shelf: ModelShelf) -> ModelComparison | None:
    """The last comparison of just these two, champion and challenger."""
    champion, challenger = shelf.champion, shelf.challenger
    if champion is None or challenger is None:
        return None
    return await learning.latest_comparison(session, champion=champion.version, challenger=challenger.version)


async def promote(session: AsyncSession, shelf: ModelShelf, actor: Actor, *, now: datetime) -> ModelPromotion:
    """The challenger becomes champion, in a person's name, where a replay proved it better. Raises ConflictError."""
    actor.require(Action.PROMOTE_MODEL)
    await lock(session, "model")
    champion, challenger = shelf.champion, shelf.challenger
    if challenger is None or champion is None:
        raise ConflictError("Bir aday model yok; önce `python run_bots.py train --with-corrections` çalıştırılmalıdır.")
    comparison = await comparison_of(session, shelf)
    if comparison is None:
        raise ConflictError("Aday henüz karşılaştırılmadı; önce `python run_bots.py replay` çalıştırılmalıdır.")
    if comparison.verdict is not ReplayVerdict.BETTER:
        raise ConflictError(REFUSALS[comparison.verdict])
    promotion = await _record(session, actor, champion, challenger, comparison_id=comparison.id, now=now)
    shelf.promote(challenger.version)
    return promotion


async def go_back(session: AsyncSession, shelf: ModelShelf, actor: Actor, *, now: datetime) -> ModelPromotion:
    """The earlier champion works again; the present one is kept in its place. Raises ConflictError."""
    actor.require(Action.PROMOTE_MODEL)
    await lock(session, "model")
    champion, earlier = shelf.champion, shelf.earlier
    if champion is None or earlier is None:
        raise ConflictError("Geri dönülecek önceki bir model yok.")
    promotion = await _record(session, actor, champion, earlier, comparison_id=None, now=now)
    shelf.back(earlier.version)
    return promotion


async def _record(
    session: AsyncSession,
    actor: Actor,
    before: ModelFacts,
    after: ModelFacts,
    *,
    comparison_id: int | None,
    now: datetime,
) -> ModelPromotion:
    promotion = ModelPromotion(
        user_id=actor.user_id,
        from_version=before.version,
        to_version=after.version,
        comparison_id=comparison_id,
        created_at=now,
    )
    await learning.add_promotion(session, promotion)
    return promotion
