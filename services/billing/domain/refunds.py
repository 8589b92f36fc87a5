"""How much goes back: of the money captured, of the platform's commission."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from services.billing.domain.facts import ToldRefund
from services.common.money import Money


def is_foreign(told: ToldRefund, known: Collection[str]) -> bool:
    """Whether somebody made it at Stripe itself, and its money has left the balance.

    Ours name themselves, so that one whose answer is on its way is not taken for another's; `known`
    are the ids at Stripe of those that are in the books, or that a person has decided about.
    """
    has_left = told.facts.settlement is not None and not told.facts.is_failed
    return has_left and not told.is_labelled and told.facts.id not in known


def still_owed(captured: Money, percent: int, promised: Money) -> Money:
    """What is to be promised beyond `promised`, so that `percent` of `captured` goes back."""
    missing = captured.share(percent) - promised
    return missing if missing.amount > 0 else Money(0, captured.currency)


def due_back(captured: Money, percent: int, back: Money, disputed: Money) -> Money:
    """What is to be promised for `percent` of `captured`, never more than is left of it.

    `back` is what went back by whatever way or is promised, `disputed` what a bank has.
    """
    left = captured - back - disputed
    owed = min(still_owed(captured, percent, back), left, key=lambda money: money.amount)
    return owed if owed.amount > 0 else Money(0, captured.currency)


def beyond(refund: Money, left: Money) -> Money:
    """How much of a refund that was made at Stripe is not among what is `left` unpromised."""
    missing = refund - left
    return missing if missing.amount > 0 else Money(0, refund.currency)


def commission_of(price: Money, basis_points: int) -> Money:
    """The platform's application fee: hundredths of a percent of the price, half up."""
    exact = Decimal(price.amount) * basis_points / 10_000
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), price.currency)


def commission_back(commission: int, refund: Money, captured: Money) -> int:
    """What Stripe's `refund_application_fee` gives back: in proportion, half up, minor units."""
    exact = Decimal(commission) * refund.amount / captured.amount
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
