"""What is owed for a session on account, by who came."""

import pytest

from services.billing.domain.attendance import owed_for
from services.common.money import Money
from services.contracts.booking.bookings import Attendance

PRICE = Money(9001, "EUR")


@pytest.mark.parametrize(
    ("attendance", "back", "owed"),
    [
        (Attendance.ATTENDED, 0, 9001),
        (Attendance.ATTENDED, 50, 9001),
        (Attendance.NO_SHOW, 0, 9001),
        (Attendance.NO_SHOW, 50, 4501),
        (Attendance.NO_SHOW, 100, 0),
        (Attendance.UNMARKED, 0, 0),
    ],
)
def test_what_is_owed_follows_from_who_came(attendance: Attendance, back: int, owed: int) -> None:
    """To the minor unit: what goes back and what is owed make up the price."""
    assert owed_for(PRICE, attendance, back) == Money(owed, "EUR")
