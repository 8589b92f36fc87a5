"""Payouts: what a practice's balance at Stripe sent to its bank, and what each was made of."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page
from services.contracts.billing.ledger import TransactionView

Cursor = Annotated[str, StringConstraints(max_length=200)]
Limit = Annotated[int, Field(ge=1, le=500)]


class PayoutStatus(StrEnum):
    """Stripe's words for how a payout stands; `announced` until it has been looked at."""

    ANNOUNCED = "announced"
    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"


class ListPayouts(Command):
    """The payouts of the actor's practice, the latest first."""

    cursor: Cursor | None = None
    limit: Limit = 25


class PayoutView(View):
    """A payout. `money` below nothing was taken from the bank, None until it was looked at.

    `arrives_at`: when Stripe expects it at the bank. `failure`: Stripe's code for what failed.
    """

    id: UUID
    stripe_payout_id: str
    money: Money | None
    status: PayoutStatus
    is_automatic: bool
    created_at: Instant
    arrives_at: Instant | None
    failure: str | None


class PayoutsPage(Page):
    """A part of the payouts."""

    payouts: list[PayoutView]


class GetPayout(Command):
    """A payout of the actor's practice, with the balance transactions that it is made of."""

    payout_id: UUID
    cursor: Cursor | None = None
    limit: Limit = 50


class MovementView(View):
    """One of Stripe's balance transactions: gross - stripe_fee - commission = net.

    `payment_id`, `refund_id`: what it belongs to here, where it is known.
    """

    id: UUID
    stripe_id: str
    type: str
    gross: Money
    stripe_fee: Money
    commission: Money
    net: Money
    created_at: Instant
    payment_id: UUID | None
    refund_id: UUID | None


class MovementSum(View):
    """All movements of one type within a payout."""

    type: str
    count: int
    gross: Money
    stripe_fee: Money
    commission: Money
    net: Money


class PayoutDetails(Page):
    """A payout, the sums of what it is made of by type, and a part of the movements, latest first.

    `transactions` are its own entries in the ledger, the oldest first.
    `is_complete`: every movement has been fetched. `makes_up`: the nets add up to what was sent.
    """

    payout: PayoutView
    is_complete: bool
    makes_up: bool
    sums: list[MovementSum]
    movements: list[MovementView]
    transactions: list[TransactionView]
