"""Sessions of packages: used once for a booking, returned in time, kept when it is too late."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.billing.operations import credits
from services.billing.operations.checkout import start_payment
from services.billing.operations.reading import get_payment, preview_refund
from services.common.clock import utc_now
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing import (
    CreditState,
    GetPayment,
    NotPayable,
    PreviewRefund,
    StartPayment,
)
from services.contracts.billing.credits import ListCredits, NoCredit
from services.contracts.billing.packages import SaleState
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingRefused,
)
from tests.integration.billing.shelf import Shelf
from tests.integration.billing.world import World, payment_of_booking


@pytest.fixture
def shelf(world: World) -> Shelf:
    """The packages of one practice."""
    return Shelf(world)


def start(shelf: Shelf, booking_id: UUID) -> str:
    """Lead the client to the payment page of a booking; its id at Stripe."""
    command = StartPayment(
        booking_id=booking_id,
        success_url="http://127.0.0.1:8000/paid",
        cancel_url="http://127.0.0.1:8000/back",
    )
    start_payment(shelf.world.around, command, actor=shelf.world.client, now=utc_now())
    with shelf.world.database.transaction(shelf.world.us) as tx:
        return str(payment_of_booking(tx, booking_id).checkout_session_id)


def funds(shelf: Shelf) -> tuple[int, int, int]:
    """Deferred, allocated to bookings, retained; credits as positive amounts."""
    names = ("deferred_revenue", "booking_funds", "retained_fees")
    held = shelf.world.balances()
    return tuple(-held.get(one, 0) for one in names)  # type: ignore[return-value]


def test_a_session_is_used_once_for_a_booking_and_booking_hears_of_it_once(shelf: Shelf) -> None:
    """However often it is asked; the booking cannot be paid beside it, and the books move what the
    session is worth: €400 of five are 80 each."""
    sale, booking = shelf.sold(), shelf.hold()
    first = shelf.use(sale.id, booking)
    assert shelf.use(sale.id, booking) == first
    assert (first.left, shelf.told_of(booking)) == (4, Counter(credit_used=1))
    assert funds(shelf) == (32_000, 8_000, 0)
    with pytest.raises(NotPayable):
        start(shelf, booking)
    asked = GetPayment(booking_id=booking)
    around, client = shelf.world.around, shelf.world.client
    seen = get_payment(around, asked, actor=client, now=utc_now())
    assert seen.credit is not None
    assert (seen.credit.state, seen.captured) == (CreditState.USED, Money(0, "EUR"))
    assert shelf.broken() == {}


def test_what_is_offered_at_the_checkout_is_what_can_be_used(shelf: Shelf) -> None:
    """The account's own, for this offering, with a session left, in its time."""
    sale = shelf.sold(sessions=2, price=Money(15_001, "EUR"))
    offering = shelf.world.price.offering_id

    def left(offering_id: UUID, account_id: UUID | None = None) -> list[int]:
        actor = shelf.world.client if account_id is None else shelf.stranger()
        with shelf.world.database.reading(actor) as tx:
            command = ListCredits(offering_id=offering_id)
            told = credits.list_credits(tx, command, actor=actor, now=utc_now())
        return [one.left for one in told.credits]

    assert (left(offering), left(uuid7()), left(offering, uuid7())) == ([2], [], [])
    for expected in ([1], []):
        shelf.use(sale.id, shelf.hold())
        assert left(offering) == expected
    assert [one.amount for one in shelf.uses(sale.id)] == [7_500, 7_501]
    with pytest.raises(NoCredit):
        shelf.use(sale.id, shelf.hold())
    late = shelf.sold(package_id=uuid7())
    shelf.end_time(late.id, utc_now() - timedelta(seconds=1))
    assert left(offering) == []
    with pytest.raises(NoCredit):
        shelf.use(late.id, shelf.hold())


def test_only_who_bought_a_package_uses_it_and_only_for_their_own_booking(shelf: Shelf) -> None:
    """Somebody else's package is none, somebody else's booking is unknown, staff use none."""
    sale, booking = shelf.sold(), shelf.hold()
    with pytest.raises(NotFound):
        shelf.use(sale.id, booking, shelf.stranger())
    stranger = shelf.stranger()
    shelf.world.bookings.accounts[booking] = stranger.account_id or uuid7()
    with pytest.raises(NotFound):
        shelf.use(sale.id, booking, stranger)
    with pytest.raises(Forbidden):
        shelf.use(sale.id, booking, shelf.world.admin)
    assert shelf.uses(sale.id) == []


def test_a_seat_that_was_gone_returns_the_session_once(shelf: Shelf) -> None:
    """The lost race: booking refuses, and all five are there again, told twice or not."""
    sale, booking = shelf.sold(), shelf.hold()
    shelf.use(sale.id, booking)
    for _ in range(2):
        shelf.tell(credits.end_refused, BookingRefused(**shelf.about(booking)))
    assert shelf.sale(sale.id).left == 5
    assert funds(shelf) == (40_000, 0, 0)
    assert shelf.world.moves()["credit_returned"] == 1
    with pytest.raises(NotPayable):
        shelf.use(sale.id, booking)
    assert shelf.broken() == {}


@pytest.mark.parametrize(
    ("percent", "left", "expected"), [(100, 5, (40_000, 0, 0)), (50, 4, (32_000, 0, 8_000))]
)
def test_a_session_comes_back_where_all_of_a_payment_would(
    shelf: Shelf, percent: int, left: int, expected: tuple[int, int, int]
) -> None:
    """Cancelled in time it comes back, later it stays used and is the practice's; said before,
    by the same percentage; told twice it is done once."""
    sale, booking = shelf.sold(), shelf.hold()
    shelf.use(sale.id, booking)
    asked = PreviewRefund(booking_id=booking, percent=percent)
    shown = preview_refund(shelf.world.around, asked, actor=shelf.world.client)
    assert shown.credit is not None
    assert shown.credit.sale_id == sale.id
    cancelled = BookingCancelled(
        **shelf.about(booking), refund_percent=percent, is_late=percent < 100
    )
    for _ in range(2):
        shelf.tell(credits.end_cancelled, cancelled)
    assert shelf.sale(sale.id).left == left
    assert funds(shelf) == expected
    assert shelf.broken() == {}


def test_a_missed_session_stays_used_unless_the_policy_gives_all_of_it_back(shelf: Shelf) -> None:
    """Half of it cannot come back, so it stays used."""
    sale, kept, given = shelf.sold(), shelf.hold(), shelf.hold()
    for booking, percent in ((kept, 50), (given, 100)):
        shelf.use(sale.id, booking)
        missed = AttendanceRecorded(
            **shelf.about(booking),
            attendance=Attendance.NO_SHOW,
            number=1,
            refund_percent=percent,
            is_on_account=False,
            price_id=shelf.world.price.id,
        )
        shelf.tell(credits.end_missed, missed)
    assert [one.state for one in shelf.uses(sale.id)] == ["used", "returned"]
    assert shelf.broken() == {}


def test_who_paid_on_a_page_that_was_open_still_has_their_session_back(shelf: Shelf) -> None:
    """Two windows: a page is open, a session is used in the other one, and the page is paid in
    the same moment. The money pays for the booking, and the session is not used twice over."""
    sale, booking = shelf.sold(), shelf.hold()
    session = start(shelf, booking)
    shelf.use(sale.id, booking)
    assert shelf.world.twin.pay(session) == "succeeded"
    shelf.world.work_off()
    assert shelf.sale(sale.id).left == 5
    assert funds(shelf) == (40_000, 9_000, 0)
    assert shelf.told_of(booking)["payment_succeeded"] == 1
    assert shelf.broken() == {}


def test_what_nobody_used_in_time_lapses_once_and_what_comes_back_later_lapses_too(
    shelf: Shelf,
) -> None:
    """It becomes income when the package's time is over, and not a moment sooner."""
    sale, booking = shelf.sold(), shelf.hold()
    shelf.use(sale.id, booking)
    shelf.world.work_off()
    assert shelf.sale(sale.id).state is SaleState.ACTIVE
    later = utc_now() + timedelta(days=367)
    for _ in range(2):
        shelf.world.work_off(later)
    assert (shelf.sale(sale.id).state, shelf.sale(sale.id).left) == (SaleState.LAPSED, 0)
    assert shelf.world.balances()["lapsed_credits"] == -32_000
    cancelled = BookingCancelled(**shelf.about(booking), refund_percent=100, is_late=False)
    shelf.tell(credits.end_cancelled, cancelled)
    assert shelf.world.balances()["lapsed_credits"] == -40_000
    assert funds(shelf) == (0, 0, 0)
    assert shelf.broken() == {}
