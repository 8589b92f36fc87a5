"""A practice's payments, as who answers for its money reads them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain import cursors
from services.billing.domain.cursors import Position
from services.billing.models import Payment, Refund
from services.billing.operations.credit_views import credits_of
from services.billing.operations.keepers import practice_of_keeper
from services.billing.operations.ledger_reading import transaction_views
from services.billing.queries import ledger
from services.billing.queries import practice_payments as queries
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing import PaidByCredit
from services.contracts.billing.practice_payments import (
    MOST_ADDED_UP,
    GetPracticePayment,
    ListPracticePayments,
    PaymentSum,
    PracticePayment,
    PracticePaymentsPage,
    PracticePaymentView,
    RefundView,
)

Found = Row[*tuple[Any, ...]]


def list_practice_payments(
    tx: Session, command: ListPracticePayments, *, actor: Actor
) -> PracticePaymentsPage:
    """A part of the practice's payments, the latest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    at = cursors.decode(command.cursor) if command.cursor else None
    rows = queries.part(tx, practice_id, command, at, command.limit + 1)
    part = cursors.part_of(rows, command.limit, at, _place)
    return PracticePaymentsPage(
        payments=_lines(tx, part.rows),
        previous_cursor=part.previous_cursor,
        next_cursor=part.next_cursor,
        sums=_sums(tx, practice_id, command) if command.with_sums else None,
    )


def get_practice_payment(
    tx: Session, command: GetPracticePayment, *, actor: Actor
) -> PracticePaymentView:
    """One payment with its history. Raises Forbidden, NotFound."""
    practice_id = practice_of_keeper(actor)
    row = queries.one(tx, practice_id, command.payment_id)
    if row is None:
        raise NotFound("There is no such payment.")
    payment: Payment = row[0]
    moves = ledger.of_payment(tx, practice_id, payment.id)
    return PracticePaymentView(
        payment=_lines(tx, [row])[0],
        created_at=payment.created_at,
        captured_at=payment.captured_at,
        processed_at=payment.processed_at,
        ended_at=payment.ended_at,
        is_history=payment.is_history,
        stripe_account_id=payment.stripe_account_id,
        checkout_session_id=payment.checkout_session_id,
        payment_intent_id=payment.payment_intent_id,
        charge_id=payment.charge_id,
        refunds=[_refund(one) for one in queries.refunds(tx, practice_id, payment.id)],
        transactions=transaction_views(tx, practice_id, moves),
    )


def _lines(tx: Session, rows: Sequence[Found]) -> list[PracticePayment]:
    used = credits_of(tx, [row[0].booking_id for row in rows]) if rows else {}
    return [_line(row, used.get(row[0].booking_id)) for row in rows]


def _line(row: Found, credit: PaidByCredit | None) -> PracticePayment:
    payment, practitioner_id = row
    return PracticePayment(
        id=payment.id,
        booking_id=payment.booking_id,
        client_id=payment.client_id,
        practitioner_id=practitioner_id,
        state=payment.state,
        price=payment.price,
        captured=payment.captured_money,
        refunded=Money(payment.refunded, payment.currency),
        dated_at=payment.dated_at,
        sale_id=payment.sale_id,
        credit=None if payment.captured else credit,
    )


def _refund(refund: Refund) -> RefundView:
    return RefundView(
        id=refund.id,
        money=refund.money,
        percent=refund.percent or 0,
        is_by_policy=refund.percent is not None,
        reason=refund.reason,
        state=refund.state,
        created_at=refund.created_at,
        made_at=refund.made_at,
        stripe_refund_id=refund.stripe_refund_id,
    )


def _place(row: Found) -> Position:
    payment: Payment = row[0]
    return Position(payment.dated_at, payment.id)


def _sums(
    tx: Session, practice_id: UUID, command: ListPracticePayments
) -> Sequence[PaymentSum] | None:
    found = queries.sums(tx, practice_id, command)
    if sum(int(row.count) for row in found) > MOST_ADDED_UP:  # type: ignore[call-overload]
        return None
    return [
        PaymentSum(
            count=count,
            asked=Money(int(asked), currency),
            captured=Money(int(captured), currency),
            refunded=Money(int(refunded), currency),
        )
        for currency, count, asked, captured, refunded in found
    ]
