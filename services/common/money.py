"""Money as integers of minor units with a currency; currencies are never mixed."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

DEFAULT_EXPONENT = 2
# ISO 4217 minor units that differ from two, as Stripe charges them.
EXPONENTS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
            *("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, pence, yen) of an ISO 4217 currency.

    Raises ValueError for a currency that is not three capital letters.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"currency must be three capital letters, not {self.currency!r}")

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def share(self, percent: int) -> "Money":
        """`percent` hundredths of this amount, half to even, in whole minor units."""
        exact = Decimal(self.amount) * percent / 100
        return Money(int(exact.to_integral_value(ROUND_HALF_EVEN)), self.currency)

    def major(self) -> Decimal:
        """The amount in major units, for showing only: 4500 EUR is Decimal('45.00')."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))


def exponent(currency: str) -> int:
    """How many digits the currency's minor unit has (ISO 4217)."""
    return EXPONENTS.get(currency, DEFAULT_EXPONENT)
