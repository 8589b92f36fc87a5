"""What waits for its mail, for how long, and whom a guest's record is of."""

from collections.abc import Iterable
from datetime import datetime, timedelta

LIVES = timedelta(days=3)
"""For how long a registration and the links in its mails wait."""
MOST_WAITING = 5
"""Of the registrations of one address, the newest that a password is tried with."""


def alive_since(now: datetime) -> datetime:
    """What was registered before is over."""
    return now - LIVES


def is_same_address(one: str, other: str) -> bool:
    """Upper and lower case are the same."""
    return one.strip().lower() == other.strip().lower()


def is_same_name(one: str, other: str) -> bool:
    """Whether both name the same person, however they are spaced and cased.

    Whom somebody booked for as a guest has the booker's address and another name: then the
    booking is the account's, and the record, with all that a practice keeps under it, is not.
    """
    return _plain(one.split()) == _plain(other.split())


def _plain(words: Iterable[str]) -> str:
    return " ".join(words).casefold()
