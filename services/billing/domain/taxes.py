"""Which tax a session bears, by the practice's country, and how it is worked out for one line.

Therapy is exempt: Germany § 4 Nr. 14 UStG; United Kingdom VATA 1994, Schedule 9, Group 7;
Australia GST Act 1999, section 38-10. Coaching bears the standard rate: § 12 (1) UStG;
VATA 1994, section 2; GST Act, section 9-70.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.common.money import Money
from services.contracts.billing.invoice_settings import Country, ServiceKind

WHOLE = 10_000
"""A rate of one hundred percent, in hundredths of a percent."""
STANDARD_RATES = {Country.DE: 1900, Country.GB: 2000, Country.AU: 1000}


class TaxRule(StrEnum):
    """Why a line bears the tax that it does; invoice_words has the sentence that is printed."""

    STANDARD = "standard"
    THERAPY = "therapy"
    SMALL_BUSINESS = "small_business"
    DAMAGES = "damages"


@dataclass(frozen=True, slots=True)
class Treatment:
    """A rule and its rate, in hundredths of a percent."""

    rule: TaxRule
    basis_points: int


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its tax: `net` and `tax` make up `gross`."""

    net: Money
    tax: Money
    gross: Money

    def __neg__(self) -> "Taxed":
        return Taxed(-self.net, -self.tax, -self.gross)


def treatment(
    country: Country, kind: ServiceKind, *, is_small_business: bool, took_place: bool
) -> Treatment:
    """The tax of one session, or of the fee for one that did not take place.

    In Germany such a fee is damages, which bear no tax (UStAE 1.3); elsewhere it bears what the
    session would have borne.
    """
    if country is Country.DE and not took_place:
        return Treatment(TaxRule.DAMAGES, 0)
    if kind is ServiceKind.THERAPY:
        return Treatment(TaxRule.THERAPY, 0)
    if is_small_business:
        return Treatment(TaxRule.SMALL_BUSINESS, 0)
    return Treatment(TaxRule.STANDARD, STANDARD_RATES[country])


def taxed(price: Money, basis_points: int, *, is_included: bool) -> Taxed:
    """A line's price with its tax, rounded half up to the minor unit; `price` is not below zero.

    Each line is rounded by itself and sums are sums of lines, so that what is printed adds up.
    """
    if is_included:
        tax = _half_up(price.amount * basis_points, WHOLE + basis_points)
        return Taxed(Money(price.amount - tax, price.currency), Money(tax, price.currency), price)
    tax_money = Money(_half_up(price.amount * basis_points, WHOLE), price.currency)
    return Taxed(price, tax_money, price + tax_money)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
