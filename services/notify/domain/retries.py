"""When a message that did not leave is tried again."""

from datetime import timedelta

MOST_TRIES = 12
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: doubling from 5 s, at most 30 min."""
    doublings: int = 2 ** min(tries - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def is_last(tries: int) -> bool:
    """Whether a message that failed so often is parked for a person to look at."""
    return tries >= MOST_TRIES
