"""Units as the organisation knows them. The profile begins the list; from then on the administrator's word holds."""

import re
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as application_rows
from inbox.repositories import organisation as rows
from inbox.rules.permissions import Action
from inbox.services import security_events
from inbox.services.security_events import What
from inbox.services.users import By
from models.enums import UnitKind
from models.errors import ConflictError, InputError, NotFoundError
from models.profile import ANY_TOPIC_UNIT, UNKNOWN_DISTRICT_UNIT
from models.tables import Topic, Unit
from models.turkish import skeleton

LONGEST_NAME, LONGEST_SHORT_NAME, LONGEST_CONTACT, LONGEST_CODE = 100, 40, 300, 40
NEW_KINDS = (UnitKind.DEPARTMENT, UnitKind.AFFILIATE, UnitKind.COMPANY, UnitKind.EXTERNAL)
"""Districts come from the profile alone: places are resolved to them."""
FIXED = frozenset({ANY_TOPIC_UNIT, UNKNOWN_DISTRICT_UNIT})
"""The rules speak of these two by their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """What of a unit may be changed. `integrated`: its people work in the inbox; else it gets letters (EBYS)."""

    name: str
    short_name: str
    contact: str
    integrated: bool


async def read(session: AsyncSession, unit_id: str) -> Unit:
    """Raises NotFoundError."""
    unit = await rows.unit(session, unit_id)
    if unit is None:
        raise NotFoundError("Böyle bir birim yok.")
    return unit


async def topics_of(session: AsyncSession, unit_id: str) -> tuple[list[Topic], list[Topic]]:
    """Topics that usually go to the unit, and those that can."""
    topics = await rows.all_topics(session)
    return [one for one in topics if one.unit == unit_id], [one for one in topics if unit_id in one.other_units]


async def add(session: AsyncSession, kind: UnitKind, wanted: UnitChange, *, by: By) -> Unit:
    """A new unit; its code is made of its name and never changes."""
    by.actor.require(Action.MANAGE_ORGANISATION)
    if kind not in NEW_KINDS:
        raise InputError("İlçe belediyeleri listede hazırdır; başka bir tür seçiniz.")
    _check(wanted)
    known = await rows.all_units(session)
    unit = Unit(id=_code(wanted.name), name="", kind=kind, position=max(one.position for one in known) + 1)
    if any(one.id == unit.id for one in known):
        raise ConflictError("Bu adla bir birim zaten var.")
    _apply(unit, wanted)
    session.add(unit)
    await _record(session, f"birim eklendi: {_words(unit)}", by=by)
    return unit


async def change(session: AsyncSession, unit_id: str, wanted: UnitChange, *, by: By) -> None:
    by.actor.require(Action.MANAGE_ORGANISATION)
    unit = await read(session, unit_id)
    _check(wanted)
    before = _words(unit)
    _apply(unit, wanted)
    session.add(unit)
    await _record(session, f"{before} → {_words(unit)}", by=by)


async def close(session: AsyncSession, unit_id: str, *, by: By) -> None:
    """It gets nothing new. Refused while it has open applications, or topics go to it."""
    by.actor.require(Action.MANAGE_ORGANISATION)
    unit = await read(session, unit_id)
    if unit.id in FIXED:
        raise ConflictError("Kurallar bu birime dayanır; kapatılamaz.")
    if waiting := await application_rows.open_count_of_unit(session, unit.id):
        raise ConflictError(f"Birimde {waiting} açık başvuru var; önce sonuçlandırınız ya da başka birime veriniz.")
    topics, _ = await topics_of(session, unit.id)
    if topics:
        names = "; ".join(topic.name for topic in topics)
        raise ConflictError(f"Önce bu birime giden konuları başka birime veriniz: {names}.")
    unit.active = False
    session.add(unit)
    await _record(session, f"birim kapatıldı: {unit.name}", by=by)


async def reopen(session: AsyncSession, unit_id: str, *, by: By) -> None:
    by.actor.require(Action.MANAGE_ORGANISATION)
    unit = await read(session, unit_id)
    unit.active = True
    session.add(unit)
    await _record(session, f"birim yeniden açıldı: {unit.name}", by=by)


def _check(wanted: UnitChange) -> None:
    if not wanted.name.strip() or len(wanted.name.strip()) > LONGEST_NAME:
        raise InputError(f"Birimin adını yazınız; en çok {LONGEST_NAME} karakter olabilir.")
    if len(wanted.short_name.strip()) > LONGEST_SHORT_NAME:
        raise InputError(f"Kısa ad en çok {LONGEST_SHORT_NAME} karakter olabilir.")
    if len(wanted.contact.strip()) > LONGEST_CONTACT:
        raise InputError(f"İletişim bilgisi en çok {LONGEST_CONTACT} karakter olabilir.")


def _apply(unit: Unit, wanted: UnitChange) -> None:
    """An outside body never works in the inbox; what is kept of it there says nothing."""
    unit.name, unit.short_name, unit.contact = wanted.name.strip(), wanted.short_name.strip(), wanted.contact.strip()
    if unit.kind is not UnitKind.EXTERNAL:
        unit.integrated = wanted.integrated


def _code(name: str) -> str:
    code = "_".join(re.findall(r"[a-z0-9]+", skeleton(name)))[:LONGEST_CODE].strip("_")
    if not code:
        raise InputError("Birimin adında harf ya da rakam olmalıdır.")
    return code


def _words(unit: Unit) -> str:
    where = "" if unit.kind is UnitKind.EXTERNAL else f", {'sistemde' if unit.integrated else 'yazıyla'}"
    return f"{unit.name}{where}"


async def _record(session: AsyncSession, detail: str, *, by: By) -> None:
    await security_events.record(
        session, What.ORGANISATION_CHANGED, now=by.now, user_id=by.actor.user_id, where=by.where, detail=detail
    )
