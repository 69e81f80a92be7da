"""Turns a turn of a conversation into an application, a continuation of one, or a case for the check queue."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.knowledge.drafts import DraftText
from inbox.repositories import accounts, applications, conversations, search
from inbox.repositories import outbox as outbox_rows
from inbox.rules.acknowledgement import AcknowledgementCase, acknowledgement_text, may_acknowledge
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.matters import is_new_matter
from inbox.rules.topic_units import RoutingPlan
from inbox.services import bot_texts, deadlines, history, revisions, topics
from inbox.services.bot_texts import Texts
from models.enums import ApplicationState, Kind, Purpose, Surface, Urgency
from models.messages import Classification
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Conversation, Draft, Message, OutboxItem

SUMMARY_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The messages of one conversation that are taken together, in order; all of them untriaged.

    `revised`: the application whose words an edit among them has changed; `said` is then all that stands in it.
    """

    conversation: Conversation
    messages: Sequence[Message]
    revised: int | None = None
    said: Sequence[Message] = ()

    @property
    def text(self) -> str:
        """What the citizen said in this turn, or says now in the application that she revised."""
        judged = [*self.said, *(one for one in self.messages if one not in self.said)]
        return "\n".join(message.text for message in judged if message.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What machine and knowledge base say of a turn, worked out before the transaction."""

    classification: Classification
    draft: DraftText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageResult:
    """`application_id` is None for a turn in the check queue. `opened` is False for a continuation."""

    conversation_id: int
    application_id: int | None
    opened: bool = False
    emergency: bool = False
    assignee_id: int | None = None


async def read_turns(session: AsyncSession, turns: Mapping[int, Sequence[int]]) -> dict[int, Turn]:
    """Turns by conversation from their message ids, without messages that are triaged already."""
    places = await conversations.conversations_by_id(session, list(turns))
    wanted = [message_id for message_ids in turns.values() for message_id in message_ids]
    left: dict[int, list[Message]] = defaultdict(list)
    for message in await conversations.messages_by_id(session, wanted):
        if message.triaged_at is None:
            left[message.conversation_id].append(message)
    revised = {key: _revised(messages) for key, messages in left.items()}
    said = await revisions.said_in(session, sorted({one for one in revised.values() if one}))
    return {
        key: Turn(
            conversation=places[key], messages=messages, revised=revised[key], said=said.get(revised[key] or 0, ())
        )
        for key, messages in left.items()
    }


def _revised(messages: Sequence[Message]) -> int | None:
    """The newest application among those whose messages were edited."""
    return max((one.application_id for one in messages if one.application_id), default=None)


async def triage(
    session: AsyncSession, cases: Sequence[tuple[Turn, Finding]], *, profile: Profile, now: datetime
) -> list[TriageResult]:
    """Apply findings, at most one turn per conversation. A turn seen before is never read again (`read_turns`)."""
    plan = await topics.read_plan(session, profile)
    cases = [(turn, replace(one, classification=plan.spoken(one.classification))) for turn, one in cases]
    current = await applications.open_applications(session, [turn.conversation.id or 0 for turn, _ in cases])
    revised = {
        one.id: one for one in await applications.many_for_change(session, [t.revised for t, _ in cases if t.revised])
    }
    continued, aside, opened = [], [], []
    for turn, finding in cases:
        known = current.get(turn.conversation.id or 0)
        if turn.revised:
            continued.append((turn, finding, revised[turn.revised]))
        elif known and not _brings_new_matter(turn, finding.classification, known):
            continued.append((turn, finding, known))
        elif finding.classification.kind is Kind.INVALID or turn.conversation.surface is Surface.LISTENING:
            aside.append((turn, finding))
        else:
            opened.append((turn, finding))
    results = [
        *await _continue(session, continued, plan, profile, now),
        *await _set_aside(session, aside, now),
        *await _open(session, opened, plan, profile, now),
    ]
    await search.index_applications(session, [one.application_id for one in results if one.application_id])
    return results


def _brings_new_matter(turn: Turn, classification: Classification, current: Application) -> bool:
    pause: timedelta = turn.messages[0].sent_at - current.last_message_at
    return is_new_matter(turn.text, classification=classification, open_topic=current.topic, pause=pause)


async def _continue(
    session: AsyncSession,
    cases: Sequence[tuple[Turn, Finding, Application]],
    plan: RoutingPlan,
    profile: Profile,
    now: datetime,
) -> list[TriageResult]:
    """Follow-ups: the application hears of them, learns a place that it lacked, and may become an emergency.

    Edits are heard of alike; where they change the matter, an untouched draft follows.
    """
    await _follow_edits(session, [case for case in cases if case[0].revised], plan, profile, now)
    results = []
    for turn, finding, current in cases:
        emergency = _update(current, turn, finding.classification)
        session.add(current)
        results.append(
            TriageResult(
                conversation_id=turn.conversation.id or 0,
                application_id=current.id,
                emergency=emergency,
                assignee_id=current.assignee_id,
            )
        )
    urgent = [known for (_, _, known), result in zip(cases, results, strict=True) if result.emergency]
    if urgent:
        await deadlines.refresh_due(session, urgent, rules=await deadlines.read_rules(session, profile))
    added = {known.id: [one.id for one in turn.messages if one.application_id is None] for turn, _, known in cases}
    belongs = [([one.id or 0], one.application_id or known.id) for turn, _, known in cases for one in turn.messages]
    await conversations.mark_triaged(session, belongs, at=now)
    records = [_record(turn, finding.classification, known.id, now) for turn, finding, known in cases]
    await applications.add_classifications(session, records)
    notes = [
        history.HistoryNote(
            application_id=key or 0, actor="citizen", action="message_added", content={"messages": message_ids}
        )
        for key, message_ids in added.items()
        if message_ids
    ]
    await history.append(session, notes, at=now)
    return results


async def _follow_edits(
    session: AsyncSession,
    cases: Sequence[tuple[Turn, Finding, Application]],
    plan: RoutingPlan,
    profile: Profile,
    now: datetime,
) -> None:
    """New labels, with the draft that fits them, where an edit has changed the matter."""
    edits = [(known, turn.text, finding.classification) for turn, finding, known in cases]
    relabelled = await revisions.follow(session, edits, plan=plan, profile=profile, now=now)
    fresh = [_draft(finding.draft, known.id or 0, now) for _, finding, known in cases if known.id in relabelled]
    await applications.add_drafts(session, fresh)


def _update(current: Application, turn: Turn, classification: Classification) -> bool:
    """Carry a follow-up into its application, laid aside or not; True where it has become an emergency by it."""
    emergency = classification.urgency is Urgency.EMERGENCY and current.urgency is not Urgency.EMERGENCY
    if emergency:
        current.urgency, current.rank = Urgency.EMERGENCY, 0
    if current.district is None and classification.district:
        current.district, current.neighbourhood = classification.district, classification.neighbourhood
    current.unread, current.last_message_at = True, max(current.last_message_at, turn.messages[-1].sent_at)
    current.snoozed_until = None
    current.version += 1
    return emergency


async def _set_aside(session: AsyncSession, cases: Sequence[tuple[Turn, Finding]], now: datetime) -> list[TriageResult]:
    """Probably nothing to act on, or not written to us: kept, unacknowledged, until a person has looked.

    What was only overheard and is probably nothing asks for nobody's look.
    """
    await conversations.mark_triaged(session, [(_ids(turn), None) for turn, _ in cases], at=now)
    noise = [turn for turn, finding in cases if _is_noise(turn, finding)]
    await conversations.set_awaits_check(session, [one for turn in noise for one in _ids(turn)], value=False)
    records = [_record(turn, finding.classification, None, now) for turn, finding in cases]
    await applications.add_classifications(session, records)
    return [TriageResult(conversation_id=turn.conversation.id or 0, application_id=None) for turn, _ in cases]


def _is_noise(turn: Turn, finding: Finding) -> bool:
    return turn.conversation.surface is Surface.LISTENING and finding.classification.kind is Kind.INVALID


async def _open(
    session: AsyncSession,
    cases: Sequence[tuple[Turn, Finding]],
    plan: RoutingPlan,
    profile: Profile,
    now: datetime,
) -> list[TriageResult]:
    if not cases:
        return []
    numbers = await _numbers(session, cases, profile)
    new = [
        _application(turn, finding.classification, number=number, plan=plan, now=now)
        for (turn, finding), number in zip(cases, numbers, strict=True)
    ]
    await deadlines.refresh_due(session, new, rules=await deadlines.read_rules(session, profile))
    await applications.add_all(session, new)
    triples = [(turn, finding, one) for (turn, finding), one in zip(cases, new, strict=True)]
    await conversations.mark_triaged(session, [(_ids(turn), one.id) for turn, _, one in triples], at=now)
    records = [_record(turn, finding.classification, one.id, now) for turn, finding, one in triples]
    await applications.add_classifications(session, records)
    await applications.add_drafts(session, [_draft(finding.draft, one.id or 0, now) for _, finding, one in triples])
    await history.append(session, [_registered(one) for one in new], at=now)
    await _acknowledge(session, [(turn, one) for turn, _, one in triples], profile=profile, now=now)
    return [
        TriageResult(
            conversation_id=turn.conversation.id or 0,
            application_id=one.id,
            opened=True,
            emergency=one.urgency is Urgency.EMERGENCY,
        )
        for turn, _, one in triples
    ]


async def _numbers(session: AsyncSession, cases: Sequence[tuple[Turn, Finding]], profile: Profile) -> list[str]:
    """A number for each case, of the year in which it was received."""
    years = [turn.messages[0].received_at.astimezone(profile.time_zone).year for turn, _ in cases]
    stock = {
        year: iter(
            await applications.reserve_numbers(
                session, prefix=profile.number_prefix, year=year, count=years.count(year)
            )
        )
        for year in sorted(set(years))
    }
    return [next(stock[year]) for year in years]


def _application(
    turn: Turn, classification: Classification, *, number: str, plan: RoutingPlan, now: datetime
) -> Application:
    received_at = turn.messages[0].received_at
    return Application(
        number=number,
        conversation_id=turn.conversation.id,
        citizen_id=turn.conversation.citizen_id,
        account_id=turn.conversation.account_id,
        channel=turn.conversation.channel,
        state=ApplicationState.DRAFT,
        rank=0 if classification.urgency is Urgency.EMERGENCY else 1,
        kind=classification.kind,
        topic=classification.topic,
        unit=classification.unit,
        urgency=classification.urgency,
        district=classification.district,
        neighbourhood=classification.neighbourhood,
        decision=classification.decision,
        confidence=classification.confidence,
        confidential=classification.topic in plan.confidential,
        summary=" ".join(turn.text.split())[:SUMMARY_LENGTH],
        received_at=received_at,
        due_at=received_at,
        deadline_class=deadline_class_of(turn.conversation.channel, classification.kind),
        last_message_at=turn.messages[-1].sent_at,
        waiting_since=now,
        created_at=now,
    )


def _registered(application: Application) -> history.HistoryNote:
    return history.HistoryNote(
        application_id=application.id or 0,
        actor="classifier",
        action="registered",
        content=_registration(application),
    )


def _registration(application: Application) -> Mapping[str, Any]:
    return {
        "number": application.number,
        "kind": application.kind,
        "topic": application.topic,
        "unit": application.unit,
        "urgency": application.urgency,
        "decision": application.decision,
        "confidence": round(application.confidence, 4),
    }


def _draft(draft: DraftText | None, application_id: int, now: datetime) -> Draft:
    if draft is None:
        return Draft(application_id=application_id, created_at=now)
    return Draft(
        application_id=application_id,
        article_id=draft.article_id,
        article_title=draft.title,
        score=draft.score,
        short_text=draft.short,
        long_text=draft.long,
        created_at=now,
    )


async def _acknowledge(
    session: AsyncSession, cases: Sequence[tuple[Turn, Application]], *, profile: Profile, now: datetime
) -> None:
    """Queue the acknowledgements that the rules allow; unique by application and purpose."""
    bots_enabled = bool(await accounts.setting(session, accounts.BOTS_ENABLED, default=True))
    texts = await bot_texts.acknowledgements(session, profile)
    listening = {one.id: one.listen_only for one in await accounts.all_accounts(session)}
    items = [
        _acknowledgement(turn, application, texts, now)
        for turn, application in cases
        if may_acknowledge(
            AcknowledgementCase(
                surface=turn.conversation.surface,
                kind=application.kind,
                replyable=turn.messages[-1].replyable,
                listen_only=listening[turn.conversation.account_id or 0],
                bots_enabled=bots_enabled,
            )
        )
    ]
    await outbox_rows.add(session, items)


def _acknowledgement(turn: Turn, application: Application, texts: Texts, now: datetime) -> OutboxItem:
    application_id = application.id or 0
    text = acknowledgement_text(
        texts,
        number=application.number,
        variant=application_id,
        surface=turn.conversation.surface,
        kind=application.kind,
        urgency=application.urgency,
    )
    return OutboxItem(
        unique_key=f"{application_id}:{Purpose.ACKNOWLEDGEMENT}",
        application_id=application_id,
        conversation_id=turn.conversation.id or 0,
        account_id=turn.conversation.account_id or 0,
        purpose=Purpose.ACKNOWLEDGEMENT,
        text=text,
        reply_to=turn.messages[-1].external_id,
        not_before=now,
        created_at=now,
    )


def _record(
    turn: Turn, classification: Classification, application_id: int | None, now: datetime
) -> ClassificationRecord:
    details = {
        "topics": [(guess.label, round(guess.probability, 4)) for guess in classification.topics],
        "units": [(guess.label, round(guess.probability, 4)) for guess in classification.units],
        "reasons": list(classification.reasons),
        "kind_confidence": round(classification.kind_confidence, 4),
        "urgency_confidence": round(classification.urgency_confidence, 4),
        "tone": classification.tone,
        "unknown_words": classification.unknown_words,
    }
    return ClassificationRecord(
        message_id=turn.messages[-1].id or 0,
        application_id=application_id,
        kind=classification.kind,
        topic=classification.topic,
        unit=classification.unit,
        urgency=classification.urgency,
        district=classification.district,
        neighbourhood=classification.neighbourhood,
        confidence=classification.confidence,
        decision=classification.decision,
        details=details,
        model_version=classification.model_version,
        created_at=now,
    )


def _ids(turn: Turn) -> list[int]:
    return [message.id for message in turn.messages if message.id is not None]
