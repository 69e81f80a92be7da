"""The machine routes emergencies and nothing else."""

from datetime import UTC, datetime

import pytest

from inbox.rules.workflow import Case, Effect, Step, require_case, transition
from models.enums import ApplicationState as State
from models.enums import Urgency
from models.errors import ConflictError, InputError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def case(state: State = State.DRAFT, urgency: Urgency = Urgency.EMERGENCY, unit: str | None = "izsu") -> Case:
    return Case(state=state, now=NOW, urgency=urgency, unit=unit)


def test_an_emergency_leaves_at_once_and_owes_its_approval() -> None:
    """[İ7b2, İ7b3] Routed without approval by nobody's hand; the approval follows, the unit is told."""
    row = require_case(Step.ROUTE_EMERGENCY, case())
    assert (row.target, row.actions) == (State.ROUTED, ())
    assert set(row.effects) == {Effect.START_RETURN_LIMIT, Effect.OWE_APPROVAL, Effect.TELL_UNIT}


@pytest.mark.parametrize("urgency", [Urgency.NORMAL, Urgency.HIGH])
def test_nothing_else_leaves_by_itself(urgency: Urgency) -> None:
    """[İ8b2] What is no emergency goes through a person's hands."""
    with pytest.raises(InputError):
        require_case(Step.ROUTE_EMERGENCY, case(urgency=urgency))
    with pytest.raises(InputError):
        require_case(Step.ROUTE_EMERGENCY, case(unit=None))


@pytest.mark.parametrize("state", [State.ROUTED, State.AWAITING_APPROVAL, State.REJECTED, State.CLOSED])
def test_only_what_is_new_leaves_by_itself(state: State) -> None:
    """[İ7b2] What a person has decided on stays her decision."""
    assert not transition(Step.ROUTE_EMERGENCY).actions
    with pytest.raises(ConflictError):
        require_case(Step.ROUTE_EMERGENCY, case(state=state))
