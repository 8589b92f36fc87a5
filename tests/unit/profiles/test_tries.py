"""Limits on tries."""

import pytest

from services.contracts.profiles.accounts import TooManyTries
from services.profiles.domain.tries import Limit

LIMIT = Limit("sign-in", most=3, seconds=900)


def test_tries_up_to_the_limit_pass_and_the_next_one_waits() -> None:
    """The wait that is left is told in seconds."""
    for tries in (1, 2, 3):
        LIMIT.check(tries, 900)
    with pytest.raises(TooManyTries) as refused:
        LIMIT.check(4, 120)
    assert refused.value.detail == {"retry_after": "120"}


def test_the_told_wait_is_at_least_a_second() -> None:
    """A window that ends now never says zero, nor Redis's -1."""
    for left in (0, -1):
        with pytest.raises(TooManyTries) as refused:
            LIMIT.check(9, left)
        assert refused.value.detail == {"retry_after": "1"}


def test_a_counter_is_one_for_an_address_in_any_case_and_hides_it() -> None:
    """Case and blanks count together; kinds count apart; the address is not in the key."""
    key = LIMIT.key("ada@people.example")
    assert LIMIT.key(" Ada@People.Example ") == key
    assert LIMIT.key("bea@people.example") != key
    assert Limit("register", 3, 900).key("ada@people.example") != key
    assert "ada" not in key
