"""Currencies as Stripe counts them: exponents, smallest charges, fees of the processor."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from deploy.local.stripe_twin.errors import invalid

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
_TWO_DECIMAL = """
aed ars aud bam bgn brl cad chf cny cop czk dkk egp eur gbp gel hkd huf idr ils inr isk kes mad
mxn myr ngn nok nzd pen php pln qar ron rsd sar sek sgd thb try twd uah ugx usd uyu zar
"""
_ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_THREE_DECIMAL = "bhd jod kwd omr tnd"
EXPONENTS = {
    **dict.fromkeys(_TWO_DECIMAL.split(), 2),
    **dict.fromkeys(_ZERO_DECIMAL.split(), 0),
    **dict.fromkeys(_THREE_DECIMAL.split(), 3),
}
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
_SMALLEST = {"gbp": 30, "dkk": 250, "nok": 300, "sek": 300, "pln": 200, "czk": 1500}
_RATE = Decimal("0.015")


def checked_currency(text: str, *, param: str) -> str:
    """The lower-case code. Raises StripeError (400) for one that the twin does not know."""
    currency = text.lower()
    if currency in EXPONENTS:
        return currency
    raise invalid(f"Invalid currency: {currency}.", param=param)


def exponent(currency: str) -> int:
    """How many decimals a currency has."""
    return EXPONENTS[currency]


def smallest_charge(currency: str) -> int:
    """The least that can be charged, in minor units."""
    return _SMALLEST.get(currency, 50)


def dispute_fee(currency: str) -> int:
    """What Stripe keeps for a dispute, in minor units: 15.00 of the currency."""
    return int(Decimal(15).scaleb(exponent(currency)))


def processing_fee(amount: int, currency: str) -> int:
    """What the processor keeps, in minor units: 1.5 % and 25 cents, rounded half up.

    The fixed part is 0.25 of the currency; for those without decimals, whose units are small,
    25 of them. Three decimals end in zero, as Stripe wants amounts there to do.
    """
    decimals = exponent(currency)
    fixed = 250 if decimals == 3 else 25
    step = 10 if decimals == 3 else 1
    share = (amount * _RATE / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return min(int(share) + fixed, amount)
