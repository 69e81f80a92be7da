"""Wrong passwords: per log-in and per address, over a sliding quarter of an hour."""

from datetime import timedelta

from inbox.rules.throttle import MOST_KEYS, MOST_PER_ADDRESS, MOST_PER_LOGIN, PERIOD, LoginThrottle
from tests.conftest import NOW


def failing(times: int, *, login: str = "elif", address: str = "10.0.0.1") -> LoginThrottle:
    throttle = LoginThrottle()
    for number in range(times):
        throttle.note_failure(login=login.format(number), address=address, now=NOW)
    return throttle


def test_a_log_in_waits_out_the_period() -> None:
    throttle = failing(MOST_PER_LOGIN)
    assert throttle.wait(login="elif", address="10.0.0.2", now=NOW) == PERIOD
    assert throttle.wait(login="elif", address="10.0.0.2", now=NOW + PERIOD) is None
    assert throttle.wait(login="burcu", address="10.0.0.1", now=NOW) is None


def test_fewer_failures_do_not_wait() -> None:
    assert failing(MOST_PER_LOGIN - 1).wait(login="elif", address="10.0.0.1", now=NOW) is None


def test_an_address_that_tries_many_names_waits_too() -> None:
    throttle = failing(MOST_PER_ADDRESS, login="name{}")
    assert throttle.wait(login="elif", address="10.0.0.1", now=NOW + timedelta(minutes=5)) == timedelta(minutes=10)
    assert throttle.wait(login="elif", address="10.0.0.2", now=NOW) is None


def test_a_right_password_clears_the_name_and_not_the_address() -> None:
    throttle = failing(MOST_PER_LOGIN)
    throttle.note_success(login="elif")
    assert throttle.wait(login="elif", address="10.0.0.1", now=NOW) is None


def test_memory_is_bounded() -> None:
    throttle = failing(MOST_KEYS + 50, login="name{}")
    assert len(throttle._failures) <= MOST_KEYS
