"""How an account's state moves: happy and unhappy sequences."""

from collections.abc import Sequence

import pytest

from inbox.rules.account_states import MOVES, Sign, next_state, probe_pause, sign_of
from models.enums import AccountState
from models.errors import AccountPausedError, ReauthoriseError, TransientError

OK, DEGRADED, REAUTHORISE, PAUSED = AccountState


@pytest.mark.parametrize(
    ("signs", "state"),
    [
        ([], OK),
        ([Sign.READ, Sign.SENT, Sign.PROBED], OK),
        ([Sign.STUMBLED], DEGRADED),
        ([Sign.STUMBLED, Sign.READ], OK),
        ([Sign.REFUSED, Sign.READ, Sign.READ], REAUTHORISE),
        ([Sign.REFUSED, Sign.PROBED], DEGRADED),
        ([Sign.REFUSED, Sign.PROBED, Sign.REFUSED], REAUTHORISE),
        ([Sign.REFUSED, Sign.PROBED, Sign.SENT], OK),
        ([Sign.HELD_BACK, Sign.READ, Sign.STUMBLED], PAUSED),
        ([Sign.HELD_BACK, Sign.SENT], OK),
        ([Sign.HELD_BACK, Sign.REFUSED], REAUTHORISE),
    ],
)
def test_sequence(signs: Sequence[Sign], state: AccountState) -> None:
    current = OK
    for sign in signs:
        current = next_state(current, sign)
    assert current is state


def test_every_state_has_a_way_back() -> None:
    for state in AccountState:
        assert next_state(state, Sign.SENT) is OK
    assert {state for state, _ in MOVES} == set(AccountState)


def test_signs_of_errors() -> None:
    assert sign_of(ReauthoriseError("x")) is Sign.REFUSED
    assert sign_of(AccountPausedError("x")) is Sign.HELD_BACK
    assert sign_of(TransientError("x")) is Sign.STUMBLED


def test_bad_accounts_are_looked_at_more_often() -> None:
    assert probe_pause(REAUTHORISE) < probe_pause(PAUSED) < probe_pause(OK)
