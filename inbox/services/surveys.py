"""Talks about satisfaction after the answer: made by a rule, led by survey agents (directive 004, 6a12, 7d2-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, identities, search
from inbox.repositories import surveys as rows
from inbox.rules import surveys as rule
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import applications, registration
from inbox.services.applications import Correction
from inbox.services.registration import Entry
from inbox.services.steps import record, take_step
from models.enums import ChannelName, Kind, SurveyState, Urgency
from models.errors import ConflictError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, Citizen, Survey

SHARE = "survey_share"
LOOK_BACK = timedelta(days=7)
"""What was closed before and has none was not chosen."""
MOST_AT_ONCE = 1000
QUEUE = 50
DONE = "Bu anket az önce başka biri tarafından tamamlandı; kuyruk güncellendi."


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A survey with what the agent needs for it."""

    survey: Survey
    application: Application
    citizen: Citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the citizen said. `score` is 1 to 5."""

    score: int
    solved: bool
    note: str = ""


async def share(session: AsyncSession) -> float:
    """Of the closed applications, how many are asked: 0 to 1."""
    return float(await accounts.setting(session, SHARE, default=rule.SHARE))


async def set_share(session: AsyncSession, actor: Actor, *, percent: int) -> None:
    actor.require(Action.MANAGE_ROSTER)
    if not 0 <= percent <= 100:
        raise InputError("Anket oranı 0 ile 100 arasında bir yüzde olmalıdır.")
    await accounts.put_setting(session, SHARE, percent / 100)


async def make(session: AsyncSession, *, now: datetime) -> int:
    """Surveys for what was closed lately; how many. Harmless to repeat."""
    wanted = await share(session)
    closed = await rows.unasked(session, closed_since=now - LOOK_BACK, limit=MOST_AT_ONCE)
    new = [
        Survey(application_id=one.id or 0, created_at=now, not_before=rule.first_try(one.closed_at or now))
        for one in closed
        if rule.is_asked(
            number=one.number, kind=one.kind, outcome=one.outcome, confidential=one.confidential, share=wanted
        )
    ]
    await rows.add(session, new)
    return len(new)


async def queue(session: AsyncSession, actor: Actor, *, now: datetime) -> list[Talk]:
    """Talks that are due, the oldest first."""
    actor.require(Action.SURVEY)
    found: Sequence[tuple[Survey, Application, Citizen]] = await rows.waiting(session, now=now, limit=QUEUE)
    return [Talk(survey=survey, application=one, citizen=citizen) for survey, one, citizen in found]


async def open_talk(session: AsyncSession, survey_id: int, actor: Actor) -> tuple[Survey, Application]:
    """A survey that waits, with its application, held until the transaction ends."""
    actor.require(Action.SURVEY)
    survey = await rows.survey_for_change(session, survey_id)
    if survey is None:
        raise NotFoundError("Böyle bir anket yok.")
    if survey.state is not SurveyState.WAITING:
        raise ConflictError(DONE)
    application = await applications.read(session, survey.application_id, actor, change=True)
    return survey, application


async def finish(session: AsyncSession, survey_id: int, actor: Actor, *, result: Result, now: datetime) -> None:
    """What she said is kept; what she brought up becomes an application of its own or a look on the spot."""
    if result.score not in rule.SCORES:
        raise InputError("Memnuniyet puanını 1 ile 5 arasında seçiniz.")
    survey, application = await open_talk(session, survey_id, actor)
    survey.score, survey.solved, survey.note = result.score, result.solved, result.note.strip()
    await _settle(session, survey, application, actor, SurveyState.DONE, now)


async def bring_up(
    session: AsyncSession, survey_id: int, actor: Actor, *, text: str, profile: Profile, now: datetime
) -> Application:
    """What she brought up becomes an application of hers, linked to the old one and of its topic (004, 7d3)."""
    _, application = await open_talk(session, survey_id, actor)
    if application.topic is None or application.unit is None:
        raise InputError("Eski başvurunun konusu belli değil; yeni başvuruyu elle kaydediniz.")
    labels = Correction(
        kind=Kind.COMPLAINT,
        topic=application.topic,
        unit=application.unit,
        urgency=Urgency.NORMAL,
        district=application.district,
    )
    entry = Entry(channel=ChannelName.SURVEY, text=text, labels=labels, received_at=now)
    new = await registration.register(session, actor, entry=entry, profile=profile, now=now)
    stand_in = new.citizen_id
    await identities.merge_citizens(session, into=application.citizen_id, others={stand_in})
    await session.refresh(new)
    new.linked_to_id, new.confidential = application.id, new.confidential or application.confidential
    new.assignee_id = None
    session.add(new)
    await search.index_applications(session, [new.id or 0])
    await record(session, application, actor, "survey_brought", {"number": new.number}, now=now)
    return new


async def refuse(session: AsyncSession, survey_id: int, actor: Actor, *, now: datetime) -> None:
    """She does not want to talk; nobody asks again."""
    survey, application = await open_talk(session, survey_id, actor)
    await _settle(session, survey, application, actor, SurveyState.REFUSED, now)


async def not_reached(session: AsyncSession, survey_id: int, actor: Actor, *, now: datetime) -> bool:
    """Nobody answered: tried again tomorrow, ended after the third time. True where it has ended."""
    survey, application = await open_talk(session, survey_id, actor)
    survey.tries += 1
    if rule.is_given_up(survey.tries):
        await _settle(session, survey, application, actor, SurveyState.UNREACHABLE, now)
        return True
    survey.not_before = now + rule.PAUSE
    session.add(survey)
    await record(session, application, actor, "survey_tried", {"tries": survey.tries}, now=now)
    return False


async def _settle(
    session: AsyncSession, survey: Survey, application: Application, actor: Actor, state: SurveyState, now: datetime
) -> None:
    survey.state, survey.user_id, survey.answered_at = state, actor.user_id, now
    session.add(survey)
    content = {"state": state, "score": survey.score, "solved": survey.solved}
    await take_step(session, application, Step.SURVEY, actor=actor, now=now, content=content)
