"""Where a movement at Stripe and the ledger differ, and what settling it posts: pure rules."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.billing.domain import payouts
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.judging import judge
from services.billing.domain.movements import Booked, Group, Movement, group_of
from services.billing.domain.settling_differences import (
    WAYS,
    from_funds,
    gap,
    kept_differently,
    taken_over,
)
from services.common.money import Money
from services.contracts.billing.payouts import PayoutStatus
from services.contracts.billing.reconciliation import DifferenceKind as Differs
from services.contracts.billing.reconciliation import Way

AT = datetime(2026, 11, 30, tzinfo=UTC)
EUR = "EUR"
CHARGE = Movement(
    stripe_id="txn_1",
    type="charge",
    category="charge",
    source_id="ch_1",
    gross=Money(9000, EUR),
    stripe_fee=160,
    commission=450,
    created_at=AT,
    available_at=AT,
    source=Money(9000, EUR),
)
BOOKED = Booked(
    money=Money(9000, EUR),
    sums={
        (Account.STRIPE_BALANCE, EUR): 8390,
        (Account.STRIPE_FEES, EUR): 160,
        (Account.PLATFORM_COMMISSION, EUR): 450,
        (Account.BOOKING_FUNDS, EUR): -9000,
    },
    counts={Kind.CHARGED: 1, Kind.PROCESSED: 1},
)
IN_YEN = replace(CHARGE, gross=Money(9000, "JPY"))


def kinds(theirs: Movement, ours: Booked | None) -> set[str]:
    return {one.kind.value for one in judge(theirs, ours)}


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        (CHARGE, BOOKED, set()),
        (CHARGE, None, {"charge_unknown_here"}),
        (CHARGE, replace(BOOKED, money=None), {"charge_unknown_here"}),
        (CHARGE, replace(BOOKED, money=Money(9001, EUR)), {"amount_differs"}),
        (replace(CHARGE, gross=Money(9100, EUR)), BOOKED, {"amount_differs"}),
        (replace(CHARGE, stripe_fee=161), BOOKED, {"fee_differs"}),
        (replace(CHARGE, stripe_fee=161, commission=0), BOOKED,
         {"fee_differs", "commission_differs"}),
        (IN_YEN, BOOKED, {"currency_differs"}),
        (CHARGE, replace(BOOKED, counts={Kind.CHARGED: 1}), {"entry_missing"}),
        (CHARGE, replace(BOOKED, counts={Kind.CHARGED: 2, Kind.PROCESSED: 1}), {"posted_twice"}),
        (CHARGE, Booked(None, is_even=True), set()),
    ],
)  # fmt: skip
def test_a_charge_is_judged_by_each_of_its_figures(
    theirs: Movement, ours: Booked | None, found: set[str]
) -> None:
    """To the minor unit; where entries are missing or the currency is another one, only that."""
    assert kinds(theirs, ours) == found


def test_a_charge_that_cost_nothing_needs_one_entry() -> None:
    """Nothing was kept of it, so that nothing was posted of that."""
    free = replace(CHARGE, stripe_fee=0, commission=0)
    ours = replace(
        BOOKED,
        sums={(Account.STRIPE_BALANCE, EUR): 9000, (Account.BOOKING_FUNDS, EUR): -9000},
        counts={Kind.CHARGED: 1},
    )
    assert kinds(free, ours) == set()


@pytest.mark.parametrize(
    ("type_", "source", "group"),
    [
        ("charge", "ch_1", Group.CHARGE),
        ("payment", "py_1", Group.CHARGE),
        ("refund", "re_1", Group.REFUND),
        ("refund_failure", "re_1", Group.REFUND_BACK),
        ("payout", "po_1", Group.PAYOUT),
        ("payout_failure", "po_1", Group.PAYOUT_BACK),
        ("adjustment", "dp_1", Group.DISPUTE),
        ("adjustment", None, Group.OTHER),
        ("something_new", "x_1", Group.OTHER),
    ],
)
def test_whatever_stripe_calls_it_it_belongs_to_a_group(
    type_: str, source: str | None, group: Group
) -> None:
    """Types that nobody knows yet are looked at by a person."""
    assert group_of(type_, source) is group


def test_every_kind_can_be_explained_and_else_settled_in_one_way() -> None:
    """Taken over where Stripe's figure has a place of its own, else adjusted."""
    assert WAYS.keys() == set(Differs)
    for ways in WAYS.values():
        assert ways[1] is Way.EXPLAIN
        assert ways[0] in (Way.IMPORT, Way.ADJUST)


def test_what_settling_posts_sums_to_zero_and_moves_the_balance_by_the_gap() -> None:
    """A fee that was higher, another currency, a fee of Stripe's own, commission given back."""
    fee = kept_differently(Differs.FEE_DIFFERS, Money(170, EUR), Money(160, EUR))
    assert {(one.account, one.money.amount) for one in fee} == {
        (Account.STRIPE_FEES, 10), (Account.STRIPE_BALANCE, -10)
    }  # fmt: skip
    moved = {(one.account, one.money) for one in gap({"USD": 9900}, {EUR: 9000})}
    assert (Account.STRIPE_BALANCE, Money(9900, "USD")) in moved
    assert (Account.STRIPE_BALANCE, Money(-9000, EUR)) in moved
    assert len(moved) == 4
    own = replace(CHARGE, type="stripe_fee", source_id=None, gross=Money(-200, EUR),
                  stripe_fee=0, commission=0)  # fmt: skip
    assert {one.account for one in taken_over(own)} == {
        Account.STRIPE_BALANCE, Account.STRIPE_FEES
    }  # fmt: skip
    back = replace(own, type="adjustment", source_id="fr_1", gross=Money(150, EUR))
    assert Account.PLATFORM_COMMISSION in {one.account for one in taken_over(back)}


def test_a_refund_is_borne_by_the_bookings_funds_as_far_as_they_go() -> None:
    """What was retained bears the rest."""
    assert from_funds(Money(3000, EUR), Money(9000, EUR)) == Money(3000, EUR)
    assert from_funds(Money(3000, EUR), Money(1000, EUR)) == Money(1000, EUR)


@pytest.mark.parametrize(
    ("status", "posted", "missing"),
    [
        (PayoutStatus.IN_TRANSIT, set(), (Kind.PAID_OUT,)),
        (PayoutStatus.PAID, set(), (Kind.PAID_OUT, Kind.ARRIVED)),
        (PayoutStatus.PAID, {Kind.PAID_OUT, Kind.ARRIVED}, ()),
        (PayoutStatus.FAILED, {Kind.PAID_OUT, Kind.ARRIVED}, (Kind.RETURNED,)),
        (PayoutStatus.CANCELED, set(), (Kind.PAID_OUT, Kind.RETURNED)),
    ],
)
def test_a_payout_posts_what_is_missing_of_how_it_stands(
    status: PayoutStatus, posted: set[Kind], missing: tuple[Kind, ...]
) -> None:
    """Each once, whatever was seen before."""
    assert payouts.missing(status, frozenset(posted)) == missing
