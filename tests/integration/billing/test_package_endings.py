"""The rest of a package: explained line by line, given back as it was shown, through Stripe."""

from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.billing.operations import credits
from services.billing.operations.giving_back import propose_refund
from services.billing.operations.package_ending import end_package, propose_end
from services.common.clock import utc_now
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing.credits import NoCredit
from services.contracts.billing.packages import (
    EndPackage,
    EndProposal,
    PackageOver,
    ProposeEnd,
    RefundRule,
    SaleState,
    SaleView,
)
from services.contracts.billing.refunds import NothingToRefund, ProposeRefund, RefundChanged
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.events import BookingCancelled
from tests.integration.billing.shelf import Shelf
from tests.integration.billing.world import World


@pytest.fixture
def shelf(world: World) -> Shelf:
    """The packages of one practice."""
    return Shelf(world)


def propose(shelf: Shelf, sale_id: UUID) -> EndProposal:
    """What ending it would give back."""
    command, world = ProposeEnd(sale_id=sale_id), shelf.world
    return propose_end(world.around, command, actor=world.admin, now=utc_now())


def end(shelf: Shelf, shown: EndProposal, id_: UUID | None = None) -> SaleView:
    """End it as it was shown."""
    command = EndPackage(id=id_ or uuid7(), sale_id=shown.sale_id, agreed=shown.agreed)
    world = shelf.world
    return end_package(world.around, command, actor=world.admin, now=utc_now())


def use_on(shelf: Shelf, sale_id: UUID, days: int) -> UUID:
    """A session that is used, so many days from now."""
    booking, now, world = shelf.hold(), utc_now(), shelf.world
    shelf.use(sale_id, booking)
    world.bookings.sessions[booking] = BilledSession(
        booking_id=booking,
        client_id=world.client_id,
        account_id=world.account_id,
        offering_id=world.price.offering_id,
        practitioner_id=world.practitioner_id,
        state=BookingState.CONFIRMED,
        starts_at=now + timedelta(days=days),
        ends_at=now + timedelta(days=days, minutes=50),
        time_zone="Europe/Berlin",
    )
    return booking


def cancelled(shelf: Shelf, booking_id: UUID, percent: int) -> BookingCancelled:
    """The booking is cancelled, and so many percent of a payment would come back."""
    told = shelf.about(booking_id)
    return BookingCancelled(**told, refund_percent=percent, is_late=percent < 100)


@pytest.fixture
def half_used(shelf: Shelf) -> SaleView:
    """Five for €400 at the single price of €90, of which one took place, one was cancelled too
    late, and one is to come."""
    sale = shelf.sold(refund_rule=RefundRule.SINGLE_PRICE)
    use_on(shelf, sale.id, -3)
    late = use_on(shelf, sale.id, -1)
    use_on(shelf, sale.id, 4)
    shelf.tell(credits.end_cancelled, cancelled(shelf, late, 50))
    return sale


def test_the_rest_is_explained_line_by_line_and_goes_back_once(
    shelf: Shelf, half_used: SaleView
) -> None:
    """Three sessions count 90 each, 130 go back through Stripe with their part of the commission;
    the same again does nothing, and the books owe nothing in sessions any more."""
    shown = propose(shelf, half_used.id)
    assert [(one.counts.amount, one.is_kept, one.is_to_come) for one in shown.lines] == [
        (9_000, False, False),
        (9_000, True, False),
        (9_000, False, True),
    ]
    assert all(one.starts_at for one in shown.lines)
    assert (shown.refund, shown.counted) == (Money(13_000, "EUR"), Money(27_000, "EUR"))
    assert (shown.left, shown.commission_back) == (2, Money(650, "EUR"))
    assert shelf.sale(half_used.id).state is SaleState.ACTIVE
    id_ = uuid7()
    for _ in range(2):
        ended = end(shelf, shown, id_)
        assert (ended.state, ended.left, ended.owed) == (SaleState.ENDED, 0, Money(0, "EUR"))
    shelf.world.work_off()
    assert shelf.sale(half_used.id).refunded == Money(13_000, "EUR")
    [refund] = shelf.world.twin.objects("refunds", shelf.world.stripe_account)
    assert refund["amount"] == 13_000
    balances = shelf.world.balances()
    assert "deferred_revenue" not in balances
    assert "refunds_due" not in balances
    # One kept at 80, and two that stand; of what was left 16,000 - 13,000 stay by the rule.
    assert (balances["booking_funds"], balances["retained_fees"]) == (-16_000, -8_000 - 3_000)
    assert shelf.broken() == {}


def test_from_the_moment_it_is_ended_no_session_of_it_can_be_used(
    shelf: Shelf, half_used: SaleView
) -> None:
    """Also while the refund is on its way; and it cannot be ended again, nor lapse."""
    shown = propose(shelf, half_used.id)
    end(shelf, shown)
    with pytest.raises(NoCredit):
        shelf.use(half_used.id, shelf.hold())
    with pytest.raises(PackageOver):
        propose(shelf, half_used.id)
    with pytest.raises(PackageOver):
        end(shelf, shown)
    shelf.world.work_off(utc_now() + timedelta(days=400))
    assert shelf.sale(half_used.id).state is SaleState.ENDED
    assert "lapsed_credits" not in shelf.world.balances()


def test_other_figures_by_now_are_refused_and_nothing_is_written(
    shelf: Shelf, half_used: SaleView
) -> None:
    """A session was used between looking and confirming."""
    shown = propose(shelf, half_used.id)
    use_on(shelf, half_used.id, 9)
    with pytest.raises(RefundChanged):
        end(shelf, shown)
    assert shelf.sale(half_used.id).state is SaleState.ACTIVE
    assert shelf.world.refunds() == []


def test_a_session_that_is_cancelled_in_time_after_the_end_goes_back_as_well(
    shelf: Shelf, half_used: SaleView
) -> None:
    """What it had counted is owed in money, for there is no package any more to return to."""
    to_come = propose(shelf, half_used.id).lines[-1].booking_id
    end(shelf, propose(shelf, half_used.id))
    for _ in range(2):
        shelf.tell(credits.end_cancelled, cancelled(shelf, to_come, 100))
    shelf.world.work_off()
    assert shelf.sale(half_used.id).refunded == Money(22_000, "EUR")
    assert [one.amount for one in shelf.world.refunds()] == [13_000, 9_000]
    assert shelf.broken() == {}


def test_only_who_answers_for_the_money_ends_a_package_and_no_other_way_gives_it_back(
    shelf: Shelf,
) -> None:
    """Its payment by itself is not refundable: sessions could be used beside it."""
    sale, world = shelf.sold(), shelf.world
    command = ProposeEnd(sale_id=sale.id)
    with pytest.raises(Forbidden):
        propose_end(world.around, command, actor=world.client, now=utc_now())
    elsewhere = type(world.admin)("person", uuid7(), uuid7(), frozenset({"owner"}))
    with pytest.raises(NotFound):
        propose_end(world.around, command, actor=elsewhere, now=utc_now())
    asked = ProposeRefund(payment_id=sale.payment_id)
    with pytest.raises(NothingToRefund):
        propose_refund(world.around, asked, actor=world.admin)


def test_a_disputed_package_is_frozen_and_whole_again_once_the_dispute_is_won(
    shelf: Shelf,
) -> None:
    """What nobody used is what the bank took first; meanwhile no session of it is used."""
    sale = shelf.sold()
    use_on(shelf, sale.id, 3)
    before = shelf.world.balances()
    shelf.dispute(sale.id)
    assert "deferred_revenue" not in shelf.world.balances()
    with pytest.raises(NoCredit):
        shelf.use(sale.id, shelf.hold())
    with pytest.raises(PackageOver):
        propose(shelf, sale.id)
    shelf.win(sale.id)
    after = shelf.world.balances()
    assert (after["deferred_revenue"], after["booking_funds"]) == (
        before["deferred_revenue"],
        before["booking_funds"],
    )
    shelf.use(sale.id, shelf.hold())
    assert shelf.broken() == {}
