"""Too many wrong passwords must wait; the rest need not."""

from datetime import timedelta

from inbox.rules.throttle import MOST_PER_ADDRESS, MOST_PER_LOGIN, PERIOD, wait
from tests.conftest import NOW


def test_below_the_limit_nobody_waits() -> None:
    assert wait(of_login=[NOW] * (MOST_PER_LOGIN - 1), of_address=[NOW] * (MOST_PER_ADDRESS - 1), now=NOW) is None


def test_at_the_limit_the_oldest_that_counts_says_how_long() -> None:
    times = [NOW - timedelta(minutes=minutes) for minutes in range(MOST_PER_LOGIN)]
    assert wait(of_login=times, of_address=[], now=NOW) == PERIOD - timedelta(minutes=MOST_PER_LOGIN - 1)


def test_what_is_long_ago_does_not_count() -> None:
    assert wait(of_login=[NOW - PERIOD] * 50, of_address=[NOW - PERIOD] * 50, now=NOW) is None


def test_an_address_waits_for_all_its_log_ins() -> None:
    assert wait(of_login=[], of_address=[NOW] * MOST_PER_ADDRESS, now=NOW) == PERIOD
