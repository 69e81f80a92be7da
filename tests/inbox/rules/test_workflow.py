"""The process as a table: every step in every state, for every role; happy and unhappy ways through it."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox.rules import workflow
from inbox.rules.permissions import ROLE_ACTIONS, Actor
from inbox.rules.workflow import TABLE, Case, Step
from models.enums import ApplicationState, Role, Urgency
from models.errors import ConflictError, InputError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
S = ApplicationState
DESK = {S.RECEIVED, S.DRAFT, S.REJECTED, S.RETURNED}
OPEN = set(S) - {S.DISMISSED, S.CLOSED, S.REDIRECTED}
ALLOWED: dict[Step, set[ApplicationState]] = {
    Step.WORK: OPEN,
    Step.REGISTER: {S.RECEIVED},
    Step.DISMISS: DESK,
    Step.SUBMIT: DESK,
    Step.WITHDRAW: {S.AWAITING_APPROVAL},
    Step.APPROVE: {S.AWAITING_APPROVAL},
    Step.APPROVE_FOR_SIGNATURE: {S.AWAITING_APPROVAL},
    Step.REJECT: {S.AWAITING_APPROVAL},
    Step.ROUTE: DESK,
    Step.ROUTE_EMERGENCY: {S.RECEIVED, S.DRAFT},
    Step.SIGN: {S.AWAITING_SIGNATURE},
    Step.ACCEPT: {S.ROUTED},
    Step.RETURN: {S.ROUTED},
    Step.INTERIM: {S.IN_PROGRESS, S.SCHEDULED},
    Step.ASK_SCHEDULE: {S.IN_PROGRESS},
    Step.CONSENT_SCHEDULE: {S.IN_PROGRESS},
    Step.REACH_DATE: {S.SCHEDULED},
    Step.UNIT_ANSWER: {S.ROUTED, S.IN_PROGRESS, S.SCHEDULED},
    Step.SEND_BACK: {S.ANSWER_REVIEW},
    Step.ANSWER: DESK | {S.ANSWER_REVIEW, S.ANSWERED},
    Step.REDIRECT: DESK,
    Step.CLOSE: DESK | {S.ANSWER_REVIEW, S.ANSWERED},
    Step.SURVEY: {S.ANSWERED, S.CLOSED},
    Step.FIELD_CHECK: {S.ANSWERED, S.CLOSED, S.ROUTED, S.IN_PROGRESS, S.SCHEDULED},
    Step.WORK_UNDONE: {S.ANSWERED, S.CLOSED},
    Step.REOPEN: {S.CLOSED, S.REDIRECTED},
    Step.PAUSE: OPEN,
}
TARGETS = {
    Step.REGISTER: S.DRAFT,
    Step.DISMISS: S.DISMISSED,
    Step.SUBMIT: S.AWAITING_APPROVAL,
    Step.WITHDRAW: S.DRAFT,
    Step.APPROVE: S.ROUTED,
    Step.APPROVE_FOR_SIGNATURE: S.AWAITING_SIGNATURE,
    Step.REJECT: S.REJECTED,
    Step.ROUTE: S.ROUTED,
    Step.ROUTE_EMERGENCY: S.ROUTED,
    Step.SIGN: S.ROUTED,
    Step.ACCEPT: S.IN_PROGRESS,
    Step.RETURN: S.RETURNED,
    Step.CONSENT_SCHEDULE: S.SCHEDULED,
    Step.REACH_DATE: S.IN_PROGRESS,
    Step.UNIT_ANSWER: S.ANSWER_REVIEW,
    Step.SEND_BACK: S.IN_PROGRESS,
    Step.ANSWER: S.ANSWERED,
    Step.REDIRECT: S.REDIRECTED,
    Step.CLOSE: S.CLOSED,
    Step.WORK_UNDONE: S.IN_PROGRESS,
}
HAPPY: list[list[Step]] = [
    [Step.SUBMIT, Step.APPROVE, Step.ACCEPT, Step.UNIT_ANSWER, Step.ANSWER, Step.CLOSE, Step.SURVEY],
    [Step.ANSWER, Step.CLOSE],
    [Step.ROUTE, Step.UNIT_ANSWER, Step.SEND_BACK, Step.UNIT_ANSWER, Step.ANSWER],
    [Step.SUBMIT, Step.REJECT, Step.SUBMIT, Step.WITHDRAW, Step.SUBMIT, Step.APPROVE],
    [Step.SUBMIT, Step.APPROVE_FOR_SIGNATURE, Step.SIGN, Step.UNIT_ANSWER, Step.ANSWER],
    [Step.ROUTE, Step.RETURN, Step.SUBMIT, Step.APPROVE, Step.RETURN, Step.REDIRECT],
    [Step.ROUTE, Step.ACCEPT, Step.ASK_SCHEDULE, Step.CONSENT_SCHEDULE, Step.INTERIM, Step.REACH_DATE,
     Step.UNIT_ANSWER],
    [Step.ROUTE, Step.UNIT_ANSWER, Step.ANSWER, Step.CLOSE, Step.FIELD_CHECK, Step.WORK_UNDONE, Step.UNIT_ANSWER],
]  # fmt: skip
UNHAPPY: list[list[Step]] = [
    [Step.APPROVE],
    [Step.SUBMIT, Step.ANSWER],
    [Step.SUBMIT, Step.CLOSE],
    [Step.SUBMIT, Step.APPROVE, Step.ANSWER],
    [Step.ROUTE, Step.ACCEPT, Step.RETURN],
    [Step.ROUTE, Step.INTERIM],
    [Step.ROUTE, Step.UNIT_ANSWER, Step.UNIT_ANSWER],
    [Step.CLOSE, Step.ANSWER],
    [Step.DISMISS, Step.REOPEN],
    [Step.REDIRECT, Step.SUBMIT],
    [Step.SUBMIT, Step.APPROVE_FOR_SIGNATURE, Step.ACCEPT],
]


def case(state: ApplicationState, step: Step | None = None, **changes: object) -> Case:
    """Every condition holds; `changes` break one."""
    if step is Step.ROUTE_EMERGENCY:
        changes = {"urgency": Urgency.EMERGENCY, **changes}
    fields: dict[str, object] = {
        "state": state, "now": NOW, "unit": "izsu", "is_routed": True, "brief": "Su yok.", "reason": "Gerekçe.",
        "needs_approval": False, "return_due_at": NOW + timedelta(days=1),
    }  # fmt: skip
    return Case(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(ApplicationState))
def test_each_step_in_each_state(step: Step, state: ApplicationState) -> None:
    """[İ8a2, İ8b2, İ9a8, İ20a] What can be done in which state stands in one table."""
    if state in ALLOWED[step]:
        assert workflow.require_case(step, case(state, step)).target is TARGETS.get(step)
        return
    with pytest.raises(ConflictError):
        workflow.require_case(step, case(state))


def test_every_row_names_its_rule() -> None:
    """[İ20a] Each row of the table says which article it is from."""
    assert {row.step for row in TABLE} == set(Step)
    assert all(row.source for row in TABLE)


@pytest.mark.parametrize("steps", HAPPY, ids=lambda steps: "-".join(steps))
def test_happy_ways(steps: list[Step]) -> None:
    """[İ8a2, İ8a4, İ6b9, İ20a] From the draft to its end, each step after the other."""
    state = S.DRAFT
    for step in steps:
        state = workflow.require_case(step, case(state)).target or state


@pytest.mark.parametrize("steps", UNHAPPY, ids=lambda steps: "-".join(steps))
def test_unhappy_ways(steps: list[Step]) -> None:
    """[İ8b2, İ20a] The last step of each way is refused."""
    state = S.DRAFT
    for step in steps[:-1]:
        state = workflow.require_case(step, case(state)).target or state
    with pytest.raises(ConflictError):
        workflow.require_case(steps[-1], case(state))


@pytest.mark.parametrize(
    ("step", "state", "broken"),
    [
        (Step.SUBMIT, S.DRAFT, {"unit": None}),
        (Step.SUBMIT, S.DRAFT, {"brief": " "}),
        (Step.ROUTE, S.DRAFT, {"needs_approval": True}),
        (Step.ROUTE, S.DRAFT, {"urgency": Urgency.EMERGENCY, "unit": None}),
        (Step.APPROVE, S.AWAITING_APPROVAL, {"unit": None}),
        (Step.RETURN, S.ROUTED, {"return_due_at": NOW - timedelta(seconds=1)}),
        (Step.WORK_UNDONE, S.CLOSED, {"is_routed": False}),
        *[
            (step, min(ALLOWED[step]), {"reason": " "})
            for step in (Step.DISMISS, Step.REJECT, Step.RETURN, Step.ASK_SCHEDULE, Step.SEND_BACK, Step.REDIRECT,
                         Step.FIELD_CHECK, Step.PAUSE)
        ],
    ],
)  # fmt: skip
def test_a_broken_condition_is_told(step: Step, state: ApplicationState, broken: dict[str, object]) -> None:
    """[İ7ç2, İ15d, İ20a, 3071/7] Reasons, a unit, a summary, the return limit: what is missing is said in words."""
    with pytest.raises(InputError):
        workflow.require_case(step, case(state, **broken))


def test_an_emergency_needs_no_approval_to_leave() -> None:
    """[İ7b2] An emergency skips approval."""
    row = workflow.require_case(Step.ROUTE, case(S.DRAFT, urgency=Urgency.EMERGENCY, needs_approval=True, brief=""))
    assert row.target is S.ROUTED


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", list(ApplicationState))
def test_nobody_is_offered_more_than_the_table_allows(role: Role, state: ApplicationState) -> None:
    """[İ8a, İ9a8] Pages offer the table's steps, to those who have a right to them."""
    actor = Actor(user_id=1, name="Biri", roles=frozenset({role}), unit="izsu")
    rights = {row.step: set(row.actions) & ROLE_ACTIONS[role] for row in TABLE}
    expected = [step for step in Step if state in ALLOWED[step] and rights[step]]
    assert sorted(workflow.offered(state, actor)) == sorted(expected)


def test_two_steps_are_taken_by_no_person() -> None:
    """[İ7b2, İ20a] An emergency that is sure leaves at once; scheduled work is looked at again on its date."""
    assert {row.step for row in TABLE if not row.actions} == {Step.ROUTE_EMERGENCY, Step.REACH_DATE}


def test_nothing_but_an_emergency_leaves_by_itself() -> None:
    """[İ7b2, İ8b2] What is no emergency waits for a person."""
    with pytest.raises(InputError):
        workflow.require_case(Step.ROUTE_EMERGENCY, case(S.DRAFT))


def test_every_open_state_has_a_next_step() -> None:
    """[İ20a] No application without a next step by somebody."""
    for state in OPEN:
        ways = [row for row in TABLE if state in row.sources and row.target not in (None, state)]
        assert ways, state
