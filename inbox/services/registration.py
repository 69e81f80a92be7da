"""Applications that people register by hand: phone, in person, letter, e-mail, web, CİMER and their like [İ5g, İ8a2].

Identity numbers are never kept: a citizen is found again by phone or e-mail.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, citizens, process, search
from inbox.rules.contacts import email_key, phone_key
from inbox.rules.deadlines import deadline_class_of
from inbox.rules.permissions import Action, Actor
from inbox.services import deadlines
from inbox.services.applications import Correction, known_topic, labels_of
from inbox.services.steps import record
from inbox.services.telling import written
from models.db import lock
from models.enums import (
    SOCIAL_CHANNELS,
    ApplicationState,
    Author,
    ChannelName,
    Decision,
    Direction,
    Surface,
    Urgency,
)
from models.errors import InputError
from models.profile import Profile
from models.tables import Application, Citizen, Conversation, Identity, Message

BY_HAND = tuple(channel for channel in ChannelName if channel not in SOCIAL_CHANNELS)
SUMMARY_LENGTH = 160
LONGEST_NAME = 200
EARLIEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody said or wrote, and who she is; `received_at` is when it reached the house.

    `form` is the form's own mark, by which one that is sent twice is known; empty where there is no form.
    """

    channel: ChannelName
    text: str
    labels: Correction
    received_at: datetime
    name: str = ""
    phone: str = ""
    email: str = ""
    on_behalf_of: str = ""
    form: str = ""


async def register(
    session: AsyncSession, actor: Actor, *, entry: Entry, profile: Profile, now: datetime
) -> Application:
    """The citizen is found by phone or e-mail, or made; her words are the application's first message.

    Of a form that is sent twice the application that there is.
    """
    actor.require(Action.REGISTER)
    _check(entry, now)
    external_id = _external_id(entry)
    await lock(session, external_id)
    if known := await applications.of_message(session, entry.channel, external_id):
        return known
    topic = await known_topic(session, entry.labels)
    identity = await _identity(session, entry, now)
    year = entry.received_at.astimezone(profile.time_zone).year
    (number,) = await applications.reserve_numbers(session, prefix=profile.number_prefix, year=year, count=1)
    conversation = await process.add(session, _conversation(entry, identity, number, now))
    application = _application(entry, identity, conversation, number=number, actor=actor, now=now)
    application.confidential = topic.confidential
    await deadlines.refresh_due(session, [application], rules=await deadlines.read_rules(session, profile))
    await applications.add_all(session, [application])
    message = await process.add(session, _message(entry, conversation, application, external_id, now))
    session.add(labels_of(application, actor, message_id=message.id or 0, now=now))
    content = {"number": number, "channel": entry.channel, "topic": entry.labels.topic, "unit": entry.labels.unit}
    await record(session, application, actor, "registered", content, now=now)
    await session.flush()
    await search.index_applications(session, [application.id or 0])
    return application


def _check(entry: Entry, now: datetime) -> None:
    if entry.channel not in BY_HAND:
        raise InputError(
            "Bu kanaldan gelen mesajlar kendiliğinden kaydedilir; başka bir kanal seçiniz.", field="channel"
        )
    if not entry.text.strip():
        raise InputError("Vatandaşın ne dediğini yazınız.", field="text")
    for field, name in (("name", entry.name), ("on_behalf_of", entry.on_behalf_of)):
        if len(name) > LONGEST_NAME:
            raise InputError(f"Ad en çok {LONGEST_NAME} karakter olabilir.", field=field)
    if not now - EARLIEST <= entry.received_at <= now:
        raise InputError("Geliş zamanı bugünden sonra ya da bir yıldan eski olamaz.", field="received")


async def _identity(session: AsyncSession, entry: Entry, now: datetime) -> Identity:
    """Of the citizen who gave this phone or e-mail before, on any channel; else of a new one."""
    keys = {ChannelName.PHONE: phone_key(entry.phone), ChannelName.EMAIL: email_key(entry.email)}
    given = {channel: key for channel, key in keys.items() if key}
    if keys[ChannelName.PHONE]:
        given[ChannelName.WHATSAPP] = keys[ChannelName.PHONE]
    known = await citizens.by_contacts(session, given)
    owner = known[0].citizen_id if known else None
    if owner is None:
        citizen = await process.add(session, Citizen(display_name=entry.name.strip(), created_at=now))
        owner = citizen.id or 0
    mine = [one for one in known if one.citizen_id == owner]
    have = {one.channel for one in known}
    fresh = [
        _new_identity(owner, channel, key, entry, now)
        for channel, key in keys.items()
        if key and channel not in have
    ]  # fmt: skip
    if not mine and not fresh:
        fresh = [_new_identity(owner, entry.channel, f"by-hand-{secrets.token_hex(8)}", entry, now)]
    session.add_all(fresh)
    await session.flush()
    chosen = ChannelName.EMAIL if entry.channel is ChannelName.EMAIL else ChannelName.PHONE
    return min([*fresh, *mine], key=lambda one: one.channel is not chosen)


def _new_identity(citizen_id: int, channel: ChannelName, key: str, entry: Entry, now: datetime) -> Identity:
    return Identity(
        citizen_id=citizen_id, channel=channel, external_id=key, display_name=entry.name.strip(), created_at=now
    )


def _conversation(entry: Entry, identity: Identity, number: str, now: datetime) -> Conversation:
    return Conversation(
        channel=entry.channel,
        surface=Surface.MANUAL,
        thread_id=number,
        identity_id=identity.id or 0,
        citizen_id=identity.citizen_id,
        last_inbound_at=entry.received_at,
        created_at=now,
    )


def _external_id(entry: Entry) -> str:
    """One for the same words in the same form; another one as soon as anything differs."""
    mark = hashlib.sha256(repr(entry).encode()).hexdigest()[:24] if entry.form else secrets.token_hex(12)
    return f"by-hand-{mark}"


def _message(
    entry: Entry, conversation: Conversation, application: Application, external_id: str, now: datetime
) -> Message:
    return Message(
        conversation_id=conversation.id or 0,
        application_id=application.id,
        channel=entry.channel,
        external_id=external_id,
        direction=Direction.INBOUND,
        author=Author.CITIZEN,
        text=written(entry.text),
        sent_at=entry.received_at,
        received_at=now,
        triaged_at=now,
    )


def _application(
    entry: Entry, identity: Identity, conversation: Conversation, *, number: str, actor: Actor, now: datetime
) -> Application:
    labels = entry.labels
    return Application(
        number=number,
        conversation_id=conversation.id,
        citizen_id=identity.citizen_id,
        channel=entry.channel,
        state=ApplicationState.DRAFT,
        rank=0 if labels.urgency is Urgency.EMERGENCY else 1,
        kind=labels.kind,
        topic=labels.topic,
        unit=labels.unit,
        urgency=labels.urgency,
        district=labels.district,
        decision=Decision.AUTO,
        confidence=1.0,
        summary=" ".join(entry.text.split())[:SUMMARY_LENGTH],
        assignee_id=actor.user_id if actor.may(Action.TAKE) else None,
        unread=not actor.may(Action.TAKE),
        received_at=entry.received_at,
        due_at=now,
        deadline_class=deadline_class_of(entry.channel, labels.kind),
        last_message_at=entry.received_at,
        on_behalf_of=entry.on_behalf_of.strip(),
        registered_by=actor.user_id,
        waiting_since=now,
        created_at=now,
    )
