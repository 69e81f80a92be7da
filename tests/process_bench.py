"""A desk, a unit and an approver over one database, for tests of the process. The clock is given with each step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules.findings import Reviewer
from inbox.rules.findings.vocabulary import Vocabulary
from inbox.rules.permissions import Actor
from inbox.services import applications, approval, organisation, registration, routing
from inbox.services.applications import Correction
from inbox.services.deadlines import DeadlineRules, read_rules
from inbox.services.findings import ReviewDesk
from inbox.services.registration import Entry
from models.db import Database
from models.enums import ChannelName, Kind, Role, Urgency
from models.profile import Profile
from models.tables import Application, Submission, User
from tests.conftest import NOW

STAFF: dict[str, tuple[Role, str | None]] = {
    "elif": (Role.AGENT, None),
    "onay": (Role.APPROVER, None),
    "onay2": (Role.APPROVER, None),
    "izsu": (Role.UNIT_USER, "izsu"),
    "eshot": (Role.UNIT_USER, "eshot"),
    "mudur": (Role.CHIEF, None),
}
TEXT = "Sokağımızda üç gündür su yok"
BRIEF = "Mahallede su kesintisi var."


@dataclass(slots=True, kw_only=True)
class Bench:
    """`rules` are those of the profile; `review` knows a few words only."""

    database: Database
    profile: Profile
    review: ReviewDesk
    rules: DeadlineRules
    staff: dict[str, Actor] = field(default_factory=dict)

    async def register(self, *, at: datetime = NOW, **changes: Any) -> int:
        """An application by phone about İZSU, or as `changes` say; its id."""
        labels = {"kind": Kind.COMPLAINT, "topic": "su_kesintisi", "unit": "izsu", "urgency": Urgency.NORMAL}
        chosen = {name: changes.pop(name, value) for name, value in labels.items()}
        correction = Correction(**chosen, district=changes.pop("district", "Bornova"))
        fields: dict[str, Any] = {
            "channel": ChannelName.PHONE, "text": TEXT, "name": "Ayşe Yılmaz", "phone": "0532 123 45 67",
            "received_at": at,
        }  # fmt: skip
        entry = Entry(labels=correction, **{**fields, **changes})
        async with self.database.write() as session:
            made = await registration.register(session, self.staff["elif"], entry=entry, profile=self.profile, now=at)
        return made.id or 0

    async def submit(self, key: int, *, at: datetime = NOW, brief: str = BRIEF) -> str:
        async with self.database.write() as session:
            one = await self.read(session, key, "elif")
            return await approval.submit(
                session, one, self.staff["elif"], brief=brief, desk=self.review, rules=self.rules,
                seen_version=one.version, now=at,
            )  # fmt: skip

    async def approve(self, key: int, *, at: datetime = NOW, text: str = BRIEF, who: str = "onay") -> None:
        async with self.database.write() as session:
            submission = await approval.waiting(session, await self.submission(session, key), self.staff[who])
            one = await self.read(session, key, who)
            await approval.approve_routing(
                session, submission, one, self.staff[who], text=text, letter=None, rules=self.rules, now=at
            )

    async def route(self, *, at: datetime = NOW, **changes: Any) -> int:
        """A registered, approved application that lies with its unit."""
        key = await self.register(at=at, **changes)
        await self.submit(key, at=at)
        await self.approve(key, at=at)
        return key

    async def accept(self, key: int, *, at: datetime = NOW, who: str = "izsu") -> None:
        async with self.database.write() as session:
            one = await self.read(session, key, who)
            await routing.accept(session, one, self.staff[who], seen_version=one.version, now=at)

    async def read(self, session: AsyncSession, key: int, who: str) -> Application:
        return await applications.read(session, key, self.staff[who], change=True)

    async def submission(self, session: AsyncSession, key: int) -> int:
        query = select(Submission.id).where(Submission.application_id == key).order_by(Submission.id.desc())
        return (await session.exec(query)).first() or 0

    async def now_is(self, key: int) -> Application:
        async with self.database.read() as session:
            return await session.get_one(Application, key)


async def process_bench(database: Database, profile: Profile, *, known: Mapping[str, User] | None = None) -> Bench:
    """`known` are users who are there already, by log-in; the others are made."""
    async with database.write() as session:
        await organisation.seed(session, profile)
        staff = {}
        for login, (role, unit) in STAFF.items():
            user = (known or {}).get(login) or User(
                login=login, name=f"{login.title()} Deneme", password_hash="", roles=[role.value], unit=unit,
                created_at=NOW,
            )  # fmt: skip
            if user.id is None:
                session.add(user)
                await session.flush()
            staff[login] = Actor(user_id=user.id or 0, name=user.name, roles=frozenset({role}), unit=unit)
        rules = await read_rules(session, profile)
    reviewer = Reviewer(vocabulary=Vocabulary(trusted=["mahallede su kesintisi var teşekkür ederiz"]))
    review = ReviewDesk(profile=profile, reviewer=reviewer)
    return Bench(database=database, profile=profile, review=review, rules=rules, staff=staff)


def days(count: float) -> timedelta:
    return timedelta(days=count)
