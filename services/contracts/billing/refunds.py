"""Refunds by the practice's own will: told first, then promised, made, or failed."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page, Percent

LONGEST_WORDS = 500
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORDS)]
"""What the practice's staff note for themselves; it stays in billing, in no mail and not at
Stripe."""
Cursor = Annotated[str, StringConstraints(max_length=200)]
Agreed = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A word for exactly the figures that were shown."""


class RefundWay(StrEnum):
    """How much goes back: all that is left, an amount, or what the booking's policy says."""

    FULL = "full"
    PART = "part"
    POLICY = "policy"


class RefundReason(StrEnum):
    """Why money went back: a booking's end, what the practice chose here, or did at Stripe."""

    CANCELLED = "cancelled"
    REFUSED = "refused"
    NO_SHOW = "no_show"
    AT_STRIPE = "at_stripe"
    GOODWILL = "goodwill"
    NOT_HELD = "not_held"
    WRONG_AMOUNT = "wrong_amount"
    PAID_TWICE = "paid_twice"
    OTHER = "other"


CHOSEN = frozenset(
    {
        RefundReason.GOODWILL,
        RefundReason.NOT_HELD,
        RefundReason.WRONG_AMOUNT,
        RefundReason.PAID_TWICE,
        RefundReason.OTHER,
    }
)
"""What the practice may choose; the others are a booking's end, or were made at Stripe."""


class RefundState(StrEnum):
    """Promised, made at Stripe, failed there and owed again, or paid back elsewhere."""

    PROMISED = "promised"
    MADE = "made"
    FAILED = "failed"
    ELSEWHERE = "elsewhere"


class ProposeRefund(Command):
    """What a refund would do, before it is done; for owners, admins and billing.

    `money` for `part` alone. Raises NothingToRefund, PaymentDisputed, NoPolicyPercent.
    """

    payment_id: UUID
    way: RefundWay = RefundWay.FULL
    money: Money | None = None


class RefundProposal(View):
    """A refund's effect: on the client, the booking, Stripe's fee, commission and balance.

    `percent` where the policy says it. `back_before` counts what was promised and made before.
    `from_booking` is taken out of what is allocated to the booking, which keeps
    `booking_after`; `from_retained` out of what the practice had kept. `stripe_fee` is what
    Stripe kept of the payment, and does not give back; None until it has told it. `balance` is
    what the practice's balance at Stripe gains: less than nothing. Where a payment is not
    `is_at_stripe` the practice has to pay it back itself. `agreed` names these figures.
    """

    payment_id: UUID
    booking_id: UUID
    client_id: UUID
    way: RefundWay
    refund: Money
    percent: Percent | None
    captured: Money
    back_before: Money
    left_after: Money
    from_booking: Money
    booking_after: Money
    from_retained: Money
    booking_stands: bool
    stripe_fee: Money | None
    commission_back: Money
    balance: Money
    is_at_stripe: bool = True
    agreed: Agreed


class RefundPayment(Command):
    """Give `money` of a payment back. `id` is minted by the caller and names this refund.

    `agreed` is the proposal's: other figures by now are refused as RefundChanged, and nothing is
    written.
    """

    id: UUID
    payment_id: UUID
    way: RefundWay
    money: Money
    reason: RefundReason
    words: Words = ""
    agreed: Agreed


class ListRefunds(Command):
    """The practice's refunds, the latest first; of one state, or of one payment."""

    state: RefundState | None = None
    payment_id: UUID | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class PracticeRefund(View):
    """A refund. `attempt` counts how often it was tried; `failure` is Stripe's word for why it
    failed. `can_retry`: Stripe may be asked again."""

    id: UUID
    payment_id: UUID
    booking_id: UUID
    client_id: UUID
    money: Money
    percent: Percent | None
    reason: RefundReason
    words: str
    state: RefundState
    attempt: int
    created_at: Instant
    made_at: Instant | None
    failed_at: Instant | None
    failure: str | None
    elsewhere_words: str | None
    can_retry: bool


class RefundsPage(Page):
    """A part of the practice's refunds."""

    refunds: list[PracticeRefund]


class GetRefund(Command):
    """One refund of the practice."""

    refund_id: UUID


class RetryRefund(Command):
    """Send a failed refund once more; `attempt` is the one that was seen to fail, so that the
    same call again changes nothing."""

    refund_id: UUID
    attempt: Annotated[int, Field(ge=1)]


class NotePaidElsewhere(Command):
    """A failed refund was paid back outside Stripe; `words` say how."""

    refund_id: UUID
    attempt: Annotated[int, Field(ge=1)]
    words: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_WORDS)
    ]


class NothingToRefund(Refusal):
    """Nothing was captured, or all of it is back or on its way."""


class RefundChanged(Refusal):
    """The figures are no longer those that were shown; nothing was written."""


class PaymentDisputed(Refusal):
    """The client's bank has taken the money back, or looks into it: it is not refunded beside."""


class NotRetryable(Refusal):
    """The refund has not failed, or cannot be sent through Stripe."""
