"""Who may look after which person of the desk. Pure."""

from collections.abc import Iterable

from inbox.rules.permissions import Action, Actor
from models.enums import Role
from models.errors import ForbiddenError

UNITS_OWN = frozenset({Role.UNIT_USER})
MAY_NOT = "Bu kişinin hesabını siz yönetmiyorsunuz."


def may_see_people(actor: Actor) -> bool:
    return actor.may(Action.MANAGE_PEOPLE) or actor.may(Action.AUTHORISE_UNIT_USERS)


def may_manage(actor: Actor, roles: Iterable[Role]) -> bool:
    """The administrator looks after everybody; quality after those who are units' users and nothing else [İ9a8]."""
    if actor.may(Action.MANAGE_PEOPLE):
        return True
    return actor.may(Action.AUTHORISE_UNIT_USERS) and frozenset(roles) == UNITS_OWN


def require_manage(actor: Actor, *roles: Iterable[Role]) -> None:
    """Raise ForbiddenError unless the actor looks after people with each of these sets of roles."""
    if not all(may_manage(actor, one) for one in roles):
        raise ForbiddenError(MAY_NOT)


def working_roles(roles: frozenset[Role], *, is_authorised: bool) -> frozenset[Role]:
    """The roles that give rights now: a unit's user has none until quality has authorised her [İ9a8]."""
    return roles if is_authorised else roles - UNITS_OWN
