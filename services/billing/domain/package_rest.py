"""The rest of a package: what each used session counts, and what goes back.

By the package's own rule a used session counts its part of the package's price, or the price of a
session that is paid singly, as far as the payment reaches. What the lines count and what goes
back are the payment, to the minor unit.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.common.money import Money
from services.contracts.billing.packages import RefundRule


@dataclass(frozen=True, slots=True)
class Used:
    """A session that is used: what it is worth of the package, and what it costs singly."""

    worth: Money
    single: Money


@dataclass(frozen=True, slots=True)
class Rest:
    """What each used session counts, in their order, and what goes back."""

    counted: tuple[Money, ...]
    back: Money

    @property
    def kept(self) -> Money:
        return Money(sum(one.amount for one in self.counted), self.back.currency)


def rest_of(price: Money, used: Sequence[Used], rule: RefundRule) -> Rest:
    """What goes back of a package that was bought for `price`: never more, never less than
    nothing."""
    left, counted = price.amount, []
    for one in used:
        asked = one.worth if rule is RefundRule.PACKAGE_PRICE else one.single
        counts = min(asked.amount, left)
        counted.append(Money(counts, price.currency))
        left -= counts
    return Rest(tuple(counted), Money(left, price.currency))


def agreement(rest: Rest, promised: Money) -> str:
    """A word for exactly these figures."""
    figures = [one.amount for one in (*rest.counted, rest.back, promised)]
    told = f"{rest.back.currency} {' '.join(map(str, figures))}"
    return hashlib.sha256(told.encode()).hexdigest()
