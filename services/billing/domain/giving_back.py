"""What a refund by the practice's own will does, told before it is done."""

from dataclasses import astuple, dataclass
from hashlib import sha256

from services.billing.domain.refunds import commission_back
from services.common.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment as it stands: `promised` counts what went back and what is owed; `funds` is what
    is allocated to its booking, `retained` what the practice keeps; commission in minor units.

    `stripe_fee` is None until Stripe has told it.
    """

    captured: Money
    promised: Money
    funds: Money
    retained: Money
    disputed: Money
    stripe_fee: Money | None
    commission: int

    @property
    def left(self) -> Money:
        """What can still go back."""
        return self.captured - self.promised - self.disputed


@dataclass(frozen=True, slots=True)
class Effect:
    """What a refund does: where it is taken from, what stays, what comes back of the commission;
    `balance` is what the practice's balance at Stripe gains, which is less than nothing."""

    refund: Money
    from_funds: Money
    from_retained: Money
    funds_after: Money
    left_after: Money
    commission_back: Money
    balance: Money


def effect_of(standing: Standing, refund: Money) -> Effect:
    """Taken out of the booking's funds first; commission comes back in proportion."""
    from_funds = min(refund, standing.funds, key=lambda money: money.amount)
    back = commission_back(standing.commission, refund, standing.captured)
    returned = Money(back, refund.currency)
    return Effect(
        refund=refund,
        from_funds=from_funds,
        from_retained=refund - from_funds,
        funds_after=standing.funds - from_funds,
        left_after=standing.left - refund,
        commission_back=returned,
        balance=returned - refund,
    )


def agreement(standing: Standing, effect: Effect) -> str:
    """A word for exactly these figures: another one means that something changed meanwhile."""
    told = repr((astuple(standing), astuple(effect)))
    return sha256(told.encode()).hexdigest()
