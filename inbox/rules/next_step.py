"""What an open application waits for, by whom, and until when: every open one has a next step and an owner. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.enums import ApplicationState

State = ApplicationState


class Owner(StrEnum):
    """With whom the next step lies."""

    PERSON = "person"
    """The one on whom the application is."""
    DESK = "desk"
    """Nobody's yet: whoever of the desk takes it."""
    APPROVAL = "approval"
    UNIT = "unit"
    DUTY_DESK = "duty_desk"


class Task(StrEnum):
    """The next step, as the page calls it."""

    TAKE_EMERGENCY = "take_emergency"
    REGISTER = "register"
    PREPARE = "prepare"
    APPROVE = "approve"
    CORRECT_REJECTED = "correct_rejected"
    SIGN = "sign"
    ACCEPT = "accept"
    WORK = "work"
    WAIT_FOR_DATE = "wait_for_date"
    FIND_UNIT = "find_unit"
    REVIEW_ANSWER = "review_answer"
    CONSENT_SCHEDULE = "consent_schedule"
    CLOSE = "close"


TASK_NAMES: dict[Task, str] = {
    Task.TAKE_EMERGENCY: "Acil başvuru üstlenilecek",
    Task.REGISTER: "Kayda alınacak",
    Task.PREPARE: "Cevaplanacak ya da birime yönlendirilecek",
    Task.APPROVE: "Onaylanacak",
    Task.CORRECT_REJECTED: "Onaydan dönen metin düzeltilecek",
    Task.SIGN: "EBYS sayısı ve tarihi girilecek",
    Task.ACCEPT: "Birim kabul ya da iade edecek",
    Task.WORK: "Birim işi yapıp cevaplayacak",
    Task.WAIT_FOR_DATE: "Programa alınan iş tarihinde yapılacak",
    Task.FIND_UNIT: "Birimden döndü; doğru birim bulunacak",
    Task.REVIEW_ANSWER: "Birimin cevabı kontrol edilecek",
    Task.CONSENT_SCHEDULE: "Birimin istediği tarih değerlendirilecek",
    Task.CLOSE: "Sonuçlandırılacak",
}
OWNER_NAMES: dict[Owner, str] = {
    Owner.PERSON: "Başvuru personeli",
    Owner.DESK: "Başvuru birimi (henüz kimsenin üzerinde değil)",
    Owner.APPROVAL: "Onay birimi",
    Owner.UNIT: "Birim",
    Owner.DUTY_DESK: "Merkez 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of an application its next step depends on. `soonest`: the end of its nearest duty, if any clock runs."""

    state: ApplicationState
    due_at: datetime
    assignee_id: int | None = None
    unit: str | None = None
    """The receiver of the last routing."""
    rings: bool = False
    """An emergency that nobody has taken."""
    awaits_consent: bool = False
    """The unit asked for a date."""
    soonest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """`user_id` where it is a person's, `unit` where it is a unit's. `until` is never empty: nothing waits for ever."""

    task: Task
    owner: Owner
    until: datetime
    user_id: int | None = None
    unit: str | None = None


_DESK_TASKS = {
    State.RECEIVED: Task.REGISTER,
    State.DRAFT: Task.PREPARE,
    State.REJECTED: Task.CORRECT_REJECTED,
    State.RETURNED: Task.FIND_UNIT,
    State.AWAITING_SIGNATURE: Task.SIGN,
    State.ANSWER_REVIEW: Task.REVIEW_ANSWER,
    State.ANSWERED: Task.CLOSE,
}
_UNIT_TASKS = {State.ROUTED: Task.ACCEPT, State.IN_PROGRESS: Task.WORK, State.SCHEDULED: Task.WAIT_FOR_DATE}
DESK_STATES = frozenset(_DESK_TASKS)
"""The next step lies with the desk: with the one on whom the application is, or with whoever takes it."""
UNIT_STATES = frozenset(_UNIT_TASKS)


def next_step(standing: Standing) -> NextStep | None:
    """None for an application that is finished (dismissed, closed, redirected); else never."""
    if not standing.state.is_open:
        return None
    until = standing.soonest or standing.due_at
    if standing.rings:
        return NextStep(task=Task.TAKE_EMERGENCY, owner=Owner.DUTY_DESK, until=until)
    if standing.state is State.AWAITING_APPROVAL:
        return NextStep(task=Task.APPROVE, owner=Owner.APPROVAL, until=until)
    if standing.awaits_consent and standing.state is State.IN_PROGRESS:
        return _at_the_desk(Task.CONSENT_SCHEDULE, standing, until)
    if standing.state in _UNIT_TASKS:
        return _at_the_unit(standing, until)
    return _at_the_desk(_DESK_TASKS[standing.state], standing, until)


def _at_the_unit(standing: Standing, until: datetime) -> NextStep:
    """A unit that is not known (an old record) is the desk's to find."""
    if standing.unit is None:
        return _at_the_desk(Task.FIND_UNIT, standing, until)
    return NextStep(task=_UNIT_TASKS[standing.state], owner=Owner.UNIT, until=until, unit=standing.unit)


def _at_the_desk(task: Task, standing: Standing, until: datetime) -> NextStep:
    owner = Owner.PERSON if standing.assignee_id is not None else Owner.DESK
    return NextStep(task=task, owner=owner, until=until, user_id=standing.assignee_id)
