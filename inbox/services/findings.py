"""Approval findings of one submission: gathers what the checks look at, and runs them off the event loop."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.knowledge.articles import read_articles
from inbox.knowledge.shelf import article_now
from inbox.repositories import applications, citizens, conversations
from inbox.rules.findings import Reviewer, Submission
from inbox.rules.findings.privacy import contacts_in
from inbox.rules.findings.routing import Routing
from inbox.rules.findings.sources import Source
from inbox.rules.findings.word_sources import read_persons, read_vocabulary
from inbox.services import topics
from inbox.services.wording import tone_judge, turkish_dictionary
from models.enums import Direction
from models.messages import Classification
from models.profile import Profile
from models.tables import Application, ClassificationRecord, Message, UnitResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDesk:
    """The checks with the organisation that they are of."""

    profile: Profile
    reviewer: Reviewer


class ReviewDesks:
    """Builds the checks once a process: reading the vocabulary takes seconds, so a thread does it."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._made: ReviewDesk | None = None
        self._making = asyncio.Lock()

    async def get(self) -> ReviewDesk:
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(review_desk, self._profile)
            return self._made


@lru_cache(maxsize=2)
def review_desk(profile: Profile) -> ReviewDesk:
    """Reads the profile's files, once a process; about two seconds."""
    articles = read_articles(profile.knowledge_folder)
    texts = [f"{article.title}\n{article.long}\n{article.short}" for article in articles]
    reviewer = Reviewer(
        vocabulary=read_vocabulary(profile, articles=texts, knows=turkish_dictionary()),
        public_contacts=contacts_in(texts),
        persons=read_persons(profile),
        unfit=tone_judge(profile.folder),
    )
    return ReviewDesk(profile=profile, reviewer=reviewer)


async def routing_findings(
    session: AsyncSession, application: Application, *, text: str, desk: ReviewDesk, today: date
) -> list[dict[str, Any]]:
    """Of a summary that goes to a unit."""
    plan = await topics.read_plan(session, desk.profile)
    guess = _guess(await applications.machine_classification(session, application.id or 0))
    said = await _citizen_text(session, application)
    submission = Submission(
        text=text,
        today=today,
        is_reply=False,
        citizen_text=said,
        routing=Routing(
            citizen_text=said,
            topic=application.topic,
            unit=application.unit,
            district=application.district,
            guess=plan.spoken(guess) if guess else None,
            units=plan.topics.get(application.topic or ""),
        ),
    )
    return await _run(desk, submission)


async def reply_findings(
    session: AsyncSession,
    application: Application,
    *,
    text: str,
    is_public: bool,
    response: UnitResponse | None,
    desk: ReviewDesk,
    today: date,
) -> list[dict[str, Any]]:
    """Of an answer to the citizen; `response` is the unit's answer that it passes on."""
    citizen = await citizens.citizen(session, application.citizen_id)
    submission = Submission(
        text=text,
        today=today,
        is_public=is_public,
        citizen=citizen.display_name if citizen else "",
        citizen_text=await _citizen_text(session, application),
        sources=tuple(await _sources(session, application, response, desk)),
    )
    return await _run(desk, submission)


async def _run(desk: ReviewDesk, submission: Submission) -> list[dict[str, Any]]:
    found = await asyncio.to_thread(desk.reviewer.findings, submission)
    return [asdict(one) for one in found]


async def _sources(
    session: AsyncSession, application: Application, response: UnitResponse | None, desk: ReviewDesk
) -> Sequence[Source]:
    sources = []
    draft = await applications.latest_draft(session, application.id or 0)
    if draft and (article := await article_now(session, desk.profile.knowledge_folder, draft.article_id)):
        text = f"{article.long}\n{article.short}"
        valid_until = article.valid_until
        sources.append(Source(id=article.id, title=article.title, text=text, valid_until=valid_until, is_public=True))
    if response:
        sources.append(Source(id=f"cevap-{response.id}", title="Birimin cevabı", text=response.text))
    return sources


async def is_public(session: AsyncSession, reached: Sequence[Application]) -> bool:
    """Whether everybody reads what is answered to any of them."""
    places = sorted({one.conversation_id for one in reached if one.conversation_id})
    found = await conversations.conversations_by_id(session, places)
    return any(one.surface.is_public for one in found.values())


async def _citizen_text(session: AsyncSession, application: Application) -> str:
    messages: Sequence[Message] = await conversations.messages_of_application(session, application.id or 0)
    return "\n".join(one.text for one in messages if one.direction is Direction.INBOUND and one.text)


def _guess(record: ClassificationRecord | None) -> Classification | None:
    if record is None:
        return None
    return Classification(
        kind=record.kind,
        topic=record.topic,
        unit=record.unit,
        urgency=record.urgency,
        district=record.district,
        neighbourhood=record.neighbourhood,
        confidence=record.confidence,
        decision=record.decision,
    )
