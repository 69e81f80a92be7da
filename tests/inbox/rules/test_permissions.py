"""The table of roles (process.md, «Who works in it») and what it means for a reader."""

from dataclasses import dataclass

import pytest

from inbox.rules.masking import hides_citizen, mask_name, mask_text, shown_in_texts
from inbox.rules.permissions import ROLE_ACTIONS, Action, Actor, known_roles
from models.enums import ApplicationState, Role
from models.errors import ForbiddenError
from models.personal_data import PersonalData


@dataclass(frozen=True, slots=True)
class Somewhere:
    routed_unit: str | None
    state: ApplicationState


def actor(*roles: Role, unit: str | None = None) -> Actor:
    return Actor(user_id=1, name="Elif", roles=frozenset(roles), unit=unit)


def test_every_role_stands_in_the_table() -> None:
    assert set(ROLE_ACTIONS) == set(Role)


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.SEE_ANSWERED, {Role.SURVEY_AGENT}),
        (Action.SEE_INBOX, {Role.AGENT, Role.DUTY_DESK, Role.TEAM_LEAD, Role.CHIEF, Role.ADMINISTRATOR, Role.APPROVER}),
        (Action.ANSWER, {Role.AGENT, Role.DUTY_DESK, Role.TEAM_LEAD, Role.CHIEF}),
        (Action.ASSIGN, {Role.TEAM_LEAD, Role.CHIEF}),
        (Action.REVEAL_CONFIDENTIAL, {Role.CHIEF}),
        (Action.SEE_OWN_UNIT, {Role.UNIT_USER}),
        (Action.CHECK, {Role.AGENT, Role.DUTY_DESK, Role.TEAM_LEAD, Role.CHIEF}),
    ],
)
def test_who_may(action: Action, roles: set[Role]) -> None:
    assert {role for role in Role if actor(role).may(action)} == roles


def test_roles_add_up_and_unknown_ones_give_nothing() -> None:
    both = Actor(user_id=1, name="B", roles=known_roles(["agent", "team_lead", "emperor"]))
    assert both.roles == {Role.AGENT, Role.TEAM_LEAD}
    assert both.may(Action.ASSIGN)
    with pytest.raises(ForbiddenError):
        actor().require(Action.SEE_INBOX)


@pytest.mark.parametrize(
    ("reader", "unit", "sees"),
    [
        (actor(Role.AGENT), "izsu", True),
        (actor(Role.AGENT), None, True),
        (actor(Role.FIELD_TEAM), "izsu", False),
        (actor(Role.UNIT_USER, unit="izsu"), "izsu", True),
        (actor(Role.UNIT_USER, unit="izsu"), "eshot", False),
        (actor(Role.UNIT_USER, unit="izsu"), None, False),
        (actor(Role.UNIT_USER), None, False),
        (actor(Role.QUALITY, unit="izsu"), "izsu", False),
        (actor(), "izsu", False),
    ],
)
def test_what_is_there_for_a_reader(reader: Actor, unit: str | None, sees: bool) -> None:
    assert reader.may_see(Somewhere(routed_unit=unit, state=ApplicationState.IN_PROGRESS)) is sees


@pytest.mark.parametrize("state", ApplicationState)
def test_a_survey_agent_sees_what_has_an_answer(state: ApplicationState) -> None:
    """[İ7d] Closed applications; nothing that is still on its way."""
    seen = actor(Role.SURVEY_AGENT).may_see(Somewhere(routed_unit="izsu", state=state))
    assert seen is (state in {ApplicationState.ANSWERED, ApplicationState.CLOSED})


def test_a_unit_user_without_a_unit_has_no_list() -> None:
    assert not actor(Role.UNIT_USER).reach
    assert actor(Role.UNIT_USER, unit="izsu").only_unit == "izsu"
    assert actor(Role.UNIT_USER, Role.AGENT, unit="izsu").only_unit is None


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Hatice Demir", "Hatice D•••"),
        ("Ayşe Nur Yıldız", "Ayşe N••• Y•••"),
        ("deniz.kaya35", "deniz.kaya35"),
        ("905327654300", "0532 ••• •• 00"),
        ("  ", ""),
        ("İsmet Işık", "İsmet I•••"),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_confidential_application_hides_the_citizen_from_its_unit() -> None:
    unit, desk = actor(Role.UNIT_USER, unit="izsu"), actor(Role.AGENT)
    assert hides_citizen(unit, confidential=True)
    assert not hides_citizen(unit, confidential=False)
    assert not hides_citizen(desk, confidential=True)
    assert shown_in_texts(unit, confidential=True) == frozenset()


def test_each_reader_gets_what_the_work_needs() -> None:
    text = "1740 sokak no 5, telefonum 0532 765 43 00"
    assert mask_text(text, actor(Role.AGENT), confidential=False) == text
    assert mask_text(text, actor(Role.UNIT_USER, unit="izsu"), confidential=False) == (
        "1740 sokak no 5, telefonum 0532 ••• •• 00"
    )
    assert mask_text(text, actor(Role.ADMINISTRATOR), confidential=False) == "[adres •••], telefonum 0532 ••• •• 00"
    assert PersonalData.PHONE in shown_in_texts(actor(Role.DUTY_DESK), confidential=True)
