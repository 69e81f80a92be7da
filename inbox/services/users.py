"""Looking after the people of the desk: inviting, roles, units, leaving, help with log-ins. All of it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people as rows
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.rules.staff import UNITS_OWN, may_manage, may_see_people, require_manage
from inbox.services import log_in_tries, passwords, people, second_factor, security_events
from inbox.services.security_events import What, Where
from models.enums import Role
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.ports import SecretStore
from models.tables import User

NOT_ONESELF = "Kendi hesabınızın rollerini değiştiremez, hesabınızı kapatamazsınız; başka bir yönetici yapmalıdır."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What of a person may be changed."""

    name: str
    email: str
    roles: Sequence[str]
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does it, when and from where."""

    actor: Actor
    now: datetime
    where: Where


async def found(session: AsyncSession, actor: Actor, text: str = "") -> list[User]:
    """Those whom the actor looks after. Raises ForbiddenError for somebody who looks after nobody."""
    if not may_see_people(actor):
        raise ForbiddenError("Bu işlem için yetkiniz bulunmuyor.")
    return [user for user in await rows.find(session, text) if may_manage(actor, known_roles(user.roles))]


async def read(session: AsyncSession, user_id: int, actor: Actor) -> User:
    """Raises NotFoundError for somebody whom the actor does not look after."""
    if not may_see_people(actor):
        raise ForbiddenError("Bu işlem için yetkiniz bulunmuyor.")
    user = await rows.user(session, user_id)
    if user is None or not may_manage(actor, known_roles(user.roles)):
        raise NotFoundError("Böyle bir kullanıcı yok.")
    return user


async def invite(session: AsyncSession, login: str, change: Change, *, by: By) -> tuple[User, str]:
    """Add somebody; she and the token of the link by which she chooses a password. Quality authorises by inviting."""
    roles = known_roles(change.roles)
    if not roles:
        raise InputError("En az bir rol seçiniz.")
    require_manage(by.actor, roles)
    user = await people.add_user(
        session,
        login=login,
        name=change.name,
        password=None,
        roles=change.roles,
        unit=change.unit,
        email=change.email,
        now=by.now,
    )
    await _note(session, user, What.ADDED, by=by, detail=_words(user))
    if roles & UNITS_OWN and by.actor.may(Action.AUTHORISE_UNIT_USERS):
        await authorise(session, user, by=by)
    return user, await _link(session, user, by=by)


async def change(session: AsyncSession, user: User, wanted: Change, *, by: By) -> bool:
    """Change name, e-mail, roles and unit. A change of rights ends all her log-ins: True.

    With another unit or role a unit's user needs quality's word anew [İ9a8].
    """
    roles, before = known_roles(wanted.roles), known_roles(user.roles)
    if not roles:
        raise InputError("En az bir rol seçiniz.")
    if not wanted.name.strip():
        raise InputError("Ad soyad boş bırakılamaz.")
    people.require_unit(wanted.roles, wanted.unit)
    require_manage(by.actor, before, roles)
    rights = roles != before or (wanted.unit or None) != user.unit
    if rights and user.id == by.actor.user_id:
        raise ForbiddenError(NOT_ONESELF)
    if Role.ADMINISTRATOR in before - roles:
        await _keep_an_administrator(session, user)
    old = _words(user)
    user.name, user.email = wanted.name.strip(), wanted.email.strip()
    user.roles, user.unit = sorted(roles), wanted.unit or None
    if rights and roles & UNITS_OWN:
        is_quality = by.actor.may(Action.AUTHORISE_UNIT_USERS)
        user.authorised_at, user.authorised_by = (by.now, by.actor.user_id) if is_quality else (None, None)
    session.add(user)
    await _note(session, user, What.CHANGED, by=by, detail=f"{old} → {_words(user)}")
    if rights:
        await rows.end_log_ins(session, user.id or 0)
    return rights


async def authorise(session: AsyncSession, user: User, *, by: By) -> None:
    """Quality gives a unit's user her rights [İ9a8]."""
    by.actor.require(Action.AUTHORISE_UNIT_USERS)
    if not known_roles(user.roles) & UNITS_OWN:
        raise ConflictError("Yalnız birim kullanıcıları yetkilendirilir.")
    user.authorised_at, user.authorised_by = by.now, by.actor.user_id
    session.add(user)
    await rows.end_log_ins(session, user.id or 0)
    await _note(session, user, What.AUTHORISED, by=by, detail=user.unit or "")


async def deactivate(session: AsyncSession, user: User, *, by: By) -> None:
    """She is out at once, everywhere; her name stays in histories."""
    require_manage(by.actor, known_roles(user.roles))
    if user.id == by.actor.user_id:
        raise ForbiddenError(NOT_ONESELF)
    await _keep_an_administrator(session, user)
    await take_out(session, user, now=by.now)
    await _note(session, user, What.DEACTIVATED, by=by)


async def take_out(session: AsyncSession, user: User, *, now: datetime) -> None:
    """Close an account: log-ins and links end. The caller records it."""
    user.active = False
    session.add(user)
    await rows.end_log_ins(session, user.id or 0)
    await passwords.use_up_links(session, user, now=now)


async def activate(session: AsyncSession, user: User, *, by: By) -> None:
    require_manage(by.actor, known_roles(user.roles))
    user.active = True
    session.add(user)
    await _note(session, user, What.ACTIVATED, by=by)


async def unlock(session: AsyncSession, user: User, *, by: By) -> None:
    """Forget the wrong passwords and codes of the last minutes."""
    require_manage(by.actor, known_roles(user.roles))
    tries = await log_in_tries.forget(session, user.login)
    await _note(session, user, What.UNLOCKED, by=by, detail=f"{tries} yanlış deneme silindi")


async def reset_link(session: AsyncSession, user: User, *, by: By) -> str:
    """The token of a link for a new password; the old password works until she has used it."""
    require_manage(by.actor, known_roles(user.roles))
    if not user.active:
        raise ConflictError("Kapalı bir hesaba bağlantı verilemez; önce hesabı açınız.")
    return await _link(session, user, by=by)


async def end_log_ins(session: AsyncSession, user: User, *, by: By) -> int:
    require_manage(by.actor, known_roles(user.roles))
    ended = await rows.end_log_ins(session, user.id or 0)
    await _note(session, user, What.SESSIONS_ENDED, by=by, detail=f"{ended} oturum")
    return ended


async def remove_factor(session: AsyncSession, store: SecretStore, user: User, *, by: By) -> None:
    """For somebody who lost telephone and recovery codes, after her identity was checked."""
    by.actor.require(Action.MANAGE_PEOPLE)
    if user.id == by.actor.user_id:
        raise ForbiddenError("Kendi ikinci adımınızı profil sayfanızdan kapatınız.")
    await second_factor.switch_off(session, store, user, now=by.now, where=by.where, detail=_who(by))


async def require_factor(session: AsyncSession, roles: Sequence[Role], *, by: By) -> None:
    """Set which roles cannot work without a second factor."""
    by.actor.require(Action.MANAGE_PEOPLE)
    await second_factor.require_for(session, roles)
    detail = f"iki adımlı giriş zorunlu: {', '.join(sorted(roles)) or 'hiçbir rol'}; {_who(by)}"
    await security_events.record(session, What.RULES_CHANGED, now=by.now, where=by.where, detail=detail)


async def _keep_an_administrator(session: AsyncSession, user: User) -> None:
    """Nobody could let anybody in any more."""
    if Role.ADMINISTRATOR not in known_roles(user.roles):
        return
    others = [one for one in await rows.active_users(session) if one.id != user.id]
    if not any(Role.ADMINISTRATOR in known_roles(one.roles) for one in others):
        raise ConflictError("Son sistem yöneticisi kapatılamaz; önce başka bir yönetici ekleyiniz.")


async def _link(session: AsyncSession, user: User, *, by: By) -> str:
    token = await passwords.make_link(session, user, now=by.now, created_by=by.actor.user_id)
    await _note(session, user, What.LINK_MADE, by=by)
    return token


async def _note(session: AsyncSession, user: User, what: What, *, by: By, detail: str = "") -> None:
    words = "; ".join(part for part in (detail, _who(by)) if part)
    await security_events.record(session, what, now=by.now, user_id=user.id, where=by.where, detail=words)


def _who(by: By) -> str:
    return f"işlemi yapan: {by.actor.name}"


def _words(user: User) -> str:
    """Roles and unit in one line; no e-mail, as the record is never erased."""
    return f"{', '.join(user.roles)}{f' ({user.unit})' if user.unit else ''}"
