"""The process as one table: which step, from which states, by which right, on which condition (process.md, «States»).

Pure. Services ask `require`, pages ask `fits` and `offered`; nothing else decides what can be done with an application.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.rules.permissions import Action, Actor
from models.enums import ApplicationState, Urgency
from models.errors import ConflictError, InputError

State = ApplicationState


class Step(StrEnum):
    """What is done with an application, by a person or by the clock."""

    WORK = "work"
    """Take, assign, correct, note; the state stays."""
    REGISTER = "register"
    DISMISS = "dismiss"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    APPROVE_FOR_SIGNATURE = "approve_for_signature"
    REJECT = "reject"
    ROUTE = "route"
    ROUTE_EMERGENCY = "route_emergency"
    """By the machine: an emergency whose topic and unit are trusted waits for nobody."""
    SIGN = "sign"
    ACCEPT = "accept"
    RETURN = "return"
    INTERIM = "interim"
    ASK_SCHEDULE = "ask_schedule"
    CONSENT_SCHEDULE = "consent_schedule"
    REACH_DATE = "reach_date"
    UNIT_ANSWER = "unit_answer"
    SEND_BACK = "send_back"
    ANSWER = "answer"
    REDIRECT = "redirect"
    CLOSE = "close"
    SURVEY = "survey"
    FIELD_CHECK = "field_check"
    WORK_UNDONE = "work_undone"
    REOPEN = "reopen"
    PAUSE = "pause"


class Effect(StrEnum):
    """What a step brings with it; the services carry it out in the same transaction."""

    START_RETURN_LIMIT = "start_return_limit"
    OWE_APPROVAL = "owe_approval"
    TELL_CITIZEN = "tell_citizen"
    TELL_SUBMITTER = "tell_submitter"
    TELL_UNIT = "tell_unit"
    WRITE_LETTER = "write_letter"
    ASK_SURVEY = "ask_survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the conditions of the table look at."""

    state: ApplicationState
    now: datetime
    urgency: Urgency = Urgency.NORMAL
    needs_approval: bool = True
    """The setting of the channel by which it came in (İzmir: social media and phone yes)."""
    unit: str | None = None
    is_routed: bool = False
    brief: str = ""
    reason: str = ""
    return_due_at: datetime | None = None


Guard = Callable[[Case], str]
"""Why the step cannot be taken, in the page's words; empty where it can."""


def _has_unit_and_brief(case: Case) -> str:
    if not case.unit:
        return "Önce başvurunun gideceği birimi seçiniz."
    return "" if case.brief.strip() else "Birime gidecek özeti yazınız."


def _needs_no_approval(case: Case) -> str:
    if case.urgency is Urgency.EMERGENCY:
        return "" if case.unit else "Önce başvurunun gideceği birimi seçiniz."
    return "Bu kanaldan gelen başvurular birime onaydan sonra gider." if case.needs_approval else _has_unit(case)


def _is_emergency(case: Case) -> str:
    return _has_unit(case) if case.urgency is Urgency.EMERGENCY else "Yalnız acil başvurular kendiliğinden gider."


def _has_unit(case: Case) -> str:
    return "" if case.unit else "Önce başvurunun gideceği birimi seçiniz."


def _has_reason(case: Case) -> str:
    return "" if case.reason.strip() else "Gerekçe yazınız."


def _returnable(case: Case) -> str:
    if case.return_due_at is not None and case.now > case.return_due_at:
        return "İade süresi (yönlendirmeden sonra üç gün) doldu; başvuruyu cevaplamanız gerekiyor."
    return _has_reason(case)


def _was_routed(case: Case) -> str:
    return "" if case.is_routed else "Bu başvuru bir birime gitmemiş; birime geri gönderilemez."


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A row of the table. `target` is None where the state stays; `actions` empty where only the clock may."""

    step: Step
    sources: frozenset[ApplicationState]
    target: ApplicationState | None
    actions: tuple[Action, ...]
    """Any one of these rights is enough."""
    source: str
    """The rule's article: İ directive of İzmir, Ç Çiğli, S Süleymanpaşa; or the page of the domain that says it."""
    guard: Guard | None = None
    effects: tuple[Effect, ...] = ()


_OPEN = frozenset(state for state in State if state.is_open)
_AT_THE_DESK = frozenset({State.RECEIVED, State.DRAFT, State.REJECTED, State.RETURNED})
_AT_THE_UNIT = frozenset({State.ROUTED, State.IN_PROGRESS, State.SCHEDULED})
_DESK_ANSWERS = _AT_THE_DESK | {State.ANSWER_REVIEW, State.ANSWERED}
_FOR_UNIT = (Action.ACT_FOR_UNIT, Action.REVIEW_ANSWER)
"""Also the desk, which enters the letter of a receiver whose people do not work in the inbox."""
_HAD_AN_ANSWER = frozenset({State.ANSWERED, State.CLOSED})


def _row(
    step: Step,
    sources: frozenset[ApplicationState] | set[ApplicationState],
    target: ApplicationState | None,
    actions: tuple[Action, ...],
    source: str,
    guard: Guard | None = None,
    *effects: Effect,
) -> Transition:
    return Transition(
        step=step,
        sources=frozenset(sources),
        target=target,
        actions=actions,
        source=source,
        guard=guard,
        effects=effects,
    )


TABLE: tuple[Transition, ...] = (
    _row(Step.WORK, _OPEN, None, (Action.TAKE, Action.CORRECT, Action.ASSIGN), "İ8a2"),
    _row(Step.REGISTER, {State.RECEIVED}, State.DRAFT, (Action.CORRECT,), "İ8a2"),
    _row(Step.DISMISS, _AT_THE_DESK, State.DISMISSED, (Action.CHECK,), "3071/7", _has_reason),
    _row(Step.SUBMIT, _AT_THE_DESK, State.AWAITING_APPROVAL, (Action.SUBMIT,), "İ8b2", _has_unit_and_brief),
    _row(Step.WITHDRAW, {State.AWAITING_APPROVAL}, State.DRAFT, (Action.SUBMIT,), "İ8a2"),
    _row(
        Step.APPROVE,
        {State.AWAITING_APPROVAL},
        State.ROUTED,
        (Action.APPROVE,),
        "İ7ç2, İ8b2",
        _has_unit,
        Effect.START_RETURN_LIMIT,
        Effect.TELL_UNIT,
    ),
    _row(
        Step.APPROVE_FOR_SIGNATURE,
        {State.AWAITING_APPROVAL},
        State.AWAITING_SIGNATURE,
        (Action.APPROVE,),
        "İ6a7, İ8a4",
        _has_unit,
        Effect.WRITE_LETTER,
    ),
    _row(
        Step.REJECT,
        {State.AWAITING_APPROVAL},
        State.REJECTED,
        (Action.APPROVE,),
        "İ7ç2",
        _has_reason,
        Effect.TELL_SUBMITTER,
    ),
    _row(
        Step.ROUTE,
        _AT_THE_DESK,
        State.ROUTED,
        (Action.SUBMIT,),
        "İ7b2, İ8b2",
        _needs_no_approval,
        Effect.START_RETURN_LIMIT,
        Effect.OWE_APPROVAL,
        Effect.TELL_UNIT,
    ),
    _row(
        Step.ROUTE_EMERGENCY,
        {State.RECEIVED, State.DRAFT},
        State.ROUTED,
        (),
        "İ7b2-3",
        _is_emergency,
        Effect.START_RETURN_LIMIT,
        Effect.OWE_APPROVAL,
        Effect.TELL_UNIT,
    ),
    _row(
        Step.SIGN,
        {State.AWAITING_SIGNATURE},
        State.ROUTED,
        (Action.SIGN,),
        "İ6a7, İ8a4",
        None,
        Effect.START_RETURN_LIMIT,
    ),
    _row(Step.ACCEPT, {State.ROUTED}, State.IN_PROGRESS, (Action.ACT_FOR_UNIT,), "İ9a8, İ20a"),
    _row(Step.RETURN, {State.ROUTED}, State.RETURNED, _FOR_UNIT, "İ15d, İ20a", _returnable),
    _row(Step.INTERIM, {State.IN_PROGRESS, State.SCHEDULED}, None, (Action.ACT_FOR_UNIT,), "İ6a11"),
    _row(Step.ASK_SCHEDULE, {State.IN_PROGRESS}, None, (Action.ACT_FOR_UNIT,), "İ20a", _has_reason),
    _row(
        Step.CONSENT_SCHEDULE,
        {State.IN_PROGRESS},
        State.SCHEDULED,
        (Action.REVIEW_ANSWER,),
        "İ20a",
        None,
        Effect.TELL_CITIZEN,
    ),
    _row(Step.REACH_DATE, {State.SCHEDULED}, State.IN_PROGRESS, (), "İ20a", None, Effect.TELL_UNIT),
    _row(Step.UNIT_ANSWER, _AT_THE_UNIT, State.ANSWER_REVIEW, _FOR_UNIT, "İ20a"),
    _row(
        Step.SEND_BACK,
        {State.ANSWER_REVIEW},
        State.IN_PROGRESS,
        (Action.REVIEW_ANSWER,),
        "İ6a10, İ20a",
        _has_reason,
        Effect.TELL_UNIT,
    ),
    _row(Step.ANSWER, _DESK_ANSWERS, State.ANSWERED, (Action.ANSWER,), "İ8a2, İ19ç", None, Effect.TELL_CITIZEN),
    _row(
        Step.REDIRECT,
        _AT_THE_DESK,
        State.REDIRECTED,
        (Action.ANSWER,),
        "process.md, «States»",
        _has_reason,
        Effect.TELL_CITIZEN,
    ),
    _row(Step.CLOSE, _DESK_ANSWERS, State.CLOSED, (Action.CLOSE,), "İ6a12", None, Effect.ASK_SURVEY),
    _row(Step.SURVEY, _HAD_AN_ANSWER, None, (Action.SURVEY,), "İ6a12, İ7d2"),
    _row(Step.FIELD_CHECK, _HAD_AN_ANSWER | _AT_THE_UNIT, None, (Action.ASK_FIELD_CHECK,), "İ7d5", _has_reason),
    _row(
        Step.WORK_UNDONE,
        _HAD_AN_ANSWER,
        State.IN_PROGRESS,
        (Action.FIELD_CHECK,),
        "İ6b9",
        _was_routed,
        Effect.TELL_UNIT,
    ),
    _row(Step.REOPEN, {State.CLOSED, State.REDIRECTED}, None, (Action.REOPEN,), "process.md, «States»"),
    _row(Step.PAUSE, _OPEN, None, (Action.PAUSE,), "İ13b, S4l", _has_reason),
)
_BY_STEP = {row.step: row for row in TABLE}
STALE = "Başvurunun durumu bu arada değişti; bu işlem artık yapılamıyor. Güncel hâli gösteriliyor."


def transition(step: Step) -> Transition:
    return _BY_STEP[step]


def fits(step: Step, state: ApplicationState) -> bool:
    """Whether pages offer the step in this state."""
    return state in _BY_STEP[step].sources


def offered(state: ApplicationState, actor: Actor) -> tuple[Step, ...]:
    """The steps that this person can be shown; conditions are told when she takes one."""
    return tuple(row.step for row in TABLE if state in row.sources and any(actor.may(action) for action in row.actions))


def require(step: Step, state: ApplicationState) -> None:
    """Raise ConflictError where the state does not allow the step."""
    if not fits(step, state):
        raise ConflictError(STALE)


def require_case(step: Step, case: Case) -> Transition:
    """The row of the step. Raises ConflictError for a wrong state, InputError where its condition fails."""
    row = _BY_STEP[step]
    require(step, case.state)
    problem = row.guard(case) if row.guard else ""
    if problem:
        raise InputError(problem)
    return row
