"""What Stripe says, in our words: only ids, times and amounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.money import Money


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What reached (or left) the practice's balance and who kept how much, in minor units."""

    money: Money
    stripe_fee: int
    commission: int


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A captured charge; without a settlement until Stripe has booked it."""

    id: str
    payment_intent_id: str
    captured: Money
    settlement: SettlementFacts | None
    is_disputed: bool = False
    is_refunded: bool = False


@dataclass(frozen=True, slots=True)
class CheckoutFacts:
    """A Checkout Session as it is now; `status` is open, complete or expired."""

    id: str
    status: str
    url: str | None
    expires_at: datetime
    charge: ChargeFacts | None

    @property
    def is_open(self) -> bool:
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund that Stripe has made; `is_failed` when the bank gave the money back.

    `failure` is Stripe's word for why, `returned` what came back to the balance.
    """

    id: str
    is_failed: bool
    settlement: SettlementFacts | None
    failure: str = "unknown"
    returned: SettlementFacts | None = None


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """One of a charge's refunds at Stripe; `is_labelled` where it names a refund of ours."""

    facts: RefundFacts
    money: Money
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What a payment page is opened with; the same order under the same key is one page."""

    idempotency_key: str
    payment_id: UUID
    booking_id: UUID
    price: Money
    commission: Money
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What a refund is asked with; the same order under the same key is one refund."""

    idempotency_key: str
    refund_id: UUID
    payment_id: UUID
    payment_intent_id: str
    money: Money
    with_commission: bool
