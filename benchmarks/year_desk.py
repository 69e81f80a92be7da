"""The desk of the year: looks at an application when its day has come and takes the next step, drawn by chance."""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import process
from inbox.rules.permissions import Actor
from inbox.rules.receivers import is_outside
from inbox.rules.workflow import Step
from inbox.services import applications, approval, pauses, responses, routing
from inbox.services.approval import Letter
from inbox.services.deadlines import DeadlineRules
from inbox.services.findings import ReviewDesk
from inbox.services.telling import GivenBy
from models.channel_facts import ChannelFacts
from models.enums import ApplicationState as State
from models.enums import Kind, Outcome, ResponseKind, Role, SubmissionKind
from models.errors import ConflictError
from models.tables import Application, Unit

ANSWER = "Başvurunuz incelenmiş, gereği yapılmıştır."
BRIEF = "Vatandaşın bildirdiği konunun incelenmesi."
FORGOTTEN = 0.03
"""Share of the looks that somebody puts off for weeks: these feed reminders and escalation."""
Look = Callable[[Application], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Desk:
    """One day at the desk; `session`, `now` and `rules` change with it, the agenda lasts."""

    staff: Mapping[Role, list[Actor]]
    units: Mapping[str, Unit]
    facts: Mapping[int, ChannelFacts]
    review: ReviewDesk
    draw: random.Random
    number_of_day: int = 0
    session: AsyncSession = field(init=False)
    now: datetime = field(init=False)
    rules: DeadlineRules = field(init=False)
    agenda: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    tally: Counter[str] = field(default_factory=Counter)

    def plan(self, application_id: int, days: int) -> None:
        """Look at it in so many days, or much later where somebody forgets it."""
        if self.draw.random() < FORGOTTEN:
            days += self.draw.randint(20, 50)
        self.agenda[self.number_of_day + max(1, days)].add(application_id)

    async def look(self, one: Application) -> None:
        """Take the next step of an application, whatever it is by now."""
        if not one.state.is_open:
            return
        if one.paused_at is not None:
            await pauses.resume(self.session, one, self.someone(Role.TEAM_LEAD), rules=self.rules, now=self.now)
            self.tally["resumed"] += 1
            self.plan(one.id or 0, self.draw.randint(1, 5))
            return
        await self._looks[one.state](one)
        if one.is_open:
            self.plan(one.id or 0, self.draw.randint(1, 6))

    @property
    def _looks(self) -> dict[State, Look]:
        return {
            State.RECEIVED: self._at_the_desk,
            State.DRAFT: self._at_the_desk,
            State.REJECTED: self._submit,
            State.RETURNED: self._at_the_desk,
            State.AWAITING_APPROVAL: self._approve,
            State.AWAITING_SIGNATURE: self._sign,
            State.ROUTED: self._at_the_unit,
            State.IN_PROGRESS: self._in_progress,
            State.SCHEDULED: self._scheduled,
            State.ANSWER_REVIEW: self._review,
            State.ANSWERED: self._close,
        }

    def someone(self, role: Role) -> Actor:
        return self.draw.choice(self.staff[role])

    def _unit_user(self, one: Application) -> Actor:
        return replace(self.staff[Role.UNIT_USER][0], unit=one.routed_unit)

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    async def _at_the_desk(self, one: Application) -> None:
        unit = self.units.get(one.unit or "")
        if unit is not None and is_outside(unit.kind):
            await self._redirect(one, unit)
        elif one.kind in (Kind.THANKS, Kind.QUESTION) or self._chance(0.45):
            await self._answer(one)
        else:
            await self._submit(one)

    async def _redirect(self, one: Application, unit: Unit) -> None:
        await routing.redirect(
            self.session, one, self.someone(Role.AGENT), body=unit.name, text="Konu bu kurumun görevidir.",
            is_petition=False, facts=None, given_by=GivenBy.PHONE, seen_version=one.version, now=self.now,
        )  # fmt: skip
        self.tally["redirected"] += 1

    async def _submit(self, one: Application) -> None:
        step = await approval.submit(
            self.session, one, self.someone(Role.AGENT), brief=BRIEF, desk=self.review, rules=self.rules,
            seen_version=one.version, now=self.now,
        )  # fmt: skip
        self.tally["submitted" if step is Step.SUBMIT else "routed at once"] += 1

    async def _approve(self, one: Application) -> None:
        submission = await process.waiting_submission(self.session, one.id or 0, SubmissionKind.ROUTING)
        assert submission
        who = self.someone(Role.APPROVER)
        if self._chance(0.06):
            await approval.reject(self.session, submission, one, who, reason="Özet eksik.", now=self.now)
            self.tally["rejected"] += 1
            return
        await self.approve(one, submission, who)

    async def approve(self, one: Application, submission: object, who: Actor) -> None:
        """Also what left at once and owes its approval."""
        unit = await routing.receiver(self.session, one)
        letter = None
        if not unit.integrated:
            letter = Letter(subject="Başvuru", file_plan_code="622.01", stored_as=f"letter-{one.id}", sha256="0" * 64)
        await approval.approve_routing(
            self.session,
            submission,
            one,
            who,
            text=BRIEF,
            letter=letter,
            rules=self.rules,
            now=self.now,  # type: ignore[arg-type]
        )
        self.tally["approved"] += 1

    async def _sign(self, one: Application) -> None:
        documents = await process.documents_of(self.session, one.id or 0)
        today = self.rules.calendar.day_of(self.now)
        await routing.sign(
            self.session, documents[-1], one, self.someone(Role.AGENT), number=f"E-{one.id}", signed_on=today,
            rules=self.rules, now=self.now,
        )  # fmt: skip
        self.tally["signed"] += 1

    async def _at_the_unit(self, one: Application) -> None:
        unit = self.units.get(one.routed_unit or "")
        if unit is not None and not unit.integrated:
            await self._unit_answers(one, self.someone(Role.AGENT))
            return
        who, owed = self._unit_user(one), await process.open_routing(self.session, one.id or 0)
        if owed and self.now <= owed.return_due_at and self._chance(0.06):
            await routing.give_back(
                self.session, one, who, reason="Görev alanımızda değil.", rules=self.rules,
                seen_version=one.version, now=self.now,
            )  # fmt: skip
            self.tally["returned"] += 1
            return
        await routing.accept(self.session, one, who, seen_version=one.version, now=self.now)
        self.tally["accepted"] += 1

    async def _in_progress(self, one: Application) -> None:
        asked = await process.waiting_response(self.session, one.id or 0, ResponseKind.SCHEDULE)
        who = self._unit_user(one)
        if asked is not None:
            await self._decide_date(one, asked.id or 0)
        elif self._chance(0.03):
            await pauses.pause(
                self.session, one, self.someone(Role.TEAM_LEAD), reason="Vatandaştan bilgi bekleniyor.",
                is_fee_notice=False, rules=self.rules, seen_version=one.version, now=self.now,
            )  # fmt: skip
            self.tally["paused"] += 1
        elif one.target_date is None and self._chance(0.06):
            day = self.rules.calendar.day_of(self.now) + timedelta(days=self.draw.randint(20, 90))
            await responses.ask_schedule(
                self.session, one, who, reason="Proje işidir.", target_date=day, rules=self.rules,
                seen_version=one.version, now=self.now,
            )  # fmt: skip
        elif self._chance(0.08):
            await responses.give_interim(
                self.session, one, who, text="Ekip yola çıktı.", seen_version=one.version, now=self.now
            )
            self.tally["interim"] += 1
        else:
            await self._unit_answers(one, who)

    async def _unit_answers(self, one: Application, who: Actor) -> None:
        await responses.give_answer(
            self.session, one, who, text="İş tamamlandı.", seen_version=one.version, now=self.now
        )
        self.tally["unit answered"] += 1

    async def _decide_date(self, one: Application, response_id: int) -> None:
        who = self.someone(Role.AGENT)
        if self._chance(0.2):
            await responses.refuse_schedule(
                self.session, one, who, response_id=response_id, reason="Daha erken yapılabilir.", now=self.now
            )
            self.tally["date refused"] += 1
            return
        await responses.consent_schedule(
            self.session, one, who, response_id=response_id, text="İşiniz programa alınmıştır.", facts=None,
            given_by=GivenBy.PHONE, rules=self.rules, seen_version=one.version, now=self.now,
        )  # fmt: skip
        self.tally["scheduled"] += 1

    async def _scheduled(self, one: Application) -> None:
        """Its date comes by the clock; nobody does anything until then."""

    async def _review(self, one: Application) -> None:
        if self._chance(0.06):
            await responses.send_back(
                self.session, one, self.someone(Role.AGENT), reason="Cevap eksik.", seen_version=one.version,
                now=self.now,
            )  # fmt: skip
            self.tally["sent back"] += 1
            return
        await self._answer(one)

    async def _answer(self, one: Application) -> None:
        """In her channel while its window is open; else, and for one in three, by phone."""
        who, by_phone = self.someone(Role.AGENT), self._chance(0.33)
        try:
            if not by_phone:
                await self._send(one, who, None)
        except ConflictError:
            by_phone = True
            self.tally["window over"] += 1
        if by_phone:
            await self._send(one, who, GivenBy.PHONE)
        self.tally["answered"] += 1

    async def _send(self, one: Application, who: Actor, given_by: GivenBy | None) -> None:
        facts = self.facts.get(one.account_id or 0)
        surface = next(iter(facts.surfaces.values())) if facts else None
        await applications.send_answer(
            self.session, one, who, text=ANSWER, facts=surface, seen_version=one.version, now=self.now,
            given_by=given_by,
        )  # fmt: skip

    async def _close(self, one: Application) -> None:
        outcome = self.draw.choices([Outcome.POSITIVE, Outcome.NEGATIVE, Outcome.DUPLICATE], [85, 12, 3])[0]
        await applications.close(
            self.session, one, self.someone(Role.AGENT), outcome=outcome, seen_version=one.version, now=self.now,
            note="Gerekçe, başvuru yolu ve süresi bildirildi.",
        )  # fmt: skip
        self.tally["closed"] += 1
