"""Ids and instants that the samples share, fixed for ever."""

from datetime import UTC, date, datetime
from uuid import UUID


def an_id(number: int) -> UUID:
    """A UUIDv7 by its number."""
    return UUID(f"01939f00-0000-7000-8000-{number:012d}")


BOOKING = an_id(1)
PRACTICE = an_id(2)
PRACTITIONER = an_id(3)
OFFERING = an_id(4)
CLIENT = an_id(5)
PRICE = an_id(6)
PAYMENT = an_id(7)
ACCOUNT = an_id(8)
ACT = an_id(9)
REFUND = an_id(10)
ANOTHER_BOOKING = an_id(11)
COURSE = an_id(12)
VERSION = an_id(13)

OCCURRED = datetime(2027, 3, 1, 9, 30, 15, 250_000, UTC)
DEADLINE = datetime(2027, 3, 1, 9, 40, 15, 250_000, UTC)
STARTS = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
ENDS = datetime(2027, 3, 8, 14, 50, tzinfo=UTC)
LATER = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)
MONDAY = date(2027, 3, 8)
SUNDAY = date(2027, 3, 14)
KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
