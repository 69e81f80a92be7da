"""Every step of the process for every role, own or foreign unit, confidential or not: the services' own door."""

import pytest

from inbox.rules.permissions import Actor
from inbox.rules.workflow import Step
from inbox.services import steps
from models.enums import ApplicationState, Role
from models.errors import ForbiddenError, NotFoundError
from tests.applications import plain_application

ROLES = {
    "A": Role.AGENT, "D": Role.DUTY_DESK, "L": Role.TEAM_LEAD, "C": Role.CHIEF, "P": Role.APPROVER,
    "U": Role.UNIT_USER, "S": Role.SURVEY_AGENT, "F": Role.FIELD_TEAM, "Q": Role.QUALITY, "M": Role.ADMINISTRATOR,
}  # fmt: skip
"""Letters of the table; M is the administrator, P the approver, Q quality."""
MAY: dict[Step, str] = {
    Step.WORK: "ADLC",
    Step.REGISTER: "ADLC",
    Step.DISMISS: "ADLC",
    Step.SUBMIT: "ADLC",
    Step.WITHDRAW: "ADLC",
    Step.APPROVE: "CP",
    Step.APPROVE_FOR_SIGNATURE: "CP",
    Step.REJECT: "CP",
    Step.ROUTE: "ADLC",
    Step.SIGN: "ADLC",
    Step.ACCEPT: "U",
    Step.RETURN: "U",
    Step.INTERIM: "U",
    Step.ASK_SCHEDULE: "U",
    Step.CONSENT_SCHEDULE: "ADLC",
    Step.REACH_DATE: "",
    Step.ROUTE_EMERGENCY: "",
    Step.UNIT_ANSWER: "U",
    Step.SEND_BACK: "ADLC",
    Step.ANSWER: "ADLC",
    Step.REDIRECT: "ADLC",
    Step.CLOSE: "ADLC",
    Step.SURVEY: "S",
    Step.FIELD_CHECK: "ADLCS",
    Step.WORK_UNDONE: "F",
    Step.REOPEN: "ADLC",
    Step.PAUSE: "LC",
}
"""Who may take a step at all; a unit's user on her unit's applications alone, the survey agent on answered ones."""
OUTSIDE = {Step.RETURN: "ADLC", Step.UNIT_ANSWER: "ADLC"}
"""The desk takes these for a body that is not in the inbox; whether it is one the services ask beyond the door."""


def test_the_table_names_every_step() -> None:
    assert set(MAY) == set(Step)


@pytest.mark.parametrize("secret", [False, True], ids=["open", "confidential"])
@pytest.mark.parametrize("place", ["izsu", "eshot", "answered"])
@pytest.mark.parametrize("letter", ROLES)
def test_who_may_take_which_step(letter: str, place: str, secret: bool) -> None:
    """Each step is taken by the roles that the directive names, on applications they see [İ8a2, İ7ç2, İ9a8]."""
    state = ApplicationState.ANSWERED if place == "answered" else ApplicationState.ROUTED
    unit = None if place == "answered" else place
    one = plain_application(1, state=state, routed_unit=unit, confidential=secret)
    actor = Actor(user_id=1, name="Biri", roles=frozenset({ROLES[letter]}), unit="izsu")
    for step in Step:
        allowed = letter in MAY[step] + OUTSIDE.get(step, "") and _sees(letter, place)
        try:
            steps.allow(one, step, actor=actor)
            found = True
        except (ForbiddenError, NotFoundError):
            found = False
        assert found == allowed, step


def _sees(letter: str, place: str) -> bool:
    """Unit, survey and field team are bound; a check on the spot leads the field team there by its task alone."""
    return {"U": place == "izsu", "S": place == "answered", "F": False, "Q": False}.get(letter, True)


def test_the_clock_takes_only_its_own_steps() -> None:
    """Where no person's right is asked for, only the clock goes on [İ20a]."""
    one = plain_application(1)
    for step in Step:
        if MAY[step]:
            with pytest.raises(ForbiddenError):
                steps.allow(one, step, actor=None)
        else:
            steps.allow(one, step, actor=None)
