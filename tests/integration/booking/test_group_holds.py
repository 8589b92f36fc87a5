"""Lapsed holds in groups of other practitioners, cleared away while somebody else is paid."""

from contextlib import ExitStack
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.booking.models import Booking
from services.booking.operations import payments
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import PaymentSucceeded
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_holds_and_payments import MINUTES

LATER = NOW + 11 * MINUTES


class House:
    """A group of three seats and a colleague, in one practice with one room."""

    def __init__(self, group: Practice) -> None:
        self.group = group
        self.colleague = Practice(group.database, id=group.id).open(needs_room=True)
        self.lapsed = group.book(at(10), format=Format.IN_PERSON)
        self.paid = group.book(at(10), format=Format.IN_PERSON, now=NOW + 5 * MINUTES)

    def payment(self) -> PaymentSucceeded:
        return PaymentSucceeded(
            occurred_at=LATER,
            practice_id=self.group.id,
            payment_id=uuid4(),
            booking_id=self.paid.id,
            money=Money(amount=9500, currency="EUR"),
        )

    def waits_for_somebody(self) -> bool:
        """Whether a transaction of this database waits for a lock right now."""
        with self.group.database.plumbing() as tx:
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(tx.execute(waiting).scalar_one())


@pytest.fixture
def house(make_practice: object) -> House:
    assert callable(make_practice)
    return House(make_practice(seats=3, needs_room=False))


def test_a_group_that_is_paid_while_a_lapsed_seat_is_cleared_stays_firm(house: House) -> None:
    """The client whose hold in the group lapsed books with a colleague at that time, just while
    another member's payment is written: whoever settles the group last sees both."""
    booked: list[Booking] = []

    def book_with_the_colleague() -> None:
        client_id = house.lapsed.client_id
        booked.append(house.colleague.book(at(10), now=LATER, client_id=client_id))

    with ExitStack() as paying:
        tx = paying.enter_context(house.group.transaction())
        payments.settle_payment(tx, house.payment(), now=LATER)
        tx.flush()
        rival = Thread(target=book_with_the_colleague)
        rival.start()
        until = monotonic() + 3
        while not house.waits_for_somebody() and monotonic() < until:
            sleep(0.02)
    rival.join(10)
    session = house.group.session_of(house.paid.id)
    assert [one.state for one in booked] == ["held"]
    assert house.group.stored(house.lapsed.id).state == "expired"
    assert house.group.stored(house.paid.id).state == "confirmed"
    assert (session.is_live, session.held_until) == (True, None)
