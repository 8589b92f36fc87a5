"""Hours that change while a booking waits for its calendar."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.booking.operations import schedules
from services.common.errors import Busy
from services.contracts.booking.hours import SetDateHours
from services.contracts.booking.refusals import NotBookable
from tests.integration.booking.practice import NINE, NOW, Practice

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


def until_somebody_waits(practice: Practice) -> None:
    """A booking has read the calendar and stands before its lock."""
    until = monotonic() + 10
    with practice.transaction() as tx:
        while not tx.scalar(WAITING):
            assert monotonic() < until, "nobody waits"
            sleep(0.01)


def test_a_booking_that_waited_is_judged_by_the_hours_of_now(
    make_practice: Callable[..., Practice],
) -> None:
    """Read before they were changed, the old hours admit nobody: asked again, the new refuse."""
    practice = make_practice()
    staff = practice.person(practice.practitioner_account, "practitioner")
    closed = SetDateHours(
        id=uuid7(), practitioner_id=practice.practitioner_id, version=1, on=NINE.date(), windows=[]
    )
    with ThreadPoolExecutor(1) as pool:
        with practice.transaction(staff) as tx:
            schedules.set_date_hours(tx, closed, actor=staff, now=NOW)
            waiting = pool.submit(practice.book)
            until_somebody_waits(practice)
        with pytest.raises(Busy):
            waiting.result(10)
    with pytest.raises(NotBookable):
        practice.book()
