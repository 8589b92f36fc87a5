"""The payments of a practice, for who answers for its money: listed, added up, and one by one."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Ids, Page
from services.contracts.billing import PaidByCredit, PaymentState
from services.contracts.billing.ledger import Currency, TransactionView

Amount = Annotated[int, Field(ge=0, le=10**15)]
"""Minor units of the currency beside it."""
MOST_ADDED_UP = 50_000
"""Of more payments no sum is told: they are to be narrowed first."""


class ListPracticePayments(Command):
    """Payments of the actor's practice, the latest first; only those that all filters let through.

    `from_at` and `until_at` bound when it was paid or, where it was not, begun: half-open. The
    amounts bound what was asked for, in `currency`. `with_sums` adds up all that is let through.
    """

    states: Annotated[list[PaymentState], Field(max_length=len(PaymentState))] = Field(
        default_factory=list
    )
    from_at: Instant | None = None
    until_at: Instant | None = None
    practitioner_id: UUID | None = None
    client_ids: Ids | None = None
    currency: Currency | None = None
    least: Amount | None = None
    most: Amount | None = None
    with_sums: bool = False
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 25


class PracticePayment(View):
    """A payment in the practice's list. `dated_at`: when it was paid, else when it was begun.

    With a `sale_id` it is that of a package, and pays for no booking. With a `credit` nobody had to
    pay it: a session of a package was used for the booking.
    """

    id: UUID
    booking_id: UUID
    client_id: UUID
    practitioner_id: UUID
    state: PaymentState
    price: Money
    captured: Money
    refunded: Money
    dated_at: Instant
    sale_id: UUID | None = None
    credit: PaidByCredit | None = None


class PaymentSum(View):
    """All that the filters let through, in one currency; `asked` is what they were to bring."""

    count: int
    asked: Money
    captured: Money
    refunded: Money


class PracticePaymentsPage(Page):
    """A part of the payments, with the cursors of the parts before and after it.

    `sums` by currency, None where none were asked for or there is too much to add up.
    """

    payments: list[PracticePayment]
    previous_cursor: str | None = None
    sums: list[PaymentSum] | None = None


class GetPracticePayment(Command):
    """One payment of the actor's practice with all that became of it."""

    payment_id: UUID


class RefundView(View):
    """Money promised back; `made_at` once Stripe has sent it. `is_by_policy`: so many percent of
    what was captured; else the practice decided how much."""

    id: UUID
    money: Money
    percent: int
    reason: str
    state: str
    created_at: Instant
    made_at: Instant | None
    stripe_refund_id: str | None
    is_by_policy: bool = True


class PracticePaymentView(View):
    """A payment's history: moments, ids at Stripe, refunds, and what the ledger has of it.

    `transactions` are oldest first. `is_history`: brought in from an earlier system.
    """

    payment: PracticePayment
    created_at: Instant
    captured_at: Instant | None
    processed_at: Instant | None
    ended_at: Instant | None
    is_history: bool
    stripe_account_id: str | None
    checkout_session_id: str | None
    payment_intent_id: str | None
    charge_id: str | None
    refunds: list[RefundView]
    transactions: list[TransactionView]
