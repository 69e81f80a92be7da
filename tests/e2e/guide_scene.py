"""What the guide's pictures need beside the small city: every queue of every role has something in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as application_rows
from inbox.rules.deadlines import Duty
from inbox.rules.escalation import Recipient
from inbox.services import (
    applications,
    approval,
    corrective,
    emergencies,
    field_checks,
    incidents,
    mentions,
    person_requests,
    privacy,
    responses,
    roster,
    saved_views,
    surveys,
    users,
    writing_aids,
)
from inbox.services.approval import Letter
from inbox.services.security_events import SHELL
from inbox.services.users import By, Change
from models.enums import SOCIAL_CHANNELS, CorrectiveKind, Kind, RequestKind, Role
from models.tables import Application, Incident, SentReminder, Survey
from tests.factories import City, Person, add_person, play
from tests.process_bench import Bench, process_bench
from tests.scenes import Scene

WITH_MISTAKES = "Mahallede herkez susuz, en kısa sürede birşey yapılmalı."
FAULT = "Onaydan iade edilen başvurular, gerekçesi okunmadan yeniden gönderiliyor."
ANSWER = "Arıza 23 Kasım'da giderildi, su verildi."


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the addresses of the pictures name: ids of applications, of an incident, of somebody invited."""

    draft: int
    routed: int
    answered_by_unit: int
    confidential: int
    incident: int
    invited: int


async def furnish(city: City) -> Places:
    """Fill the queues; to be called once, over a city that `build_city` made."""
    now = city.desk.clock.now()
    invited = await _colleagues(city, now)
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    draft = await bench.register(at=now, phone="0533 111 22 30")
    await bench.submit(await bench.register(at=now, phone="0533 111 22 31"), at=now, brief=WITH_MISTAKES)
    routed = await bench.route(at=now, phone="0533 111 22 32")
    answered = await _answered_by_unit(bench, now)
    confidential = await _confidential(city, bench, now)
    await _awaits_signature(bench, now)
    await bench.route(at=now - timedelta(days=34), phone="0533 111 22 36")
    incident = await _incident(city, now)
    async with city.desk.database.write() as session:
        await _duties(session, city, routed, now)
        await corrective.prepare(session, city.actor("elif"), kind=CorrectiveKind.CORRECTIVE, problem=FAULT, now=now)
        await _comforts(session, city, now)
        await emergencies.ring_missed(session, now=now, zone=city.desk.profile.time_zone)
    return Places(
        draft=draft, routed=routed, answered_by_unit=answered, confidential=confidential, incident=incident,
        invited=invited,
    )  # fmt: skip


async def _colleagues(city: City, now: datetime) -> int:
    """Two more who work here, and somebody who was invited for a unit and waits for her authorisation."""
    more: dict[str, Person] = {
        "onay2": ("Oya Demirel", [Role.APPROVER], None),
        "eshot": ("ESHOT Birim Kullanıcısı", [Role.UNIT_USER], "eshot"),
    }
    async with city.desk.database.write() as session:
        for login, person in more.items():
            await add_person(session, city, login, person)
        change = Change(name="Derya Deniz", email="", roles=[Role.UNIT_USER.value], unit="eshot")
        by = By(actor=city.actor("yonetici"), now=now, where=SHELL)
        user, _token = await users.invite(session, "derya.deniz", change, by=by)
    return user.id or 0


async def _answered_by_unit(bench: Bench, now: datetime) -> int:
    key = await bench.route(at=now, phone="0533 111 22 33")
    await bench.accept(key, at=now)
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await responses.give_answer(
            session, one, bench.staff["izsu"], text=ANSWER, seen_version=one.version, now=now
        )  # fmt: skip
    return key


async def _confidential(city: City, bench: Bench, now: datetime) -> int:
    key = await bench.route(at=now, phone="0533 111 22 34")
    async with city.desk.database.write() as session:
        one = await bench.read(session, key, "elif")
        await privacy.set_confidential(
            session, one, city.actor("elif"), confidential=True, reason="Vatandaş adının gizlenmesini istedi", now=now
        )
    return key


async def _awaits_signature(bench: Bench, now: datetime) -> None:
    """A district that is not in the inbox: its letter is written and waits; only its words play a part here."""
    letter = Letter(subject="Su kesintisi", file_plan_code="622.03", stored_as="letters/none.pdf", sha256="0" * 64)
    key = await bench.register(at=now, phone="0533 111 22 35", topic="park_bakim", unit="ilce", district="Bornova")
    await bench.submit(key, at=now)
    async with bench.database.write() as session:
        submission = await approval.waiting(session, await bench.submission(session, key), bench.staff["onay"])
        one = await bench.read(session, key, "onay")
        await approval.approve_routing(
            session, submission, one, bench.staff["onay"], text=one.brief, letter=letter, rules=bench.rules, now=now
        )


async def _incident(city: City, now: datetime) -> int:
    """Three neighbours write of the same cut."""
    for number, channel in enumerate(SOCIAL_CHANNELS[:3]):
        scene = Scene(
            channel=channel, who=f"Komşu {number + 1}", texts=["Şirinyer'de sular akmıyor"], minutes=9 - number,
            topic="su_kesintisi", unit="izsu", district="Buca", neighbourhood="Şirinyer",
        )  # fmt: skip
        await play(city, scene, number=900 + number)
    async with city.desk.database.write() as session:
        await incidents.propose(session, now=now)
        return (await session.exec(select(Incident.id).order_by(Incident.id))).first() or 0


async def _duties(session: AsyncSession, city: City, routed: int, now: datetime) -> None:
    """A talk to lead, a look on the spot, limits that come near, a shift, a person's request."""
    lead, agent = city.actor("burcu"), city.actor("elif")
    await surveys.set_share(session, lead, percent=100)
    closed = await session.get_one(Application, city.applications["ege_bisiklet"])
    closed.kind = Kind.COMPLAINT
    session.add(closed)
    await session.flush()
    await surveys.make(session, now=now)
    for survey in (await session.exec(select(Survey))).all():
        survey.not_before = now
        session.add(survey)
    holed = await applications.read(session, city.applications["Ayşe Nur Yıldız"], agent, change=True)
    await field_checks.ask(session, holed, agent, reason="Vatandaş çukurun kapatılmadığını söylüyor.", now=now)
    session.add(_reminder(city.applications["deniz.kaya35"], Recipient.OWNER, now, user_id=agent.user_id))
    session.add(_reminder(routed, Recipient.UNIT, now, unit="izsu"))
    await roster.add_shift(session, lead, user_id=agent.user_id, starts="08:00", ends="17:00", weekdays=range(5))
    kept = await application_rows.application(session, city.applications["Mehmet Akın"])
    assert kept
    await person_requests.receive(
        session, city.actor("mudur"), number=kept.number, kind=RequestKind.EXPORT,
        zone=city.desk.profile.time_zone, now=now,
    )  # fmt: skip


def _reminder(
    application_id: int, recipient: Recipient, now: datetime, *, unit: str | None = None, user_id: int | None = None
) -> SentReminder:
    return SentReminder(
        application_id=application_id, duty=Duty.ANSWER.value, due_at=now + timedelta(days=3), planned_at=now,
        recipient=recipient.value, is_warning=True, unit=unit, user_id=user_id, sent_at=now,
    )  # fmt: skip


async def _comforts(session: AsyncSession, city: City, now: datetime) -> None:
    """A ready-made text for all, a kept list, a note that names the agent."""
    lead, agent = city.actor("burcu"), city.actor("elif")
    await writing_aids.save_ready_text(
        session, lead, shortcut="su-kesintisi", title="Planlı su kesintisi", shared=True, now=now,
        text="Bölgenizdeki kesinti planlı bakım nedeniyledir; su bugün 18.00'de verilecektir.",
    )  # fmt: skip
    params = {"view": "all", "topic": "su_kesintisi"}
    await saved_views.save(session, agent, name="Su kesintileri", params=params, shared=False, now=now)
    one = await applications.read(session, city.applications["Selin Ak"], lead, change=True)
    note = await applications.add_note(session, one, lead, text="@elif fidan takvimini biliyor musun?", now=now)
    await mentions.mention_named(session, note, one, now=now)
