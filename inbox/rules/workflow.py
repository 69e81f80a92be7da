"""Which step of the desk fits which state (process.md, «States»). The table grows with approval and routing."""

from enum import StrEnum

from models.enums import ApplicationState
from models.errors import ConflictError

State = ApplicationState


class Step(StrEnum):
    """A step that a person takes with an application."""

    WORK = "work"
    """Take, assign, correct, note."""
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


_WITH_THE_DESK = frozenset(
    {State.RECEIVED, State.DRAFT, State.REJECTED, State.RETURNED, State.ANSWER_REVIEW, State.ANSWERED}
)
STATES: dict[Step, frozenset[State]] = {
    Step.WORK: frozenset(state for state in State if state.is_open),
    Step.ANSWER: _WITH_THE_DESK,
    Step.CLOSE: _WITH_THE_DESK,
    Step.REOPEN: frozenset({State.CLOSED, State.REDIRECTED}),
}


def fits(step: Step, state: ApplicationState) -> bool:
    """Whether pages offer the step in this state."""
    return state in STATES[step]


def require(step: Step, state: ApplicationState) -> None:
    """Raise ConflictError where the state does not allow the step."""
    if not fits(step, state):
        raise ConflictError("Başvurunun durumu bu arada değişti; bu işlem artık yapılamıyor. Güncel hâli gösteriliyor.")
