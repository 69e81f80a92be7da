"""Who may do what (process.md, «Who works in it»): a table of roles, and the reader it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from models.enums import Role
from models.errors import ForbiddenError


class Action(StrEnum):
    """What a person can do on the pages."""

    SEE_INBOX = "see_inbox"
    """Every application of the desk."""
    SEE_OWN_UNIT = "see_own_unit"
    """Applications that are with the reader's unit."""
    SEE_PERSONAL_DATA = "see_personal_data"
    """Phones, addresses and the like inside messages, in plain."""
    REVEAL_CITIZEN = "reveal_citizen"
    """A citizen's full name and account, on demand and recorded."""
    REVEAL_CONFIDENTIAL = "reveal_confidential"
    TAKE = "take"
    ASSIGN = "assign"
    CORRECT = "correct"
    ANSWER = "answer"
    NOTE = "note"
    CLOSE = "close"
    REOPEN = "reopen"
    CHECK = "check"
    """The queue of messages that are probably nothing to act on."""
    HIDE = "hide"
    """What citizens write under our own posts."""
    BLOCK = "block"
    """People, with a reason."""
    SET_UP = "set_up"
    """Accounts, their credentials, the switches of the bots."""


_DESK_WORK = frozenset(
    {
        Action.SEE_INBOX,
        Action.SEE_PERSONAL_DATA,
        Action.REVEAL_CITIZEN,
        Action.TAKE,
        Action.CORRECT,
        Action.ANSWER,
        Action.NOTE,
        Action.CLOSE,
        Action.REOPEN,
        Action.CHECK,
        Action.HIDE,
    }
)
ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.AGENT: _DESK_WORK,
    Role.DUTY_DESK: _DESK_WORK,
    Role.TEAM_LEAD: _DESK_WORK | {Action.ASSIGN, Action.BLOCK},
    Role.CHIEF: _DESK_WORK | {Action.ASSIGN, Action.BLOCK, Action.REVEAL_CONFIDENTIAL},
    Role.ADMINISTRATOR: frozenset({Action.SEE_INBOX, Action.NOTE, Action.SET_UP}),
    Role.APPROVER: frozenset({Action.SEE_INBOX, Action.NOTE}),
    Role.UNIT_USER: frozenset({Action.SEE_OWN_UNIT, Action.NOTE}),
    Role.SURVEY_AGENT: frozenset(),
    Role.FIELD_TEAM: frozenset(),
    Role.QUALITY: frozenset(),
}


_ROLE_NAMES = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who is logged in, as the rules see her."""

    user_id: int
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit: str | None = None

    @property
    def reference(self) -> str:
        """Her name in histories."""
        return f"user:{self.user_id}"

    def may(self, action: Action) -> bool:
        return any(action in ROLE_ACTIONS[role] for role in self.roles)

    def require(self, action: Action) -> None:
        """Raise ForbiddenError where no role of hers allows it."""
        if not self.may(action):
            raise ForbiddenError("Bu işlem için yetkiniz bulunmuyor.")

    @property
    def sees_applications(self) -> bool:
        """True where there is any list for her."""
        return self.may(Action.SEE_INBOX) or bool(self.may(Action.SEE_OWN_UNIT) and self.unit)

    @property
    def only_unit(self) -> str | None:
        """The unit to which every query of hers is bound; None for those who see the whole desk."""
        return None if self.may(Action.SEE_INBOX) else self.unit

    def may_see(self, unit: str | None) -> bool:
        """Whether an application that is with `unit` is there for her."""
        if self.may(Action.SEE_INBOX):
            return True
        return self.may(Action.SEE_OWN_UNIT) and self.unit is not None and self.unit == unit


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Roles of stored names; names that are no role any more give no rights."""
    return frozenset(Role(name) for name in names if name in _ROLE_NAMES)
