"""Every open application has a next step and an owner."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox.rules.next_step import OWNER_NAMES, TASK_NAMES, Owner, Standing, Task, next_step
from models.enums import ApplicationState as State

DUE = datetime(2026, 12, 20, 20, 59, tzinfo=UTC)
SOON = DUE - timedelta(days=20)
EXPECTED = {
    State.RECEIVED: (Task.REGISTER, Owner.DESK),
    State.DRAFT: (Task.PREPARE, Owner.DESK),
    State.AWAITING_APPROVAL: (Task.APPROVE, Owner.APPROVAL),
    State.REJECTED: (Task.CORRECT_REJECTED, Owner.DESK),
    State.AWAITING_SIGNATURE: (Task.SIGN, Owner.DESK),
    State.ROUTED: (Task.ACCEPT, Owner.UNIT),
    State.IN_PROGRESS: (Task.WORK, Owner.UNIT),
    State.RETURNED: (Task.FIND_UNIT, Owner.DESK),
    State.SCHEDULED: (Task.WAIT_FOR_DATE, Owner.UNIT),
    State.ANSWER_REVIEW: (Task.REVIEW_ANSWER, Owner.DESK),
    State.ANSWERED: (Task.CLOSE, Owner.DESK),
}


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_next_step_or_is_finished(state: State) -> None:
    """[İ20a] Whatever is open lies with somebody, and for a time; what is finished lies with nobody."""
    found = next_step(Standing(state=state, due_at=DUE, unit="izsu"))
    if not state.is_open:
        assert found is None
        return
    assert found
    assert (found.task, found.owner) == EXPECTED[state]
    assert found.until == DUE


@pytest.mark.parametrize("state", [state for state in State if state.is_open])
@pytest.mark.parametrize("assignee_id", [None, 7])
@pytest.mark.parametrize("unit", [None, "izsu"])
@pytest.mark.parametrize("rings", [False, True])
@pytest.mark.parametrize("awaits_consent", [False, True])
def test_no_open_application_is_nobodys(
    state: State, assignee_id: int | None, unit: str | None, rings: bool, awaits_consent: bool
) -> None:
    """[İ20a] Whatever is missing, an open application has a step, an owner who can be named, and an end."""
    standing = Standing(
        state=state, due_at=DUE, assignee_id=assignee_id, unit=unit, rings=rings, awaits_consent=awaits_consent
    )
    found = next_step(standing)
    assert found
    assert found.task in TASK_NAMES
    assert found.owner in OWNER_NAMES
    assert (found.user_id is not None) == (found.owner is Owner.PERSON)
    assert (found.unit is not None) == (found.owner is Owner.UNIT)


def test_an_emergency_that_nobody_took_is_the_duty_desks() -> None:
    """[İ7b2] Until somebody takes it, an emergency is Merkez 1's, wherever it stands."""
    found = next_step(Standing(state=State.ROUTED, due_at=DUE, unit="izsu", rings=True))
    assert found
    assert (found.task, found.owner) == (Task.TAKE_EMERGENCY, Owner.DUTY_DESK)


def test_a_date_that_the_unit_asks_for_is_the_desks_to_weigh() -> None:
    """[İ20a] Programa Alındı needs the desk's consent: the ball is with whoever has the application."""
    found = next_step(Standing(state=State.IN_PROGRESS, due_at=DUE, unit="izsu", assignee_id=3, awaits_consent=True))
    assert found
    assert (found.task, found.owner, found.user_id) == (Task.CONSENT_SCHEDULE, Owner.PERSON, 3)


def test_the_nearest_duty_sets_the_time() -> None:
    """[İ20a] The unit's three days end before the answer's thirty."""
    found = next_step(Standing(state=State.ROUTED, due_at=DUE, unit="izsu", soonest=SOON))
    assert found
    assert found.until == SOON
