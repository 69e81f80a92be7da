"""Who may do what (process.md, «Who works in it»): a table of roles, and the reader it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from models.enums import ANSWERED_STATES, ApplicationState, Role
from models.errors import ForbiddenError


class Action(StrEnum):
    """What a person can do on the pages."""

    SEE_INBOX = "see_inbox"
    """Every application of the desk."""
    SEE_OWN_UNIT = "see_own_unit"
    """Applications that are with the reader's unit."""
    SEE_ANSWERED = "see_answered"
    """Applications whose citizen has an answer: for surveys."""
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
    REGISTER = "register"
    """By hand: phone, in person, letter, on behalf of somebody."""
    SUBMIT = "submit"
    """Send to approval, or at once where the setting allows it."""
    APPROVE = "approve"
    SIGN = "sign"
    """Enter number and date of a signed letter."""
    ACT_FOR_UNIT = "act_for_unit"
    """Accept, answer, interim notice, return, schedule."""
    REVIEW_ANSWER = "review_answer"
    """Pass a unit's answer on, or send it back; consent to a date."""
    PAUSE = "pause"
    SURVEY = "survey"
    ASK_FIELD_CHECK = "ask_field_check"
    FIELD_CHECK = "field_check"
    TAKE_EMERGENCY = "take_emergency"
    JOIN_CITIZENS = "join_citizens"
    DECIDE_INCIDENT = "decide_incident"
    SEE_REPORTS = "see_reports"
    SEE_AGENTS_FIGURES = "see_agents_figures"
    """What each agent registered, answered and ended."""
    SEE_WALL = "see_wall"
    """Live figures of the desk."""
    EXPORT = "export"
    """A list as a file; recorded."""
    MANAGE_ROSTER = "manage_roster"
    READ_KNOWLEDGE = "read_knowledge"
    EDIT_KNOWLEDGE = "edit_knowledge"
    OPEN_CORRECTIVE = "open_corrective"
    """Prepare a DÖF form, and say what will be done."""
    CLOSE_CORRECTIVE = "close_corrective"
    AUTHORISE_UNIT_USERS = "authorise_unit_users"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ORGANISATION = "manage_organisation"
    """Units, topics, texts, calendars, shared views, retention."""
    ANSWER_PERSON_REQUESTS = "answer_person_requests"
    PROMOTE_MODEL = "promote_model"


_HOUSE = frozenset({Action.READ_KNOWLEDGE, Action.OPEN_CORRECTIVE})
"""Whoever belongs to the centre, and not to a unit."""
_DESK_WORK = frozenset(
    {
        Action.SEE_INBOX,
        *_HOUSE,
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
        Action.REGISTER,
        Action.SUBMIT,
        Action.SIGN,
        Action.REVIEW_ANSWER,
        Action.ASK_FIELD_CHECK,
        Action.JOIN_CITIZENS,
        Action.DECIDE_INCIDENT,
        Action.SEE_WALL,
    }
)
_LEADS = _DESK_WORK | {
    Action.ASSIGN,
    Action.BLOCK,
    Action.PAUSE,
    Action.MANAGE_ROSTER,
    Action.EDIT_KNOWLEDGE,
    Action.TAKE_EMERGENCY,
    Action.EXPORT,
    Action.SEE_REPORTS,
    Action.SEE_AGENTS_FIGURES,
}
ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.AGENT: _DESK_WORK | {Action.EXPORT},
    Role.DUTY_DESK: _DESK_WORK | {Action.TAKE_EMERGENCY},
    Role.TEAM_LEAD: _LEADS,
    Role.CHIEF: _LEADS
    | {
        Action.REVEAL_CONFIDENTIAL,
        Action.APPROVE,
        Action.CLOSE_CORRECTIVE,
        Action.ANSWER_PERSON_REQUESTS,
        Action.PROMOTE_MODEL,
    },
    Role.ADMINISTRATOR: frozenset(
        {
            Action.SEE_INBOX,
            Action.NOTE,
            Action.SET_UP,
            Action.SEE_WALL,
            Action.MANAGE_PEOPLE,
            Action.MANAGE_ORGANISATION,
            *_HOUSE,
            Action.EDIT_KNOWLEDGE,
            Action.ANSWER_PERSON_REQUESTS,
            Action.PROMOTE_MODEL,
        }
    ),
    Role.APPROVER: frozenset({Action.SEE_INBOX, *_HOUSE, Action.NOTE, Action.APPROVE, Action.SEE_WALL}),
    Role.UNIT_USER: frozenset({Action.SEE_OWN_UNIT, Action.NOTE, Action.ACT_FOR_UNIT}),
    Role.SURVEY_AGENT: frozenset(
        {
            Action.SEE_ANSWERED,
            *_HOUSE,
            Action.SEE_PERSONAL_DATA,
            Action.REVEAL_CITIZEN,
            Action.SURVEY,
            Action.ASK_FIELD_CHECK,
            Action.REGISTER,
            Action.NOTE,
        }
    ),
    Role.FIELD_TEAM: frozenset({Action.FIELD_CHECK, *_HOUSE}),
    Role.QUALITY: frozenset(
        {*_HOUSE, Action.SEE_REPORTS, Action.SEE_WALL, Action.AUTHORISE_UNIT_USERS, Action.CLOSE_CORRECTIVE}
    ),
}


_ROLE_NAMES = frozenset(role.value for role in Role)


class Located(Protocol):
    """What of an application decides who sees it."""

    @property
    def routed_unit(self) -> str | None: ...

    @property
    def state(self) -> ApplicationState: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which applications are there for a person; every query of hers is bound to it."""

    everything: bool = False
    unit: str | None = None
    """Those that were routed to this unit."""
    answered: bool = False
    """Those whose citizen has an answer."""

    def __bool__(self) -> bool:
        return self.everything or self.unit is not None or self.answered

    def covers(self, application: Located) -> bool:
        if self.everything:
            return True
        of_unit = self.unit is not None and application.routed_unit == self.unit
        return of_unit or (self.answered and application.state in ANSWERED_STATES)


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
    def reach(self) -> Reach:
        return Reach(
            everything=self.may(Action.SEE_INBOX),
            unit=self.unit if self.may(Action.SEE_OWN_UNIT) else None,
            answered=self.may(Action.SEE_ANSWERED),
        )

    @property
    def only_unit(self) -> str | None:
        """The unit of somebody who sees nothing but its applications."""
        reach = self.reach
        return None if reach.everything or reach.answered else reach.unit

    def may_see(self, application: Located) -> bool:
        """Whether the application is there for her."""
        return self.reach.covers(application)


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Roles of stored names; names that are no role any more give no rights."""
    return frozenset(Role(name) for name in names if name in _ROLE_NAMES)
