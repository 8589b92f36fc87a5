"""How much goes back: of the money captured, of the platform's commission."""

from decimal import ROUND_HALF_UP, Decimal

from services.common.money import Money


def still_owed(captured: Money, percent: int, promised: Money) -> Money:
    """What is to be promised beyond `promised`, so that `percent` of `captured` goes back."""
    missing = captured.share(percent) - promised
    return missing if missing.amount > 0 else Money(0, captured.currency)


def commission_of(price: Money, basis_points: int) -> Money:
    """The platform's application fee: hundredths of a percent of the price, half up."""
    exact = Decimal(price.amount) * basis_points / 10_000
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), price.currency)


def commission_back(commission: int, refund: Money, captured: Money) -> int:
    """What Stripe's `refund_application_fee` gives back: in proportion, half up, minor units."""
    exact = Decimal(commission) * refund.amount / captured.amount
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
